"""Answering an objection: by another person than the one objected to, with a reason and the signed sheet."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from unionhome.core.files.actions import Content
from unionhome.core.publicity import queries
from unionhome.core.publicity.actions.locking import Photo, end_of, is_repeat, journal, keep, prepare, step, today_of
from unionhome.core.publicity.actions.objecting import objection_item
from unionhome.core.publicity.models import Answer, Notice, Objection
from unionhome.core.publicity.rules import ANSWER_FIELD, refuse_at
from unionhome.core.publicity.workflow import ANSWER, OBJECTION
from unionhome.core.registry import Actor
from unionhome.core.workflow.actions import move
from unionhome.core.workflow.rules import is_overdue
from unionhome.kit import crypto


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found, in words whoever objected reads, and the signed sheet as pictures or PDF."""

    is_upheld: bool
    text: str
    scans: Sequence[Photo] = ()


def answer_objection(actor: Actor, objection_id: int, given: Finding, *, submit_key: str = "") -> Objection:
    """Answer it; the last open one sets the notice free again, one that is right stops it for good.

    Call it outside a transaction. Raises Forbidden, Refused for whoever drew up or posted the notice, BadInput at the
    field without a reason or without the sheet.
    """
    verb = "uphold" if given.is_upheld else "dismiss"
    objection = queries.get_objection(actor, objection_id)
    actor.require(ANSWER, objection.node.path)
    if is_repeat(actor, objection, verb, submit_key):
        return objection
    if not given.text.strip():
        raise refuse_at("text", "请写查到了什么、为什么这样答复。", "text-missing")
    if not given.scans:
        raise refuse_at("scans", "请拍下签了字的核查单。", "scan-missing")
    contents = prepare(actor, given.scans, objection.node, "scans", scans=True)
    with transaction.atomic():
        return _answer(actor, objection, given, verb, contents, submit_key)


def _answer(
    actor: Actor, objection: Objection, given: Finding, verb: str, contents: Sequence[Content], submit_key: str
) -> Objection:
    notice = Notice.objects.select_for_update(of=("self",)).select_related("node").get(pk=objection.notice_id)
    objection = queries.get_objection(actor, objection.pk)
    if is_repeat(actor, objection, verb, submit_key):
        return objection
    facts = {"is_involved": queries.is_involved(actor, notice)}
    item = objection_item(objection)
    move(actor, OBJECTION, objection, verb, item=item, facts=facts, submit_key=submit_key)
    answer = Answer.objects.create(
        objection=objection,
        is_upheld=given.is_upheld,
        text_sealed=crypto.seal(given.text.strip(), field=ANSWER_FIELD),
        answered_at=actor.at,
        answered_on=today_of(actor),
        is_on_time=not is_overdue(objection.due_at, actor.at),
    )
    keep(actor, contents, answer, objection.node)
    _go_on(actor, notice, is_upheld=given.is_upheld)
    journal(actor, notice, "answered", "答复异议", objection=objection.number, is_upheld=given.is_upheld)
    return objection


def _go_on(actor: Actor, notice: Notice, *, is_upheld: bool) -> None:
    """The notice after an answer: stopped, free again, or still waiting for the others."""
    if notice.state != "objected":
        return
    if is_upheld:
        step(actor, notice, "uphold", due_at=None)
    elif not queries.count_open_objections(notice):
        end = queries.find_end(notice)
        step(actor, notice, "settle", due_at=end_of(end) if end else None)
