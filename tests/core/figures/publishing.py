"""Publishing in the tests: who signs at a union, and a publication walked to a state."""

from collections.abc import Sequence
from datetime import date

from tests.worlds import World
from unionhome.core.figures import actions
from unionhome.core.figures.models import Publication, PublishedFigure
from unionhome.kit.dates import Period

PERIOD = Period(date(2025, 1, 1), date(2025, 12, 31))
STEPS = (("check", "{}"), ("approve", "{}_office"), ("publish", "{}_chair"))
UP_TO = {"drafted": 0, "checked": 1, "approved": 2, "published": 3}


def staff(world: World, place: str) -> None:
    """An office and a chair beside the union's own cadre, once."""
    if f"{place}_office" not in world.users:
        world.cadre(f"{place}_office", place)
        world.cadre(f"{place}_chair", place, "chair")


def draft(world: World, place: str, codes: Sequence[str], *, reason: str = "", period: Period = PERIOD) -> Publication:
    """Drawn up by the union's own cadre, the rows read."""
    staff(world, place)
    return actions.draft_publication(
        world.actor(place), node=world.nodes[place], period=period, codes=codes, title="2025年数字", reason=reason
    )


def walk(world: World, place: str, row: Publication, state: str = "published") -> Publication:
    """Three people take the steps up to a state."""
    for verb, who in STEPS[: UP_TO[state]]:
        world.wait(minutes=5)
        row = actions.step_publication(world.actor(who.format(place)), row.pk, verb)
    return row


def publish(world: World, place: str, code: str, *, reason: str = "", period: Period = PERIOD) -> PublishedFigure:
    """One figure published by three people."""
    row = walk(world, place, draft(world, place, [code], reason=reason, period=period))
    return row.figures.get()
