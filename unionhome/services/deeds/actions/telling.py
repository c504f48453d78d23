"""What the workers whose needs became part of a deed are told of it."""

from collections.abc import Mapping
from datetime import timedelta

from django.utils import timezone

from unionhome.core.cases.actions import tell_applicant
from unionhome.core.journal.models import Entry
from unionhome.core.registry import Actor
from unionhome.services.deeds import queries
from unionhome.services.deeds.models import Deed

FRESH = timedelta(days=1)
"""What happened longer ago is no news."""
NAME_LENGTH = 20
NEWS: Mapping[str, tuple[str, tuple[str, ...], str]] = {
    "taken": ("deeds.taken", ("taken",), "您提的事列入了实事{number}，{union}已认领，{due}以前办成。"),
    "finished": ("deeds.done", ("done", "checked"), "您提的事列入的实事{number}，{union}报办成了，正在核验。"),
    "struck_off": ("deeds.struck", ("struck_off",), "您提的事列入的实事{number}办成、核验过了，登录后请您评价。"),
}
"""By what happened: the kind of message, the states in which it still holds, and the words."""


def tell_of_deed(actor: Actor, entry: Entry) -> int:
    """Write the messages of one step, to those whose needs lie under the deed; how many are new. Nothing while the deed
    is not open to workers, and nothing about a matter that is kept from an employer."""
    if actor.at - entry.at > FRESH:
        return 0
    deed = Deed.objects.select_related("node").filter(queries.OPEN, pk=entry.object_id or 0).first()
    kind, states, words = NEWS[entry.kind.rpartition(".")[2]]
    if deed is None or deed.state not in states:
        return 0
    due = timezone.localtime(deed.due_at) if deed.due_at else None
    text = words.format(
        number=deed.number, union=deed.node.name[:NAME_LENGTH], due=f"{due.month}月{due.day}日" if due else ""
    )
    return sum(tell_applicant(actor, case, entry, kind, text) for case in queries.list_told(deed))
