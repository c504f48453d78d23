"""A notice goes up with photographs, its term runs and may grow, and it is filed or taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from unionhome.core.files.actions import Content
from unionhome.core.papers.actions import withdraw_papers
from unionhome.core.papers.queries import find_paper
from unionhome.core.publicity import queries
from unionhome.core.publicity.actions.locking import (
    Photo,
    days_of,
    end_of,
    is_repeat,
    item_of,
    journal,
    keep,
    lock_notice,
    prepare,
    step,
    today_of,
)
from unionhome.core.publicity.models import Notice, Place, Posting
from unionhome.core.publicity.rules import MOST_DAYS, refuse_at, start_day
from unionhome.core.publicity.workflow import NOTICE, POST, WITHDRAW
from unionhome.core.registry import Actor, Refused
from unionhome.core.workflow.actions import keep_item, note_step
from unionhome.kit.codes import mask_numbers


@dataclass(frozen=True, slots=True)
class Hanging:
    """Where it hangs since which day, with photographs; on line it needs none."""

    place: str
    posted_on: date
    place_text: str = ""
    photos: Sequence[Photo] = ()


def post_notice(actor: Actor, notice_id: int, given: Hanging, *, submit_key: str = "") -> Notice:
    """It is up: the term begins. Call it outside a transaction.

    Where the photograph comes later than the policy allows, the term counts from the day it was handed in. Raises
    Refused before the seal, BadInput at the field without a photograph or for a day that cannot be.
    """
    return _hang(actor, notice_id, given, "post", submit_key)


def add_posting(actor: Actor, notice_id: int, given: Hanging, *, submit_key: str = "") -> Notice:
    """It hangs in one more place: the term counts from there, so that everybody has had the whole of it."""
    return _hang(actor, notice_id, given, "posting", submit_key)


def _hang(actor: Actor, notice_id: int, given: Hanging, verb: str, submit_key: str) -> Notice:
    notice = queries.get_handled_notice(actor, notice_id, POST)
    if is_repeat(actor, notice, verb, submit_key):
        return notice
    _check(actor, notice, given)
    contents = prepare(actor, given.photos, notice.node, "photos")
    with transaction.atomic():
        notice = lock_notice(actor, notice_id, POST)
        if is_repeat(actor, notice, verb, submit_key):
            return notice
        return _keep_posting(actor, notice, given, contents, verb, submit_key)


def _check(actor: Actor, notice: Notice, given: Hanging) -> None:
    if given.place not in Place.values:
        raise refuse_at("place", "请选贴在哪里。")
    if given.place != Place.ONLINE and not given.photos:
        raise refuse_at("photos", "请拍一张贴出来的照片，没有照片不算开始公示。", "photo-missing")
    today = today_of(actor)
    if given.posted_on > today:
        raise refuse_at("posted_on", "日子不能晚于今天。")
    paper = find_paper(notice, queries.PAPER)
    sealed_at = paper.sealed_at if paper else None
    if sealed_at is not None and given.posted_on < timezone.localdate(sealed_at):
        raise refuse_at("posted_on", f"公示 {timezone.localdate(sealed_at):%Y-%m-%d} 才盖章，不会更早贴出来。")
    if given.place == Place.ONLINE and given.posted_on != today:
        raise refuse_at("posted_on", "网上公示从今天开始。")


def _keep_posting(
    actor: Actor, notice: Notice, given: Hanging, contents: Sequence[Content], verb: str, submit_key: str
) -> Notice:
    today = today_of(actor)
    start_on = start_day(given.posted_on, today, days_of(actor, "publicity.photo_days", notice.node))
    if notice.start_on is not None:
        start_on = max(start_on, notice.start_on)
    facts = _term(notice, start_on, notice.days_count)
    if verb == "post":
        step(
            actor, notice, "post", submit_key=submit_key, said=f"贴在{queries.PLACES[given.place]}",
            published_on=given.posted_on, **facts,
        )  # fmt: skip
    else:
        _refuse_not_running(actor, notice)
        _grow(actor, notice, "posting", submit_key, facts)
    posting = Posting.objects.create(
        notice=notice,
        place=given.place,
        place_text=mask_numbers(given.place_text.strip())[:80],
        posted_on=given.posted_on,
        entered_at=actor.at,
    )
    keep(actor, contents, posting, notice.node)
    if given.place == Place.ONLINE and not notice.is_open:
        notice.is_open = True
        notice.save(update_fields=["is_open"])
    journal(
        actor, notice, "hung", "张贴公示", place=posting.get_place_display(), posted_on=given.posted_on.isoformat(),
        ends_on=facts["ends_on"].isoformat(), photos=len(contents),
    )  # fmt: skip
    return notice


def _term(notice: Notice, start_on: date, days: int) -> dict[str, Any]:
    """The facts of a term; what was said before is never shortened."""
    end = queries.find_term(start_on, days)
    ends_on = max(end.on, notice.ends_on or end.on)
    return {
        "start_on": start_on,
        "ends_on": ends_on,
        "is_provisional": end.provisional,
        "due_at": end_of(ends_on),
    }


def _refuse_not_running(actor: Actor, notice: Notice) -> None:
    if notice.state not in queries.RUNNING:
        label = NOTICE.state(notice.state).label
        raise Refused(f"现在的状态是“{label}”，不在公示期里。", "wrong-state")
    if queries.is_over(notice, actor.at):
        raise Refused("公示期已经满了，不能再改；名单有问题请撤回重新公示。", "notice-over")


def _grow(actor: Actor, notice: Notice, verb: str, submit_key: str, facts: dict[str, Any]) -> None:
    for name, value in facts.items():
        setattr(notice, name, value)
    notice.save(update_fields=list(facts))
    note_step(actor, NOTICE, notice, verb, submit_key)
    keep_item(actor, NOTICE, notice, item_of(notice))


@transaction.atomic
def extend_notice(actor: Actor, notice_id: int, *, days: int, reason: str, submit_key: str = "") -> Notice:
    """Let it hang some working days longer, for instance where it came down meanwhile. Raises BadInput, Refused."""
    notice = lock_notice(actor, notice_id, POST)
    if is_repeat(actor, notice, "extend", submit_key):
        return notice
    if not reason.strip():
        raise refuse_at("reason", "请写明原因。", "reason-missing")
    if days < 1 or notice.days_count + days > MOST_DAYS:
        raise refuse_at("days", f"延长以后最多 {MOST_DAYS} 个工作日。")
    _refuse_not_running(actor, notice)
    if notice.start_on is None:
        raise Refused("名单还没有贴出来公示。", "not-posted")
    total = notice.days_count + days
    facts = _term(notice, notice.start_on, total) | {"days_count": total}
    _grow(actor, notice, "extend", submit_key, facts)
    journal(
        actor, notice, "extended", "延长公示", days=total, ends_on=facts["ends_on"].isoformat(),
        reason=mask_numbers(reason.strip())[:300],
    )  # fmt: skip
    return notice


@transaction.atomic
def close_notice(actor: Actor, notice_id: int, *, submit_key: str = "") -> Notice:
    """The term is over and nothing is open: file it. Raises Refused before."""
    notice = lock_notice(actor, notice_id, POST)
    if is_repeat(actor, notice, "close", submit_key):
        return notice
    return step(actor, notice, "close", submit_key=submit_key, due_at=None)


@transaction.atomic
def withdraw_notice(actor: Actor, notice_id: int, *, reason: str, submit_key: str = "") -> Notice:
    """Take it back, with its paper; it no longer counts. Objections that were sent are answered all the same."""
    notice = lock_notice(actor, notice_id, WITHDRAW)
    if is_repeat(actor, notice, "withdraw", submit_key):
        return notice
    step(actor, notice, "withdraw", reason=reason, submit_key=submit_key, due_at=None)
    withdraw_papers(actor, notice, (queries.PAPER,), reason=reason)
    return notice
