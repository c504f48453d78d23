"""Closing upwards, refusing what comes late, reopening from above."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.worlds import World
from unionhome.config.cli import main
from unionhome.core.journal.models import Entry
from unionhome.core.periods import actions, queries
from unionhome.core.periods.models import Closing
from unionhome.core.registry import BadInput, Forbidden, NotFound, Refused
from unionhome.core.tree.actions import move_node
from unionhome.kit.dates import Period

YEAR = Period.year(2025)
IN, AFTER = date(2025, 6, 1), date(2026, 1, 1)
ClientFor = Callable[..., Client]


def close(world: World, who: str, place: str, **more: bool) -> Closing:
    return actions.close_period(world.actor(who), world.nodes[place], YEAR, **more).closing


def test_the_order_is_upwards(world: World) -> None:
    with pytest.raises(Refused, match=r"下级还有 2 个没有封账：.*人民街道总工会"):
        close(world, "county", "county")
    close(world, "town", "town")
    close(world, "other_town", "other_town")
    close(world, "county", "county")
    with pytest.raises(Refused, match="下级还有 2 个"):
        close(world, "city", "city")
    done = actions.close_period(world.actor("city"), world.nodes["city"], YEAR, with_below=True)
    assert done.below == 2 and Closing.objects.count() == 6
    assert Entry.objects.filter(kind="periods.closing.closed", data__ends_on="2025-12-31").count() == 6


def test_closing_locks_what_is_below_and_nothing_else(world: World) -> None:
    close(world, "town", "town")
    nodes = world.nodes
    for place, locked in (("town", True), ("village", True), ("union", True), ("county", False), ("other_town", False)):
        assert queries.is_closed(nodes[place], IN) is locked, place
        assert not queries.is_closed(nodes[place], AFTER)
    with pytest.raises(BadInput, match="人民街道总工会2025年已经封账") as refusal:
        queries.require_open([(nodes["county"], IN), (nodes["union"], IN)])
    assert refusal.value.code == "period-closed" and "on" in refusal.value.fields


def test_a_union_that_moved_stays_locked_by_whom_it_belonged_to_then(world: World) -> None:
    close(world, "town", "town")
    move_node(world.actor("system"), world.nodes["union"], world.nodes["other_town"], on=date(2026, 2, 1))
    world.nodes["union"].refresh_from_db()
    assert queries.is_closed(world.nodes["union"], IN)
    close(world, "other_town", "other_town")
    move_node(world.actor("system"), world.nodes["other_union"], world.nodes["town"], on=date(2026, 2, 1))
    actions.reopen_period(world.actor("county"), Closing.objects.get(node=world.nodes["other_town"]).pk, reason="补登")
    world.nodes["other_union"].refresh_from_db()
    assert not queries.is_closed(world.nodes["other_union"], IN), "its old town is open, its new one does not count"


def test_it_is_reopened_only_from_above_with_a_reason(world: World) -> None:
    row = close(world, "town", "town")
    with pytest.raises(Forbidden, match="上一级"):
        actions.reopen_period(world.actor("town"), row.pk, reason="漏登")
    with pytest.raises(NotFound):
        actions.reopen_period(world.actor("other_county"), row.pk, reason="漏登")
    with pytest.raises(Refused, match="为什么"):
        actions.reopen_period(world.actor("county"), row.pk, reason=" ")
    opened = actions.reopen_period(world.actor("county"), row.pk, reason="漏登了一批，13800138000")
    assert opened.reopened_by == "周县" and "13800138000" not in opened.reason
    assert not queries.is_closed(world.nodes["union"], IN)
    with pytest.raises(Refused, match="已经重新开账"):
        actions.reopen_period(world.actor("county"), row.pk, reason="再来")
    assert close(world, "town", "town").pk != row.pk


def test_what_is_closed_above_is_opened_there_first(world: World) -> None:
    close(world, "county", "county", with_below=True)
    town = Closing.objects.get(node=world.nodes["town"])
    with pytest.raises(Refused, match="临渭区总工会这段期间也封账了"):
        actions.reopen_period(world.actor("county"), town.pk, reason="漏登")
    actions.reopen_period(world.actor("city"), Closing.objects.get(node=world.nodes["county"]).pk, reason="漏登")
    assert queries.is_closed(world.nodes["town"], IN)
    actions.reopen_period(world.actor("county"), town.pk, reason="漏登")
    assert not queries.is_closed(world.nodes["town"], IN)


def test_the_whole_city_is_reopened_by_its_chair_with_the_second_factor(world: World) -> None:
    row = close(world, "city", "city", with_below=True)
    with pytest.raises(Forbidden):
        actions.reopen_period(world.actor("city"), row.pk, reason="省里同意")
    with pytest.raises(Forbidden, match="动态口令"):
        actions.reopen_period(world.actor("chair", strong=False), row.pk, reason="省里同意")
    assert actions.reopen_period(world.actor("chair"), row.pk, reason="省里同意").reopened_at


@pytest.mark.parametrize(
    ("place", "period", "error", "sentence"),
    [
        ("village", YEAR, Refused, "跟着上级封"),
        ("union", YEAR, Refused, "跟着上级封"),
        ("town", Period(date(2026, 1, 1), date(2026, 3, 10)), BadInput, "还没有过完"),
        ("town", Period(date(2025, 12, 1), date(2026, 1, 31)), Refused, "有重叠"),
    ],
)
def test_what_cannot_be_closed(world: World, place: str, period: Period, error: type[Refused], sentence: str) -> None:
    close(world, "town", "town")
    with pytest.raises(error, match=sentence):
        actions.close_period(world.actor("system"), world.nodes[place], period)


def test_a_form_sent_twice_closes_once(world: World) -> None:
    for _ in range(2):
        actions.close_period(world.actor("town"), world.nodes["town"], YEAR, submit_key="a" * 32)
    assert Closing.objects.count() == 1
    with pytest.raises(Refused, match="已经用过了") as spent:
        actions.close_period(world.actor("county"), world.nodes["other_town"], YEAR, submit_key="a" * 32)
    assert spent.value.code == "key-spent"
    with pytest.raises(Forbidden):
        close(world, "finance", "town")


@pytest.mark.parametrize(("stale", "found"), [("find_own", None), ("list_not_closed", ["town"])])
def test_what_was_closed_meanwhile_is_a_sentence(
    world: World, monkeypatch: pytest.MonkeyPatch, stale: str, found: list[str] | None
) -> None:
    """What was read just before somebody else closed: nothing is closed twice, and nobody sees an error of a database."""
    close(world, "town", "town")
    nodes = [world.nodes[name] for name in found] if found else None
    monkeypatch.setattr(queries, stale, lambda node, period: nodes)
    with pytest.raises(Refused, match="刚刚有人给其中的工会封了账") as refused:
        actions.close_period(world.actor("county"), world.nodes["county" if found else "town"], YEAR, with_below=True)
    assert (refused.value.code, refused.value.status) == ("closed-meanwhile", 409)
    assert Closing.objects.count() == 1 and Entry.objects.filter(kind="periods.closing.closed").count() == 1


def test_asking_costs_one_statement_where_nothing_is_closed_for_those_days(world: World) -> None:
    pairs = [(node, AFTER) for node in world.nodes.values()]
    close(world, "town", "town")
    with CaptureQueriesContext(connection) as asked:
        queries.require_open(pairs)
    assert len(read_of(asked)) == 1
    with CaptureQueriesContext(connection) as asked, pytest.raises(BadInput):
        queries.require_open([(node, IN) for node in world.nodes.values()])
    assert len(read_of(asked)) == 2


def read_of(asked: CaptureQueriesContext) -> list[dict[str, str]]:
    """The statements that read; PostgreSQL takes the lock between writers and closers with one more."""
    return [each for each in asked.captured_queries if "advisory" not in each["sql"]]


def test_the_pages(world: World, client_for: ClientFor) -> None:
    county, town = client_for("county"), client_for("town")
    form = {"first": "2025-01-01", "last": "2025-12-31", "submit_key": "a" * 32}
    assert "还没有封过账" in town.get("/desk/periods/").content.decode()
    assert town.post("/desk/periods/", {**form, "node": "610502001"}).status_code == 302
    answer = county.post("/desk/periods/", {**form, "node": "610502", "submit_key": "b" * 32})
    assert answer.status_code == 409 and "下级还有 1 个没有封账" in answer.content.decode()
    answer = county.post("/desk/periods/", {**form, "node": "610502", "with_below": "on", "submit_key": "c" * 32})
    assert answer.status_code == 302 and Closing.objects.count() == 3
    assert town.post("/desk/periods/", {**form, "node": "610502"}).status_code == 404
    row = Closing.objects.get(node=world.nodes["county"])
    assert f"/desk/periods/{row.pk}/reopen/" in client_for("city").get("/desk/periods/").content.decode()
    assert "由上一级工会重新开账" in county.get(f"/desk/periods/{row.pk}/reopen/").content.decode()
    assert county.post(f"/desk/periods/{row.pk}/reopen/", {"reason": "漏登"}).status_code == 403
    assert town.get(f"/desk/periods/{row.pk}/reopen/").status_code == 404
    assert client_for("city").post(f"/desk/periods/{row.pk}/reopen/", {"reason": ""}).status_code == 400
    assert client_for("city").post(f"/desk/periods/{row.pk}/reopen/", {"reason": "漏登"}).status_code == 302
    assert "漏登" in client_for("city").get("/desk/periods/").content.decode()
    assert "封账" in client_for("auditor").get("/desk/periods/").content.decode()


def test_the_command(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["close-period", "--organization", "610500", "--year", "2025"]) == 1
    assert "下级还有" in capsys.readouterr().err
    assert main(["close-period", "--organization", "610500", "--year", "2025", "--with-below"]) == 0
    assert main(["close-period", "--organization", "999", "--year", "2025"]) == 1
