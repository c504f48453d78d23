"""What people are told of an absence."""

from django.urls import reverse

from unionhome.core.access.queries import find_absence
from unionhome.core.journal.models import Entry
from unionhome.core.notices.actions.telling import Message, Receiver, notify
from unionhome.core.registry import Actor


def tell_of_absence(actor: Actor, entry: Entry) -> int:
    """Tell the stand-in, and who is away, what somebody else has entered or ended; how many messages are new."""
    absence = find_absence(entry.object_id or 0)
    if absence is None or absence.user.node is None:
        return 0
    ended = "那一次结束了，不用再代。" if entry.kind.endswith("ended") else ""
    text = f"{absence.user.name}{absence.days}不在，{ended}" if ended else f"{absence.user.name}{absence.words}。"
    people = [pk for pk in (absence.stand_in_id, absence.user_id) if pk != entry.user_id]
    message = Message("notices.absence", text, absence.user.node, link=reverse("access:absences"), entry=entry)
    return notify(actor, message, [Receiver(pk, "desk") for pk in people], key=f"entry-{entry.pk}")
