"""The field by which every room lets people choose a division."""

from typing import Any

from django import forms as plain
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from unionhome.core.organizations import queries
from unionhome.kit import forms

STEPS = (("county", "县（市、区）"), ("town", "镇（街道）"), ("village", "村（社区）"))


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
