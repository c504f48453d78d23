"""What the reply box offers, and the words of a template filled in for one case."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from unionhome.core.cases import queries
from unionhome.core.cases.models import Case, ReplyTemplate
from unionhome.core.cases.rules import fill_placeholders
from unionhome.core.organizations.queries.places import find_office_phone
from unionhome.core.registry import Actor

CHIPS = 6


def offered_rows(templates: Sequence[ReplyTemplate], chosen: int) -> dict[str, list[dict[str, Any]]]:
    """The first few beside the reply box, the others behind 更多答复."""
    rows = [
        {"title": row.title, "url": f"?reply={row.pk}#write", "active": row.pk == chosen, "label": row.title}
        for row in templates
    ]
    return {"first": rows[:CHIPS], "more": rows[CHIPS:]}


def filled_text(actor: Actor, case: Case, template: ReplyTemplate) -> str:
    """The template with the facts of the case and of who answers in place of its placeholders."""
    day = timezone.localdate(actor.at)
    return fill_placeholders(
        template.text,
        {
            "编号": case.number,
            "事项": queries.get_kind(case.kind).category(case.category).label,
            "工会": case.node.name,
            "经办人": actor.name,
            "电话": find_office_phone(case.node_id) or "12351",
            "今天": f"{day.month}月{day.day}日",
        },
    )
