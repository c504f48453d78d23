"""Every write to a case."""

from unionhome.core.cases.actions.appealing import appeal_case
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
from unionhome.core.cases.actions.grading import set_difficulty
from unionhome.core.cases.actions.handing import clear_stand_in, hand_cases, lock_cases
from unionhome.core.cases.actions.handing_over import Letter, hand_over_case, hear_back
from unionhome.core.cases.actions.handling import (
    accept_case,
    add_note,
    already_done,
    assign_case,
    guard_facts,
    lock_handling,
    move_case,
    pause_case,
    recompute_running,
    refresh_item,
    reply_to_applicant,
    resume_case,
    show_phone,
    stamp_clock,
    take_up,
)
from unionhome.core.cases.actions.mass import (
    move_mass,
    name_for_mass,
    recognise_mass,
    report_mass,
    ring_again,
    unname_for_mass,
)
from unionhome.core.cases.actions.merging import follow_case, join_case, part_case
from unionhome.core.cases.actions.opening import (
    NewCase,
    Upload,
    add_entry,
    attach_contents,
    item_of,
    open_case,
    prepare_uploads,
    receipt_of,
    refuse_flood,
    unnamed,
)
from unionhome.core.cases.actions.outside import Outside, receive_case
from unionhome.core.cases.actions.reading import read_file
from unionhome.core.cases.actions.referring import decline_case, refer_case, send_back
from unionhome.core.cases.actions.rerouting import correct_category
from unionhome.core.cases.actions.sampling import check_case, close_unchecked, fail_check
from unionhome.core.cases.actions.serving import end_case, hide_case, set_employer
from unionhome.core.cases.actions.telling import tell_applicant, tell_of_case
from unionhome.core.cases.actions.templates import change_template, end_template, write_template
from unionhome.core.cases.actions.unsealing import open_note

__all__ = [
    "Letter",
    "NewCase",
    "Outside",
    "Upload",
    "accept_case",
    "add_entry",
    "add_material",
    "add_note",
    "already_done",
    "appeal_case",
    "assign_case",
    "attach_contents",
    "change_template",
    "check_case",
    "clear_stand_in",
    "close_all_unrated",
    "close_unchecked",
    "close_unrated",
    "correct_category",
    "decline_case",
    "draft_rule",
    "end_case",
    "end_rule",
    "end_template",
    "escalate_late_cases",
    "fail_check",
    "follow_case",
    "guard_facts",
    "hand_cases",
    "hand_over_case",
    "hear_back",
    "hide_case",
    "item_of",
    "join_case",
    "keep_case",
    "lock_cases",
    "lock_handling",
    "move_case",
    "move_mass",
    "name_for_mass",
    "open_case",
    "open_note",
    "part_case",
    "pause_case",
    "prepare_uploads",
    "propose_outcome",
    "rate_case",
    "read_file",
    "receipt_of",
    "receive_case",
    "recognise_mass",
    "recompute_running",
    "refer_case",
    "refresh_item",
    "refuse_flood",
    "reply_to_applicant",
    "report_mass",
    "resume_case",
    "ring_again",
    "send_back",
    "set_difficulty",
    "set_employer",
    "show_phone",
    "simulate_rule",
    "stamp_clock",
    "switch_rule_on",
    "take_up",
    "tell_applicant",
    "tell_of_case",
    "tick_point",
    "unname_for_mass",
    "unnamed",
    "withdraw_case",
    "write_template",
]
