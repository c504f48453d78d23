"""What cases do when something happened: a changed calendar moves the due moments; people are told of their matters."""

from unionhome.core.cases.actions import recompute_running, tell_of_case
from unionhome.core.cases.queries import list_journal_kinds, list_kinds
from unionhome.core.journal.actions import Handler
from unionhome.core.journal.models import Entry
from unionhome.core.registry import Actor

TOLD = (
    *list_journal_kinds(
        "opened", "paused", "proposed", "expired", "drawn", "checked", "lapsed", "referred", "rerouted", "rejected"
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
    Handler(TOLD, "unionhome.core.cases.handlers.tell"),
)


def move_due(actor: Actor, entry: Entry) -> None:
    """Store the due moments of every running case anew. Doing it twice changes nothing."""
    recompute_running(actor)


def tell(actor: Actor, entry: Entry) -> None:
    """Tell the applicant and the unions concerned. Doing it twice tells nobody twice."""
    tell_of_case(actor, entry)


UNION_FOLLOWERS = ("unionhome.core.cases.actions.following.follow_union",)
"""Cases under way go with a union that is merged or dissolved."""
