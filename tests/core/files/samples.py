"""Small files of every kind."""

import io
import zipfile

from PIL import Image


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
            packed.writestr(name, "x")
    return out.getvalue()
