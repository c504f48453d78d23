"""How far the acting person's grants reach, and which days an act may name."""

from datetime import date

from django.utils import timezone

from unionhome.core.organizations.rules import Reach, reach_of
from unionhome.core.registry import Actor, BadInput
from unionhome.core.tree.models import Node


def reach(actor: Actor, path: str) -> Reach:
    """The actor's reach on the node at `path`, by the levels of the branches that carry the permission."""
    grants = {
        grant.node_id: grant.path
        for grant in actor.grants
        if "organizations.manage" in grant.permissions
    }
    levels = dict(Node.objects.filter(pk__in=grants).values_list("pk", "level"))
    pairs = [(levels[pk], grants[pk]) for pk in levels]
    return reach_of(pairs, path, is_system=actor.is_system)


def check_day(actor: Actor, on: date, field: str) -> None:
    """No act of the register lies in the future. Raises BadInput at `field`."""
    today = timezone.localdate(actor.at)
    if on > today:
        sentence = f"日期不能晚于今天（{today:%Y-%m-%d}）。"
        raise BadInput(sentence, "future-day", fields={field: sentence})
