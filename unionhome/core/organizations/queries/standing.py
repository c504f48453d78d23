"""How many unions stood on a day, on the tree of that day."""

from datetime import date

from django.db.models import Count, Q

from unionhome.core.organizations.rules import COUNTED_FORMS
from unionhome.core.tree.models import Node, NodePath
from unionhome.core.tree.queries import branch_q, get_path_on


def count_by_level(node: Node, on: date) -> dict[str, int]:
    """Unions standing in a branch on a day, by level, on the tree of that day."""
    return _standing(node, on, "node__level")


def count_by_form(node: Node, on: date) -> dict[str, int]:
    """Unions, branches and groups standing in a branch on a day, by form, on the tree of that day."""
    return _standing(node, on, "node__organization__form", counted_only=False)


def _standing(node: Node, on: date, field: str, *, counted_only: bool = True) -> dict[str, int]:
    rows = (
        NodePath.objects.filter(
            branch_q("path", [get_path_on(node, on)]),
            Q(ends_on=None) | Q(ends_on__gt=on),
            Q(node__closed_on=None) | Q(node__closed_on__gt=on),
            starts_on__lte=on,
            node__opened_on__lte=on,
        )
        .exclude(node__organization__status="preparing")
        .order_by()
    )
    if counted_only:
        rows = rows.filter(node__organization__form__in=COUNTED_FORMS)
    return dict(rows.values_list(field).annotate(count=Count("pk")))
