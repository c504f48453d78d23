"""Sample rows of what was published and closed, at any union of the test world."""

from datetime import date, timedelta

from tests.worlds import World
from unionhome.core.figures import actions as figures
from unionhome.core.figures.models import Publication, PublishedFigure
from unionhome.core.periods.actions import close_period
from unionhome.core.periods.models import Closing
from unionhome.core.periods.queries import CLOSING_LEVELS
from unionhome.core.registry import Actor
from unionhome.core.tree.models import Node
from unionhome.kit.dates import Period

CODE = "organizations.unions"
FIRST = date(2016, 1, 1)


def make_published(world: World, actor: Actor, node: Node, number: int) -> tuple[Publication, PublishedFigure]:
    """One publication that waits for the department, and a figure that was signed. `actor` belongs to the union."""
    system = world.actor("system")
    day = date(2025, 1, 1) + timedelta(days=number)
    asked = {"node": node, "period": Period(day, day), "codes": [CODE]}
    done = figures.draft_publication(actor, title=f"第{number}份样例公布", **asked)
    for verb in ("check", "approve", "publish"):
        done = figures.step_publication(system, done.pk, verb)
    waiting = figures.draft_publication(actor, title=f"第{number}份样例更正", reason="样例更正", **asked)
    return waiting, done.figures.get()


def make_closing(world: World, node: Node, number: int) -> Closing:
    """A day long ago that is closed; at a village or an employer's union one that their town would have closed."""
    system, day = world.actor("system"), FIRST + timedelta(days=number)
    if node.level in CLOSING_LEVELS:
        return close_period(system, node, Period(day, day), with_below=True).closing
    return Closing.objects.create(node=node, starts_on=day, ends_on=day, closed_at=system.at, closed_by="样例")
