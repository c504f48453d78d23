"""What the register puts on other rooms' pages."""

from typing import Any

from unionhome.core.members import queries
from unionhome.core.registry import Actor


def panel_of_union(actor: Actor, organization: Any) -> tuple[str, dict[str, Any]]:
    """On a union's page: its members as counted from the register, beside what it reports."""
    node = organization.node
    return "members/panel_of_union.html", {
        "sums": queries.get_sums(actor, node),
        "node": node,
        "reported": organization.members_count,
    }


def head_of_home(actor: Actor, _: object) -> tuple[str, dict[str, Any]]:
    """On the worker's home: the name and the union, and the way to the membership card."""
    return "members/home_head.html", {"name": actor.name, "membership": queries.get_membership(actor.person_id)}
