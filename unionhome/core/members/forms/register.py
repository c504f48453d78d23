"""Input of the register's pages. Fields only: what is right is decided by the rules behind the actions."""

from collections.abc import Sequence
from typing import Any

from django import forms as django_forms

from unionhome.core.members.rules import facts
from unionhome.core.members.rules.codes import WorkGroup
from unionhome.core.members.rules.joining import JoinInput
from unionhome.core.organizations.forms import DivisionField
from unionhome.kit import forms
from unionhome.kit.codes import DocumentKind
from unionhome.kit.forms.base import dress

NO_EMPLOYER = "none"
EITHER = "两项填一项"
"""Employer and place: the route wants one of them."""


def offer(one: django_forms.Field, choices: Sequence[tuple[str, str]]) -> None:
    """Turn a hidden field into a list to pick from."""
    one.widget = django_forms.RadioSelect()
    one.choices = choices  # type: ignore[attr-defined]
    one.required = True
    dress(one, None)


class JoinForm(forms.Form):
    """The five fields of joining. The phone is that of the account and stands beside them."""

    name = forms.LineField(label="姓名", max_length=30, help_text="和证件上一样")
    document_kind = django_forms.ChoiceField(
        label="证件类型", choices=DocumentKind.choices(), initial=DocumentKind.RESIDENT
    )
    document = forms.LineField(label="证件号码", max_length=40, help_text="加密保存，只有审核的工会能看，看了会告诉您")
    employer_text = forms.LineField(
        label="工作单位", max_length=60, required=False, help_text="写全称，好找到您单位的工会"
    )
    employer_id = django_forms.ChoiceField(
        label="是不是这一家",
        required=False,
        widget=django_forms.HiddenInput,
        error_messages={"required": "看看是不是下面的一家，都不是就选“都不是”"},
    )
    division = DivisionField(
        label="干活的地方",
        required=False,
        required_step="town",
        help_text="单位没有工会，或者没有固定单位的，选常在的镇街",
    )
    group = forms.ChoiceTiles(
        label="做什么工作",
        choices=WorkGroup.choices,
        error_messages={"required": "请选一项，都不是就选“都不是”"},
    )
    agreed = django_forms.BooleanField(label="我同意工会登记这些信息，用来办理入会和为我服务", required=False)

    def __init__(
        self,
        *args: Any,
        employers: Sequence[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document"].widget.attrs.update({"data-private": "", "autocomplete": "off"})
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        for name in ("employer_text", "division"):
            self.fields[name].optional_note = EITHER  # type: ignore[attr-defined]
        chosen = self.fields["employer_id"]
        chosen.choices = [("", "")]  # type: ignore[attr-defined]
        if employers:
            offer(chosen, [*employers, (NO_EMPLOYER, "都不是，没有我的单位")])

    def given(self) -> JoinInput:
        """What was filled in, for the action; call it on a valid form."""
        clean = self.cleaned_data
        return JoinInput(
            name=clean["name"],
            document_kind=clean["document_kind"],
            document=clean["document"],
            group=clean["group"],
            employer_text=clean["employer_text"],
            employer_id=int(clean["employer_id"]) if clean["employer_id"].isdigit() else None,
            division_code=clean["division"],
            agreed=clean["agreed"],
        )


class ReasonForm(forms.Form):
    """One reason, said to the worker."""

    reason = forms.TextArea(label="原因", max_length=200, rows=3, help_text="申请人能看到，请写清楚要怎么办")

    def given(self) -> dict[str, Any]:
        """The action's arguments; call it on a valid form."""
        return {name: self.cleaned_data[name] for name in ("reason", "submit_key")}


class ForwardForm(forms.Form):
    """The union to hand an application to, by name; `code` is picked where the name fits several."""

    union = forms.LineField(label="转给哪个工会", max_length=60, help_text="写名称里的几个字，例如街道或单位的名字")
    code = django_forms.ChoiceField(label="选一个", required=False, widget=django_forms.HiddenInput)
    reason = forms.TextArea(label="原因", max_length=200, rows=3, help_text="申请人和收到的工会都能看到")

    def __init__(self, *args: Any, unions: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.choices = [("", "")]  # type: ignore[attr-defined]
        if unions:
            offer(code, list(unions))
            code.required = False


class RosterForm(forms.Form):
    """A roster to hand in, and the union of the rows that name none."""

    file = forms.UploadField(
        label="名册文件",
        multiple=False,
        max_bytes=60 * 1024 * 1024,
        accept=".xlsx,.xls,.csv",
        button="选名册文件",
        help_text=".xlsx、.xls 或 .csv，最大60MB；更大的请系统管理员用命令行导入",
    )
    union = forms.LineField(
        label="整份都是哪个工会的",
        max_length=120,
        required=False,
        help_text="名册里没有写工会组织代码的行归到这里，写工会组织代码或全称",
    )


class SearchForm(forms.Form):
    """A search that may hold a whole document number: sent by POST, so that no address keeps it."""

    text = forms.LineField(label="找会员", max_length=40, required=False)
    union = django_forms.IntegerField(required=False, widget=django_forms.HiddenInput)


class CorrectForm(forms.Form):
    """The facts that a union may correct, as they stand. Covered facts are left empty: only what is filled changes."""

    def __init__(self, *args: Any, values: dict[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for spec in facts.CORRECTABLE:
            value = (values or {}).get(spec.key, "")
            self.fields[spec.key] = _fact_field(spec, value)
            dress(self.fields[spec.key], None)

    def changes(self) -> dict[str, str]:
        """What was filled in and differs from how the page was drawn."""
        return {
            spec.key: self.cleaned_data[spec.key]
            for spec in facts.CORRECTABLE
            if spec.key in self.changed_data and self.cleaned_data[spec.key]
        }


def _fact_field(spec: facts.FactSpec, value: str) -> django_forms.Field:
    if spec.choices:
        return django_forms.ChoiceField(
            label=spec.label, required=False, initial=value, choices=[("", "没有登记"), *spec.choices]
        )
    hint = "要改才填，不填就不变" if spec.part else ""
    return forms.LineField(label=spec.label, required=False, max_length=120, help_text=hint)


class OwnCorrectForm(forms.Form):
    """One fact that a member wants corrected. The value is chosen or typed, after the fact was picked."""

    fact = django_forms.ChoiceField(
        label="要更正哪一项", choices=[(spec.key, spec.label) for spec in facts.CORRECTABLE]
    )
    note = forms.TextArea(label="说明", max_length=200, rows=2, required=False, help_text="例如证件换了、换了工种")

    field_order = ("fact", "value", "note")

    def __init__(self, *args: Any, fact: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spec = facts.BY_KEY.get(fact)
        if spec is None:
            del self.fields["note"]
            return
        self.fields["fact"].widget = django_forms.HiddenInput()
        self.fields["fact"].initial = fact
        label = f"正确的{spec.label}"
        if spec.choices:
            choices = [("", "请选择"), *spec.choices]
            self.fields["value"] = django_forms.ChoiceField(label=label, choices=choices)
        else:
            self.fields["value"] = forms.LineField(label=label, max_length=120)
        dress(self.fields["value"], None)
        self.order_fields(self.field_order)


class LeaveForm(forms.Form):
    """Why a member leaves, if the member wants to say."""

    reason = forms.TextArea(label="为什么退会", max_length=200, rows=3, required=False)
    sure = django_forms.BooleanField(label="我知道退会以后，会员才有的服务不能再用", required=True)


class UnmaskForm(django_forms.Form):
    """Why a covered fact is opened."""

    reason = django_forms.CharField(required=False, max_length=20)
    reason_text = django_forms.CharField(required=False, max_length=200)


class NationalForm(forms.Form):
    """An export of the national register to hand in."""

    file = forms.UploadField(
        label="导出表",
        multiple=False,
        max_bytes=60 * 1024 * 1024,
        accept=".xlsx,.xls,.csv",
        button="选导出表",
        help_text="全国工会会员实名系统导出的 .xlsx、.xls 或 .csv，不用改格式",
    )


class MergeForm(forms.Form):
    """Which of two files stays and which facts it takes from the other."""

    kept = django_forms.IntegerField(widget=django_forms.HiddenInput)
    take = django_forms.MultipleChoiceField(required=False, choices=())
    note = forms.LineField(label="说明", max_length=200, required=False, help_text="怎么核对的，例如“看过证件原件”")

    def __init__(self, *args: Any, keys: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["take"].choices = [(key, key) for key in keys]  # type: ignore[attr-defined]


class NoteForm(forms.Form):
    """One line that stays with an act."""

    note = forms.TextArea(label="说明", max_length=200, rows=2, required=False)


class SettleForm(forms.Form):
    """Rows to settle by one act, with the reason."""

    ids = django_forms.CharField(widget=django_forms.HiddenInput)
    act = django_forms.CharField(widget=django_forms.HiddenInput)
    reason = forms.TextArea(label="原因", max_length=200, rows=2, required=False)
