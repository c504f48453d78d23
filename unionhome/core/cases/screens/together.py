"""The panel 并办: what leads a matter, what follows it, what it could be put under."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from unionhome.core.cases import queries
from unionhome.core.cases.clocks import list_lights_of
from unionhome.core.cases.models import Case, Clock
from unionhome.core.cases.workflow import FOLLOWING
from unionhome.core.registry import Actor
from unionhome.kit.dates import moment_text


def together(actor: Actor, case: Case, *, can_act: bool) -> dict[str, Any]:
    """Empty where there is nothing to show."""
    leader = queries.find_leader(actor, case)
    followers = queries.list_followers(actor, case)
    free = can_act and case.leader_id is None and case.state in ("submitted", "handling")
    like = queries.list_like(actor, case) if free else []
    if not (leader or followers or like):
        return {}
    return {
        "leader": leader,
        "followers": _follower_rows(actor, followers, can_act=can_act),
        "like": [_like_row(actor, case, each) for each in like],
    }


def _follower_rows(actor: Actor, followers: list[Case], *, can_act: bool) -> list[dict[str, Any]]:
    lights = list_lights_of(followers, actor.at) if followers else {}
    rows = []
    for case in followers:
        light = next(each for each in lights[case.pk] if each.key == Clock.Name.ARRIVE)
        waits = case.state == FOLLOWING and light.is_open
        rows.append(
            {
                "case": case,
                "state": queries.get_kind(case.kind).table.state(case.state),
                "light": light,
                "reached_url": reverse("cases:reached", args=[case.pk]) if waits and can_act else "",
            }
        )
    return rows


def _like_row(actor: Actor, case: Case, like: Case) -> dict[str, Any]:
    opened = moment_text(timezone.localtime(like.opened_at), timezone.localtime(actor.at))
    return {
        "case": like,
        "opened_text": opened,
        "follow_url": f"{reverse('cases:follow', args=[case.pk])}?number={like.number}",
    }
