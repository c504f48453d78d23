"""Who helped with a need and which order of the hotline it came from; and what one helped with oneself."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from unionhome.core.cases.models import Case
from unionhome.core.cases.queries import get_kind, is_handled
from unionhome.core.members.models import Person
from unionhome.core.members.rules.codes import Reason
from unionhome.core.registry import Actor
from unionhome.kit.codes import mask_name
from unionhome.kit.dates import day_text, moment_text
from unionhome.services.helpdesk import queries
from unionhome.services.helpdesk.models import Helping, HotlineOrder
from unionhome.services.helpdesk.rules.helped import SHOWN, Consent


def need_panel(actor: Actor, case: Case, base_url: str) -> tuple[str, dict[str, Any]]:
    """The need's own part of its page: the order of the hotline at the desk, the helper for both sides."""
    is_desk = actor.door == "desk"
    helping, order = queries.find_helping(case), queries.find_order_of(case)
    may_ring = (
        is_desk and helping is not None and bool(helping.phone_sealed) and is_handled(actor, case, "cases.unmask")
    )
    possible = queries.list_possible_members(actor, case) if is_desk and is_handled(actor, case) else []
    return "helpdesk/panel.html", {
        "members": [member_row(case, person) for person in possible],
        "order_rows": _order_facts(order, actor.at) if order and is_desk else [],
        "helper_rows": _helper_rows(helping, actor.at, is_desk=is_desk) if helping else [],
        "phone_url": reverse("helpdesk:helper_phone", args=[case.pk]) if may_ring else "",
        "reasons": Reason.choices,
    }


def member_row(case: Case, person: Person) -> dict[str, str]:
    """A member with the number of who rang, masked; and whether the names agree."""
    given = case.applicant_name.strip()
    same = "" if not given else ("姓名和来电人报的一样" if given == person.name else "姓名和来电人报的不一样")
    return {
        "name": mask_name(person.name),
        "union": person.node.name,
        "same": same,
        "url": reverse("helpdesk:caller", args=[case.pk, person.pk]),
    }


def _order_facts(order: HotlineOrder, at: datetime) -> list[dict[str, str]]:
    now = timezone.localtime(at)
    called = moment_text(timezone.localtime(order.called_at), now) if order.called_at else "工单上没有写"
    rows = [{"label": "工单编号", "value": order.number}, {"label": "来电时间", "value": called}]
    if order.words:
        rows.append({"label": "热线类别", "value": order.words})
    if order.return_on:
        rows.append({"label": "要求反馈", "value": f"{day_text(order.return_on)}以前"})
    return rows


def _helper_rows(helping: Helping, at: datetime, *, is_desk: bool) -> list[dict[str, str]]:
    """Who helped and how the worker agreed; the worker reads the name, colleagues a masked one."""
    now = timezone.localtime(at)
    name = mask_name(helping.name) if is_desk and helping.relation != "cadre" else helping.name
    rows = [{"label": "帮办人", "value": f"{name}（{SHOWN[helping.relation]}）"}]
    phone = queries.get_masked_helper_phone(helping) if is_desk else ""
    if phone:
        rows.append({"label": "电话", "value": f"{phone}{'，本人没有电话，打这个' if helping.is_contact else ''}"})
    asked = moment_text(timezone.localtime(helping.consented_at), now)
    agreed = f"{Consent(helping.consent).label}，{asked}，{helping.asker_union}{helping.asker_name}问的"
    return [*rows, {"label": "代办同意", "value": agreed}]


def helped_rows(rows: Iterable[Helping]) -> list[dict[str, Any]]:
    """How far each is that one helped with: no words, nothing of the worker but the first sign of the name."""
    return [
        {
            "number": helping.case.number,
            "who": mask_name(helping.case.applicant_name) if helping.case.applicant_name else "未留姓名",
            "category": queries.get_category_label(helping.case.category),
            "state": get_kind(helping.case.kind).table.state(helping.case.state),
            "union": helping.case.node.name,
            "on": day_text(helping.on),
            "ended": day_text(helping.case.ended_on) if helping.case.ended_on else "",
        }
        for helping in rows
    ]
