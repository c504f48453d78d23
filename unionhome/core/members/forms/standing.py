"""Input of the pages that change a membership: transfers, retained, a death, an expulsion."""

from collections.abc import Sequence
from typing import Any

from django import forms as django_forms

from unionhome.core.members.forms.register import EITHER, NO_EMPLOYER, offer
from unionhome.core.members.rules.standing import (
    DeathProof,
    ExpulsionGround,
    RetainReason,
    TransferInput,
    TransferReason,
)
from unionhome.core.organizations.forms import DivisionField
from unionhome.kit import forms
from unionhome.kit.codes import DocumentKind


class _UnionForm(forms.Form):
    """A union found by its public name, and why a membership goes there."""

    union = forms.LineField(label="转到哪个工会", max_length=60, help_text="写名称里的几个字，例如街道或单位的名字")
    code = django_forms.ChoiceField(label="选一个", required=False, widget=django_forms.HiddenInput)
    why = django_forms.ChoiceField(label="为什么转", choices=TransferReason.choices, initial=TransferReason.EMPLOYER)
    employer_text = forms.LineField(label="新的工作单位", max_length=60, required=False)
    note = forms.TextArea(label="说明", max_length=200, rows=2, required=False, help_text="本人和两边工会都能看到")

    def __init__(self, *args: Any, unions: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.choices = [("", "")]  # type: ignore[attr-defined]
        if unions:
            offer(code, list(unions))
            code.required = False

    def given(self) -> TransferInput:
        """What was filled in, for the action; call it on a valid form."""
        clean = self.cleaned_data
        return TransferInput(why=clean["why"], employer_text=clean["employer_text"], note=clean["note"])


class SendForm(_UnionForm):
    """Where a member of the own union goes."""


class ProposeForm(_UnionForm):
    """Whom a union asks for: name and document, as the person shows them."""

    name = forms.LineField(label="姓名", max_length=30, help_text="和证件上一样")
    document_kind = django_forms.ChoiceField(
        label="证件类型", choices=DocumentKind.choices(), initial=DocumentKind.RESIDENT
    )
    document = forms.LineField(label="证件号码", max_length=40, help_text="请本人出示证件；查到几次都会告诉本人")

    field_order = ("name", "document_kind", "document", "union", "code", "why", "employer_text", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document"].widget.attrs.update({"data-private": "", "autocomplete": "off"})
        self.fields["union"].label = "转到本级或下级的哪个工会"

    def wanted(self) -> dict[str, str]:
        """Whom: call it on a valid form."""
        return {name: self.cleaned_data[name] for name in ("name", "document_kind", "document")}


class MoveForm(forms.Form):
    """Where a member works now: the new employer, or the place of those without one."""

    why = django_forms.ChoiceField(label="为什么转", choices=TransferReason.choices, initial=TransferReason.EMPLOYER)
    employer_text = forms.LineField(
        label="新的工作单位", max_length=60, required=False, help_text="写全称，好找到新单位的工会"
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
        help_text="新单位没有工会，或者没有固定单位的，选常在的镇街",
    )
    note = forms.TextArea(label="说明", max_length=200, rows=2, required=False, help_text="两边工会都能看到")

    def __init__(self, *args: Any, employers: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("employer_text", "division"):
            self.fields[name].optional_note = EITHER  # type: ignore[attr-defined]
        chosen = self.fields["employer_id"]
        chosen.choices = [("", "")]  # type: ignore[attr-defined]
        if employers:
            offer(chosen, [*employers, (NO_EMPLOYER, "都不是，没有我的单位")])

    def given(self) -> TransferInput:
        """What was filled in, for the action; call it on a valid form."""
        clean = self.cleaned_data
        return TransferInput(
            why=clean["why"],
            employer_text=clean["employer_text"],
            employer_id=int(clean["employer_id"]) if clean["employer_id"].isdigit() else None,
            division_code=clean["division"],
            note=clean["note"],
        )


class _GivenForm(forms.Form):
    """A form whose fields are the action's arguments."""

    names: tuple[str, ...] = ()

    def given(self) -> dict[str, Any]:
        """The action's arguments; call it on a valid form."""
        return {name: self.cleaned_data[name] for name in self.names}


class RetainForm(_GivenForm):
    """Why and since when somebody is retained."""

    names = ("reason", "on", "note")
    reason = django_forms.ChoiceField(label="原因", choices=RetainReason.choices)
    on = forms.DayField(label="从哪天", help_text="退休、离职的日期")
    note = forms.TextArea(label="说明", max_length=120, rows=2, required=False)


class ResumeForm(_GivenForm):
    """Why somebody comes back."""

    names = ("note",)
    note = forms.TextArea(label="说明", max_length=120, rows=2, required=False, help_text="例如又上班了")


class DeathForm(_GivenForm):
    """When somebody died, and by what it is known."""

    names = ("on", "proof")
    on = forms.DayField(label="去世日期")
    proof = django_forms.ChoiceField(label="凭什么登记", choices=DeathProof.choices)


class ExpelForm(_GivenForm):
    """What the union group discussed."""

    names = ("ground", "discussed_on", "discussion", "submit_key")
    ground = django_forms.ChoiceField(label="理由", choices=ExpulsionGround.choices)
    discussed_on = forms.DayField(label="工会小组讨论日期")
    discussion = forms.TextArea(label="工会小组的意见", max_length=200, rows=3)


class DecisionForm(forms.Form):
    """The committee's decision and its document."""

    decided_on = forms.DayField(label="委员会决定日期")
    paper_no = forms.LineField(label="决定文号", max_length=60)
    file = forms.UploadField(
        label="决定文件",
        multiple=False,
        max_bytes=20 * 1024 * 1024,
        accept=".pdf,.jpg,.jpeg,.png",
        button="选扫描件或照片",
        help_text="盖章的扫描件（PDF）或照片",
    )

    def given(self) -> dict[str, Any]:
        """The action's arguments; call it on a valid form."""
        (upload,) = self.cleaned_data["file"]
        clean = self.cleaned_data
        return {
            "decided_on": clean["decided_on"],
            "paper_no": clean["paper_no"],
            "name": upload.name,
            "data": upload.read(),
            "submit_key": clean["submit_key"],
        }
