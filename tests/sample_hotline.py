"""A sample sheet of the 12351 hotline, and what a need has that came from it and was brought by somebody."""

from dataclasses import dataclass

from tests.worlds import World
from unionhome.core.cases.models import Case
from unionhome.core.tree.models import Node
from unionhome.kit import crypto
from unionhome.services.helpdesk import actions, queries
from unionhome.services.helpdesk.models import CallerCheck, Helping, HotlineOrder, HotlineSheet, HotlineWord
from unionhome.services.helpdesk.rules.helped import HELPER_PHONE_FIELD


@dataclass
class Hotline:
    """The sheet waits to be confirmed: one order that may be taken, one that cannot."""

    sheet: HotlineSheet
    order: HotlineOrder
    helping: Helping
    word: HotlineWord


def make_hotline(world: World, node: Node, case: Case, number: int) -> Hotline:
    """A sheet and a word of a union, and an order and a helper with its case."""
    system = world.actor("system")
    data = f"工单编号,联系电话,诉求内容\nYB{number:04},1990008{number:04},样例工单{number}\n?,,\n".encode()
    sheet = actions.hand_in_sheet(system, data, name=f"工单{number}.csv", branch=node, in_background=False)
    order, helping = tie_hotline(world, case, number)
    word = HotlineWord.objects.create(node=node, word=f"样例类别{number}", category="other", saved_at=world.at)
    return Hotline(actions.check_sheet(system, sheet.pk), order, helping, word)


def tie_hotline(world: World, case: Case, number: int) -> tuple[HotlineOrder, Helping]:
    """As if a case had come by the hotline and by somebody who helped, and the caller were another than a member."""
    if case.person_id:
        CallerCheck.objects.create(case=case, person_id=case.person_id, is_same=False, at=world.at)
    order = HotlineOrder.objects.create(case=case, number=f"YL{number:04}", received_on=world.today)
    phone = f"1990009{number:04}"
    helping = Helping.objects.create(
        case=case, relation="grid", name="格样例", phone_sealed=crypto.seal(phone, field=HELPER_PHONE_FIELD),
        phone_index=queries.get_helper_index(phone), consent="spoken", consented_at=world.at, on=world.today,
        asker_name="样例",
    )  # fmt: skip
    return order, helping
