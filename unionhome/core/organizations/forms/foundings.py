"""Input of foundings and re-elections."""

from typing import Any

from django import forms as plain

from unionhome.core.organizations.actions import EmployerFacts
from unionhome.core.organizations.forms.divisions import DivisionField
from unionhome.core.organizations.forms.unions import NONE, count_field
from unionhome.core.organizations.models import Employer
from unionhome.core.organizations.rules import FORMS, NATURES
from unionhome.kit import forms
from unionhome.kit.codes import INDUSTRIES

FORM_WORDS = dict(FORMS)
EMPLOYER_FIELDS = ("employer_name", "employer_uscc", "nature", "industry", "workers_count", "women_count")


class StartForm(forms.Form):
    """What a founding begins with. A known employer needs no more than a name for the union."""

    form = forms.ChoiceTiles(label="工会类型", choices=FORMS)
    employer_name = forms.LineField(label="单位名称", max_length=120, required=False, help_text="独立基层工会必填")
    employer_uscc = forms.LineField(
        label="单位统一社会信用代码", max_length=18, required=False, help_text="营业执照上的 18 位代码"
    )
    nature = plain.ChoiceField(label="单位性质", choices=[NONE, *NATURES], required=False)
    industry = plain.ChoiceField(label="所属行业", choices=[NONE, *INDUSTRIES.choices], required=False)
    workers_count = count_field("职工人数")
    women_count = count_field("女职工人数")
    name = forms.LineField(label="工会名称", max_length=120, required=False, help_text="不填时用“单位名称＋工会”")
    place = DivisionField(label="所在地", required_step="county")
    members_count = count_field("有几人愿意入会")

    def __init__(
        self, *args: Any, forms_allowed: tuple[str, ...], employer: Employer | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [(form, FORM_WORDS[form]) for form in forms_allowed if form not in ("branch", "group")]
        self.fields["form"].choices = choices  # type: ignore[attr-defined]
        for name in EMPLOYER_FIELDS if employer else ():
            del self.fields[name]

    def employer_facts(self) -> EmployerFacts | None:
        """The employer that was typed in, where one was."""
        values = self.cleaned_data
        if not values.get("employer_name"):
            return None
        return EmployerFacts(
            name=values["employer_name"],
            division_code=values["place"],
            uscc=values["employer_uscc"],
            nature=values["nature"],
            industry=values["industry"],
            workers_count=values["workers_count"],
            women_count=values["women_count"],
        )


class EmployerSearch(forms.FilterForm):
    """The employer in the register."""

    q = forms.LineField(label="单位名称或代码", max_length=60)


class DraftForm(forms.Form):
    """What the request says."""

    name = forms.LineField(label="工会名称", max_length=120)
    workers_count = count_field("职工人数")
    women_count = count_field("女职工人数")
    members_count = count_field("有几人愿意入会")
    leader_name = forms.LineField(label="筹备组负责人", max_length=40, required=False)
    party_opinion = forms.LineField(
        label="单位党组织意见", max_length=200, required=False, help_text="例如：同意成立工会组织"
    )


class CompleteForm(forms.Form):
    """Seal, certificate and account."""

    seal_on = forms.DayField(label="启用印章的日期")
    certificate_no = forms.LineField(
        label="法人资格证书号", max_length=40, required=False, help_text="还没有办下来的先空着，办好了再到“改资料”里补"
    )
    certificate_on = forms.DayField(label="发证日期", required=False)
    uscc = forms.LineField(
        label="工会统一社会信用代码", max_length=18, required=False, help_text="证书上的，以 81 开头"
    )
    bank_name = forms.LineField(label="开户银行", max_length=60, required=False, help_text="只写银行和网点，不写账号")
    account_on = forms.DayField(label="开户日期", required=False)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.TextArea(label="原因", max_length=200)
