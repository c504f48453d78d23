"""An act that closes coverage gaps: founding the federation of a place."""

from datetime import date

from django.db import transaction

from unionhome.core.organizations.actions.divisions import found_division_unions
from unionhome.core.organizations.actions.employers import get_division
from unionhome.core.organizations.queries import find_union_of_division, get_reach_below
from unionhome.core.registry import Actor, Forbidden, NotFound, Refused
from unionhome.core.tree.models import Node

MANAGE = "organizations.manage"
BEYOND = "由镇（街道）以上工会办理。"


@transaction.atomic
def found_place_unions(actor: Actor, division_code: str, *, on: date) -> int:
    """Found the federation of a town or village, and of every village below it; how many were new.

    Raises BadInput for a day to come, Forbidden for village cadres, NotFound outside the actor's branches, Refused
    for a county or the city.
    """
    division = get_division(division_code, "place")
    node = find_union_of_division(division.code)
    if node is None or not actor.may(MANAGE, node.path):
        raise NotFound("这个地方不在您的范围。")
    _check_founds(actor, node)
    if division.level not in ("town", "village"):
        raise Refused("这里只建立镇（街道）和村（社区）的工会。", "bad-level")
    return found_division_unions(actor, division.code, founded_on=on)


def _check_founds(actor: Actor, node: Node) -> None:
    """Raise Forbidden unless the actor founds below this federation (工会法第十二条)."""
    if not get_reach_below(actor, node.path).manages:
        raise Forbidden(BEYOND)
