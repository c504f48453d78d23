"""Every write to needs: asking, writing one down with a helper, and taking over orders of the 12351 hotline."""

from unionhome.services.helpdesk.actions.asking import (
    Need,
    keep_category,
    keep_detail,
    receive_need,
    register_need,
    report_need,
)
from unionhome.services.helpdesk.actions.calling import check_caller
from unionhome.services.helpdesk.actions.entry import (
    apply_sheet,
    enter_sheet,
    erase_old_sheets,
    note_download,
    note_return,
    resume_sheet,
    stall_sheet,
)
from unionhome.services.helpdesk.actions.helping import Helped, show_helper_phone
from unionhome.services.helpdesk.actions.intake import cancel_sheet, check_sheet, fail_check, hand_in_sheet, save_words
from unionhome.services.helpdesk.actions.orders import TypedOrder, register_order

__all__ = [
    "Helped",
    "Need",
    "TypedOrder",
    "apply_sheet",
    "cancel_sheet",
    "check_caller",
    "check_sheet",
    "enter_sheet",
    "erase_old_sheets",
    "fail_check",
    "hand_in_sheet",
    "keep_category",
    "keep_detail",
    "note_download",
    "note_return",
    "receive_need",
    "register_need",
    "register_order",
    "report_need",
    "resume_sheet",
    "save_words",
    "show_helper_phone",
    "stall_sheet",
]
