"""What the address of a report page asks, and the frame around every answer."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from unionhome.core.figures import queries
from unionhome.core.figures.queries import Ways
from unionhome.core.figures.rules.periods import read_period
from unionhome.core.registry import Actor, BadInput, Refused
from unionhome.core.tree.models import Node
from unionhome.kit.dates import Period
from unionhome.kit.forms import Form

YEARS_BACK = 5
LONGEST = 80


@dataclass(frozen=True, slots=True)
class Asked:
    """Union, period, today, and the sentence where the days could not be read."""

    node: Node
    period: Period
    today: date
    wrong: str = ""

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

    def figure_url(self, code: str, node: Node | None = None) -> str:
        """The page of a figure, for this union or another."""
        return f"{reverse('figures:figure', args=[code])}?{self.at(node or self.node)}"


def text_of(request: HttpRequest, name: str) -> str:
    """One word of the address, without what no table can hold."""
    return request.GET.get(name, "").replace("\x00", "").strip()[:LONGEST]


def read_asked(request: HttpRequest, actor: Actor) -> Asked:
    """Union and days of the address; this year up to today where the days cannot be read. Raises NotFound."""
    today = timezone.localdate(actor.at)
    node = queries.get_node(actor, text_of(request, "node"))
    try:
        return Asked(node, read_period(text_of(request, "from"), text_of(request, "to"), today), today)
    except BadInput as refusal:
        return Asked(node, Period.year_to(today), today, refusal.sentence)


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
