"""Input of the pages of deeds."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms

from unionhome.core.records.models import BeneficiaryKind
from unionhome.kit.forms import (
    ChoiceTiles,
    DayField,
    FilterForm,
    Form,
    LineField,
    MoneyField,
    SwitchField,
    TextArea,
    UploadField,
)
from unionhome.services.deeds.models import Origin, Score
from unionhome.services.deeds.queries import PHASES

PHOTO_BYTES = 40 * 1024 * 1024
MOST_PHOTOS = 9
ORIGIN_ICONS = {"needs": "message-report", "union": "building-community", "workers": "bulb"}
SCORE_ICONS = {"satisfied": "mood-smile", "fairly": "mood-neutral", "not": "mood-sad"}


def _photos(label: str, help_text: str = "") -> UploadField:
    return UploadField(
        label=label,
        required=False,
        max_count=MOST_PHOTOS,
        max_bytes=PHOTO_BYTES,
        button="拍照或选照片",
        help_text=help_text or "照片里的位置、时间、机型会去掉。不要拍到人脸、证件、车牌。",
    )


def _papers() -> UploadField:
    return UploadField(
        label="凭据",
        required=False,
        max_count=MOST_PHOTOS,
        accept=".pdf,.doc,.docx,.xls,.xlsx,.ofd,.csv",
        button="选文件",
        help_text="合同、发票、签收单，PDF、Word 或 Excel。只有工会能看。",
    )


class DeedFilter(FilterForm):
    """What narrows the list."""

    q = LineField(required=False, max_length=60)
    phase = forms.ChoiceField(required=False, choices=[(phase, phase) for phase in (*PHASES, "late")])
    year = forms.IntegerField(required=False, min_value=2000, max_value=2100)


class ProposeForm(Form):
    """One deed: what, why, for whom."""

    title = LineField(label="办什么事", max_length=60, help_text="比如：给六个工地送饮水机。")
    wanted = TextArea(label="职工要什么", max_length=500, rows=4, help_text="公开以后大家都能看，不写姓名、电话。")
    origin = ChoiceTiles(
        label="从哪里来", choices=[(code, label, ORIGIN_ICONS[code]) for code, label in Origin.choices]
    )
    people_count = forms.IntegerField(label="预计多少人受益", min_value=1)
    place_text = LineField(label="地点", max_length=80, required=False)
    numbers = LineField(
        label="并进来的诉求", max_length=1000, required=False, help_text="写诉求的编号，几件用空格隔开。"
    )
    photos = _photos("现在的样子")

    def __init__(self, *args: Any, is_new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_new:
            del self.fields["photos"], self.fields["numbers"]

    def clean_numbers(self) -> list[str]:
        """The numbers, one by one."""
        return split_numbers(self.cleaned_data["numbers"])


def split_numbers(text: str) -> list[str]:
    """Numbers of cases, written one after the other."""
    return [part.upper() for part in re.split(r"[\s,，、;；]+", text) if part]


class NeedsForm(Form):
    """Which needs become part of it."""

    numbers = TextArea(label="诉求的编号", max_length=2000, rows=4, help_text="一行一个，或者用空格隔开。")

    def clean_numbers(self) -> list[str]:
        """The numbers, one by one."""
        return split_numbers(self.cleaned_data["numbers"])


class ChooseForm(Form):
    """Under which deed a need goes."""

    deed = forms.ChoiceField(label="放进哪一件实事", choices=())

    def __init__(self, *args: Any, deeds: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deed"].choices = deeds  # type: ignore[attr-defined]


class ListForm(Form):
    """On whose list of which year, by which union."""

    owner = forms.ChoiceField(label="列入哪一级的清单", choices=())
    year = forms.IntegerField(label="哪一年", min_value=2000, max_value=2100)
    listed_on = DayField(label="哪天决定的")
    union = LineField(label="由哪个工会办", max_length=80, help_text="写名称里的几个字。")
    is_open = SwitchField(
        label="向职工公开", initial=True, required=False, help_text="打开后，谁都能看到这一条办到哪一步。"
    )

    def __init__(self, *args: Any, owners: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = owners  # type: ignore[attr-defined]


class TakeForm(Form):
    """From when, until when."""

    taken_on = DayField(label="哪天认领的")
    due_on = DayField(label="哪天以前办成", help_text="过了这一天没有办成，上级也会看到。")


class FinishForm(Form):
    """What was done, for whom, at what cost, with evidence."""

    done_on = DayField(label="哪天办成的")
    text = TextArea(label="办成了什么", max_length=500, rows=3)
    people_count = forms.IntegerField(label="多少人受益", min_value=1, help_text="一个人只计一次。")
    times = forms.IntegerField(
        label="一共多少人次", min_value=1, required=False, help_text="一个人来两回是 2 人次；不填就和人数一样。"
    )
    people_kind = forms.ChoiceField(label="主要是哪些人", choices=BeneficiaryKind.choices)
    cost_fen = MoneyField(label="花了多少钱", help_text="没有花钱写 0。")
    cost_source = LineField(label="钱从哪里出", max_length=80, required=False, help_text="比如：工会经费、单位行政。")
    photos = _photos("办成以后的照片")
    papers = _papers()


class EvidenceForm(Form):
    """More pictures and papers."""

    before = _photos("办之前的照片")
    photos = _photos("办成以后的照片")
    papers = _papers()


class CheckForm(Form):
    """What the check saw."""

    text = TextArea(label="核验看到了什么", max_length=300, rows=3)


class ReasonForm(Form):
    """Why."""

    reason = TextArea(label="原因", max_length=300, rows=3)


class PublishForm(Form):
    """The publisher has looked at the pictures."""

    shows_nobody = SwitchField(
        label="照片都看过了，没有拍到人，可以公开",
        required=False,
        help_text="不打开也能公布，照片不公开，只写办成了什么。",
    )


class RateForm(Form):
    """What a worker says of it."""

    score = ChoiceTiles(
        label="您满意吗？", choices=[(code, label, SCORE_ICONS[code]) for code, label in Score.choices], faces=True
    )
    text = TextArea(
        label="想说的话", max_length=200, rows=3, required=False, help_text="工会看得到写了什么，看不到是谁写的。"
    )
