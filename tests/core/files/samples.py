"""Small files of every kind."""

import io
import zipfile
from typing import Any

from PIL import Image

from unionhome.core.files import actions
from unionhome.core.files.models import SealedFile
from unionhome.core.registry import Actor
from unionhome.core.tree.models import Node


def jpeg(width: int = 40, height: int = 30, *, with_place: bool = True) -> bytes:
    """A picture that says where it was taken."""
    out = io.BytesIO()
    picture = Image.new("RGB", (width, height), (200, 30, 40))
    exif = Image.Exif()
    if with_place:
        exif[0x010F] = "Camera-4711"
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()


def amr() -> bytes:
    return b"#!AMR\n" + bytes(range(64))


def archive(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name in names:
            packed.writestr(zipfile.ZipInfo(name), "x")
    return out.getvalue()


def store_image(actor: Actor, data: bytes, *, name: str, node: Node, **owner: Any) -> SealedFile:
    return actions.attach(actor, actions.prepare_image(actor, data, name=name, node=node), node=node, **owner)


def store_audio(actor: Actor, data: bytes, *, name: str, node: Node, **owner: Any) -> SealedFile:
    return actions.attach(actor, actions.prepare_audio(actor, data, name=name, node=node), node=node, **owner)


def store_document(actor: Actor, data: bytes, *, name: str, node: Node, **owner: Any) -> SealedFile:
    return actions.attach(actor, actions.prepare_document(actor, data, name=name, node=node), node=node, **owner)
