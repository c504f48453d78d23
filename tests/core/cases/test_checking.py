"""The checklist of a case: ticked by whom and when, wanted before the outcome, left alone afterwards."""

import pytest

from tests.worlds import World
from unionhome.core.cases import actions, queries
from unionhome.core.cases.models import CheckTick
from unionhome.core.journal.models import Entry
from unionhome.core.registry import Forbidden, NotFound, Refused
from unionhome.core.workflow.queries import list_next_steps
from unionhome.services.helpdesk.workflow import TABLE

pytestmark = pytest.mark.django_db


def test_what_must_be_done_is_ticked_before_the_outcome(world: World, need) -> None:
    case = need("public", category="injury")
    city = world.actor("city")
    for clock in ("arrive", "measure"):
        actions.stamp_clock(city, case.pk, clock, text="办了。")
    case.refresh_from_db()
    steps = {step.verb: step for step in list_next_steps(city, TABLE, case, actions.guard_facts(city, case))}
    assert not steps["propose"].allowed and "打勾" in steps["propose"].reason
    with pytest.raises(Refused):
        actions.propose_outcome(city, case.pk, text="办好了。")
    page = world.client("city").get(f"/desk/cases/{case.pk}/").content.decode()
    assert "必办，没有打勾不能提出办结" in page
    for _ in range(2):
        assert (
            world.client("city").post(f"/desk/cases/{case.pk}/checks/injury_limit/", {"done": "1"}).status_code == 302
        )
    tick = CheckTick.objects.get(case=case)
    assert (tick.actor_name, tick.at) == ("孙城", world.at)
    assert Entry.objects.filter(kind="cases.check.ticked").count() == 1
    assert "孙城 今天 10:00" in world.client("city").get(f"/desk/cases/{case.pk}/").content.decode()
    actions.propose_outcome(city, case.pk, text="办好了。")
    with pytest.raises(Refused):
        actions.tick_point(city, case.pk, "injury_limit", is_done=False)


def test_a_tick_is_taken_back_by_those_who_handle_it(world: World, need) -> None:
    case = need("public", category="injury")
    actions.tick_point(world.actor("city"), case.pk, "injury_limit", is_done=True)
    for name, code, refusal in (
        ("city", "evidence", NotFound),
        ("city", "none", NotFound),
        ("county", "injury_limit", NotFound),
        ("auditor", "injury_limit", (Forbidden, NotFound)),
    ):
        with pytest.raises(refusal):
            actions.tick_point(world.actor(name), case.pk, code, is_done=False)
    assert queries.list_unticked(case) == []
    actions.tick_point(world.actor("city"), case.pk, "injury_limit", is_done=False)
    assert len(queries.list_unticked(case)) == 1


def test_other_categories_have_other_points(need) -> None:
    assert [point.code for point in queries.list_points(need("public", category="wages"))] == [
        "evidence",
        "arbitration",
    ]
    assert queries.list_points(need("public", category="other")) == []
