from __future__ import annotations

from xml.etree import ElementTree

import pytest

from unionhome.kit.errors import InputRefused
from unionhome.kit.qr import MAX_BYTES, qr_svg


def test_the_svg_may_stand_in_a_page_of_a_strict_policy() -> None:
    svg = qr_svg('https://example.org/?a=1&b="<x>', title='<b>扫码 & "看"')
    root = ElementTree.fromstring(svg)
    assert root.get("viewBox") and root.get("role") == "img" and root.get("width") is None
    for node in root.iter():
        assert not any(name == "style" or name.startswith("on") or "href" in name for name in node.attrib)
    assert root.findtext("title") == '<b>扫码 & "看"' and "<b>" not in svg


def test_the_same_text_gives_the_same_code_and_another_text_another() -> None:
    assert qr_svg("a") == qr_svg("a") != qr_svg("b")


@pytest.mark.parametrize(
    ("text", "code"), [("", "qr.empty"), ("x" * (MAX_BYTES + 1), "qr.long"), ("汉" * MAX_BYTES, "qr.long")]
)
def test_what_cannot_be_a_code(text: str, code: str) -> None:
    with pytest.raises(InputRefused) as refusal:
        qr_svg(text)
    assert refusal.value.code == code
