"""One need of many people: the town reported it, the county has taken it and was there."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from unionhome.core.cases import actions as cases
from unionhome.core.cases.models import Case
from unionhome.services.helpdesk.actions import Need

TEXT = "物流园食堂停了三天，上夜班的四十多人没有地方吃饭，都在门口等说法。"


def build(world: Any, open_in_town: Callable[[Any, int, datetime, Need], Case], at: datetime) -> None:
    """Reported soon after it was sent."""
    users, county = world.memo["users"], world.memo["nodes"]["county"]
    at -= timedelta(minutes=90)
    need = Need("other", TEXT, hide_from_employer=False, place_text="示例物流园北门")
    case = open_in_town(world, 30, at, need)
    town = world.actor(users["town"], at + timedelta(minutes=10))
    cases.report_mass(town, case.pk, people_count=42, text="北门外有四十多人，没有堵路，情绪平稳。")
    case.refresh_from_db()
    taker = world.memo["county_users"][county.code]
    for minutes, verb in ((14, "take"), (50, "reach")):
        cases.move_mass(world.actor(taker, at + timedelta(minutes=minutes)), case.mass_id or 0, verb)
