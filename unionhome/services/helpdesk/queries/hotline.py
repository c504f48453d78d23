"""Orders of the 12351 hotline and their sheets: those of a branch, and what the house knows of their rows."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from unionhome.core.cases.models import Case, Clock
from unionhome.core.cases.queries import Applicant
from unionhome.core.cases.rules import Route
from unionhome.core.organizations.models import Division
from unionhome.core.organizations.queries import find_division, find_employer_by_name
from unionhome.core.registry import Actor, Forbidden, NotFound
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import find_root, scope
from unionhome.core.tree.rules import prefixes
from unionhome.kit import crypto
from unionhome.kit.sheets import Refusal, pack_rows, unpack_rows
from unionhome.services.helpdesk.models import HotlineOrder, HotlineSheet, HotlineWord
from unionhome.services.helpdesk.queries.needs import find_route, is_about_employer
from unionhome.services.helpdesk.rules.hotline import (
    ORDER_KEY_FIELD,
    OTHER,
    SHEET_ROWS,
    Line,
    OrderRow,
    PlaceNames,
    category_of,
    words_key,
)

HOTLINE = "helpdesk.hotline"
TAKERS = ("city", "county")
"""Federations to which 12351 gives its orders."""
DAY = timedelta(days=1)


# -- orders ----------------------------------------------------------------------------------------------------------


def list_orders(actor: Actor, text: str = "") -> QuerySet[HotlineOrder]:
    """Orders whose needs the actor may see, newest first; `text` is the beginning of an order's or a need's number."""
    rows = HotlineOrder.objects.select_related("case__node", "case__leader")
    rows = scope(rows, actor, HOTLINE).order_by("-received_on", "-case_id")
    if text:
        rows = rows.filter(Q(number__startswith=text.upper()) | Q(case__number__startswith=text.upper()))
    return rows


def list_returns(actor: Actor, begins_on: date, ends_on: date, *, only_ended: bool) -> QuerySet[HotlineOrder]:
    """Orders received in a time, for the way back to the hotline; `arrived_at` is the first arrival, both days count."""
    arrival = Clock.objects.filter(case=OuterRef("case_id"), name=Clock.Name.ARRIVE).values("stopped_at")[:1]
    rows = list_orders(actor).filter(received_on__range=(begins_on, ends_on)).annotate(arrived_at=Subquery(arrival))
    if only_ended:
        rows = rows.filter(case__ended_on__isnull=False)
    return rows.order_by("received_on", "case_id")


def find_order(number: str) -> HotlineOrder | None:
    """The order of a number, whoever asks: no second need is made of it."""
    return HotlineOrder.objects.select_related("case__node").filter(number=number).first()


def find_order_of(case: Case) -> HotlineOrder | None:
    """The order that a need came from. The caller has scoped the need."""
    return HotlineOrder.objects.filter(case=case).first()


def get_order_key(number: str) -> str:
    """The submit key of an order: whoever hands it in, and however often, it is one act."""
    return crypto.blind(number, field=ORDER_KEY_FIELD)[:32]


def may_take_orders(actor: Actor) -> bool:
    """Whether the actor is of a federation to which 12351 gives its orders."""
    paths = actor.branches(HOTLINE)
    return actor.is_system or (bool(paths) and Node.objects.filter(path__in=paths, level__in=TAKERS).exists())


# -- sheets ----------------------------------------------------------------------------------------------------------


def list_sheets(actor: Actor) -> QuerySet[HotlineSheet]:
    """Sheets of the actor's branches, newest first."""
    rows = HotlineSheet.objects.defer("rows_sealed", "refused_sealed").select_related("node", "user")
    return scope(rows, actor, HOTLINE).order_by("-pk")


def get_sheet(actor: Actor, sheet_id: int) -> HotlineSheet:
    """Raises NotFound out of the actor's branches."""
    found = list_sheets(actor).filter(pk=sheet_id).first()
    if found is None:
        raise NotFound()
    return found


def find_sheet(sheet_id: int) -> HotlineSheet | None:
    """A sheet for the worker, with whoever handed it in and whoever confirmed it."""
    return HotlineSheet.objects.select_related("user__node", "confirmed_by__node", "node").filter(pk=sheet_id).first()


def get_own_branch(actor: Actor) -> Node:
    """The branch an order of the actor may go to. Raises Forbidden for whom 12351 gives none."""
    if actor.is_system:
        root = find_root()
        if root is None:
            raise NotFound("系统里还没有工会。")
        return root
    paths = sorted(actor.branches(HOTLINE), key=lambda path: (not actor.node_path.startswith(path), len(path)))
    found = Node.objects.filter(path=paths[0]).first() if paths else None
    if found is None:
        raise Forbidden()
    return found


