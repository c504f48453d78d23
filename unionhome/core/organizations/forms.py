"""Forms of unions, and the field by which every room lets people choose a division."""

from collections.abc import Mapping
from typing import Any

from django import forms as plain
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from unionhome.core.organizations import queries
from unionhome.core.organizations.actions import EmployerFacts, UnionFacts
from unionhome.core.organizations.models import Organization
from unionhome.core.organizations.rules import FACTS, FORMS, FOUNDABLE_FORMS, NATURES, OWN_FACTS, SIZES, STATUSES
from unionhome.core.tree.models import Level
from unionhome.kit import forms
from unionhome.kit.codes import INDUSTRIES

STEPS = (("county", "县（市、区）"), ("town", "镇（街道）"), ("village", "村（社区）"))
NONE = ("", "请选择")
ALL = ("", "全部")


class DivisionWidget(plain.MultiWidget):
    """Three selects, each filled by the one before: by htmx where scripts run, else when the form comes back."""

    template_name = "organizations/widgets/division.html"
    kit_kind = "division"
    use_fieldset = True

    def __init__(self, *, required_step: str = "town", attrs: dict[str, Any] | None = None) -> None:
        self.required_step = required_step
        widgets: dict[str, plain.Widget | type[plain.Widget]] = {
            step: plain.Select(attrs={"class": "form-select"}) for step, _ in STEPS
        }
        super().__init__(widgets, attrs)

    def decompress(self, value: Any) -> list[str]:
        chain = [division.code for division in queries.list_division_chain(str(value or ""))]
        return [*chain[1:], "", "", ""][:3]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        chosen = list(value) if isinstance(value, (list, tuple)) else self.decompress(value)
        chosen = _consistent(chosen)
        parents = ["", *chosen]
        again = urlencode({"name": name, "required": self.required_step})
        for index, (step, label) in enumerate(STEPS):
            rows = queries.list_divisions(parents[index]) if index == 0 or parents[index] else ()
            choices = [(row.code, row.people_name) for row in rows]
            select = self.widgets[index]
            select.choices = [("", f"请选择{label}"), *choices]  # type: ignore[attr-defined]
            select.attrs["aria-label"] = label
            if step != STEPS[-1][0]:
                select.attrs |= {
                    "hx-get": f"{reverse('organizations:divisions')}?{again}",
                    "hx-include": "closest [data-division]",
                    "hx-target": "closest [data-division]",
                    "hx-swap": "outerHTML",
                }
        context = super().get_context(name, chosen, attrs)
        for part in context["widget"]["subwidgets"]:
            part["shown"] = len(part["optgroups"]) > 1
        return context


def _after(step: str, other: str) -> bool:
    names = [name for name, _ in STEPS]
    return names.index(step) > names.index(other)


def _consistent(chosen: list[str]) -> list[str]:
    """What was chosen, down to the first place that does not lie in the one before: the county was changed."""
    kept: list[str] = []
    for code, digits in zip(chosen, (0, 6, 9), strict=False):
        if not code or (kept and not code.startswith(kept[-1][:digits])):
            break
        kept.append(code)
    return [*kept, "", "", ""][:3]


class DivisionField(plain.MultiValueField):
    """A division chosen county by town by village; cleans to a 12-digit code, "" where nothing was chosen.

    `required_step` (county, town, village) is how far people must go; below it they may.
    """

    def __init__(self, *, required_step: str = "town", **kwargs: Any) -> None:
        self.required_step = required_step
        fields = [plain.CharField(required=False, max_length=12) for _ in STEPS]
        kwargs.setdefault("widget", DivisionWidget(required_step=required_step))
        kwargs.setdefault("error_messages", {"required": f"请选择{kwargs.get('label') or '地方'}"})
        super().__init__(fields, require_all_fields=False, **kwargs)

    def compress(self, data_list: list[str]) -> str:
        """The lowest place chosen. A place that does not lie in the one before is left away."""
        chosen = [code for code in _consistent(list(data_list)) if code]
        if not chosen and self.required:
            raise plain.ValidationError(self.error_messages["required"], code="required")
        if not chosen:
            return ""
        step, label = STEPS[min(len(chosen), len(STEPS) - 1)]
        if len(chosen) < len(STEPS) and not _after(step, self.required_step):
            raise plain.ValidationError(f"请接着选{label}", code="incomplete")
        if queries.find_division(chosen[-1]) is None:
            raise plain.ValidationError("没有这个地方，请重新选", code="unknown")
        return chosen[-1]


class FinderForm(forms.FilterForm):
    """The public finder: a place, or an employer's name."""

    q = forms.LineField(label="单位名称", max_length=60)
    place = DivisionField(label="您在哪里上班或居住", required_step="county")


class FilterForm(forms.FilterForm):
    """What narrows the list of unions."""

    q = forms.LineField(label="名称或编码", max_length=60)
    level = plain.ChoiceField(choices=[ALL, *(choice for choice in Level.choices if choice[0] != "city")])
    form = plain.ChoiceField(choices=[ALL, *FORMS])
    status = plain.ChoiceField(choices=[ALL, *STATUSES])
    term = plain.ChoiceField(choices=[ALL, ("due", "快要届满"), ("overdue", "届满未换届"), ("none", "未登记届次")])

    def filters(self) -> queries.Filters:
        """The filters; what cannot be read narrows nothing."""
        self.is_valid()
        values = {name: value for name, value in self.cleaned_data.items() if value}
        text = values.pop("q", "")
        return queries.Filters(text=text, **values)


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
    founded_on = forms.DayField(label="建会日期")
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

    parent = forms.LineField(label="新的上级工会编码", max_length=32, help_text="在组织页可以查到，例如 610502001")
    on = forms.DayField(label="从哪天起")
    reason = forms.LineField(label="原因", max_length=200)


def take_refusal(form: plain.Form, fields: Mapping[str, str], sentence: str, names: Mapping[str, str]) -> None:
    """Put an action's refusal at the form's own fields, else above the form."""
    for name, words in (fields or {"": sentence}).items():
        own = names.get(name, name)
        form.add_error(own if own in form.fields else None, words)


def division_choice(name: str, query: QueryDict, required_step: str) -> str:
    """The three selects drawn for what is chosen in them so far."""
    field = DivisionField(required_step=required_step if required_step in dict(STEPS) else "town")
    renderer = forms.KitRenderer()
    chosen = field.widget.value_from_datadict(query, {}, name)
    return str(field.widget.render(name, chosen, {"id": f"id_{name}"}, renderer))


def place_query(name: str, code: str) -> dict[str, str]:
    """The parameters with which a page opens with a place chosen in its field `name`."""
    chain = queries.list_division_chain(code)[1:]
    return {f"{name}_{step}": division.code for (step, _), division in zip(STEPS, chain, strict=False)}
