import pytest

from tests.core.files import samples
from unionhome.core.files.rules import clean_name, sniff_document
from unionhome.core.registry import BadInput


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("现场.HEIC", "现场.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("照片\\塔吊.jpeg", "塔吊.jpg"),
        ("报\u202egpj.exe", "报gpj.jpg"),
        ("a\r\nSet-Cookie: x.jpg", "aSet-Cookie x.jpg"),
        ("身份证61050219900101001X.png", "身份证610***********001X.jpg"),
        ("１３９００００１１１１.jpg", "139****1111.jpg"),
        ("IMG_20261123_101500.jpg", "IMG_20261123_101500.jpg"),
        ("", "附件.jpg"),
        ("...", "附件.jpg"),
        ("字" * 200 + ".jpg", "字" * 60 + ".jpg"),
    ],
)
def test_names_are_harmless(name: str, cleaned: str) -> None:
    assert clean_name(name, ".jpg") == cleaned


@pytest.mark.parametrize(
    ("data", "suffix"),
    [
        (b"%PDF-1.7 x", ".pdf"),
        (samples.archive("word/document.xml"), ".docx"),
        (samples.archive("OFD.xml"), ".ofd"),
        ("姓名,工会\n张三,示例".encode("gb18030"), ".csv"),
        ("\ufeff姓名,工会\n".encode(), ".csv"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", ".xls"),
    ],
)
def test_documents_are_told_by_content(data: bytes, suffix: str) -> None:
    assert sniff_document(data, 10_000)[1] == suffix


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"x" * 10_001,
        b"PK\x03\x04broken",
        samples.archive("readme.txt"),
        samples.archive("xl/workbook.xml", "xl/vbaProject.bin"),
        b"<html><script>",
        b"\x7fELF\x00\x01",
        b"\xff\xfe\xff\xff\xff",
    ],
)
def test_what_is_no_document_is_refused(data: bytes) -> None:
    with pytest.raises(BadInput) as refused:
        sniff_document(data, 10_000)
    assert refused.value.sentence.endswith("。")
