"""Input of the pages of collective decisions."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from unionhome.core.decisions.models import AgendaLine, Body, Item, ItemKind, Outcome, Purpose, Stance
from unionhome.core.decisions.queries import MEETING_PHASES, PHASES
from unionhome.core.decisions.rules import NEVER_HERE, split_names
from unionhome.kit.forms import (
    ChoiceTiles,
    DayField,
    FilterForm,
    Form,
    LineField,
    MoneyField,
    TextArea,
    UploadField,
    dress,
)

MOST_FILES = 9
FILE_BYTES = 40 * 1024 * 1024
KIND_ICONS = {"decision": "gavel", "matter": "target", "money": "coins"}


def _files(label: str, help_text: str, *, required: bool = False) -> UploadField:
    return UploadField(
        label=label,
        required=required,
        max_count=MOST_FILES,
        max_bytes=FILE_BYTES,
        accept="image/*,.pdf,.doc,.docx,.xls,.xlsx,.ofd",
        button="选文件或照片",
        help_text=help_text,
    )


class ItemFilter(FilterForm):
    """What narrows the list of items."""

    q = LineField(required=False, max_length=60)
    phase = forms.ChoiceField(required=False, choices=[(phase, phase) for phase in PHASES])
    kind = forms.ChoiceField(required=False, choices=ItemKind.choices)


class MeetingFilter(FilterForm):
    """What narrows the list of meetings."""

    phase = forms.ChoiceField(required=False, choices=[(phase, phase) for phase in MEETING_PHASES])


class DraftForm(Form):
    """One item: what the meeting is asked."""

    kind = ChoiceTiles(
        label="是哪一类",
        choices=[(code, label, KIND_ICONS[code]) for code, label in ItemKind.choices],
        help_text=NEVER_HERE,
    )
    title = LineField(label="议题", max_length=80, help_text="比如：2026 年送温暖慰问困难职工。")
    purpose = forms.ChoiceField(label="做什么用", choices=Purpose.choices)
    purpose_text = TextArea(label="做什么、为什么", max_length=300, rows=4, help_text="不写个人的证件、电话、病情。")
    department = LineField(label="由哪个部门汇报", max_length=40)
    ceiling_fen = MoneyField(label="最多花多少钱", required=False, help_text="不花钱的空着。")
    standard = LineField(
        label="标准", max_length=200, required=False, help_text="每人、每个单位多少，比如：每人 2000 元。"
    )
    fund = forms.ChoiceField(label="钱从哪里出", required=False, choices=[("", "不花钱")])
    papers = _files("材料", "方案、名单、预算，PDF、Word、Excel 或照片。只有看得到这个议题的人能看。")

    def __init__(self, *args: Any, funds: Iterable[str] = (), is_new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [("", "不花钱"), *((fund, fund) for fund in funds)]
        self.fields["fund"].choices = names  # type: ignore[attr-defined]
        if not is_new:
            del self.fields["papers"]


class MaterialForm(Form):
    """More materials."""

    papers = _files("材料", "方案、名单、预算，PDF、Word、Excel 或照片。", required=True)


class LawyerForm(Form):
    """Which lawyer is asked."""

    lawyer = forms.TypedChoiceField(label="请哪位律师", coerce=int)

    def __init__(self, *args: Any, lawyers: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lawyer"].choices = lawyers  # type: ignore[attr-defined]


class OpinionForm(Form):
    """One opinion."""

    stance = ChoiceTiles(
        label="同意吗？",
        choices=[
            (code, label, {"agree": "circle-check", "change": "edit", "against": "circle-x"}[code])
            for code, label in Stance.choices
        ],
    )
    text = TextArea(label="意见", max_length=300, rows=3, required=False, help_text="不同意，或者要改的，写明哪里。")
    given_on = DayField(label="哪天提的")


class ReasonForm(Form):
    """Why."""

    reason = TextArea(label="原因", max_length=300, rows=3)


class ExecutedForm(Form):
    """What came of it."""

    ended_on = DayField(label="哪天执行完")
    text = TextArea(label="办成了什么、花了多少钱", max_length=300, rows=3)


class MeetingForm(Form):
    """A meeting to come, or one that was held already."""

    body = ChoiceTiles(
        label="什么会",
        choices=[
            (code, label, {"chairs": "users", "standing": "users-group", "committee": "sitemap"}[code])
            for code, label in Body.choices
        ],
        help_text="党组会不在这里登记。",
    )
    held_on = DayField(label="哪天开")


class NotifyForm(Form):
    """When the materials went out."""

    notified_on = DayField(label="哪天发的材料")


class MinutesForm(Form):
    """The signed minutes."""

    number = LineField(label="纪要文号", max_length=60, help_text="比如：渭工纪要〔2026〕8号。")
    papers = _files("签字的纪要", "扫描成 PDF，或者拍清楚，有几页传几页。")


class AgendaForm(Form):
    """The order of the items: those without a number are left out. `rows` are the items with their fields."""

    def __init__(self, *args: Any, items: Iterable[Item] = (), places: dict[int, int] | None = None, **kwargs: Any):
        self.items = list(items)
        super().__init__(*args, **kwargs)
        for item in self.items:
            one = forms.IntegerField(label=f"{item.number}的次序", required=False, min_value=1, max_value=999)
            one.widget.attrs["aria-label"] = one.label
            dress(one, None)
            one.initial = (places or {}).get(item.pk)
            self.fields[f"place_{item.pk}"] = one

    def rows(self) -> list[dict[str, Any]]:
        """Each item with its field."""
        return [{"item": item, "place": self[f"place_{item.pk}"]} for item in self.items]

    def get_ids(self) -> list[int]:
        """The items that have a number, in its order."""
        numbered = [(self.cleaned_data.get(f"place_{item.pk}"), index) for index, item in enumerate(self.items)]
        return [self.items[index].pk for place, index in sorted(each for each in numbered if each[0])]


def _names(label: str, help_text: str = "", *, required: bool = False) -> TextArea:
    return TextArea(label=label, max_length=1000, rows=2, required=required, help_text=help_text)


class OutcomeForm(Form):
    """Who was there, and what came of every item: one line of a table each."""

    held_on = DayField(label="哪天开的")
    present = _names("到会的（有表决权）", "姓名，用空格或顿号隔开。", required=True)
    absent = _names("请假、缺席的（有表决权）")
    attending = _names("列席的（不表决）")

    def __init__(self, *args: Any, lines: Iterable[AgendaLine] = (), **kwargs: Any) -> None:
        self.lines = list(lines)
        super().__init__(*args, **kwargs)
        for line in self.lines:
            for name, one in _cells(line).items():
                one.widget.attrs["aria-label"] = one.label
                dress(one, None)
                self.fields[f"{name}_{line.item_id}"] = one

    def rows(self) -> list[dict[str, Any]]:
        """Each line of the agenda with its fields."""
        names = ("outcome", "ceiling", "standard", "recused", "note")
        return [{"line": line} | {name: self[f"{name}_{line.item_id}"] for name in names} for line in self.lines]

    def get_cell(self, line: AgendaLine, name: str) -> Any:
        """What was typed for one item."""
        return self.cleaned_data[f"{name}_{line.item_id}"]

    def _split(self, name: str) -> list[str]:
        return split_names(self.cleaned_data[name])

    def clean_present(self) -> list[str]:
        """The names, one by one."""
        return self._split("present")

    def clean_absent(self) -> list[str]:
        """The names, one by one."""
        return self._split("absent")

    def clean_attending(self) -> list[str]:
        """The names, one by one."""
        return self._split("attending")


def _cells(line: AgendaLine) -> dict[str, forms.Field]:
    """The fields of one item; they begin with what was entered before."""
    number = line.item.number
    choices = [("", "请选"), *Outcome.choices]
    cells: dict[str, forms.Field] = {
        "outcome": forms.ChoiceField(label=f"{number}的研究结果", choices=choices, initial=line.outcome),
        "ceiling": MoneyField(label=f"{number}改成最多多少元", required=False),
        "standard": LineField(label=f"{number}改成什么标准", max_length=200, required=False, initial=line.standard),
        "recused": LineField(label=f"{number}谁回避", max_length=200, required=False, initial="、".join(line.recused)),
        "note": LineField(label=f"{number}的说明", max_length=200, required=False, initial=line.note),
    }
    if line.ceiling_fen is not None:
        cells["ceiling"].initial = f"{line.ceiling_fen / 100:.2f}"
    return cells
