"""Bringing an item in, its materials and its sheet, and sending it to the meeting."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.urls import reverse

from unionhome.core.decisions import papers, queries
from unionhome.core.decisions.actions.locking import (
    Upload,
    is_repeat,
    item_of,
    keep_files,
    lock_item,
    prepare_files,
    refresh_item,
    step_item,
    tell,
    today_of,
)
from unionhome.core.decisions.models import Item, ItemKind, Opinion, Purpose, YearSerial
from unionhome.core.decisions.rules import check_allowed, check_money, check_words, number_of, refuse_at
from unionhome.core.decisions.workflow import ITEM, PREPARE
from unionhome.core.papers.actions import issue_paper, withdraw_papers
from unionhome.core.papers.models import Paper
from unionhome.core.papers.queries import find_paper
from unionhome.core.registry import Actor, BadInput, Refused
from unionhome.core.tree.models import Node
from unionhome.core.workflow.actions import note_step, start

SHEET = "item_sheet"
JUDGED = ("kind", "title", "purpose", "purpose_text", "standard", "fund", "ceiling_fen")
"""What an opinion is about: with a change of these it falls."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What the meeting is asked: what for, what each gets, from which source, how much at most (fen)."""

    kind: str
    title: str
    purpose: str
    purpose_text: str
    department: str
    standard: str = ""
    fund: str = ""
    ceiling_fen: int | None = None


def _facts(actor: Actor, node: Node, given: Draft) -> dict[str, Any]:
    """The facts, checked. Raises BadInput at the field."""
    if given.kind not in ItemKind.values:
        raise refuse_at("kind", f"请选是哪一类。{_kinds()}")
    check_allowed(title=given.title, purpose_text=given.purpose_text, department=given.department)
    if given.purpose not in Purpose.values:
        raise refuse_at("purpose", "请选做什么用。")
    if given.fund and given.fund not in queries.list_funds(node, today_of(actor)):
        raise refuse_at("fund", "请选钱从哪里出。")
    is_money = given.kind == ItemKind.MONEY
    fen = check_money(given.ceiling_fen, given.fund, given.standard, is_money=is_money)
    return {
        "kind": given.kind,
        "title": check_words("title", given.title, "请写议题。")[:80],
        "purpose": given.purpose,
        "purpose_text": check_words("purpose_text", given.purpose_text, "请写做什么、为什么。")[:300],
        "department": check_words("department", given.department, "请写由哪个部门汇报。")[:40],
        "standard": check_words("standard", given.standard, "")[:200] if given.standard.strip() else "",
        "fund": given.fund if fen is not None else "",
        "ceiling_fen": fen,
    }


def _kinds() -> str:
    return f"只登记{'、'.join(ItemKind.labels)}。"


def propose_item(
    actor: Actor, node: Node, given: Draft, *, materials: Sequence[Upload] = (), submit_key: str = ""
) -> Item:
    """Bring an item in at a union. Twice the same form is one item. Raises Forbidden, BadInput at the field."""
    actor.require(PREPARE, node.path)
    facts = _facts(actor, node, given)
    earlier = _find_earlier(actor, submit_key)
    if earlier is not None:
        return earlier
    contents = prepare_files(actor, _named(materials), node)
    with transaction.atomic():
        serial = _lock_serial(actor)
        earlier = _find_earlier(actor, submit_key)
        if earlier is not None:
            return earlier
        serial.last += 1
        serial.save(update_fields=["last"])
        item = Item.objects.create(
            number=number_of(serial.year, serial.last),
            node=node,
            state=ITEM.initial,
            opened_at=actor.at,
            opened_on=today_of(actor),
            opened_by=actor.user_id,
            submit_key=submit_key or None,
            **facts,
        )
        keep_files(actor, item, contents)
        start(actor, ITEM, item, item_of(item))
    return item


def _find_earlier(actor: Actor, submit_key: str) -> Item | None:
    """What the same form made before; nobody else's. Raises BadInput for a key that another account used."""
    earlier = Item.objects.select_related("node").filter(submit_key=submit_key).first() if submit_key else None
    if earlier is not None and earlier.opened_by != actor.user_id:
        raise BadInput("这张表单已经用过，请返回刷新后再办。", "key-used")
    return earlier


