"""Every write to a hazard: reporting it, and the union's steps until it is struck off."""

from unionhome.services.hazards.actions.following import follow_hazard, merge_hazard
from unionhome.services.hazards.actions.grading import (
    Plan,
    check_hazard,
    dismiss_hazard,
    grade_hazard,
    propose_evacuation,
    write_plan,
)
from unionhome.services.hazards.actions.outgoing import KEPT_BACK, ask_outgoing, resend_hazard, send_outgoing
from unionhome.services.hazards.actions.rectifying import (
    answer_hazard,
    hand_over_hazard,
    note_refusal,
    send_back_hazard,
    send_hazard,
    strike_off_hazard,
    urge_hazard,
)
from unionhome.services.hazards.actions.reporting import Report, receive_hazard, report_hazard
from unionhome.services.hazards.actions.services import choose_services, read_services

__all__ = [
    "KEPT_BACK",
    "Plan",
    "Report",
    "answer_hazard",
    "ask_outgoing",
    "check_hazard",
    "choose_services",
    "dismiss_hazard",
    "follow_hazard",
    "grade_hazard",
    "hand_over_hazard",
    "merge_hazard",
    "note_refusal",
    "propose_evacuation",
    "read_services",
    "receive_hazard",
    "report_hazard",
    "resend_hazard",
    "send_back_hazard",
    "send_hazard",
    "send_outgoing",
    "strike_off_hazard",
    "urge_hazard",
    "write_plan",
]
