"""What the address of a report page asks, and the frame around every answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from unionhome.core.figures import queries
from unionhome.core.figures.forms import DaysForm
from unionhome.core.figures.queries import Ways
from unionhome.core.figures.rules.periods import read_period
from unionhome.core.registry import Actor, BadInput, Refused
from unionhome.core.tree.models import Node
from unionhome.kit.dates import Period
from unionhome.kit.forms import Form

YEARS_BACK = 5
LONGEST = 80
REPLACED = frozenset({"node", "from", "to", "page"})
"""What the form of the days says itself, or what means nothing for other days."""
HALF = "要比较就把另一段的两个日期都写上，不比较就都空着。"


@dataclass(frozen=True, slots=True)
class Asked:
    """Union, period, today; where the days could not be read the sentence, `typed` and what is wrong at which of them."""

    node: Node
    period: Period
    today: date
    wrong: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    wrong_fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def query(self) -> str:
        """The part of an address that asks the same of another figure."""
        return self.at(self.node)

    @property
    def status(self) -> int:
        return 400 if self.wrong else 200

    def at(self, node: Node) -> str:
        """The part of an address that asks the same of another union."""
        first, last = self.period.start_on.isoformat(), self.period.end_on.isoformat()
        return urlencode({"node": node.code, "from": first, "to": last})

    def of(self, period: Period) -> "Asked":
        """The same asked of another stretch of time."""
        return replace(self, period=period)

    @property
    def days(self) -> Mapping[str, Any]:
        """The two days as typed where they could not be read, else those that are asked for."""
        return self.typed if self.wrong else {"from": self.period.start_on, "to": self.period.end_on}

    def figure_url(self, code: str, node: Node | None = None) -> str:
        """The page of a figure, for this union or another."""
        return f"{reverse('figures:figure', args=[code])}?{self.at(node or self.node)}"

    def compared_url(self, code: str, node: Node, other: Period) -> str:
        """The page of a figure, at its two numbers of this stretch of time and another."""
        more = urlencode({"from2": other.start_on.isoformat(), "to2": other.end_on.isoformat()})
        return f"{self.figure_url(code, node)}&{more}#made-of"


def text_of(request: HttpRequest, name: str) -> str:
    """One word of the address, without what no table can hold."""
    return request.GET.get(name, "").replace("\x00", "").strip()[:LONGEST]


def read_asked(request: HttpRequest, actor: Actor) -> Asked:
    """Union and days of the address; this year up to today where the days cannot be read. Raises NotFound."""
    today = timezone.localdate(actor.at)
    node = queries.get_node(actor, text_of(request, "node"))
    typed = {name: text_of(request, name) for name in ("from", "to")}
    try:
        return Asked(node, read_period(typed["from"], typed["to"], today), today)
    except BadInput as refusal:
        return Asked(node, Period.year_to(today), today, refusal.sentence, typed, refusal.fields)


def read_plainly(request: HttpRequest, actor: Actor) -> Asked:
    """The same for what is taken away: raises BadInput where the days cannot be read, for nothing is guessed then."""
    asked = read_asked(request, actor)
    if asked.wrong:
        raise BadInput(asked.wrong, "period")
    return asked


def read_other(request: HttpRequest, asked: Asked) -> Period | None:
    """The other stretch of time to compare with; None where none is asked. Raises BadInput at `from2` and `to2`."""
    first, last = text_of(request, "from2"), text_of(request, "to2")
    if not first and not last:
        return None
    if not first or not last:
        raise BadInput(HALF, "period", fields={"to2" if first else "from2": HALF})
    try:
        return read_period(first, last, asked.today)
    except BadInput as refusal:
        raise BadInput(
            f"比较的一段：{refusal.sentence}",
            refusal.code,
            fields={f"{name}2": sentence for name, sentence in refusal.fields.items()},
        ) from None


def address(request: HttpRequest, **changed: str) -> str:
    """The same address with some words changed; the page number goes."""
    query = request.GET.copy()
    query.pop("page", None)
    for name, value in changed.items():
        query[name] = value
    return f"?{query.urlencode()}"


def frame(request: HttpRequest, actor: Actor, asked: Asked, tab: str) -> dict[str, Any]:
    """Tabs and the two choosers."""
    names = (
        ("board", "看板"),
        ("list", "指标"),
        ("table", "汇总表"),
        ("review_now", "综述"),
        ("publications", "发布"),
    )
    return {
        "asked": asked,
        "tabs": [
            {"label": label, "url": f"{reverse(f'figures:{name}')}?{asked.query}", "active": name == tab}
            for name, label in names
        ],
        "periods": _periods(request, asked),
        "period_form": DaysForm(asked.days, wrong=asked.wrong_fields, auto_id="id_period_%s"),
        "kept": [(name, value) for name in request.GET if name not in REPLACED for value in request.GET.getlist(name)],
        "places": _places(request, queries.get_ways(actor, asked.node)),
    }


def _periods(request: HttpRequest, asked: Asked) -> list[dict[str, Any]]:
    today = asked.today
    spans = [("本年，至今天", Period.year_to(today)), ("本月，至今天", Period(today.replace(day=1), today))]
    spans += [(f"{year} 年", Period.year(year)) for year in range(today.year - 1, today.year - 1 - YEARS_BACK, -1)]
    return [
        {
            "label": label,
            "url": address(request, **{"from": str(span.start_on), "to": str(span.end_on)}),
            "active": span == asked.period,
        }
        for label, span in spans
    ]


def _places(request: HttpRequest, ways: Ways) -> dict[str, list[dict[str, Any]]]:
    def option(node: Node) -> dict[str, Any]:
        return {"label": node.name, "url": address(request, node=node.code), "active": node == ways.node}

    return {
        "above": [option(node) for node in (*ways.above, ways.node)],
        "below": [option(node) for node in ways.below],
    }


def take(form: Form, refused: Refused) -> int:
    """Put a refusal at the form's fields; the status to answer with."""
    if refused.status in (403, 404):
        raise refused
    for name, sentence in (refused.fields or {"": refused.sentence}).items():
        form.add_error(name if name in form.fields else None, sentence)
    return refused.status
