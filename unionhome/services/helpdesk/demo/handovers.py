"""Matters that the town put before authorities outside of the union."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from unionhome.core.cases import actions as cases
from unionhome.core.cases.actions import Letter
from unionhome.core.cases.models import Case
from unionhome.core.cases.queries import list_handovers
from unionhome.services.helpdesk.actions import Need

WAITING, LATE, TAKEN = 40, 41, 42
MATTERS = (
    (WAITING, 1, "insurance", "查了一下，单位给我断了四个月的社保。", "区社会保险经办中心", "送参保记录，请核对欠缴的月份。"),
    (LATE, 20, "wages", "公司9月、10月的工资一直没发，问了几次都说再等等。", "区劳动保障监察大队", "送投诉书和考勤表，请查欠薪。"),
    (TAKEN, 6, "hours", "天天加班到十点，没有加班费，也不让调休。", "区劳动人事争议仲裁委员会", "陪本人递交了仲裁申请。"),
)  # fmt: skip
"""Number, how many days ago, category, words, whom it went to, what went there."""


def build(world: Any, ask: Callable[..., Case], afternoon: datetime) -> None:
    """One waits, one is late with its answer, one was taken up there. `ask` opens a visitor's need at the town."""
    town = world.memo["users"]["town"]
    for number, days_ago, category, text, authority, words in MATTERS:
        at = afternoon - timedelta(minutes=70) if days_ago == 1 else world.at(days_ago, 9, 20)
        case = ask(world, number, at, Need(category, text, hide_from_employer=False))

        def then(minutes: int, at: datetime = at) -> Any:
            return world.actor(town, at + timedelta(minutes=minutes))

        cases.stamp_clock(then(15), case.pk, "arrive", text="打电话问清了情况。")
        cases.stamp_clock(then(25), case.pk, "help", text="把要交的材料一样一样讲清楚了。")
        day = at.date()
        letter = Letter(authority, words, "named" if number == TAKEN else "unnamed", day, day + timedelta(days=15))
        cases.hand_over_case(then(40), case.pk, letter)
        if number == TAKEN:
            handover = list_handovers(case)[0]
            cases.hear_back(then(60 * 24), case.pk, handover.pk, answer="taken", text="已立案，12月开庭。")
