"""A member's own data as sections of labelled rows: the download shows them as JSON or as a page to read."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from unionhome.core.members.models import AccessRecord, Correction, Person
from unionhome.core.members.queries import files
from unionhome.core.members.queries.transfers import list_own_transfers
from unionhome.core.members.rules import facts, sealed
from unionhome.core.members.workflow import TRANSFER
from unionhome.core.registry import Actor, list_panels

SLOT = "members.export"
"""Rooms above add their part by a panel in this slot: (actor, person) -> (title, rows of label and text)."""

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the export: a title and rows of Chinese labels and texts."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Export:
    """Everything held of one person."""

    name: str
    at: datetime
    sections: tuple[Section, ...]

    def as_json(self) -> dict[str, Any]:
        """JSON-ready, moments in ISO 8601."""
        return {
            "name": self.name,
            "exported_at": self.at.isoformat(),
            "sections": [asdict(section) for section in self.sections],
        }


def get_export(actor: Actor, person: Person) -> Export:
    """Collect the register's own sections and those of rooms above. The caller has made sure it is the own person."""
    sections = [
        Section("资料", tuple(_facts(person))),
        Section("会籍", tuple(_memberships(person))),
        Section("会籍转接", tuple(_transfers(person))),
        Section("谁看过我的档案", tuple(_looks(person))),
        Section("我同意过什么", tuple(_consents(person))),
        Section("我申请过的更正", tuple(_corrections(person))),
        *(Section(title, tuple(rows)) for title, rows in list_panels(actor, SLOT, person)),
    ]
    return Export(person.name, actor.at, tuple(sections))


def _day(moment: datetime | date | None) -> str:
    if moment is None:
        return ""
    return (timezone.localdate(moment) if isinstance(moment, datetime) else moment).isoformat()


def _moment(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


def _facts(person: Person) -> list[Row]:
    values = files.get_clear_values(person)
    rows: list[Row] = [{"项目": "证件类型", "内容": person.get_document_kind_display(), "来源": "", "日期": ""}]
    for spec in facts.FACTS:
        source, on = facts.source_of(spec.key, person.source, person.source_on, person.sources)
        if values[spec.key]:
            text = facts.show(spec.key, values[spec.key], masked=False)
            rows.append({"项目": spec.label, "内容": text, "来源": source, "日期": on.isoformat()})
    return rows


def _memberships(person: Person) -> list[Row]:
    return [
        {
            "工会": row.node.name,
            "工作单位": files.employer_name(row),
            "会员卡号": row.card_no,
            "状态": row.get_status_display(),
            "从": _day(row.joined_on),
            "到": _day(row.left_on),
            "原因": row.reason,
            "工会职务": row.union_post,
            "名册备注": row.note,
        }
        for row in files.list_memberships(person)
    ]


def _transfers(person: Person) -> list[Row]:
    return [
        {
            "编号": row.number or "",
            "从": row.from_node.name,
            "到": row.to_node.name,
            "谁提出": row.get_origin_display(),
            "为什么": row.get_why_display(),
            "说明": row.note,
            "提出": _day(row.submitted_at),
            "结果": TRANSFER.state(row.state).label,
            "办完": _day(row.decided_at),
        }
        for row in list_own_transfers(person.pk)
    ]


def get_look_by(row: AccessRecord) -> str:
    """Which union looked, in words; a worker who typed the number has none."""
    return row.union_name or "有人在手机上填了您的证件号码"


def _looks(person: Person) -> list[Row]:
    return [
        {
            "时间": _moment(row.at),
            "工会": get_look_by(row),
            "岗位": row.post,
            "看了什么": row.get_part_display(),
            "原因": row.reason_label,
        }
        for row in files.list_access(person)
    ]


def _consents(person: Person) -> list[Row]:
    return [
        {
            "用途": row.purpose.label,
            "版本": row.purpose.version,
            "同意": _day(row.given_on),
            "撤回": _day(row.withdrawn_on),
        }
        for row in files.list_consents(person)
    ]


def _corrections(person: Person) -> list[Row]:
    return [
        {
            "项目": facts.BY_KEY[row.fact].label,
            "改为": facts.show(row.fact, sealed.open_text(row.value_sealed, sealed.CORRECTION), masked=False),
            "提出": _day(row.submitted_at),
            "办完": _day(row.decided_at),
        }
        for row in Correction.objects.filter(person=person).order_by("pk")
    ]
