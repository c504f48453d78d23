"""What is asked before a need is sent, and what is known of it later."""

from unionhome.services.helpdesk.queries.callers import get_possible_member, list_possible_members
from unionhome.services.helpdesk.queries.helped import (
    count_helped_on,
    find_helping,
    get_helper_index,
    get_masked_helper_phone,
    get_registered,
    list_helped,
)
from unionhome.services.helpdesk.queries.hotline import (
    OrderRouter,
    find_order,
    find_order_of,
    find_sheet,
    get_order_key,
    get_own_branch,
    get_sheet,
    list_cases_of,
    list_lines,
    list_orders,
    list_refusals,
    list_returns,
    list_sheets,
    may_take_orders,
)
from unionhome.services.helpdesk.queries.needs import (
    find_like,
    find_route,
    get_category_label,
    get_facts,
    is_about_employer,
)

__all__ = [
    "OrderRouter",
    "count_helped_on",
    "find_helping",
    "find_like",
    "find_order",
    "find_order_of",
    "find_route",
    "find_sheet",
    "get_category_label",
    "get_facts",
    "get_helper_index",
    "get_masked_helper_phone",
    "get_order_key",
    "get_own_branch",
    "get_possible_member",
    "get_registered",
    "get_sheet",
    "is_about_employer",
    "list_cases_of",
    "list_helped",
    "list_lines",
    "list_orders",
    "list_possible_members",
    "list_refusals",
    "list_returns",
    "list_sheets",
    "may_take_orders",
]
