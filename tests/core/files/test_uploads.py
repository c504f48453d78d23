"""What arrives at a form: hostile and broken pictures get their sentence at the field, and nothing stays behind."""

import io
import os
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.core.files.samples import jpeg
from tests.worlds import World
from unionhome.core.cases.models import Case
from unionhome.core.files import actions
from unionhome.core.files.models import SealedFile
from unionhome.core.registry import resolve, rooms

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path / "files"


def sealed_files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("run.class", b"x" * 100)
    return out.getvalue()


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(side: int, body: bytes = b"") -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(body or b"\0" * 100_000))


HOSTILE = {
    "svg": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "page": b"<!DOCTYPE html><script>alert(1)</script>",
    "jpeg and zip": jpeg() + archive(),
    "jpeg and page": jpeg() + b"<script>alert(1)</script>",
    "empty": b"",
    "bomb": png(60_000),
    "cut png": png(40)[:60],
    "heic in name only": b"\0\0\0\x18ftypheic" + b"\0" * 40,
}


def send(world: World, data: bytes, name: str) -> Any:
    sent = {
        "category": "other",
        "text": "停暖了",
        "phone": "19900000105",
        "shown_union": world.nodes["city"].pk,
        "photos": SimpleUploadedFile(name, data, "image/jpeg"),
        "submit_key": os.urandom(16).hex(),
    }
    return world.client().post("/open/help/", sent)


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_bad_picture_is_refused_at_its_field_and_keeps_what_was_typed(world: World, folder: Path, kind: str) -> None:
    answer = send(world, HOSTILE[kind], "现场.jpg")
    assert 400 <= answer.status_code < 500
    (sentence,) = answer.context["form"].errors["photos"]
    assert any("一" <= sign <= "龥" for sign in sentence)
    assert "停暖了" in answer.content.decode()
    assert not Case.objects.exists() and not SealedFile.objects.exists() and not sealed_files(folder)


def test_a_good_picture_goes_with_the_need(world: World) -> None:
    assert send(world, jpeg(), "现场.svg").status_code == 302
    assert SealedFile.objects.get(kind="image").mime == "image/jpeg"


def test_what_a_killed_process_left_is_swept_by_a_schedule(world: World, folder: Path) -> None:
    actions.prepare_image(world.actor("town"), jpeg(), name="现场.jpg", node=world.nodes["town"])
    (folder / "tmp" / "half").write_bytes(b"half-written")
    sweep = next(each for room in rooms() for each in room.card.schedules if each.name == "files.sweep")
    resolve(sweep.task)(world.actor("system"))
    assert len(sealed_files(folder)) == 3, "a transaction may still be about them"
    for path in sealed_files(folder):
        os.utime(path, (1, 1))
    resolve(sweep.task)(world.actor("system"))
    assert sealed_files(folder) == []
