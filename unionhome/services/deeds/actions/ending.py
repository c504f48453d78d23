"""Checking a deed, striking it off, publishing what came of it, or dropping it."""

from datetime import timedelta

from django.db import transaction

from unionhome.core.policy.queries import get_value
from unionhome.core.records import actions as records
from unionhome.core.registry import Actor
from unionhome.kit.codes import mask_numbers
from unionhome.services.deeds.actions.locking import (
    due_after,
    end_of,
    is_repeat,
    journal,
    lock_deed,
    step,
    today_of,
)
from unionhome.services.deeds.models import Deed
from unionhome.services.deeds.rules import check_words, is_in_time
from unionhome.services.deeds.workflow import CHECK, LISTING, PUBLISH


@transaction.atomic
def check_deed(actor: Actor, deed_id: int, *, text: str, submit_key: str = "") -> Deed:
    """Found done, by another person of the union above. Raises Refused for who took or finished it, or is not above."""
    deed = lock_deed(actor, deed_id, CHECK)
    if is_repeat(actor, deed, "check", submit_key):
        return deed
    words = mask_numbers(check_words("text", text, "请写核验时看到了什么。"))[:300]
    return step(
        actor,
        deed,
        "check",
        submit_key=submit_key,
        checked_on=today_of(actor),
        check_text=words,
        due_at=due_after(actor, "strike_days", deed.owner or deed.node),
    )


@transaction.atomic
def send_back_deed(actor: Actor, deed_id: int, *, reason: str, submit_key: str = "") -> Deed:
    """Found not done: back to the union, which keeps the day it promised."""
    deed = lock_deed(actor, deed_id, CHECK)
    if is_repeat(actor, deed, "send_back", submit_key):
        return deed
    due_at = end_of(deed.due_on) if deed.due_on else None
    return step(actor, deed, "send_back", reason=reason, submit_key=submit_key, due_at=due_at)


@transaction.atomic
def strike_off_deed(actor: Actor, deed_id: int, *, submit_key: str = "") -> Deed:
    """Done and checked: it counts from this day, leaves its one service record, and workers may rate it."""
    deed = lock_deed(actor, deed_id, CHECK)
    if is_repeat(actor, deed, "strike_off", submit_key):
        return deed
    today, owner = today_of(actor), deed.owner or deed.node
    days = get_value("deeds.rating_days", today, owner) if deed.is_open else 0
    in_time = bool(deed.done_on and deed.due_on and is_in_time(deed.done_on, deed.due_on))
    step(
        actor,
        deed,
        "strike_off",
        submit_key=submit_key,
        struck_on=today,
        is_on_time=in_time,
        rating_ends_on=today + timedelta(days=days),
        due_at=None,
    )
    records.add(
        actor,
        service="deeds.done",
        node=deed.node,
        on=today,
        head_count=deed.service_count or 1,
        beneficiary_kind=deed.people_kind,
        amount_fen=deed.cost_fen or 0,
        summary=f"办实事：{deed.title}",
        link=f"/desk/deeds/{deed.pk}/",
        about=deed,
    )
    return deed


@transaction.atomic
def publish_deed(actor: Actor, deed_id: int, *, shows_nobody: bool, submit_key: str = "") -> Deed:
    """Let everybody read what came of it; its pictures only where the publisher looked and found nobody on them."""
    deed = lock_deed(actor, deed_id, PUBLISH)
    if is_repeat(actor, deed, "publish", submit_key):
        return deed
    step(
        actor,
        deed,
        "publish",
        submit_key=submit_key,
        is_open=True,
        published_on=today_of(actor),
        has_open_pictures=shows_nobody,
        due_at=None,
    )
    journal(actor, deed, "opened_up", "公布实事", pictures="公开" if shows_nobody else "不公开")
    return deed


@transaction.atomic
def keep_deed(actor: Actor, deed_id: int, *, reason: str, submit_key: str = "") -> Deed:
    """Done, and its result is not published, for a reason."""
    deed = lock_deed(actor, deed_id, PUBLISH)
    if is_repeat(actor, deed, "keep", submit_key):
        return deed
    return step(actor, deed, "keep", reason=reason, submit_key=submit_key, due_at=None)


@transaction.atomic
def drop_deed(actor: Actor, deed_id: int, *, reason: str, submit_key: str = "") -> Deed:
    """It will not be done, for a reason; one on a list is dropped by the union of the list."""
    deed = lock_deed(actor, deed_id, LISTING)
    if is_repeat(actor, deed, "drop", submit_key):
        return deed
    return step(actor, deed, "drop", reason=reason, submit_key=submit_key, due_at=None)
