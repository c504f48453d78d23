"""What happens at the same moment on PostgreSQL: nobody waits for an act that reads figures, three clicks sign once."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from tests.core.access.test_same_moment import at_once
from tests.core.figures.conftest import Add
from tests.core.figures.publishing import PERIOD, draft, staff, walk
from tests.worlds import World
from unionhome.core.figures import actions, queries
from unionhome.core.figures.models import PublishedFigure
from unionhome.core.journal.models import Entry
from unionhome.core.periods.actions import close_period
from unionhome.core.periods.queries import list_open_since, require_open
from unionhome.core.records.actions import folding

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="threads share no database in memory"),
]


def is_free() -> bool:
    """Whether somebody else could fold now."""

    def ask() -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [folding.LOCK])
            return bool(cursor.fetchone()[0])

    return bool(at_once(ask)[0])


def test_drafting_and_reading_hold_nobody_up(world: World, add: Add) -> None:
    staff(world, "town")
    add("union")
    with transaction.atomic():
        row = draft(world, "town", ["tests.visits"])
        assert row.state == "drafted" and is_free()
    with transaction.atomic():
        add("village")
        value = queries.get_value(world.actor("town"), "tests.visits", world.nodes["town"], PERIOD)
        assert value.raw == 2, "what the act itself wrote counts for it"
        assert not is_free()
    assert is_free() and row.figures.get().shown == "1"


def test_three_clicks_sign_once_and_all_are_told_so(world: World, add: Add) -> None:
    add("union")
    row = walk(world, "town", draft(world, "town", ["tests.visits"]), "approved")
    clients = [world.client("town_chair", raise_request_exception=False) for _ in range(3)]
    url, sent = f"/desk/figures/published/{row.pk}/moves/publish/", {"submit_key": "c" * 32}
    answers = at_once(*(lambda client=client: client.post(url, sent) for client in clients))
    assert [answer.status_code for answer in answers] == [302] * 3
    assert PublishedFigure.objects.filter(published_at__isnull=False).count() == 1
    assert Entry.objects.filter(kind="figures.publication.signed").count() == 1
    late = at_once(lambda: actions.step_publication(world.actor("town_chair"), row.pk, "publish"))
    assert "现在的状态是“已签发公布”" in late[0].sentence, "another form is told what is true"


def hurried(act: Callable[[], object]) -> Callable[[], Any]:
    def run() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '300ms'")
        try:
            with transaction.atomic():
                act()
        except OperationalError:
            return "waits"
        return "goes on"

    return run


def test_writers_and_closers_wait_for_one_another(world: World) -> None:
    system, town = world.actor("system"), world.nodes["town"]
    writing = {
        "records": lambda: require_open([(town, PERIOD.end_on)]),
        "memberships": lambda: list_open_since([town.pk]),
    }
    close = hurried(lambda: close_period(system, town, PERIOD))
    for name, write in writing.items():
        with transaction.atomic():
            write()
            assert (at_once(hurried(write)), at_once(close)) == (["goes on"], ["waits"]), name
    with transaction.atomic():
        close_period(system, town, PERIOD)
        assert at_once(*(hurried(write) for write in writing.values())) == ["waits", "waits"]
