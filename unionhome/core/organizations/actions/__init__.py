"""Every change of unions, employers and divisions."""

from unionhome.core.organizations.actions.changes import (
    change_facts,
    move_union,
    rename_union,
)
from unionhome.core.organizations.actions.divisions import (
    found_division_unions,
    load_divisions,
)
from unionhome.core.organizations.actions.employers import (
    EmployerFacts,
    cover_employer,
    register_employer,
)
from unionhome.core.organizations.actions.founding import (
    UnionFacts,
    appoint_officer,
    found_union,
)

__all__ = [
    "EmployerFacts",
    "UnionFacts",
    "appoint_officer",
    "change_facts",
    "cover_employer",
    "found_division_unions",
    "found_union",
    "load_divisions",
    "move_union",
    "register_employer",
    "rename_union",
]
