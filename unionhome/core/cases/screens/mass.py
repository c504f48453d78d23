"""What the pages of mass matters show."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from unionhome.core.cases import queries
from unionhome.core.cases.models import Case, MassMatter
from unionhome.core.cases.workflow import MASS
from unionhome.core.workflow.rules import light_of
from unionhome.kit.dates import moment_text


def _moment(at: datetime | None, now: datetime) -> str:
    return moment_text(timezone.localtime(at), timezone.localtime(now)) if at else ""


def _due_text(matter: MassMatter, at: datetime) -> str:
    """By when somebody has to be there, or since when somebody is."""
    if matter.present_at is not None:
        late = "，超过了时限" if matter.present_at > matter.due_at else ""
        return f"{_moment(matter.present_at, at)}到的{late}"
    if MASS.state(matter.state).is_end:
        return "没有到现场"
    return f"{_moment(matter.due_at, at)}以前到，{light_of(matter.due_at, matter.opened_at, at)['text']}"


def mass_rows(matters: Iterable[MassMatter], at: datetime) -> list[dict[str, Any]]:
    """Lines of the list."""
    return [
        {
            "id": each.pk,
            "title": str(each) or each.get_ground_display(),
            "people": each.people_count,
            "union": each.node.name,
            "opened_text": _moment(each.opened_at, at),
            "due_text": _due_text(each, at),
            "state": MASS.state(each.state),
        }
        for each in matters
    ]


def mass_facts(matter: MassMatter, at: datetime) -> list[dict[str, Any]]:
    """Where, how many, since when, who, and the clock."""
    place = " ".join(part for part in (matter.division.name if matter.division else "", matter.place_text) if part)
    rings = f"叫了{matter.ring_count}次" + (f"，{_moment(matter.rings_at, at)}再叫" if matter.rings_at else "")
    rows = [
        ("为什么", matter.get_ground_display()),
        ("人数", f"{matter.people_count}人"),
        ("单位", matter.employer_text),
        ("地点", place),
        ("发现", _moment(matter.opened_at, at)),
        ("处置", matter.node.name),
        ("接手", matter.handler.name if matter.handler else rings),
        ("到现场", _due_text(matter, at)),
        ("谁看得到", f"{matter.node.name}、上级工会和点名的人"),
    ]
    return [{"label": label, "value": value} for label, value in rows if value]


def mass_case_rows(cases: Iterable[Case], at: datetime) -> list[dict[str, Any]]:
    """The cases of one."""
    rows = []
    for case in cases:
        kind = queries.get_kind(case.kind)
        rows.append({"case": case, "state": kind.table.state(case.state), "opened_text": _moment(case.opened_at, at)})
    return rows
