"""Forms of grid cells and coverage gaps."""

from collections.abc import Iterable
from typing import Any

from django import forms as plain

from unionhome.core.access.models import User
from unionhome.core.organizations import queries
from unionhome.core.organizations.actions import CellFacts
from unionhome.core.organizations.forms.divisions import DivisionField
from unionhome.core.organizations.rules import COVERAGES
from unionhome.kit import forms

ALL = ("", "全部")


class CellFilterForm(forms.FilterForm):
    """What narrows the list of cells."""

    q = forms.LineField(label="网格名称、编码或村社区", max_length=60)
    division = plain.CharField(max_length=12)
    worker = plain.ChoiceField(choices=[ALL, ("yes", "有网格员"), ("no", "缺网格员")])
    state = plain.ChoiceField(choices=[("", "在用"), ("over", "已撤销")])

    def filters(self) -> queries.CellFilters:
        """The filters; what cannot be read narrows nothing."""
        self.is_valid()
        values = {name: value for name, value in self.cleaned_data.items() if value}
        return queries.CellFilters(text=values.pop("q", ""), **values)


class GapFilterForm(forms.FilterForm):
    """What narrows the gaps."""

    q = forms.LineField(label="单位或地方", max_length=60)
    division = plain.CharField(max_length=12)
    kind = plain.ChoiceField(choices=[ALL, *COVERAGES])

    def filters(self) -> queries.GapFilters:
        """The filters; what cannot be read narrows nothing."""
        self.is_valid()
        values = {name: value for name, value in self.cleaned_data.items() if value}
        return queries.GapFilters(text=values.pop("q", ""), **values)


class CellForm(forms.Form):
    """A new cell."""

    place = DivisionField(label="网格在哪里", required_step="town")
    name = forms.LineField(
        label="网格名称", max_length=60, required=False, help_text="不填就按地名和序号取名，例如 赵村第1网格"
    )
    boundary = forms.LineField(
        label="范围", max_length=200, required=False, help_text="例如：东至解放路，西至车站，含商铺一条街"
    )
    starts_on = forms.DayField(label="设立日期")

    def facts(self) -> CellFacts:
        """The clean values as the action wants them."""
        values = self.cleaned_data
        return CellFacts(values["place"], values["starts_on"], values["name"], values["boundary"])


class CellChangeForm(forms.Form):
    """Another name or boundary."""

    name = forms.LineField(label="网格名称", max_length=60)
    boundary = forms.LineField(label="范围", max_length=200, required=False)


class CellEndForm(forms.Form):
    """The end of a cell."""

    on = forms.DayField(label="从哪天起撤销")
    reason = forms.LineField(label="原因", max_length=200)


class BulkCellForm(forms.Form):
    """From when the cells of a whole town stand."""

    on = forms.DayField(label="设立日期")


class GridWorkerForm(forms.Form):
    """Who works in a cell from a day on: an account, else a name with a phone."""

    user = plain.TypedChoiceField(label="平台账号", required=False, coerce=int, empty_value=None)
    name = forms.LineField(label="姓名", max_length=40, required=False, help_text="没有账号的网格员填这里")
    phone = forms.PhoneField(label="手机号码", required=False, help_text="加密保存，只有打电话时才显示")
    on = forms.DayField(label="从哪天起")

    def __init__(self, *args: Any, users: Iterable[User] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(user.pk, f"{user.name}，{user.node.name if user.node else ''}") for user in users]
        self.fields["user"].choices = [("", "没有账号"), *choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if not values.get("user") and not values.get("name") and not self.errors:
            self.add_error("name", "请选一个账号，或者写网格员姓名")
        return values


class DayForm(forms.Form):
    """From which day something holds."""

    on = forms.DayField(label="从哪天起")
