"""Input about policies and the calendar."""

from typing import Any

from django import forms as django_forms

from unionhome.core.policy.rules import NamedDay, check_days, kind_of, parse_notice, parse_value, typed_text
from unionhome.core.registry import BadInput, Policy
from unionhome.kit import forms

HINTS = {
    "bool": "填“是”或“否”",
    "fen": "单位：元，最多两位小数",
    "hours": "例如 08:30–12:00，14:00–18:00",
    "list": "几项之间用顿号隔开",
    "map": "每行一项，写成“名称：值”，名称不能改",
    "json": "照原来的样子改，括号和引号要成对",
}
EVERYWHERE = "all"
LONG = ("map", "json")


class ValueForm(forms.Form):
    """A new value of one policy, from a day on."""

    value = forms.LineField(label="新的值", max_length=500, plain=False)
    starts_on = forms.DayField(label="从哪天起执行")
    node = django_forms.ChoiceField(label="在哪里执行", initial=EVERYWHERE)
    source = forms.LineField(label="依据的文件", max_length=200)
    approved_by = forms.LineField(
        label="批准", max_length=80, required=False, help_text="例如 主席办公会，或批准人的岗位"
    )
    note = forms.LineField(label="说明", max_length=200, required=False)

    def __init__(self, *args: Any, policy: Policy, regions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.policy = policy
        kind = kind_of(policy.value, policy.unit)
        if kind in LONG:
            self.fields["value"] = forms.TextArea(label="新的值", max_length=4000, rows=6)
        unit = "" if kind in ("fen", "hours", "bool") else f"单位：{policy.unit}"
        self.fields["value"].help_text = HINTS.get(kind, unit)
        choices: Any = [(EVERYWHERE, "全市"), *regions]
        self.fields["node"].choices = choices  # type: ignore[attr-defined]

    def clean_value(self) -> Any:
        """The typed text as a value of the policy's own kind."""
        try:
            return parse_value(self.cleaned_data["value"], self.policy.value, self.policy.unit)
        except BadInput as refused:
            raise django_forms.ValidationError(refused.sentence, code=refused.code) from None


def first_text(policy: Policy, value: Any) -> str:
    """What stands in the field before it is changed: the value in force."""
    return typed_text(value, policy.unit)


class NoticeForm(forms.Form):
    """The holidays and make-up days of one year, line by line, as the notice gives them."""

    days = forms.TextArea(
        label="放假和调休",
        max_length=4000,
        rows=10,
        help_text="每行一段：“2027-02-05 至 2027-02-11 休 春节”，或“2027-01-31 班 春节调休上班”",
    )
    source = forms.LineField(label="通知的文号", max_length=200)

    def __init__(self, *args: Any, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.year = year

    def clean_days(self) -> list[NamedDay]:
        """The days of the lines, all in this year."""
        try:
            days = parse_notice(self.cleaned_data["days"])
            year = check_days(days)
        except BadInput as refused:
            raise django_forms.ValidationError(refused.sentence, code=refused.code) from None
        if year != self.year:
            raise django_forms.ValidationError(f"这里填 {self.year} 年的日子，您写的是 {year} 年。", code="other-year")
        return days
