"""Pictures and recordings that people send in: told by content, bounded, and pictures made anew.

A cleaned picture holds pixels and nothing else. Name and declared type are never asked: both are the sender's word.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import NamedTuple

import pi_heif
from PIL import Image, ImageCms, ImageOps

from unionhome.kit.errors import InputRefused

pi_heif.register_heif_opener()

MEGABYTE = 1024 * 1024
MAX_BYTES = 40 * MEGABYTE
MAX_PIXELS = 64_000_000  # the largest pictures of telephones in use have 50 to 64 million
MAX_SIDE = 2560
SMALL_SIDE = 640
_ACCEPTED = "JPG、PNG、WebP 或 HEIC"
_HEIF_BRANDS = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"))
_OTHERS = (
    (re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:\?xml|svg|!doctype|html|!--)", re.IGNORECASE), "SVG 或网页"),
    (re.compile(rb"%PDF-"), "PDF 文件"),
    (re.compile(rb"GIF8"), "GIF 动图"),
    (re.compile(rb"BM"), "BMP 图片"),
    (re.compile(rb"II\*\0|MM\0\*"), "TIFF 图片"),
    (re.compile(rb"PK\x03\x04"), "压缩包或办公文档"),
    (re.compile(rb".{4}ftyp(?:isom|mp4|qt  |avc1)", re.DOTALL), "视频"),
    (re.compile(rb".{4}ftypavi[fs]", re.DOTALL), "AVIF 图片"),
)
_ACTIVE = re.compile(rb"<script[\s>]|<\?php\s|<!doctype html", re.IGNORECASE)
_ZIP_END = b"PK\x05\x06"


class ImageRefused(InputRefused):
    """A file that is not taken as a picture."""


class AudioRefused(ImageRefused):
    """A file that is not taken as a recording."""


@dataclass(frozen=True, slots=True)
class CleanImage:
    """A picture made anew: its bytes, ``mime`` (image/jpeg or image/png) and size in pixels."""

    data: bytes
    mime: str
    width: int
    height: int

    @property
    def suffix(self) -> str:
        return ".png" if self.mime == "image/png" else ".jpg"


class AudioKind(NamedTuple):
    """What a recording is."""

    mime: str
    suffix: str


# -- pictures --------------------------------------------------------------------------------------------------------


def sniff_image(data: bytes) -> str:
    """The Pillow format of the content: JPEG, PNG, WEBP or HEIF. Raises `ImageRefused` (image.kind)."""
    if data[:3] == b"\xff\xd8\xff":
        return "JPEG"
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        return "PNG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        return "HEIF"
    other = next((name for form, name in _OTHERS if form.match(data[:1024])), None)
    said = f"这是{other}，请换成" if other else "这个文件不是能识别的图片，请上传"
    raise ImageRefused(f"{said} {_ACCEPTED} 格式的图片。", "image.kind")


def _is_polyglot(data: bytes) -> bool:
    """Whether the file would also open as a page, a PDF or an archive. Trailing video of moving photos is no harm."""
    if b"%PDF-" in data[:1024] or _ACTIVE.search(data):
        return True
    end = data.rfind(_ZIP_END, max(0, len(data) - 65_557))
    return end >= 0 and end + 22 + int.from_bytes(data[end + 20 : end + 22], "little") == len(data)


def _check_outside(data: bytes, max_bytes: int) -> str:
    if not data:
        raise ImageRefused("图片是空的，请重新选择。", "image.empty")
    if len(data) > max_bytes:
        raise ImageRefused(f"图片不能超过 {max_bytes // MEGABYTE} MB，请压缩后再传。", "image.bytes")
    kind = sniff_image(data)
    if _is_polyglot(data):
        raise ImageRefused("图片里夹带了别的内容，请重新拍一张。", "image.polyglot")
    return kind


def _open(data: bytes, kind: str, max_pixels: int) -> Image.Image:
    """The header only; nothing is decoded before its size is known to be bearable."""
    try:
        picture = Image.open(io.BytesIO(data), formats=[kind])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many(max_pixels) from None
    if picture.width * picture.height > max_pixels:
        raise _too_many(max_pixels)
    return picture


def _too_many(max_pixels: int) -> ImageRefused:
    return ImageRefused(f"图片太大了（超过 {max_pixels // 10_000} 万像素），请缩小后再传。", "image.pixels")


def _in_srgb(picture: Image.Image) -> Image.Image:
    """Colours of a telephone's own space, as sRGB, for the profile is dropped."""
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in ("RGB", "RGBA"):
        return picture
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        shown = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode=picture.mode)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture
    return shown or picture


def _shrink(picture: Image.Image, max_side: int) -> None:
    if max(picture.size) > max_side:
        picture.thumbnail((max_side, max_side), Image.Resampling.HAMMING)  # a third of Lanczos' time


def _pixels(picture: Image.Image, max_side: int) -> Image.Image:
    """The upright pixels of the first frame in RGB or RGBA, within ``max_side``, free of all that came with them."""
    if picture.format == "JPEG":
        picture.draft("RGB", (max_side, max_side))
        if picture.mode == "RGB":
            _shrink(picture, max_side)  # before it is turned and its colours are changed: fewer pixels
    ImageOps.exif_transpose(picture, in_place=True)
    upright: Image.Image = picture
    see_through = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
    mode = "RGBA" if see_through else "RGB"
    if upright.mode.startswith("I;16") or upright.mode == "I":
        upright = upright.point(lambda value: value / 256).convert("L")
    plain = _in_srgb(upright if upright.mode == mode else upright.convert(mode))
    _shrink(plain, max_side)
    fresh = Image.new(mode, plain.size)
    fresh.paste(plain)
    if mode == "RGBA" and fresh.getchannel("A").getextrema() == (255, 255):
        return fresh.convert("RGB")
    return fresh


