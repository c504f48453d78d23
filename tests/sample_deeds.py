"""A sample deed of a union: with a picture, a need beneath it, and what a worker said of another one."""

from dataclasses import dataclass

from tests.moves import picture
from tests.worlds import World
from unionhome.core.access.models import User
from unionhome.core.cases.models import Case
from unionhome.core.registry import Actor
from unionhome.core.tree.models import Node
from unionhome.kit import crypto
from unionhome.services.deeds.actions import Proof, Proposal, propose_deed
from unionhome.services.deeds.models import Deed, DeedNeed, DeedRating, Evidence
from unionhome.services.deeds.rules import TEXT_FIELD


@dataclass
class Kept:
    """One of each."""

    deed: Deed
    need: DeedNeed
    evidence: Evidence
    rating: DeedRating


def make_deed(world: World, mine: Actor, node: Node, number: int, case: Case, account: User) -> Kept:
    """One of each at a union of the test world. `mine` belongs to the union."""
    given = Proposal(f"第{number}件样例实事", f"第{number}处要有热水。", "needs", number, f"样例工地{number}")
    proof = Proof("现场.jpg", picture(), "before")
    deed = propose_deed(mine, node, given, proofs=(proof,))
    need = DeedNeed.objects.create(deed=deed, case=case, at=world.at)
    rating = DeedRating.objects.create(
        deed=deed, account=account, score="satisfied", rated_at=world.at, rated_on=world.today,
        text_sealed=crypto.seal(f"第{number}份样例评价", field=TEXT_FIELD),
    )  # fmt: skip
    return Kept(deed, need, Evidence.objects.get(deed=deed), rating)
