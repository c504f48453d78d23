"""Counting tries of what is rate-limited. Whom is counted is kept as a keyed digest only."""

from datetime import timedelta

from django.db import transaction

from unionhome.core.access import queries
from unionhome.core.access.models import Attempt
from unionhome.core.access.rules import ATTEMPT_FIELD
from unionhome.core.registry import Actor, TooMany
from unionhome.kit import crypto


@transaction.atomic
def count_attempt(actor: Actor, what: str, key: str) -> None:
    """Count one try of `what` (for instance "helpdesk.report") by `key`, a phone or an address."""
    Attempt.objects.create(what=what, key=crypto.blind(key, field=ATTEMPT_FIELD), at=actor.at)


def check_limit(actor: Actor, what: str, key: str, most: int, minutes: int) -> None:
    """Raise TooMany when `key` tried `what` `most` times in the last `minutes`, without counting this try."""
    if queries.count_recent(actor, what, key, minutes) >= most:
        raise TooMany()


def limit(actor: Actor, what: str, key: str, most: int, minutes: int) -> None:
    """Count one try, or raise TooMany when there were `most` in the last `minutes` already."""
    check_limit(actor, what, key, most, minutes)
    count_attempt(actor, what, key)


@transaction.atomic
def clear_attempts(actor: Actor, what: str, key: str) -> None:
    """Forget the tries of `what` by `key`, after one succeeded."""
    Attempt.objects.filter(what=what, key=crypto.blind(key, field=ATTEMPT_FIELD)).delete()


@transaction.atomic
def purge_attempts(actor: Actor, days: int) -> int:
    """Forget tries older than `days`; how many."""
    return Attempt.objects.filter(at__lt=actor.at - timedelta(days=days)).delete()[0]