def list_old_sheets(before: datetime) -> QuerySet[HotlineSheet]:
    """Sheets whose content may be kept no longer: handed in before a moment and not being entered."""
    return HotlineSheet.objects.filter(erased_at__isnull=True, created_at__lt=before).exclude(state="applying")


def get_sealed(rows: Iterable[OrderRow] | Iterable[Line] | Iterable[Refusal]) -> bytes:
    """Rows sealed for a sheet."""
    return pack_rows(list(rows), field=SHEET_ROWS)


def list_rows(sheet: HotlineSheet) -> list[OrderRow]:
    """The rows that wait to be entered."""
    return [OrderRow._make(each) for each in unpack_rows(sheet.rows_sealed, field=SHEET_ROWS)]


def list_lines(sheet: HotlineSheet) -> list[Line]:
    """What becomes of each row of a sheet that the caller has scoped, in their order."""
    return [Line._make(each) for each in unpack_rows(sheet.lines_sealed, field=SHEET_ROWS)]


def list_refusals(sheet: HotlineSheet) -> list[Refusal]:
    """The refused rows of a sheet that the caller has scoped, with the cells as they came."""
    return [Refusal._make(each) for each in unpack_rows(sheet.refused_sealed, field=SHEET_ROWS)]


def list_known(numbers: Iterable[str]) -> dict[str, HotlineOrder]:
    """Orders that have become needs, by number."""
    rows = HotlineOrder.objects.filter(number__in=list(numbers)).select_related("case__node")
    return {row.number: row for row in rows}


def list_cases_of(actor: Actor, numbers: Iterable[str]) -> dict[str, Case]:
    """The needs of orders by the orders' numbers, as far as the actor may see them."""
    return {row.number: row.case for row in list_orders(actor).filter(number__in=list(numbers))}


def _list_words(node: Node) -> dict[str, str]:
    """Categories by the words that a union and those above it saved, the nearest first."""
    rows = HotlineWord.objects.filter(node__path__in=prefixes(node.path)).order_by("node__path")
    return dict(rows.values_list("word", "category"))


def get_place_names() -> PlaceNames:
    """Counties and towns of the city."""
    places = Division.objects.filter(ended_year=None, level__in=("county", "town"))
    rows = list(places.order_by("code").values_list("code", "name", "level", "parent__code"))
    return PlaceNames(
        {code: name for code, name, level, _ in rows if level == "county"},
        {code: (name, above or "") for code, name, level, above in rows if level == "town"},
    )


class OrderRouter:
    """Where orders go, by the usual routing; what recurs (words, employers, places) is asked once."""

    def __init__(self, branch: Node) -> None:
        self.branch = branch
        self._words = _list_words(branch)
        self._routes: dict[tuple[str, bool, str, str], Route | None] = {}

    def category(self, row: OrderRow) -> str:
        """The category of a row; "" where nobody knows its words."""
        return category_of(row.words, self._words)

    def unknown_word(self, row: OrderRow) -> str:
        """The words of a row that nobody knows; "" where they are known or empty."""
        return words_key(row.words) if row.words and not self.category(row) else ""

    def is_hidden(self, row: OrderRow) -> bool:
        """Whether the employer is to hear nothing: preset where the matter is about it, or the caller wished so."""
        return row.is_quiet or is_about_employer(self.category(row) or OTHER)

    def division(self, row: OrderRow) -> Division | None:
        """Where it happened; a place that nobody knows is the branch's own."""
        return find_division(row.division or self.branch.code)

    def route(self, row: OrderRow) -> Route | None:
        """The route of a row as it would go now."""
        key = (self.category(row) or OTHER, self.is_hidden(row), row.employer, row.division)
        if key not in self._routes:
            self._routes[key] = find_route(
                Applicant(),
                category=key[0],
                hide=key[1],
                employer=find_employer_by_name(row.employer) if row.employer else None,
                division=self.division(row),
            )
        return self._routes[key]


def get_return_until(actor: Actor, days: int) -> tuple[date, date]:
    """The time that is offered for a return: the days up to today."""
    today = timezone.localdate(actor.at)
    return today - days * DAY, today


def count_words(rows: Iterable[OrderRow], router: OrderRouter) -> Mapping[str, int]:
    """Rows by the category words that nobody knows, the most frequent first."""
    counts: dict[str, int] = {}
    for row in rows:
        if word := router.unknown_word(row):
            counts[word] = counts.get(word, 0) + 1
    return dict(sorted(counts.items(), key=lambda each: (-each[1], each[0])))
