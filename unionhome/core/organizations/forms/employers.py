"""Forms of employers."""

from typing import Any

from django import forms as plain

from unionhome.core.organizations import queries
from unionhome.core.organizations.actions import EmployerFacts
from unionhome.core.organizations.forms.divisions import DivisionField
from unionhome.core.organizations.models import Employer
from unionhome.core.organizations.rules import NATURES, SIZES
from unionhome.kit import forms
from unionhome.kit.codes import INDUSTRIES

NONE = ("", "请选择")
ALL = ("", "全部")
NAMES = {"division_code": "place"}
"""Fields of the action that the form calls otherwise."""


class EmployerForm(forms.Form):
    """What is known of an employer."""

    employer_name = forms.LineField(label="单位名称", max_length=120)
    employer_uscc = forms.LineField(
        label="统一社会信用代码", max_length=18, required=False, help_text="营业执照上的 18 位代码，没有的不填"
    )
    place = DivisionField(label="所在地", required_step="town")
    nature = plain.ChoiceField(label="单位性质", choices=[NONE, *NATURES], required=False)
    industry = plain.ChoiceField(label="所属行业", choices=[NONE, *INDUSTRIES.choices], required=False)
    size = plain.ChoiceField(label="规模", choices=[NONE, *SIZES], required=False)
    workers_count = plain.IntegerField(label="职工人数", required=False, min_value=0, max_value=9_999_999)
    women_count = plain.IntegerField(label="女职工人数", required=False, min_value=0, max_value=9_999_999)
    party_organization = forms.LineField(
        label="单位党组织", max_length=120, required=False, help_text="党组织的名称，没有的不填"
    )

    @staticmethod
    def initial_of(employer: Employer) -> dict[str, Any]:
        """The present facts."""
        names = ("nature", "industry", "size", "workers_count", "women_count", "party_organization")
        return {
            **{name: getattr(employer, name) for name in names},
            "employer_name": employer.name,
            "employer_uscc": employer.uscc,
            "place": employer.division_id,
        }

    def facts(self) -> EmployerFacts:
        """What the action wants."""
        values = dict(self.cleaned_data)
        names = ("nature", "industry", "size", "workers_count", "women_count", "party_organization")
        return EmployerFacts(
            name=values["employer_name"],
            uscc=values["employer_uscc"],
            division_code=values["place"],
            **{name: values[name] for name in names},
        )


class CoverForm(EmployerForm):
    """An employer that a joint union organises from a day on."""

    on = forms.DayField(label="从哪天起覆盖")


class EmployerFilterForm(forms.FilterForm):
    """What narrows the list of employers."""

    q = forms.LineField(label="单位名称或代码", max_length=60)
    union = plain.ChoiceField(choices=[ALL, ("with", "已建工会"), ("without", "没有工会"), ("joint", "联合工会覆盖")])
    party = plain.ChoiceField(choices=[ALL, ("with", "有党组织"), ("without", "没有登记党组织")])
    nature = plain.ChoiceField(choices=[ALL, *NATURES])
    industry = plain.ChoiceField(choices=[ALL, *INDUSTRIES.choices])

    def filters(self) -> queries.EmployerFilters:
        """The filters; what cannot be read narrows nothing."""
        self.is_valid()
        values = {name: value for name, value in self.cleaned_data.items() if value}
        return queries.EmployerFilters(text=values.pop("q", ""), **values)
