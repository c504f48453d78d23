"""Who is away on a day, and who stands in: decided by the days alone."""

from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from unionhome.core.access.models import Absence, User
from unionhome.core.registry import Away


def list_away(user: User, at: datetime) -> tuple[Away, ...]:
    """Who is away on the local day of `at`, of those for whom an account may stand in: who named it, and the people of
    its own union and of theirs, where it may have been chosen for a row by hand. One query; hardly ever more than a few."""
    today = timezone.localdate(at)
    named = _holding(today).filter(stand_in=user)
    near = Q(stand_in=user) | Q(user__node=user.node_id or 0) | Q(user__node__in=named.values("user__node"))
    rows = _holding(today).filter(near).order_by("starts_on", "pk")
    return tuple(
        Away(*row) for row in rows.values_list("user_id", "user__name", "stand_in_id", "stand_in__name", "ends_on")
    )


def _holding(today: date) -> QuerySet[Absence]:
    """Absences that hold on a day. A stand-in whose account was stopped stands in no more."""
    return Absence.objects.filter(
        starts_on__lte=today, ends_on__gt=today, ended_at__isnull=True, stand_in__is_active=True
    )


def list_stood_in(user_ids: Collection[int], at: datetime) -> list[Absence]:
    """The absences of some accounts that hold on the local day of `at`, with both people and their unions."""
    if not user_ids:
        return []
    rows = _holding(timezone.localdate(at)).filter(user__in=user_ids)
    return list(rows.select_related("user", "stand_in__node").order_by("pk"))


def list_coming(users: Iterable[User], at: datetime) -> list[str]:
    """The absence of each of some accounts that holds now or comes next, in words: 周明12月1日到5日不在，由李静代."""
    rows = _open(timezone.localdate(at)).filter(user__in=[user.pk for user in users], stand_in__is_active=True)
    found = {row.user_id: row for row in rows.select_related("user", "stand_in").order_by("-starts_on", "-pk")}
    return [f"{row.user.name}{row.words}" for row in reversed(found.values())]


def list_absences_between(user_ids: Iterable[int], starts_on: date, ends_on: date) -> list[Absence]:
    """Absences of any of some accounts, or with any of them standing in, that share a day with the span."""
    ids = list(user_ids)
    rows = _open(starts_on).filter(Q(user__in=ids) | Q(stand_in__in=ids), starts_on__lt=ends_on)
    return list(rows.select_related("user", "stand_in").order_by("starts_on", "pk"))


def _open(on: date) -> QuerySet[Absence]:
    """Absences that are not over on a day."""
    return Absence.objects.filter(ends_on__gt=on, ended_at__isnull=True)
