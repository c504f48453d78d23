from __future__ import annotations

import io
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin

from unionhome.kit.images import AudioRefused, CleanImage, ImageRefused, clean_image, sniff_audio, thumbnail

HEIC = (Path(__file__).parent / "samples" / "telephone.heic").read_bytes()
RED, BLUE = (200, 20, 30), (20, 60, 200)


def picture(mode: str = "RGB", size: tuple[int, int] = (64, 32)) -> Image.Image:
    """Blue above left, red elsewhere."""
    made = Image.new("RGB", size, RED)
    made.paste(BLUE, (0, 0, size[0] // 2, size[1] // 2))
    return made.convert(mode)


def encoded(made: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    made.save(out, kind, **options)
    return out.getvalue()


def telling_exif() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F], exif[0x0132] = "SecretMaker", "2026:11:24 10:00:00"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", (34.0, 30.0, 0.0)
    return exif


def opened(clean: CleanImage) -> Image.Image:
    made = Image.open(io.BytesIO(clean.data))
    made.load()
    assert (made.width, made.height) == (clean.width, clean.height)
    assert made.get_format_mimetype() == clean.mime
    return made


def near(pixel: object, colour: tuple[int, int, int]) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(one - other) < 40 for one, other in zip(pixel[:3], colour, strict=True))


def refusal(data: bytes, **bounds: int) -> ImageRefused:
    with pytest.raises(ImageRefused) as caught:
        clean_image(data, **bounds)
    assert caught.value.sentence.endswith("。")
    return caught.value


@pytest.mark.parametrize(("kind", "mime"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/jpeg")])
def test_pictures_are_made_anew_without_what_they_tell(kind: str, mime: str) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    options: dict[str, object] = {"exif": telling_exif(), "icc_profile": profile}
    if kind == "PNG":
        told = PngImagePlugin.PngInfo()
        told.add_text("Author", "SecretMaker")
        options["pnginfo"] = told
    data = encoded(picture(), kind, **options)
    assert b"SecretMaker" in data
    clean = clean_image(data)
    made = opened(clean)
    assert clean.mime == mime and clean.suffix in (".jpg", ".png") and b"SecretMaker" not in clean.data
    assert not made.getexif() and not {"icc_profile", "exif", "xmp", "Author", "comment"} & set(made.info)
    assert near(made.getpixel((4, 4)), BLUE) and near(made.getpixel((60, 28)), RED)


def test_telephone_pictures_in_heic() -> None:
    assert b"SampleMaker" in HEIC
    clean = clean_image(HEIC)
    assert (clean.mime, clean.width, clean.height) == ("image/jpeg", 96, 64)
    assert near(opened(clean).getpixel((10, 10)), BLUE) and b"SampleMaker" not in clean.data
    assert refusal(HEIC, max_pixels=96 * 64 - 1).code == "image.pixels"
    assert refusal(HEIC[:-60]).code == "image.broken"


def test_a_picture_taken_sideways_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter: the top left of the file is the top right of the scene
    made = opened(clean_image(encoded(picture(), "JPEG", exif=exif)))
    assert made.size == (32, 64)
    assert near(made.getpixel((28, 4)), BLUE) and near(made.getpixel((4, 4)), RED)


@pytest.mark.parametrize("mode", ["L", "P", "1", "LA", "RGBA", "CMYK", "I;16"])
def test_every_mode_of_pixels_is_taken(mode: str) -> None:
    made = (
        picture("L").convert("I").point(lambda value: value * 256).convert("I;16") if mode == "I;16" else picture(mode)
    )
    clean = clean_image(encoded(made, "JPEG" if mode == "CMYK" else "PNG"))
    assert opened(clean).mode == "RGB"


def test_sixteen_bits_keep_their_light() -> None:
    grey = Image.new("I;16", (8, 8), 128 * 256)
    assert near(opened(clean_image(encoded(grey, "PNG"))).getpixel((4, 4)), (128, 128, 128))


def test_see_through_pictures_stay_so() -> None:
    made = picture("RGBA")
    made.putalpha(Image.linear_gradient("L").resize(made.size))
    for kind in ("PNG", "WEBP"):
        clean = clean_image(encoded(made, kind))
        assert clean.mime == "image/png" and opened(clean).mode == "RGBA"


def test_the_first_frame_of_a_moving_picture_is_kept() -> None:
    moving = encoded(picture(), "WEBP", save_all=True, append_images=[picture("L").convert("RGB")], duration=100)
    assert near(opened(clean_image(moving)).getpixel((4, 4)), BLUE)


def test_large_pictures_are_made_smaller_and_small_ones_left() -> None:
    clean = clean_image(encoded(picture(size=(3000, 1500)), "JPEG"), max_side=1000)
    assert (clean.width, clean.height) == (1000, 500)
    assert (clean_image(encoded(picture(), "PNG")).width) == 64


def test_thumbnails() -> None:
    for kind in ("JPEG", "PNG"):
        clean = clean_image(encoded(picture(size=(900, 300)), kind))
        small = thumbnail(clean, 320)
        assert (small.width, small.height, small.mime) == (320, 107, clean.mime)
        assert near(opened(small).getpixel((4, 4)), BLUE)


def test_a_colour_profile_that_does_not_fit_is_left_aside() -> None:
    foreign = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    for profile in (foreign, b"no profile at all"):
        assert near(opened(clean_image(encoded(picture(), "PNG", icc_profile=profile))).getpixel((4, 4)), BLUE)


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b'<?xml version="1.0"?><svg onload="alert(1)"/>', "SVG"),
        (b"  <svg/>", "SVG"),
        (b"\xef\xbb\xbf<!DOCTYPE html>", "网页"),
        (b"%PDF-1.7", "PDF"),
        (b"GIF89a", "GIF"),
        (b"BM123", "BMP"),
        (b"II*\0", "TIFF"),
        (b"PK\x03\x04", "压缩包"),
        (b"\0\0\0\x20ftypisom", "视频"),
        (b"\0\0\0\x20ftypavif", "AVIF"),
        (b"hello", "能识别"),
    ],
)
def test_other_files_are_named_and_refused(data: bytes, word: str) -> None:
    answer = refusal(data)
    assert answer.code == "image.kind" and word in answer.sentence


