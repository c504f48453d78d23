"""Numbers that come from returns and documents: entered with document and signer, withdrawn with a reason."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone

from unionhome.core.figures.models import OutsideNumber
from unionhome.core.figures.queries import find_figure, get_outside
from unionhome.core.figures.rules.periods import period_key
from unionhome.core.figures.rules.published import BY_CODE
from unionhome.core.figures.rules.shown import MONEY
from unionhome.core.files.actions import Content, attach, prepare_document, prepare_image
from unionhome.core.journal import actions as journal
from unionhome.core.registry import Actor, BadInput, Refused
from unionhome.core.tree.models import Node
from unionhome.kit.dates import Period

WRITE = "figures.write"
BASES = ("上报", "外部")
MOST = 10**15


@dataclass(frozen=True, slots=True)
class Outside:
    """What a document gives: `number` in the unit as read, who signed it and when, `files` as name and content."""

    name: str
    unit: str
    number: Decimal
    basis: str
    source: str
    signed_by: str
    signed_on: date
    code: str = ""
    files: Sequence[tuple[str, bytes]] = ()


def enter_outside(actor: Actor, node: Node, period: Period, new: Outside) -> OutsideNumber:
    """Enter a number of a document for a union and a stretch of time. Call it outside a transaction.

    Raises BadInput for what cannot stand, Refused where the register itself gives that number or another document
    stands for it already.
    """
    actor.require(WRITE, node.path)
    printed = BY_CODE.get(new.code)
    if printed is not None:
        new = replace(new, name=printed.name, unit=printed.unit)
    raw = _check(actor, new)
    contents = [_prepare(actor, name, data, node) for name, data in new.files]
    try:
        return _enter(actor, node, period, new, raw, contents)
    except IntegrityError:
        raise Refused("这个数已经有文件了。要换一份，先撤下原来的。", "outside-stands") from None


def _check(actor: Actor, new: Outside) -> int:
    wrong: dict[str, str] = {}
    for field, text, words in (("name", new.name, "指标名"), ("source", new.source, "文件的标题和文号"),
                               ("signed_by", new.signed_by, "签字人"), ("unit", new.unit, "单位")):  # fmt: skip
        if not text.strip():
            wrong[field] = f"请填写{words}。"
    raw = new.number * MONEY.get(new.unit, 1)
    if raw < 0 or raw != raw.to_integral_value() or raw > MOST:
        wrong["number"] = "数不能小于 0，也不能有小数（元和万元可以到分）。"
    if new.signed_on > timezone.localdate(actor.at):
        wrong["signed_on"] = "签字日期不能晚于今天。"
    if new.basis not in BASES:
        wrong["basis"] = "请选是下级上报还是外部文件。"
    if not new.files:
        wrong["scans"] = "请附上文件的扫描件或照片，没有文件的数不能写进综述。"
    if "#" in new.name or "/" in new.name:
        wrong["name"] = "指标名里不能有 # 和 /。"
    if find_figure(_code(new)) is not None:
        wrong["name"] = "这个数系统里自己就有，不能再按文件填。"
    if wrong:
        raise BadInput(next(iter(wrong.values())), "outside", fields=wrong)
    return int(raw)


def _code(new: Outside) -> str:
    return new.code or f"outside.{hashlib.sha256(new.name.strip().encode()).hexdigest()[:12]}"


def _prepare(actor: Actor, name: str, data: bytes, node: Node) -> Content:
    try:
        if data.startswith((b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
            return prepare_document(actor, data, name=name, node=node)
        return prepare_image(actor, data, name=name, node=node)
    except BadInput as refused:
        raise BadInput(refused.sentence, refused.code, fields={"scans": refused.sentence}) from refused


@transaction.atomic
def _enter(
    actor: Actor, node: Node, period: Period, new: Outside, raw: int, contents: Sequence[Content]
) -> OutsideNumber:
    row = OutsideNumber.objects.create(
        node=node,
        code=_code(new),
        name=new.name.strip(),
        unit=new.unit.strip(),
        start_on=period.start_on,
        end_on=period.end_on,
        raw=raw,
        basis=new.basis,
        source=new.source.strip(),
        signed_by=new.signed_by.strip(),
        signed_on=new.signed_on,
        entered_at=actor.at,
        entered_by_id=actor.user_id,
    )
    for content in contents:
        attach(actor, content, node=node, about_model=OutsideNumber._meta.label_lower, about_id=row.pk)
    _tell(actor, row, "entered", f"按文件登记：{row.name} {new.number}{row.unit}")
    return row


@transaction.atomic
def withdraw_outside(actor: Actor, pk: int, *, reason: str) -> OutsideNumber:
    """Take a number of a document back; it stays to be read. Raises Refused without a reason or the second time."""
    get_outside(actor, pk)
    row = OutsideNumber.objects.select_for_update(of=("self",)).select_related("node").get(pk=pk)
    actor.require(WRITE, row.node.path)
    if row.withdrawn_at is not None:
        raise Refused("这个数已经撤下了。", "outside-withdrawn")
    if not reason.strip():
        raise BadInput("先写明为什么撤下。", "reason-missing", fields={"reason": "先写明为什么撤下。"})
    row.withdrawn_at, row.withdrawn_reason = actor.at, reason.strip()[:200]
    row.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    _tell(actor, row, "withdrawn", f"撤下文件数字：{row.name}", reason)
    return row


def _tell(actor: Actor, row: OutsideNumber, verb: str, summary: str, reason: str = "") -> None:
    data = {
        "code": row.code,
        "value": str(row.raw),
        "period": period_key(Period(row.start_on, row.end_on)),
        "document": row.source,
        "signed_by": row.signed_by,
        **({"reason": reason} if reason else {}),
    }
    journal.record(actor, f"figures.outside.{verb}", node=row.node, about=row, summary=summary[:300], data=data)
