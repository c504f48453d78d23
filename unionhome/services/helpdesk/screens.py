"""What the page of a new need shows."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from unionhome.core.cases.clocks import preview_due
from unionhome.core.cases.models import Case
from unionhome.core.cases.rules import Route
from unionhome.core.tree.queries import find_any_node
from unionhome.kit.dates import deadline_text, moment_text


def route_card(route: Route | None, at: datetime) -> dict[str, Any] | None:
    """The card 会发给谁: which union, why, by when somebody rings."""
    if route is None:
        return None
    node = find_any_node(route.union.id)
    due = preview_due(node, at) if node else None
    return {
        "union_id": route.union.id,
        "name": route.union.name,
        "why": route.why,
        "avoids": route.avoids,
        "due_text": deadline_text(timezone.localtime(due), timezone.localtime(at)) if due else "",
    }


def like_text(case: Case | None, at: datetime) -> str:
    """What a worker reads of a like need that is under way: that there is one, and since when."""
    if case is None:
        return ""
    return f"已有一件同样的诉求在办，{moment_text(timezone.localtime(case.opened_at), timezone.localtime(at))}提出"
