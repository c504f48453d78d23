"""What the pages of escalation rules show."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from unionhome.core.cases.models import EscalationRule
from unionhome.core.cases.workflow import RULE
from unionhome.core.registry import State
from unionhome.kit.dates import duration_text, moment_text

ENDED = State("ended", "已停用", "closed")
LEVELS = (("town", "镇街"), ("county", "县区"), ("city", "市"))


def rule_rows(rules: Iterable[EscalationRule]) -> list[dict[str, Any]]:
    """Lines of the list of rules."""
    return [
        {
            "id": rule.pk,
            "union": rule.node.name,
            "step": duration_text(rule.step_minutes),
            "state": _state(rule),
            "started_at": rule.started_at,
        }
        for rule in rules
    ]


def _state(rule: EscalationRule) -> State:
    return ENDED if rule.ended_at else RULE.state(rule.state)


def rule_context(rule: EscalationRule, at: datetime) -> dict[str, Any]:
    """Facts of one rule and its simulation."""
    now, tried = timezone.localtime(at), rule.simulated

    def told(moment: datetime | None) -> str:
        return moment_text(timezone.localtime(moment), now) if moment else "没有"

    return {
        "state": _state(rule),
        "can_end": rule.state == "draft" or (rule.state == "on" and rule.ended_at is None),
        "facts": [
            {"label": "管哪里", "value": f"{rule.node.name}和下级工会"},
            {"label": "先升一级", "value": "三个时限里有一个到了还没办"},
            {"label": "再升", "value": f"上级知道后再过{duration_text(rule.step_minutes)}（只算上班时间）还没办"},
            {"label": "启用", "value": told(rule.started_at)},
            {"label": "停用", "value": told(rule.ended_at)},
        ],
        "simulated_text": told(rule.simulated_at) if rule.simulated_at else "",
        "days": _days(tried) if tried else "",
        "levels": [(label, tried["levels"][level]) for level, label in LEVELS] if tried else [],
        "unions": tried.get("unions", []),
    }


def _days(tried: dict[str, Any]) -> str:
    first = date.fromisoformat(tried["from"])
    return f"{first.year}年{first.month}月"
