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

__all__ = [
    "Plan",
    "Report",
    "answer_hazard",
    "check_hazard",
    "dismiss_hazard",
    "follow_hazard",
    "grade_hazard",
    "hand_over_hazard",
    "merge_hazard",
    "note_refusal",
    "propose_evacuation",
    "receive_hazard",
    "report_hazard",
    "send_back_hazard",
    "send_hazard",
    "strike_off_hazard",
    "urge_hazard",
    "write_plan",
]
