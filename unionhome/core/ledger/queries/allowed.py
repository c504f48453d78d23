"""What holds on a day: funds, sources, kinds of authority, limits of what needs no decision and what was spent on it."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet, Sum

from unionhome.core.ledger.models import Allowance, Transfer
from unionhome.core.ledger.rules import DAYS, EXEMPTS, LARGE, Limits
from unionhome.core.ledger.workflow import Code
from unionhome.core.policy.queries import get_value, get_values
from unionhome.core.registry import Authority, rooms
from unionhome.core.tree.models import Node


def list_funds(on: date, node: Node | None = None) -> list[str]:
    """Names of the funds that take income on a day."""
    return list(get_value("ledger.funds", on, node))


def list_sources(on: date, node: Node | None = None) -> list[str]:
    """Names of where money may come from on a day."""
    return list(get_value("ledger.sources", on, node))


def find_authority(code: str) -> Authority | None:
    """The kind of authority that a card declares by that code."""
    declared = (each for room in rooms() for each in room.card.authorities)
    return next((each for each in declared if each.code == code), None)


def get_limits(reason: str, on: date, node: Node) -> Limits:
    """What bounds payments for an exempt reason at a union on a day, by one query."""
    exempt = EXEMPTS[reason]
    values = get_values((exempt.payment, exempt.period, LARGE, DAYS), on, node)
    return Limits(exempt.label, values[exempt.payment], values[exempt.period], values[LARGE], values[DAYS])


def get_exempt_sums(
    allowance: Allowance, reason: str, purpose: str, on: date, at: datetime, days: int, payees: Iterable[str]
) -> tuple[int, Mapping[str, int]]:
    """Fen reserved or paid without a decision for a day within `days` of that one, or entered within `days` before this
    moment for whatever day, so that no other date makes room: for the reason and purpose, and by payee for the purpose
    whatever the reason. The caller holds the allowance."""
    span = timedelta(days=days)
    near = Q(on__gt=on - span, on__lt=on + span) | Q(at__gt=at - span)
    rows = _standing(allowance, purpose).filter(near)
    spent = rows.filter(exempt=reason).aggregate(total=Sum("quantity"))["total"] or 0
    named = rows.filter(payee__in=set(payees)).values_list("payee").annotate(total=Sum("quantity"))
    return spent, dict(named)


def _standing(allowance: Allowance, purpose: str) -> QuerySet[Transfer]:
    """Reservations that were neither released nor paid and reversed."""
    rows = Transfer.objects.filter(allowance=allowance, purpose=purpose, code=Code.RESERVE).order_by()
    return rows.filter(Q(resolution__isnull=True) | Q(resolution__code=Code.PAY, resolution__reversal__isnull=True))
