"""What cases do when something happened: a changed calendar moves the due moments; people are told of their matters."""

from unionhome.core.cases.actions import clear_stand_in, recognise_mass, recompute_running, tell_of_case
from unionhome.core.cases.queries import list_journal_kinds, list_kinds
from unionhome.core.journal.actions import Handler
from unionhome.core.journal.models import Entry
from unionhome.core.registry import Actor

TOLD = (
    *list_journal_kinds(
        "opened", "paused", "proposed", "expired", "drawn", "passed", "lapsed", "referred", "rerouted", "rejected"
    ),
    "cases.case.arrive_recorded",
    "cases.case.replied",
    "cases.case.escalated",
    "cases.case.handed_over",
    "cases.case.heard_back",
    *(f"{kind.table.name}.{verb}" for kind in list_kinds() for verb in kind.endings),
)
HANDLERS = (
    Handler(("policy.calendar.published",), "unionhome.core.cases.handlers.move_due"),
    Handler(("access.user.stopped",), "unionhome.core.cases.handlers.clear"),
    Handler(list_journal_kinds("opened"), "unionhome.core.cases.handlers.look_for_mass"),
    Handler(TOLD, "unionhome.core.cases.handlers.tell"),
)


def move_due(actor: Actor, entry: Entry) -> None:
    """Store the due moments of every running case anew. Doing it twice changes nothing."""
    recompute_running(actor)


def clear(actor: Actor, entry: Entry) -> None:
    """A stopped account stands in no more. Doing it twice changes nothing."""
    clear_stand_in(actor, entry.object_id or 0)


def look_for_mass(actor: Actor, entry: Entry) -> None:
    """Whether a new case makes a mass matter, or belongs to one. Doing it twice changes nothing."""
    recognise_mass(actor, entry.object_id or 0)


def tell(actor: Actor, entry: Entry) -> None:
    """Tell the applicant and the unions concerned. Doing it twice tells nobody twice."""
    tell_of_case(actor, entry)


UNION_FOLLOWERS = ("unionhome.core.cases.actions.following.follow_union",)
"""Cases under way go with a union that is merged or dissolved."""
