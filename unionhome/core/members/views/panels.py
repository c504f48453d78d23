"""What other rooms put on the register's pages, and what the register puts on theirs."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from unionhome.core.members import queries
from unionhome.core.members.models import Person
from unionhome.core.registry import Actor, Panel, resolve, rooms


def draw_panels(request: HttpRequest, actor: Actor, slot: str, person: Person) -> Sequence[SafeString]:
    """The panels that rooms declare for a slot of a person's page and the actor may see, in their order."""
    found: list[Panel] = [
        panel
        for room in rooms()
        for panel in room.card.panels
        if panel.slot == slot and (not panel.permission or actor.may(panel.permission, person.node.path))
    ]
    drawn = []
    for panel in sorted(found, key=lambda each: each.order):
        template, context = resolve(panel.render)(actor, person)
        drawn.append(render_to_string(template, context, request))
    return drawn


def panel_of_union(actor: Actor, organization: Any) -> tuple[str, dict[str, Any]]:
    """On a union's page: its members as counted from the register, beside what it reports."""
    node = organization.node
    return "members/panel_of_union.html", {
        "sums": queries.sum_of_branch(actor, node),
        "node": node,
        "reported": organization.members_count,
    }


def head_of_home(actor: Actor, _: object) -> tuple[str, dict[str, Any]]:
    """On the worker's home: the name and the union, and the way to the membership card."""
    return "members/home_head.html", {"name": actor.name, "membership": queries.get_membership(actor.person_id)}
