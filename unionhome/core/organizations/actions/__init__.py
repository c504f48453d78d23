"""Every change of unions, employers and divisions."""

from unionhome.core.organizations.actions.changes import (
    change_facts,
    move_union,
    rename_union,
)
from unionhome.core.organizations.actions.committees import end_officer, set_committee
from unionhome.core.organizations.actions.covering import change_employer, end_cover, enter_employer
from unionhome.core.organizations.actions.divisions import (
    found_division_unions,
    load_divisions,
)
from unionhome.core.organizations.actions.employers import (
    EmployerFacts,
    cover_employer,
    register_employer,
)
from unionhome.core.organizations.actions.ending import (
    Placing,
    Proposal,
    approve_dissolution,
    cancel_dissolution,
    file_dissolution,
    place_members,
    propose_dissolution,
)
from unionhome.core.organizations.actions.founding import (
    UnionFacts,
    appoint_officer,
    found_union,
)
from unionhome.core.organizations.actions.merging import (
    Merger,
    Plan,
    Split,
    merge_unions,
    plan_merger,
    plan_split,
    split_union,
)
from unionhome.core.organizations.actions.places import relocate_union

__all__ = [
    "EmployerFacts",
    "Merger",
    "Placing",
    "Plan",
    "Proposal",
    "Split",
    "UnionFacts",
    "appoint_officer",
    "approve_dissolution",
    "cancel_dissolution",
    "change_employer",
    "change_facts",
    "cover_employer",
    "end_cover",
    "end_officer",
    "enter_employer",
    "file_dissolution",
    "found_division_unions",
    "found_union",
    "load_divisions",
    "merge_unions",
    "move_union",
    "place_members",
    "plan_merger",
    "plan_split",
    "propose_dissolution",
    "register_employer",
    "relocate_union",
    "rename_union",
    "set_committee",
    "split_union",
]
