"""What cases do when others act: a changed calendar moves the due moments."""

from unionhome.core.cases.actions import recompute_running
from unionhome.core.journal.actions import Handler
from unionhome.core.journal.models import Entry
from unionhome.core.registry import Actor

HANDLERS = (Handler(("policy.calendar.published",), "unionhome.core.cases.handlers.move_due"),)


def move_due(actor: Actor, entry: Entry) -> None:
    """Store the due moments of every running case anew. Doing it twice changes nothing."""
    recompute_running(actor)


UNION_FOLLOWERS = ("unionhome.core.cases.actions.following.follow_union",)
"""Cases under way go with a union that is merged or dissolved."""
