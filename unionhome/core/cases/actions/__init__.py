"""Every write to a case."""

from unionhome.core.cases.actions.checking import tick_point
from unionhome.core.cases.actions.closing import (
    add_material,
    close_all_unrated,
    close_unrated,
    keep_case,
    propose_outcome,
    rate_case,
    withdraw_case,
)
from unionhome.core.cases.actions.escalating import (
    draft_rule,
    end_rule,
    escalate_late_cases,
    simulate_rule,
    switch_rule_on,
)
from unionhome.core.cases.actions.handing import hand_cases, lock_cases
from unionhome.core.cases.actions.handling import (
    accept_case,
    add_note,
    assign_case,
    guard_facts,
    pause_case,
    recompute_running,
    reply_to_applicant,
    resume_case,
    show_phone,
    stamp_clock,
)
from unionhome.core.cases.actions.merging import follow_case, join_case, part_case
from unionhome.core.cases.actions.opening import NewCase, Upload, open_case, prepare_uploads, refuse_flood
from unionhome.core.cases.actions.reading import read_file
from unionhome.core.cases.actions.referring import decline_case, refer_case, send_back
from unionhome.core.cases.actions.templates import change_template, end_template, write_template

__all__ = [
    "NewCase",
    "Upload",
    "accept_case",
    "add_material",
    "add_note",
    "assign_case",
    "change_template",
    "close_all_unrated",
    "close_unrated",
    "decline_case",
    "draft_rule",
    "end_rule",
    "end_template",
    "escalate_late_cases",
    "follow_case",
    "guard_facts",
    "hand_cases",
    "join_case",
    "keep_case",
    "lock_cases",
    "open_case",
    "part_case",
    "pause_case",
    "prepare_uploads",
    "propose_outcome",
    "rate_case",
    "read_file",
    "recompute_running",
    "refer_case",
    "refuse_flood",
    "reply_to_applicant",
    "resume_case",
    "send_back",
    "show_phone",
    "simulate_rule",
    "stamp_clock",
    "switch_rule_on",
    "tick_point",
    "withdraw_case",
    "write_template",
]
