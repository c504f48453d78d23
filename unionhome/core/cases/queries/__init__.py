"""Reading cases: lists and pages of a branch through the one row scope, applicants' own, timelines, rules."""

from unionhome.core.cases.queries.branch import (
    RAISED,
    count_cases,
    find_case_by_submit,
    find_open_pause,
    find_rating_end,
    get_case,
    get_handled_case,
    get_rating_days,
    is_handled,
    list_cases,
    list_first_words,
)
from unionhome.core.cases.queries.escalation import find_own_union, find_rule, get_rule, list_in_force, list_rules
from unionhome.core.cases.queries.handing import get_referral_node, list_colleagues, list_referral_choices
from unionhome.core.cases.queries.kinds import get_kind, list_categories, states_in
from unionhome.core.cases.queries.own import (
    UNVERIFIED,
    get_case_by_receipt,
    get_own_case,
    is_keepable,
    list_own_cases,
    list_own_news,
)
from unionhome.core.cases.queries.texts import (
    WORDS_SHOWN,
    first_words,
    get_body,
    get_masked_applicant,
    get_masked_phone,
    get_outcome,
    open_text,
)
from unionhome.core.cases.queries.timeline import SYSTEM_NAME, TimelineEntry, get_file, list_timeline

__all__ = [
    "RAISED",
    "SYSTEM_NAME",
    "UNVERIFIED",
    "WORDS_SHOWN",
    "TimelineEntry",
    "count_cases",
    "find_case_by_submit",
    "find_open_pause",
    "find_own_union",
    "find_rating_end",
    "find_rule",
    "first_words",
    "get_body",
    "get_case",
    "get_case_by_receipt",
    "get_file",
    "get_handled_case",
    "get_kind",
    "get_masked_applicant",
    "get_masked_phone",
    "get_outcome",
    "get_own_case",
    "get_rating_days",
    "get_referral_node",
    "get_rule",
    "is_handled",
    "is_keepable",
    "list_cases",
    "list_categories",
    "list_colleagues",
    "list_first_words",
    "list_in_force",
    "list_own_cases",
    "list_own_news",
    "list_referral_choices",
    "list_rules",
    "list_timeline",
    "open_text",
    "states_in",
]
