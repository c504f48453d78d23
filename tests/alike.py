"""Sample files that look alike, files that became one, and an export that was compared: one of each at a union."""

from dataclasses import dataclass
from datetime import date, timedelta

from tests.worlds import World
from unionhome.core.members import actions
from unionhome.core.members.models import Duplicate, Merge, NationalImport
from unionhome.core.tree.models import Node
from unionhome.kit.codes import make_identity

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许"
BORN = date(1990, 1, 1)


@dataclass
class Alike:
    """One of each."""

    duplicate: Duplicate
    merge: Merge
    national: NationalImport


def make_alike(world: World, node: Node, number: int) -> Alike:
    """One of each at a union of the test world."""
    return Alike(_duplicate(world, node, number), _merge(world, node, number), _national(world, node, number))


def _twins(world: World, node: Node, number: int, serials: tuple[int, int], digits: int) -> tuple[int, int]:
    """Two members of the union with one name, one birthday and one phone."""
    rows = [
        actions.EnrolRow(
            node_id=node.pk,
            name=f"{SURNAMES[number % len(SURNAMES)]}样双",
            document=make_identity("610502", BORN + timedelta(days=number), serial),
            phone=f"19900{digits}{number:04d}",
        )
        for serial in serials
    ]
    one, other = (outcome.person_id for outcome in actions.enrol_many(world.actor("system"), rows))
    assert one and other
    return one, other


def _duplicate(world: World, node: Node, number: int) -> Duplicate:
    """Two files that look alike: the open pair of the union."""
    one, other = _twins(world, node, number, (301, 303), 40)
    pair = [
        Duplicate.objects.create(person_id=here, other_id=there, reasons=["name", "phone"], found_at=world.at)
        for here, there in ((one, other), (other, one))
    ]
    return pair[0]


def _merge(world: World, node: Node, number: int) -> Merge:
    """Two files that became one."""
    one, other = _twins(world, node, number, (305, 307), 41)
    return actions.merge_persons(world.actor(f"helper{number}"), one, other)


def _national(world: World, node: Node, number: int) -> NationalImport:
    """An export that was compared: one row of it is not in the register."""
    name, document = f"{SURNAMES[number % len(SURNAMES)]}样缺", make_identity("610523", BORN, number)
    helper = world.actor(f"helper{number}")
    batch = actions.hand_in_national(helper, f"姓名,证件号码\n{name},{document}\n".encode(), name="样例导出.csv")
    actions.start_comparing(helper, batch.pk, columns={"姓名": "姓名", "证件号码": "证件号码"}, in_background=False)
    return actions.compare_national(helper, batch.pk)