def _encode(fresh: Image.Image, as_png: bool) -> CleanImage:
    out = io.BytesIO()
    if as_png:
        fresh.save(out, "PNG", optimize=False, compress_level=6)
    else:
        # Tables made to measure save 7 % and cost six times as much time; a list of small pictures is worth it.
        fresh.save(out, "JPEG", quality=85, optimize=max(fresh.size) <= SMALL_SIDE)
    return CleanImage(out.getvalue(), "image/png" if as_png else "image/jpeg", *fresh.size)


def clean_image(
    data: bytes, *, max_bytes: int = MAX_BYTES, max_pixels: int = MAX_PIXELS, max_side: int = MAX_SIDE
) -> CleanImage:
    """The picture in ``data`` made anew: upright, in sRGB, at most ``max_side`` long, without place, date or camera.

    JPEG, PNG, WebP and HEIC are taken; PNGs and see-through pictures become PNG, all others JPEG. Raises `ImageRefused`:
    image.empty, .bytes, .kind, .polyglot, .pixels, .broken.
    """
    kind = _check_outside(data, max_bytes)
    try:
        picture = _open(data, kind, max_pixels)
        fresh = _pixels(picture, max_side)
    except ImageRefused:
        raise
    except Exception as error:  # decoders fail on broken input in every way there is
        raise ImageRefused("图片打不开或不完整，请重新选择或重新拍一张。", "image.broken") from error
    return _encode(fresh, as_png=kind == "PNG" or fresh.mode == "RGBA")


def jpeg_of(picture: Image.Image) -> bytes:
    """A picture made in the house, as the bytes of a file."""
    return _encode(picture, as_png=False).data


def thumbnail(clean: CleanImage, side: int = 320) -> CleanImage:
    """A small copy of a cleaned picture, at most ``side`` long, in its own format."""
    with Image.open(io.BytesIO(clean.data)) as picture:
        return _encode(_pixels(picture, side), as_png=clean.mime == "image/png")


LEAST_CONTRAST = 8


def look_of(data: bytes) -> str:
    """How a cleaned picture looks, as 16 hex digits (difference hash): pictures of one scene differ in few of its 64
    bits, whatever their size or quality. Empty for a picture too plain to be told from another."""
    with Image.open(io.BytesIO(data)) as picture:
        picture.draft("L", (72, 64))
        small = picture.convert("L").resize((9, 8), Image.Resampling.BOX)
    low, high = small.getextrema()
    if high - low < LEAST_CONTRAST:  # type: ignore[operator]
        return ""
    signs = small.tobytes()
    bits = (signs[9 * row + place] > signs[9 * row + place + 1] for row in range(8) for place in range(8))
    return f"{int(''.join('1' if bit else '0' for bit in bits), 2):016x}"


# -- recordings ------------------------------------------------------------------------------------------------------

_M4A, _WEBM = AudioKind("audio/mp4", ".m4a"), AudioKind("audio/webm", ".webm")
_AUDIO = (
    (re.compile(rb"ID3[\x02-\x04]|\xff[\xe2\xe3\xf2\xf3\xfa\xfb][\x10-\xef]"), AudioKind("audio/mpeg", ".mp3")),
    (re.compile(rb"OggS\0"), AudioKind("audio/ogg", ".ogg")),
    (re.compile(rb"RIFF.{4}WAVE", re.DOTALL), AudioKind("audio/wav", ".wav")),
    (re.compile(rb"#!AMR(?:-WB)?\n"), AudioKind("audio/amr", ".amr")),
    (re.compile(rb".{4}ftyp(?:M4A|M4B|isom|iso[2-9]|mp4[12]|3gp|3g2)", re.DOTALL), _M4A),
    (re.compile(rb"\x1a\x45\xdf\xa3.{0,60}webm", re.DOTALL), _WEBM),
    (re.compile(rb"\xff[\xf0\xf1\xf8\xf9]"), AudioKind("audio/aac", ".aac")),
)
_MOVING = {
    _M4A: re.compile(rb"hdlr.{8}vide", re.DOTALL),
    _WEBM: re.compile(rb"V_(?:VP[89]|AV1|MPEG)"),
    AudioKind("audio/ogg", ".ogg"): re.compile(rb"OggS.{24,90}\x80theora", re.DOTALL),
}


def sniff_audio(data: bytes, *, max_bytes: int = 20 * MEGABYTE) -> AudioKind:
    """What recording ``data`` is: m4a, mp3, ogg, wav, amr, webm or aac.

    Raises `AudioRefused`: audio.empty, .bytes, .kind, .video, .polyglot.
    """
    if not data:
        raise AudioRefused("录音是空的，请重新录制。", "audio.empty")
    if len(data) > max_bytes:
        raise AudioRefused(f"录音不能超过 {max_bytes // MEGABYTE} MB，请分段上传。", "audio.bytes")
    kind = next((kind for form, kind in _AUDIO if form.match(data[:512])), None)
    if kind is None:
        raise AudioRefused(
            "这个文件不是能识别的录音，请上传 m4a、mp3、amr、wav、ogg 或 webm 格式的录音。", "audio.kind"
        )
    if kind in _MOVING and _MOVING[kind].search(data):
        raise AudioRefused("这是视频，请上传录音。", "audio.video")
    if _is_polyglot(data):
        raise AudioRefused("录音里夹带了别的内容，请重新录制。", "audio.polyglot")
    return kind
