"""Forms by which unions are merged, divided, dissolved and placed."""

from collections.abc import Sequence
from typing import Any

from django import forms as plain

from unionhome.core.organizations.actions import Merger, Placing, Proposal, Split
from unionhome.core.organizations.forms.divisions import DivisionField
from unionhome.core.organizations.forms.names import UnionField, UnionsField
from unionhome.core.organizations.rules import CAUSES
from unionhome.kit import forms

INTO, FROM = "into", "from"
FOLLOW, ENDED = "follow", "ended"


class MergeForm(forms.Form):
    """This union becomes part of another, or others become part of it."""

    direction = forms.ChoiceTiles(
        label="怎么合并", choices=[(INTO, "并到另一个工会"), (FROM, "把别的工会并进来")], initial=INTO
    )
    codes = UnionsField(
        label="另一方工会", help_text="写名称里的几个字，从列出的工会里选；并进来几个的，点开“还有别的工会”"
    )
    employers = forms.ChoiceTiles(
        label="被并工会的单位",
        choices=[(FOLLOW, "单位还在，由合并后的工会覆盖"), (ENDED, "单位已经不在（注销、并入）")],
        initial=FOLLOW,
    )
    on = forms.DayField(label="从哪天起")
    reason = forms.LineField(label="原因和依据", max_length=200, help_text="例如：会员代表大会决定，文号")

    def __init__(self, *args: Any, is_fixed: bool = False, **kwargs: Any) -> None:
        """`is_fixed`: this union cannot become part of another."""
        super().__init__(*args, **kwargs)
        if is_fixed:
            del self.fields["direction"]

    @property
    def goes(self) -> bool:
        """Whether this union becomes part of the other; call it on a valid form."""
        return self.cleaned_data.get("direction", FROM) == INTO

    def merger(self, here: int, others: Sequence[int]) -> Merger:
        """What the action wants."""
        values = self.cleaned_data
        return Merger(
            source_ids=[here] if self.goes else list(others),
            target_id=others[0] if self.goes else here,
            on=values["on"],
            reason=values["reason"],
            employers_follow=values["employers"] == FOLLOW,
        )


class SplitForm(forms.Form):
    """Some employers get a union of their own."""

    employers = plain.MultipleChoiceField(
        label="分出去的单位",
        widget=plain.CheckboxSelectMultiple,
        error_messages={"required": "请至少选一家分出去的单位。"},
    )
    name = forms.LineField(label="新工会名称", max_length=120)
    form = forms.ChoiceTiles(
        label="新工会类型", choices=[("single", "独立基层工会（一家单位）"), ("joint", "联合基层工会（几家单位）")]
    )
    on = forms.DayField(label="从哪天起")
    approval_no = forms.LineField(label="批准文号", max_length=60, required=False)
    chair_name = forms.LineField(label="新工会主席", max_length=40, required=False)
    reason = forms.LineField(label="原因和依据", max_length=200)

    def __init__(self, *args: Any, units: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["employers"].choices = list(units)  # type: ignore[attr-defined]

    def split(self, node_id: int) -> Split:
        """What the action wants."""
        values = self.cleaned_data
        names = ("name", "form", "on", "reason", "approval_no", "chair_name")
        return Split(node_id, [int(pk) for pk in values["employers"]], **{name: values[name] for name in names})


class ProposeForm(forms.Form):
    """Why a union is to be dissolved."""

    cause = forms.ChoiceTiles(label="撤销原因", choices=CAUSES)
    decided_on = forms.DayField(label="单位终止或会议决定的日期")
    approval_no = forms.LineField(label="文号", max_length=60, required=False)
    reason = forms.LineField(label="说明", max_length=200, required=False)

    def proposal(self) -> Proposal:
        """What the action wants."""
        values = self.cleaned_data
        return Proposal(**{name: values[name] for name in ("cause", "decided_on", "approval_no", "reason")})


class PlaceForm(forms.Form):
    """Where the members of a union on its way out go."""

    how = forms.ChoiceTiles(
        label="怎么安置",
        choices=[("move", "转到另一个工会"), ("keep", "保留会籍，由工会保管，免交会费")],
        initial="move",
    )
    keeper = UnionField(
        label="接手的工会",
        help_text="写名称里的几个字，从列出的工会里选；没办完的事也由它接着办，保留会籍的可以选上一级工会",
    )
    on = forms.DayField(label="从哪天起")

    def placing(self, keeper_code: str) -> Placing:
        """What the action wants."""
        values = self.cleaned_data
        return Placing(keeper_code, values["on"], values["how"] == "keep")


class EndForm(forms.Form):
    """The day on which something ends."""

    on = forms.DayField(label="从哪天起")


class EndCoverForm(forms.Form):
    """From when a union no longer organises an employer."""

    on = forms.DayField(label="从哪天起")
    reason = forms.LineField(label="原因", max_length=200, help_text="例如：单位搬走、单独建会")


class CancelForm(forms.Form):
    """Why a union is not dissolved after all."""

    reason = forms.LineField(label="原因", max_length=200)


class RelocateForm(forms.Form):
    """Where a union is from a day on."""

    place = DivisionField(label="新的所在地", required_step="county", help_text="项目在外地的，选实际所在的地方")
    address = forms.LineField(label="办公地址", max_length=120, required=False)
    source = forms.LineField(label="依据", max_length=40, help_text="例如：法人证书变更、本级上报")
    on = forms.DayField(label="从哪天起")
    reason = forms.LineField(label="说明", max_length=200, required=False)
