"""A sample review that somebody writes at a union, a number a document gives it, and a review that was signed."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tests.worlds import World
from unionhome.core.figures import actions
from unionhome.core.figures.models import OutsideNumber, Review
from unionhome.core.registry import Actor
from unionhome.core.tree.models import Node
from unionhome.kit.dates import Period

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@dataclass
class Written:
    """One of each."""

    review: Review
    outside: OutsideNumber
    signed: Review


def make_written(world: World, mine: Actor, node: Node, number: int) -> Written:
    """One of each at a union of the test world. `mine` belongs to the union."""
    actor, period = world.actor("system"), Period.year(world.today.year - 1 - number % 5)
    review = actions.begin_review(actor, node, period)
    facts = actions.Outside(
        name=f"样数{number}",
        unit="个",
        number=Decimal(number),
        basis="上报",
        source=f"样发{number}号",
        signed_by="何样文",
        signed_on=world.today - timedelta(days=1),
        files=[("样.pdf", PDF)],
    )
    return Written(review, actions.enter_outside(actor, node, period, facts), _sign(world, mine, node, number))


def _sign(world: World, mine: Actor, node: Node, number: int) -> Review:
    """A review of a day, signed."""
    day = date(2024, 1, 1) + timedelta(days=number)
    review = actions.begin_review(mine, node, Period(day, day))
    publication = actions.freeze_review(mine, review.pk, revision=1, tells_internal=True)
    for verb in ("check", "approve", "publish"):
        actions.step_publication(world.actor("system"), publication.pk, verb)
    review.refresh_from_db()
    return review
