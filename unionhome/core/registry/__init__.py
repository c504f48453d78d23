"""Actor, refusals and the plain classes that rooms declare with. No tables."""

from unionhome.core.registry.actor import Actor, Grant
from unionhome.core.registry.cards import (
    ROLES,
    Card,
    Nav,
    NoticeKind,
    Panel,
    Permission,
    Policy,
    Role,
    Room,
    Schedule,
    all_permissions,
    discover,
    list_panels,
    permissions_of,
    require_strong,
    resolve,
    rooms,
)
from unionhome.core.registry.commands import Command
from unionhome.core.registry.figures import Column, Figure, ServiceKind
from unionhome.core.registry.refusals import (
    NEEDS_FACTOR,
    BadInput,
    Forbidden,
    NotFound,
    Refused,
    TooMany,
)
from unionhome.core.registry.workflows import State, Table, Transition, sheet_table

__all__ = [
    "NEEDS_FACTOR",
    "ROLES",
    "Actor",
    "BadInput",
    "Card",
    "Column",
    "Command",
    "Figure",
    "Forbidden",
    "Grant",
    "Nav",
    "NotFound",
    "NoticeKind",
    "Panel",
    "Permission",
    "Policy",
    "Refused",
    "Role",
    "Room",
    "Schedule",
    "ServiceKind",
    "State",
    "Table",
    "TooMany",
    "Transition",
    "all_permissions",
    "discover",
    "list_panels",
    "permissions_of",
    "require_strong",
    "resolve",
    "rooms",
    "sheet_table",
]
