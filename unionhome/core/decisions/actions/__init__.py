"""Every write to items and meetings: preparing, opinions, the agenda, the outcome, and the way to the end."""

from unionhome.core.decisions.actions.convening import (
    call_meeting,
    cancel_meeting,
    issue_agenda,
    notify_meeting,
    set_agenda,
)
from unionhome.core.decisions.actions.ending import drop_item, execute_item, withdraw_item
from unionhome.core.decisions.actions.locking import Upload
from unionhome.core.decisions.actions.opining import ask_lawyer, give_opinion
from unionhome.core.decisions.actions.outcomes import (
    Held,
    Result,
    confirm_meeting,
    enter_outcomes,
    keep_minutes,
    send_back_meeting,
)
from unionhome.core.decisions.actions.preparing import (
    Draft,
    add_materials,
    edit_item,
    issue_item_sheet,
    propose_item,
    submit_item,
    take_back_item,
)

__all__ = [
    "Draft",
    "Held",
    "Result",
    "Upload",
    "add_materials",
    "ask_lawyer",
    "call_meeting",
    "cancel_meeting",
    "confirm_meeting",
    "drop_item",
    "edit_item",
    "enter_outcomes",
    "execute_item",
    "give_opinion",
    "issue_agenda",
    "issue_item_sheet",
    "keep_minutes",
    "notify_meeting",
    "propose_item",
    "send_back_meeting",
    "set_agenda",
    "submit_item",
    "take_back_item",
    "withdraw_item",
]
