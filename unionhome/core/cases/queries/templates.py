"""Reply templates: those of a branch to keep, and those offered for one case."""

from django.db.models import QuerySet

from unionhome.core.cases.models import Case, ReplyTemplate
from unionhome.core.registry import Actor, NotFound
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import scope
from unionhome.core.tree.rules import prefixes

MOST_TEMPLATES = 60
"""So many are offered; nobody looks through more."""


def list_templates(actor: Actor) -> QuerySet[ReplyTemplate]:
    """Templates in force of the actor's branches, by union and title."""
    rows = scope(ReplyTemplate.objects.filter(ended_at=None), actor, "cases.view")
    return rows.select_related("node").order_by("node__path", "title", "pk")


def list_inherited(node: Node) -> QuerySet[ReplyTemplate]:
    """Templates in force that the unions above give a union; whoever asks, they are written for those below."""
    return _from_above(node).exclude(node=node)


def list_offered(case: Case) -> list[ReplyTemplate]:
    """Templates for a reply on the case: those of the union that handles it first, then of the unions above it."""
    return list(_from_above(case.node).order_by("-node__path", "title", "pk")[:MOST_TEMPLATES])


def _from_above(node: Node) -> QuerySet[ReplyTemplate]:
    rows = ReplyTemplate.objects.filter(node__path__in=prefixes(node.path), ended_at=None)
    return rows.select_related("node").order_by("node__path", "title", "pk")


def get_template(actor: Actor, pk: int) -> ReplyTemplate:
    """One of the actor's branches, in force or not. Raises NotFound."""
    found = scope(ReplyTemplate.objects.filter(pk=pk), actor, "cases.view").select_related("node").first()
    if found is None:
        raise NotFound()
    return found
