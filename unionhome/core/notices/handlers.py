"""What messages follow from rooms beneath this one: who is asked to stand in reads so."""

from unionhome.core.journal.actions import Handler
from unionhome.core.journal.models import Entry
from unionhome.core.notices import actions
from unionhome.core.registry import Actor

HANDLERS = (Handler(("access.absence.set", "access.absence.ended"), "unionhome.core.notices.handlers.tell_of_absence"),)


def tell_of_absence(actor: Actor, entry: Entry) -> None:
    """Tell the two people concerned. Doing it twice tells nobody twice."""
    actions.tell_of_absence(actor, entry)
