"""A sample message of a union to a worker, by text and in the list, and one to a cadre, who will be away."""

from dataclasses import dataclass
from datetime import timedelta

from tests.worlds import World
from unionhome.core.access.actions import set_absence
from unionhome.core.access.models import Absence, User
from unionhome.core.access.queries import get_actor
from unionhome.core.notices.actions import Message, Receiver, notify
from unionhome.core.notices.models import Channel, Notice
from unionhome.core.tree.models import Node


@dataclass
class Told:
    """The worker's own message, and the text message beside it, which no gateway took; days on which the cadre is away
    and the helper stands in."""

    own: Notice
    sent: Notice
    absence: Absence


def make_told(world: World, node: Node, number: int, worker: User, cadre: User) -> Told:
    """One of each from a union of the test world."""
    text, key = f"第{number}条样例消息。", f"sample-{number}"
    message = Message("cases.received", text, node, link="/my/matters/", secret_link=f"https://union.example/{number}")
    receivers = [Receiver(worker.pk, "my", phone=f"1990005{number:04d}"), Receiver(cadre.pk, "desk")]
    notify(world.actor("system"), message, receivers, key=key)
    rows = Notice.objects.filter(text=text)
    day = world.today + timedelta(days=30)
    cadre_away = set_absence(
        get_actor(cadre, "desk", world.at, request_id="test"), cadre.pk,
        stand_in_id=world.users[f"helper{number}"].pk, starts_on=day, last_on=day,
    )  # fmt: skip
    return Told(rows.get(user=worker), rows.get(channel=Channel.SMS), cadre_away)