def _lock_serial(actor: Actor) -> YearSerial:
    """The serial of the year, held until the transaction ends."""
    year = today_of(actor).year
    YearSerial.objects.get_or_create(year=year)
    return YearSerial.objects.select_for_update().get(year=year)


def _named(materials: Sequence[Upload]) -> Sequence[Upload]:
    """The same files. Raises BadInput where a name says that one does not belong here."""
    for upload in materials:
        check_allowed(papers=upload.name)
    return materials


@transaction.atomic
def edit_item(actor: Actor, item_id: int, given: Draft, *, submit_key: str = "") -> Item:
    """Put it in other words or sums until it goes to the meeting; opinions fall with what they were about."""
    item = lock_item(actor, item_id, PREPARE)
    if is_repeat(actor, ITEM, item, "edit", submit_key):
        return item
    if item.state != ITEM.initial:
        raise Refused("已经报上会的议题，先拿回来再改。", "already-submitted")
    facts = _facts(actor, item.node, given)
    changed = {name: value for name, value in facts.items() if getattr(item, name) != value}
    for name, value in changed.items():
        setattr(item, name, value)
    item.save(update_fields=list(facts))
    if set(changed) & set(JUDGED):
        Opinion.objects.filter(item=item, fell_at__isnull=True).update(fell_at=actor.at)
    note_step(actor, ITEM, item, "edit", submit_key)
    refresh_item(actor, item)
    tell(actor, item, "edited", "改写议题", {"item": item.number, "ceiling_fen": item.ceiling_fen})
    return item


def add_materials(actor: Actor, item_id: int, materials: Sequence[Upload], *, submit_key: str = "") -> Item:
    """Add sealed files until the meeting was told. Raises BadInput at the field, Refused afterwards."""
    item = queries.get_handled_item(actor, item_id, PREPARE)
    if is_repeat(actor, ITEM, item, "file", submit_key):
        return item
    if not materials:
        raise refuse_at("papers", "请选材料。", "papers-missing")
    _refuse_closed(item)
    contents = prepare_files(actor, _named(materials), item.node)
    with transaction.atomic():
        item = lock_item(actor, item_id, PREPARE)
        if is_repeat(actor, ITEM, item, "file", submit_key):
            return item
        _refuse_closed(item)
        keep_files(actor, item, contents)
        note_step(actor, ITEM, item, "file", submit_key)
        tell(actor, item, "filed", "放材料", {"item": item.number, "files": len(contents)})
    return item


def _refuse_closed(item: Item) -> None:
    if item.state not in ("prepared", "waiting"):
        raise Refused("已经排上会的议题，不能再加材料。", "already-scheduled")


@transaction.atomic
def submit_item(actor: Actor, item_id: int, *, submit_key: str = "") -> Item:
    """Ready for the meeting. Raises Refused while an opinion is missing."""
    item = lock_item(actor, item_id, PREPARE)
    return (
        item
        if is_repeat(actor, ITEM, item, "submit", submit_key)
        else step_item(actor, item, "submit", submit_key=submit_key)
    )


@transaction.atomic
def take_back_item(actor: Actor, item_id: int, *, submit_key: str = "") -> Item:
    """Back to be changed; its sheet no longer counts. Raises Refused where only the office can void the sheet."""
    item = lock_item(actor, item_id, PREPARE)
    if is_repeat(actor, ITEM, item, "take_back", submit_key):
        return item
    if find_paper(item, SHEET) is not None:
        if not actor.may("papers.void", item.node.path):
            raise Refused("议题单已经打印，请办公室来拿回。", "sheet-printed")
        withdraw_papers(actor, item, (SHEET,), reason="议题拿回来改")
    return step_item(actor, item, "take_back", submit_key=submit_key)


@transaction.atomic
def issue_item_sheet(actor: Actor, item_id: int) -> Paper:
    """The item's sheet (议题单), to print, sign and scan back. Raises Refused before it is ready."""
    item = lock_item(actor, item_id, PREPARE)
    if item.state not in ("waiting", "scheduled"):
        raise Refused("报上会的议题才打印议题单。", "no-sheet-now")
    return issue_paper(
        actor,
        node=item.node,
        about=item,
        kind=SHEET,
        kind_label="议题单",
        letter=papers.item_letter(item, queries.list_opinions(item)),
        back_url=reverse("decisions:item", args=[item.pk]),
    )