def test_bounds() -> None:
    data = encoded(picture(), "PNG")
    assert refusal(b"").code == "image.empty"
    assert refusal(data, max_bytes=len(data) - 1).code == "image.bytes"
    assert refusal(data, max_pixels=64 * 32 - 1).code == "image.pixels"
    assert clean_image(data, max_bytes=len(data), max_pixels=64 * 32).width == 64


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


@pytest.mark.parametrize("side", [9_000, 12_000, 60_000, 2**31 - 1])
def test_a_bomb_is_refused_by_its_header(side: int) -> None:
    body = zlib.compress(b"\0" * 100_000)
    bomb = (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)) + chunk(b"IDAT", body)
    )
    assert refusal(bomb).code in ("image.pixels", "image.broken")
    if side < 2**31 - 1:
        assert refusal(bomb).code == "image.pixels"


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr(zipfile.ZipInfo("run.class"), b"x" * 100)
    return out.getvalue()


@pytest.mark.parametrize(
    "extra", [b"<script>alert(1)</script>", b"<SCRIPT src=x>", b"<?php system($_GET[0]);", archive()]
)
def test_polyglots_are_refused(extra: bytes) -> None:
    for kind in ("JPEG", "PNG"):
        assert refusal(encoded(picture(), kind) + extra).code == "image.polyglot"
    with_comment = encoded(picture(), "JPEG", comment=b"%PDF-1.4 first page")
    assert refusal(with_comment).code == "image.polyglot"


def test_a_moving_photo_with_its_film_behind_is_a_picture() -> None:
    assert clean_image(encoded(picture(), "JPEG") + b"\0\0\0\x18ftypmp42" + bytes(5000)).width == 64


@settings(max_examples=150, deadline=None)
@given(
    kind=st.sampled_from(["JPEG", "PNG", "WEBP", "HEIC"]),
    places=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=8),
    cut=st.integers(0, 400),
)
def test_damaged_pictures_are_taken_or_refused_but_never_fail(
    kind: str, places: list[tuple[int, int]], cut: int
) -> None:
    damaged = bytearray(HEIC if kind == "HEIC" else encoded(picture(), kind))
    for place, value in places:
        damaged[place % len(damaged)] = value
    try:
        clean = clean_image(bytes(damaged[: len(damaged) - cut]))
    except ImageRefused:
        return
    opened(clean)


# -- recordings ------------------------------------------------------------------------------------------------------

WEBM = b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm"


@pytest.mark.parametrize(
    ("data", "mime", "suffix"),
    [
        (b"\0\0\0\x1cftypM4A \0\0\0\0", "audio/mp4", ".m4a"),
        (b"\0\0\0\x18ftypmp42", "audio/mp4", ".m4a"),
        (b"\0\0\0\x18ftyp3gp4", "audio/mp4", ".m4a"),
        (b"ID3\x03\0", "audio/mpeg", ".mp3"),
        (b"\xff\xfb\x90\x64", "audio/mpeg", ".mp3"),
        (b"OggS\0\x02", "audio/ogg", ".ogg"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "audio/wav", ".wav"),
        (b"#!AMR\n\x3c", "audio/amr", ".amr"),
        (b"#!AMR-WB\n\x3c", "audio/amr", ".amr"),
        (WEBM + b"A_OPUS", "audio/webm", ".webm"),
        (b"\xff\xf1\x50\x80", "audio/aac", ".aac"),
    ],
)
def test_recordings_are_told_by_content(data: bytes, mime: str, suffix: str) -> None:
    assert sniff_audio(data + bytes(100)) == (mime, suffix)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "audio.empty"),
        (b"x" * 101, "audio.bytes"),
        (b"hello", "audio.kind"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "audio.kind"),
        (b"\xff\xd8\xff\xe0", "audio.kind"),
        (b"<html>", "audio.kind"),
        (b"\0\0\0\x18ftypheic", "audio.kind"),
        (b"\0\0\0\x18ftypisom" + bytes(20) + b"hdlr" + bytes(8) + b"vide", "audio.video"),
        (WEBM + b"V_VP9", "audio.video"),
        (b"ID3\x03\0<script>alert(1)</script>", "audio.polyglot"),
    ],
)
def test_what_is_no_recording(data: bytes, code: str) -> None:
    with pytest.raises(AudioRefused) as caught:
        sniff_audio(data, max_bytes=100)
    assert caught.value.code == code
