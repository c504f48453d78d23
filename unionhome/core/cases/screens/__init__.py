"""What the pages of cases show: the desk's and the worker's."""

from unionhome.core.cases.screens.appeals import desk_tied, find_tied
from unionhome.core.cases.screens.desk import (
    applicant_rows,
    check_rows,
    filters,
    group_text,
    handling_rows,
    list_crumb,
    list_rows,
    list_title,
    matter_rows,
    nothing_to_do,
    phase_counts,
    step_rows,
    timeline_rows,
    written_text,
)
from unionhome.core.cases.screens.group import group_notice, group_words
from unionhome.core.cases.screens.handovers import hand_over_rows, handover_rows, heard_choices
from unionhome.core.cases.screens.mass import mass_case_rows, mass_facts, mass_rows
from unionhome.core.cases.screens.mine import own_context, own_rows
from unionhome.core.cases.screens.outside import (
    FORMS,
    discovery,
    error_rows,
    request_rows,
    service_definition,
    service_rows,
    write_outside,
)
from unionhome.core.cases.screens.rerouting import reroute_choices
from unionhome.core.cases.screens.rules import rule_context, rule_rows
from unionhome.core.cases.screens.templates import filled_text, offered_rows
from unionhome.core.cases.screens.terms import term_rows
from unionhome.core.cases.screens.together import together

__all__ = [
    "FORMS",
    "applicant_rows",
    "check_rows",
    "desk_tied",
    "discovery",
    "error_rows",
    "filled_text",
    "filters",
    "find_tied",
    "group_notice",
    "group_text",
    "group_words",
    "hand_over_rows",
    "handling_rows",
    "handover_rows",
    "heard_choices",
    "list_crumb",
    "list_rows",
    "list_title",
    "mass_case_rows",
    "mass_facts",
    "mass_rows",
    "matter_rows",
    "nothing_to_do",
    "offered_rows",
    "own_context",
    "own_rows",
    "phase_counts",
    "request_rows",
    "reroute_choices",
    "rule_context",
    "rule_rows",
    "service_definition",
    "service_rows",
    "step_rows",
    "term_rows",
    "timeline_rows",
    "together",
    "write_outside",
    "written_text",
]
