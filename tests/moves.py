"""Sample rows of what moves or ends a membership, and the picture that stands for photographs and scans."""

import io
from datetime import date, timedelta
from functools import cache

from PIL import Image

from tests.worlds import World
from unionhome.core.files.actions import attach, prepare_image
from unionhome.core.members import actions as members
from unionhome.core.members.models import Expulsion, Person, Transfer
from unionhome.core.members.rules.standing import TransferInput
from unionhome.core.organizations.models import Organization
from unionhome.core.tree.models import Node
from unionhome.kit.codes import make_identity

BORN = date(1988, 3, 1)


@cache
def picture() -> bytes:
    """A small photograph."""
    out = io.BytesIO()
    Image.new("RGB", (24, 16), (30, 90, 60)).save(out, "JPEG")
    return out.getvalue()


def _enrol(world: World, node: Node, number: int, shift: int) -> Person:
    """One more member of the union, for what cannot happen to the first one as well."""
    row = members.EnrolRow(
        node_id=node.pk,
        name=f"另样{'甲乙丙丁戊己庚辛'[number % 8]}",
        document=make_identity("610524", BORN + timedelta(days=number), (number + shift) % 1000),
        phone=f"19900{shift:02d}{number:04d}",
    )
    (outcome,) = members.enrol_many(world.actor("system"), [row])
    return Person.objects.get(pk=outcome.person_id or 0)


def make_transfer(world: World, node: Node, number: int, organization: Organization) -> Transfer:
    """A member on the way to the union below, whose turn it is."""
    person = _enrol(world, node, number, 41)
    given = TransferInput(why="employer", employer_text=f"第{number}样例工厂", note="换单位了")
    helper = world.actor(f"helper{number}")
    return members.send_transfer(helper, person.pk, node=organization.node, given=given)


def make_expulsion(world: World, node: Node, number: int) -> Expulsion:
    """An expulsion that the union group has discussed, with a scan beside it."""
    person, helper = _enrol(world, node, number, 42), world.actor(f"helper{number}")
    on = world.today - timedelta(days=2)
    row = members.open_expulsion(helper, person.pk, ground="crime", discussed_on=on, discussion="小组同意")
    content = prepare_image(helper, picture(), name="决定.jpg", node=node)
    attach(helper, content, node=node, about_model="members.expulsion", about_id=row.pk)
    return row
