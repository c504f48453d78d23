"""The rules by which cases go up."""

from collections.abc import Iterable

from django.db.models import QuerySet

from unionhome.core.cases.models import EscalationRule
from unionhome.core.registry import Actor, NotFound
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import scope
from unionhome.core.tree.rules import prefixes


def list_in_force() -> QuerySet[EscalationRule]:
    """The escalation rules in force anywhere."""
    return EscalationRule.objects.filter(state="on", ended_at=None).select_related("node")


def find_rule(node: Node) -> EscalationRule | None:
    """The escalation rule in force for a union: of its own and those of the unions above, the quickest. Who is watched
    may promise more, never give itself more time."""
    return list_in_force().filter(node__path__in=prefixes(node.path)).order_by("step_minutes", "pk").first()


def find_rule_among(rules: Iterable[EscalationRule], node: Node) -> EscalationRule | None:
    """The same among the rules in force that were asked for before."""
    over = [rule for rule in rules if node.path.startswith(rule.node.path)]
    return min(over, key=lambda rule: (rule.step_minutes, rule.pk), default=None)


def list_rules(actor: Actor) -> QuerySet[EscalationRule]:
    """Rules of the actor's branches, the newest first."""
    return scope(EscalationRule.objects.all(), actor, "cases.view").select_related("node").order_by("-pk")


def get_rule(actor: Actor, pk: int) -> EscalationRule:
    """Raises NotFound."""
    found = list_rules(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def find_own_union(actor: Actor) -> Node | None:
    """The actor's own union."""
    return Node.objects.filter(pk=actor.node_id or 0).first()
