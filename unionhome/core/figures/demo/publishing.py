"""The demo's published figures: 2021 closed and signed for the city and a county, one of them corrected, one on its way."""

from typing import Any

from unionhome.core.figures import actions
from unionhome.core.figures.models import Publication
from unionhome.core.journal.actions import seal_batch
from unionhome.core.periods.actions import close_period
from unionhome.core.tree.models import Node
from unionhome.kit.dates import Period

YEAR = 2021
UNIONS, MEMBERS = "organizations.unions", "members.members"
SIGNERS = {"city": ("city", "office", "chair"), "county": ("county", "county_office", "county_chair")}
VERBS = ("check", "approve", "publish")
CORRECTED = "签发人的职务写错了，改正后重新签发，数值没有变"


def publish(world: Any) -> None:
    """Close the year, publish it, correct one number, leave the last year's waiting for the office."""
    nodes: dict[str, Node] = world.memo["nodes"]
    period = Period.year(YEAR)
    close_period(world.actor("chair", world.at(30, 9)), nodes["city"], period, with_below=True)
    while seal_batch(world.system(world.at(29, 8))):
        pass
    # a city of 731,692 members would be read for half a minute: there the county shows its own
    whole = [UNIONS] if world.size == "city" else [UNIONS, MEMBERS]
    last = Period.year(world.today.year - 1)
    publications: tuple[dict[str, Any], ...] = (
        {"place": "county", "period": period, "codes": [UNIONS, MEMBERS], "days_ago": 28},
        {"place": "county", "period": period, "codes": [UNIONS], "days_ago": 21, "reason": CORRECTED},
        {"place": "city", "period": period, "codes": whole, "days_ago": 14},
        {"place": "city", "period": last, "codes": [UNIONS], "days_ago": 2, "steps": 1},
    )
    for number, facts in enumerate(publications, start=1):
        _publish(world, **facts)
        world.tell("公布的数", number, len(publications), "次")


def _publish(
    world: Any, *, place: str, period: Period, codes: list[str], days_ago: int, reason: str = "", steps: int = 3
) -> Publication:
    people = SIGNERS[place]
    row = actions.draft_publication(
        world.actor(people[0], world.at(days_ago, 9)),
        node=world.memo["nodes"][place],
        period=period,
        codes=codes,
        title=f"{period.title}工会组织和会员数" if len(codes) > 1 else f"{period.title}工会组织数",
        reason=reason,
    )
    for hour, (who, verb) in enumerate(list(zip(people, VERBS, strict=True))[:steps], start=10):
        row = actions.step_publication(world.actor(who, world.at(days_ago, hour)), row.pk, verb)
    return row
