"""Counting tries of what is rate-limited. Whom is counted is kept as a keyed digest only."""

from datetime import timedelta

from django.db import connection, transaction

from unionhome.core.access import queries
from unionhome.core.access.models import Attempt
from unionhome.core.access.rules import ATTEMPT_FIELD
from unionhome.core.registry import Actor, TooMany
from unionhome.kit import crypto


@transaction.atomic
def count_attempt(actor: Actor, what: str, key: str) -> Attempt:
    """Count one try of `what` (for instance "cases.report") by `key`, a phone or an address."""
    return Attempt.objects.create(what=what, key=crypto.blind(key, field=ATTEMPT_FIELD), at=actor.at)


def check_limit(actor: Actor, what: str, key: str, most: int, minutes: int) -> None:
    """Raise TooMany when `key` tried `what` `most` times in the last `minutes`, without counting this try.

    Inside a transaction nobody else checks the same until it ends, so that what is counted then was counted alone.
    """
    _stand_alone(what, key)
    if queries.count_recent(actor, what, key, minutes) >= most:
        raise TooMany()


@transaction.atomic
def limit(actor: Actor, what: str, key: str, most: int, minutes: int) -> Attempt:
    """Count one try, or raise TooMany when there were `most` in the last `minutes` already; also of tries that come
    at the same moment no more than `most` get through."""
    check_limit(actor, what, key, most, minutes)
    return count_attempt(actor, what, key)


def _stand_alone(what: str, key: str) -> None:
    """Wait for whoever counts the same in a transaction. On SQLite one transaction writes at a time anyway."""
    if connection.vendor == "postgresql":
        digest = bytes.fromhex(crypto.blind(f"{what} {key}", field=ATTEMPT_FIELD)[:16])
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(digest, signed=True)])


def forget_attempt(attempt: Attempt) -> None:
    """Take back one counted try: it was none of those that are limited."""
    attempt.delete()


@transaction.atomic
def clear_attempts(actor: Actor, what: str, key: str) -> None:
    """Forget the tries of `what` by `key`, after one succeeded."""
    Attempt.objects.filter(what=what, key=crypto.blind(key, field=ATTEMPT_FIELD)).delete()


@transaction.atomic
def purge_attempts(actor: Actor, days: int) -> int:
    """Forget tries older than `days`; how many."""
    return Attempt.objects.filter(at__lt=actor.at - timedelta(days=days)).delete()[0]
