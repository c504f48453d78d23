"""What deeds do when something happened: workers are told of what became of their needs."""

from unionhome.core.journal.actions import Handler
from unionhome.core.journal.models import Entry
from unionhome.core.registry import Actor
from unionhome.services.deeds.actions import tell_of_deed
from unionhome.services.deeds.actions.telling import NEWS
from unionhome.services.deeds.workflow import TABLE

HANDLERS = (Handler(tuple(f"{TABLE.name}.{verb}" for verb in NEWS), "unionhome.services.deeds.handlers.tell"),)


def tell(actor: Actor, entry: Entry) -> None:
    """Tell those whose needs lie under the deed. Doing it twice tells nobody twice."""
    tell_of_deed(actor, entry)
