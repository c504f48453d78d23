"""A sample review that somebody writes at a union, and a number a document gives it."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from tests.worlds import World
from unionhome.core.figures import actions
from unionhome.core.figures.models import OutsideNumber, Review
from unionhome.core.tree.models import Node
from unionhome.kit.dates import Period

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@dataclass
class Written:
    """One of each."""

    review: Review
    outside: OutsideNumber


def make_written(world: World, node: Node, number: int) -> Written:
    """One of each at a union of the test world."""
    actor, period = world.actor("system"), Period.year(world.today.year - 1 - number % 5)
    review = actions.begin_review(actor, node, period)
    facts = actions.Outside(
        name=f"样数{number}",
        unit="个",
        number=Decimal(number),
        basis="上报",
        document=f"样发{number}号",
        signed_by="何样文",
        signed_on=world.today - timedelta(days=1),
        files=[("样.pdf", PDF)],
    )
    return Written(review, actions.enter_outside(actor, node, period, facts))
