"""What is counted of those who stand in the register: one word for each stock of members, with what its rows meet."""

from collections.abc import Mapping
from typing import Any

from unionhome.core.members.rules.codes import Held, WorkGroup
from unionhome.core.organizations.rules import NATURE_GROUPS

GROUPS = tuple(str(group) for group in WorkGroup if group is not WorkGroup.NONE)
COUNTED: Mapping[str, Mapping[str, Any]] = {
    "members": {},
    "women": {"person__sex": "2"},
    "men": {"person__sex": "1"},
    "migrants": {"person__is_migrant": True},
    "new_employment": {"person__group__in": GROUPS},
    **{f"group_{group}": {"person__group": group} for group in GROUPS},
    **{f"nature_{code}": {"employer__nature__in": natures} for code, (_, natures) in NATURE_GROUPS.items()},
    "retained": {"held": str(Held.RETAINED)},
}
"""Lookups of the memberships behind each stock; `StandingTotal` and `StandingMonth` have a column for each. Whoever
adds one adds the column, and to `actions.counts.marking` what it reads of persons, memberships and employers."""
