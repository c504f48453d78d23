"""Names of files made harmless, and documents told by content."""

import io
import re
import unicodedata
import zipfile
from pathlib import PurePosixPath

from unionhome.core.registry import BadInput

MOST_NAME = 60
MOST_ENTRIES = 10_000
_NUMBER = re.compile(r"\d{7,}(?=[\dXx]{4})")
_BAD = re.compile(r'[<>:"|?*%;\\/]+')
_ACCEPTED = "PDF、Word、Excel、OFD 或 CSV"
PDF = ("application/pdf", ".pdf")
OLE = ("application/vnd.ms-excel", ".xls")
CSV = ("text/csv", ".csv")
_IN_ARCHIVE = {
    "word/document.xml": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"),
    "xl/workbook.xml": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"),
    "OFD.xml": ("application/ofd", ".ofd"),
}


def clean_name(name: str, suffix: str, fallback: str = "附件") -> str:
    """A name fit for screens and downloads, ending as the content says.

    Folders, control and direction signs are dropped; numbers as long as a phone or document number are masked,
    because names stay readable where the content is sealed.
    """
    plain = unicodedata.normalize("NFKC", PurePosixPath(name.replace("\\", "/")).name)
    plain = "".join(sign for sign in plain if unicodedata.category(sign)[0] != "C")
    stem = " ".join(_BAD.sub(" ", PurePosixPath(plain).stem).split()).strip(" .")
    stem = _NUMBER.sub(lambda found: found[0][:3] + "*" * (len(found[0]) - 3), stem)
    return (stem[:MOST_NAME].strip(" .") or fallback) + suffix


def sniff_document(data: bytes, most_bytes: int) -> tuple[str, str]:
    """Type and ending of a document, by content. Raises BadInput."""
    if not data:
        raise BadInput("文件是空的，请重新选择。", "document.empty")
    if len(data) > most_bytes:
        raise BadInput(f"文件不能超过 {most_bytes // 1024**2} MB，请压缩或分开上传。", "document.bytes")
    if data.startswith(b"%PDF-"):
        return PDF
    if data.startswith(b"PK\x03\x04"):
        return _sniff_archive(data)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return OLE
    if _is_text(data):
        return CSV
    raise BadInput(f"这个文件不是能识别的文档，请上传 {_ACCEPTED} 文件。", "document.kind")


def _sniff_archive(data: bytes) -> tuple[str, str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise BadInput("文件打不开或不完整，请重新选择。", "document.broken") from None
    if len(names) > MOST_ENTRIES:
        raise BadInput("文件里的内容太多，请另存后再传。", "document.entries")
    if any(name.endswith("vbaProject.bin") for name in names):
        raise BadInput("文件带有宏，请另存为不带宏的格式再传。", "document.macro")
    found = next((kind for entry, kind in _IN_ARCHIVE.items() if entry in names), None)
    if found is None:
        raise BadInput(f"不收压缩包，请上传 {_ACCEPTED} 文件。", "document.archive")
    return found


def _is_text(data: bytes) -> bool:
    """Plain text in UTF-8 or GB 18030 that is no page."""
    if b"\0" in data or data.lstrip()[:1] == b"<":
        return False
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False
