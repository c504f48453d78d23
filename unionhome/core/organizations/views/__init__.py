"""Pages of unions: the tree and one union on the desk, what changes it, its employers, the finder in the open."""

from unionhome.core.organizations.views.browse import organization, tree
from unionhome.core.organizations.views.change import facts, found, move, relocate, rename
from unionhome.core.organizations.views.committees import appoint, committees, end_officer, seats
from unionhome.core.organizations.views.employers import (
    change_employer,
    cover,
    employer,
    employers,
    end_cover,
    enter_employer,
)
from unionhome.core.organizations.views.ending import (
    approve_dissolution,
    cancel_dissolution,
    dissolution,
    dissolve,
    file_dissolution,
    place_members,
)
from unionhome.core.organizations.views.history import changes
from unionhome.core.organizations.views.merging import merge, split
from unionhome.core.organizations.views.public import divisions, finder

__all__ = [
    "appoint",
    "approve_dissolution",
    "cancel_dissolution",
    "change_employer",
    "changes",
    "committees",
    "cover",
    "dissolution",
    "dissolve",
    "divisions",
    "employer",
    "employers",
    "end_cover",
    "end_officer",
    "enter_employer",
    "facts",
    "file_dissolution",
    "finder",
    "found",
    "merge",
    "move",
    "organization",
    "place_members",
    "relocate",
    "rename",
    "seats",
    "split",
    "tree",
]
