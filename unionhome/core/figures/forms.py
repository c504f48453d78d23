"""Input of reviews, of numbers from documents, of publications and keys."""

from collections.abc import Mapping
from typing import Any

from django.forms import DecimalField, HiddenInput, IntegerField

from unionhome.kit import forms

MOST_FILES = 5
BASES = (("上报", "下级上报", "file-import"), ("外部", "外部文件", "file-text"))


class DaysForm(forms.FilterForm):
    """The two days of a stretch of time as an address names them, `from` and `to`; `from2` and `to2` of another one.

    `wrong` are sentences by field: what was typed comes back with them.
    """

    SPAN = (("from", "从", "不填从年初算"), ("to", "到", "不填到今天"))
    OTHER = (("from2", "比较的一段，从", "可不填"), ("to2", "到", "可不填"))

    def __init__(
        self,
        given: Mapping[str, Any] | None = None,
        *,
        wrong: Mapping[str, str] | None = None,
        is_compared: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(given if wrong else None, initial=given, **kwargs)
        for name, label, note in (*self.SPAN, *(self.OTHER if is_compared else ())):
            self.fields[name] = day = forms.DayField(label=label, required=False)
            day.optional_note = note  # type: ignore[attr-defined]
            forms.dress(day, None)
        for name, sentence in (wrong or {}).items():
            if name in self.fields and name not in self.errors:
                self.add_error(name, sentence)


class SectionForm(forms.Form):
    """One section of a review."""

    title = forms.LineField(label="这一节的标题", max_length=40)
    text = forms.TextArea(
        label="正文",
        max_length=6000,
        rows=10,
        required=False,
        help_text="一行一段。数字写成 #指标名#，要换写法就写 #指标名/万# 或 #指标名/余#，数会自己填上",
    )
    revision = IntegerField(widget=HiddenInput)


class TitleForm(forms.Form):
    """The headline."""

    title = forms.LineField(label="标题", max_length=60)
    revision = IntegerField(widget=HiddenInput)


class FreezeForm(forms.Form):
    """Sending a review to be signed."""

    reason = forms.TextArea(
        label="更正的原因",
        max_length=200,
        required=False,
        help_text="第一次签发不用写；里面的数以前发布过，要写明为什么更正",
    )
    tells_internal = forms.SwitchField(label="内部的数也随综述公开", help_text="综述签发后人人都看得到")
    revision = IntegerField(widget=HiddenInput)


class OutsideForm(forms.Form):
    """A number that a document gives."""

    name = forms.LineField(label="指标名", max_length=40, help_text="例如：安康杯竞赛参赛班组")
    number = DecimalField(label="数", max_digits=18, decimal_places=2, min_value=0)
    unit = forms.LineField(label="单位", max_length=8, help_text="个、人、场、万元……")
    basis = forms.ChoiceTiles(label="来处", choices=BASES)
    source = forms.LineField(
        label="文件", max_length=120, help_text="标题和文号，例如：关于……的报告（示安发〔2026〕12号）"
    )
    signed_by = forms.LineField(label="签字人", max_length=30, help_text="文件上签字负责的人和职务")
    signed_on = forms.DayField(label="签字日期")
    scans = forms.UploadField(
        label="文件的扫描件或照片",
        max_count=MOST_FILES,
        max_bytes=20 * 1024 * 1024,
        accept="image/*,.pdf",
        button="选文件或照片",
        help_text="没有文件的数不能写进综述",
    )


class WithdrawForm(forms.Form):
    """Why a number of a document is taken back."""

    reason = forms.TextArea(label="为什么撤下", max_length=200)


class DraftForm(forms.Form):
    """A publication that is drawn up; which figures, union and days the page says."""

    title = forms.LineField(label="标题", max_length=80)
    reason = forms.TextArea(
        label="更正的原因",
        max_length=200,
        required=False,
        help_text="第一次发布不用写。发布过的要出新的一版，写明为什么，会公布。",
    )


class ReasonForm(forms.Form):
    """Why somebody returns or gives up a publication, or changes a key."""

    reason = forms.TextArea(label="原因", max_length=200)
