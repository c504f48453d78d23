"""A sample item for collective decision with an opinion, and a meeting of the union with another one on its agenda."""

from dataclasses import dataclass

from tests.worlds import World
from unionhome.core.decisions import actions
from unionhome.core.decisions.actions import Draft
from unionhome.core.decisions.models import AgendaLine, Item, Meeting, Opinion
from unionhome.core.registry import Actor
from unionhome.core.tree.models import Node


@dataclass
class Council:
    """One of each."""

    item: Item
    opinion: Opinion
    meeting: Meeting
    line: AgendaLine


def make_council(world: World, mine: Actor, node: Node, number: int) -> Council:
    """One of each at a union of the test world. `mine` belongs to the union."""
    money = ("每人200元", "本级工会经费", 100_00 * number)
    item = actions.propose_item(
        mine, node, Draft("money", f"第{number}个样例议题", "relief", f"样例事由{number}", f"样例部门{number}", *money)
    )
    opinion = Opinion.objects.create(
        item=item, role="finance", stance="agree", text=f"样例意见{number}", name=f"样例财务{number}",
        given_on=world.today, given_at=world.at,
    )  # fmt: skip
    other = actions.propose_item(
        mine, node, Draft("matter", f"第{number}件样例事项", "office", f"样例安排{number}", f"样例科室{number}")
    )
    actions.submit_item(mine, other.pk)
    meeting = actions.call_meeting(mine, node, body="chairs", held_on=world.today)
    actions.set_agenda(mine, meeting.pk, [other.pk])
    return Council(item, opinion, meeting, AgendaLine.objects.get(meeting=meeting))
