"""Forms by which unions are founded and changed."""

from collections.abc import Mapping
from typing import Any

from django import forms as plain

from unionhome.core.organizations.actions import EmployerFacts, UnionFacts
from unionhome.core.organizations.forms.divisions import DivisionField
from unionhome.core.organizations.forms.names import UnionField
from unionhome.core.organizations.models import Organization
from unionhome.core.organizations.rules import FACTS, FORMS, FOUNDABLE_FORMS, NATURES, OWN_FACTS, SIZES
from unionhome.kit import forms
from unionhome.kit.codes import INDUSTRIES

NONE = ("", "请选择")


def count_field(label: str) -> plain.IntegerField:
    """A number of people, not required."""
    return plain.IntegerField(label=label, required=False, min_value=0, max_value=9_999_999)


TERM_YEARS = [("", "未定"), ("3", "3 年"), ("5", "5 年")]


class FoundForm(forms.Form):
    """A union founded under a parent, with its employer."""

    form = forms.ChoiceTiles(
        label="工会类型", choices=[(form, label) for form, label in FORMS if form in FOUNDABLE_FORMS]
    )
    name = forms.LineField(label="工会名称", max_length=120, required=False, help_text="不填时用“单位名称＋工会”")
    place = DivisionField(label="所在地", required_step="county", help_text="项目在外地的，选实际所在的地方")
    employer_name = forms.LineField(label="单位名称", max_length=120, required=False)
    employer_uscc = forms.LineField(
        label="单位统一社会信用代码", max_length=18, required=False, help_text="营业执照上的 18 位代码"
    )
    nature = plain.ChoiceField(label="单位性质", choices=[NONE, *NATURES], required=False)
    industry = plain.ChoiceField(label="所属行业", choices=[NONE, *INDUSTRIES.choices], required=False)
    size = plain.ChoiceField(label="规模", choices=[NONE, *SIZES], required=False)
    party_organization = forms.LineField(label="单位党组织", max_length=120, required=False)
    workers_count = count_field("职工人数")
    women_count = count_field("女职工人数")
    members_count = count_field("会员人数")
    founded_on = forms.DayField(
        label="建会日期", help_text="早年成立的照实填写；已经上报的数字不变，从还能补登的日期起计数"
    )
    approval_no = forms.LineField(label="批准文号", max_length=60, required=False)
    uscc = forms.LineField(label="工会统一社会信用代码", max_length=18, required=False, help_text="以 81 开头")
    term_no = plain.IntegerField(label="第几届", required=False, min_value=1, max_value=99)
    term_years = plain.TypedChoiceField(label="任期", choices=TERM_YEARS, coerce=int, empty_value=None, required=False)
    term_starts_on = forms.DayField(label="本届起", required=False, help_text="批复上的日期")
    term_ends_on = forms.DayField(label="本届止", required=False, help_text="不填时按任期推算")
    chair_name = forms.LineField(label="主席姓名", max_length=40, required=False)
    address = forms.LineField(label="办公地址", max_length=120, required=False)
    phone = forms.LineField(label="办公电话", max_length=20, required=False, help_text="区号和号码")

    def __init__(self, *args: Any, forms_allowed: tuple[str, ...] = FOUNDABLE_FORMS, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(form, label) for form, label in FORMS if form in forms_allowed]
        self.fields["form"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if not values.get("name") and "name" not in self.errors:
            if not values.get("employer_name"):
                self.add_error("name", "请填写工会名称，或者填写单位名称")
            else:
                values["name"] = f"{values['employer_name']}工会"
        return values

    def union_facts(self) -> UnionFacts:
        """The clean values as the action wants them."""
        names = UnionFacts.__dataclass_fields__.keys() & self.cleaned_data.keys()
        values = {name: self.cleaned_data[name] for name in names}
        return UnionFacts(division_code=self.cleaned_data["place"], **values)

    def employer_facts(self) -> EmployerFacts | None:
        """The employer, where one was named."""
        values = self.cleaned_data
        if not values["employer_name"]:
            return None
        return EmployerFacts(
            name=values["employer_name"],
            division_code=values["place"],
            uscc=values["employer_uscc"],
            nature=values["nature"],
            industry=values["industry"],
            size=values["size"],
            workers_count=values["workers_count"],
            women_count=values["women_count"],
            party_organization=values["party_organization"],
        )


class FactsForm(forms.Form):
    """Facts of a union; `own` leaves only what a union changes about itself."""

    short_name = forms.LineField(label="简称", max_length=60, required=False)
    uscc = forms.LineField(label="工会统一社会信用代码", max_length=18, required=False)
    founded_on = forms.DayField(label="建会日期", required=False)
    approved_by = forms.LineField(label="批准单位", max_length=120, required=False)
    approval_no = forms.LineField(label="批准文号", max_length=60, required=False)
    term_no = plain.IntegerField(label="第几届", required=False, min_value=1, max_value=99)
    term_years = plain.TypedChoiceField(label="任期", choices=TERM_YEARS, coerce=int, empty_value=None, required=False)
    term_starts_on = forms.DayField(label="本届起", required=False)
    term_ends_on = forms.DayField(label="本届止", required=False)
    workers_count = count_field("职工人数")
    women_count = count_field("女职工人数")
    members_count = count_field("会员（上报）")
    address = forms.LineField(label="办公地址", max_length=120, required=False)
    phone = forms.LineField(label="办公电话", max_length=20, required=False)
    legal_no = forms.LineField(label="法人资格证书号", max_length=40, required=False)
    legal_issued_on = forms.DayField(label="法人证书发证日期", required=False)
    legal_ends_on = forms.DayField(label="法人证书有效期至", required=False)
    account_on = forms.DayField(label="银行开户日期", required=False, help_text="只记哪天开户，不记账号")
    source = forms.LineField(label="依据", max_length=40, help_text="例如：换届批复、年度统计、本级上报")
    on = forms.DayField(label="从哪天起", help_text="新情况发生的那天")
    reason = forms.LineField(label="说明", max_length=200, required=False)

    def __init__(self, *args: Any, own: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in FACTS - OWN_FACTS if own else ():
            del self.fields[name]

    @staticmethod
    def initial_of(organization: Organization) -> dict[str, Any]:
        """The present facts."""
        return {name: getattr(organization, name) for name in FACTS}

    def facts(self) -> dict[str, Any]:
        """The clean facts."""
        return {name: value for name, value in self.cleaned_data.items() if name in FACTS}


class RenameForm(forms.Form):
    """Another name from a day on."""

    name = forms.LineField(label="新名称", max_length=120)
    on = forms.DayField(label="从哪天起")
    reason = forms.LineField(label="原因", max_length=200)


class MoveForm(forms.Form):
    """Another parent from a day on."""

    parent = UnionField(label="新的上级工会")
    on = forms.DayField(label="从哪天起")
    reason = forms.LineField(label="原因", max_length=200)


def take_refusal(form: plain.Form, fields: Mapping[str, str], sentence: str, names: Mapping[str, str]) -> None:
    """Put an action's refusal at the form's own fields, else above the form."""
    for name, words in (fields or {"": sentence}).items():
        own = names.get(name, name)
        form.add_error(own if own in form.fields else None, words)
