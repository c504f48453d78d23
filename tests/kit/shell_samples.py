"""Made-up facts that fill every component of the shells; nobody and nothing here exists."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import segno
from django import forms as plain
from django.core.paginator import Paginator
from django.template.backends.django import DjangoTemplates
from django.utils.safestring import SafeString

from unionhome.kit import forms

GALLERY = Path(__file__).parent / "gallery"
PAGES = tuple(sorted(page.stem for page in GALLERY.glob("*.html")))
TONES = ("green", "amber", "deep", "blue", "grey", "outline")


class HelpForm(forms.Form):
    text = forms.TextArea(label="遇到了什么难处？", help_text="一句话就行，不用登录。", max_length=2000)
    kind = forms.ChoiceTiles(
        label="哪一类",
        choices=[("pay", "工资", "coin-yuan"), ("ill", "生病", "stethoscope"), ("law", "法律", "scale")],
        required=False,
    )
    photos = forms.UploadField(label="照片", required=False)
    phone = forms.PhoneField(label="联系电话")
    money = forms.MoneyField(label="涉及多少钱", required=False)
    county = plain.ChoiceField(label="在哪个区县", choices=[("", "请选择"), ("1", "云桥区")])
    day = forms.DayField(label="从哪天开始", required=False)
    ways = plain.MultipleChoiceField(
        label="怎么联系您",
        choices=[("call", "打电话"), ("text", "发短信")],
        widget=plain.CheckboxSelectMultiple,
        required=False,
    )
    hidden = forms.SwitchField(
        label="不让单位知道",
        icon="eye-off",
        help_text="看起来与您的单位有关，已帮您打开。我们不会告诉单位和单位工会是您提的。",
    )
    rating = forms.ChoiceTiles(
        label="您满意吗",
        choices=[("3", "满意", "mood-smile"), ("2", "基本满意", "mood-empty"), ("1", "不满意", "mood-sad")],
        faces=True,
        required=False,
    )


def form(wrong: bool = False) -> HelpForm:
    if not wrong:
        return HelpForm(initial={"text": "公司9月、10月的工资一直没发，问了几次都说再等等。", "hidden": True})
    return HelpForm({"text": "", "phone": "", "county": "9", "day": "去年冬天", "hidden": "on"})


def _read(name: str) -> dict[str, Any]:
    return json.loads((GALLERY / f"{name}.json").read_text(encoding="utf-8"))


def context(door: str, wrong: bool = False, **more: Any) -> dict[str, Any]:
    """Everything the gallery pages name; `more` goes into `shell`."""
    return {
        "shell": {**_read("shell")[door], **more},
        "csrf_token": "token-of-a-test",
        "form": form(wrong),
        "qr": SafeString(segno.make("UNIONHOME").svg_inline(scale=3, border=0)),
        "page": Paginator(range(86), 12).page(2),
        "tones": TONES,
        **_read("worker"),
        **_read("desk"),
    }


def render(name: str, **facts: Any) -> str:
    """The gallery page `name` as HTML."""
    engine = DjangoTemplates({"NAME": "gallery", "DIRS": [GALLERY], "APP_DIRS": True, "OPTIONS": {}})
    return engine.get_template(f"{name}.html").render(context("desk" if name.startswith("desk") else "my", **facts))
