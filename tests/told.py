"""A sample message of a union to a worker, by text and in the list, and one to a cadre."""

from dataclasses import dataclass

from tests.worlds import World
from unionhome.core.access.models import User
from unionhome.core.notices.actions import Message, Receiver, notify
from unionhome.core.notices.models import Channel, Notice
from unionhome.core.tree.models import Node


@dataclass
class Told:
    """The worker's own message, and the text message beside it, which no gateway took."""

    own: Notice
    sent: Notice


def make_told(world: World, node: Node, number: int, worker: User, cadre: User) -> Told:
    """One of each from a union of the test world."""
    text, key = f"第{number}条样例消息。", f"sample-{number}"
    message = Message("cases.received", text, node, link="/my/matters/", secret_link=f"https://union.example/{number}")
    receivers = [Receiver(worker.pk, "my", phone=f"1990005{number:04d}"), Receiver(cadre.pk, "desk")]
    notify(world.actor("system"), message, receivers, key=key)
    rows = Notice.objects.filter(text=text)
    return Told(rows.get(user=worker), rows.get(channel=Channel.SMS))
