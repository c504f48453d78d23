"""Calling a meeting, its agenda, its materials, and the meeting that did not take place."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.urls import reverse

from unionhome.core.decisions import papers, queries
from unionhome.core.decisions.actions.locking import (
    is_repeat,
    lock_meeting,
    meeting_item_of,
    step_item,
    step_meeting,
    tell,
    today_of,
)
from unionhome.core.decisions.models import AgendaLine, Body, Item, Meeting
from unionhome.core.decisions.rules import check_past, refuse_at
from unionhome.core.decisions.workflow import CONVENE, MEETING
from unionhome.core.papers.actions import issue_paper, withdraw_papers
from unionhome.core.papers.models import Paper
from unionhome.core.papers.queries import find_paper
from unionhome.core.registry import Actor, BadInput, Refused
from unionhome.core.tree.models import Node
from unionhome.core.workflow.actions import note_step, start

AGENDA = "agenda"
MOST_DAYS = 366


@transaction.atomic
def call_meeting(actor: Actor, node: Node, *, body: str, held_on: date, submit_key: str = "") -> Meeting:
    """Set a meeting of a union's body for a day, gone by or to come. Twice the same form is one meeting."""
    actor.require(CONVENE, node.path)
    if body not in Body.values:
        raise refuse_at("body", "请选是什么会。党组会不在这里登记。")
    if abs((held_on - today_of(actor)).days) > MOST_DAYS:
        raise refuse_at("held_on", "请写前后一年以内的日子。")
    earlier = Meeting.objects.select_related("node").filter(submit_key=submit_key).first() if submit_key else None
    if earlier is not None:
        if not actor.may(CONVENE, earlier.node.path):
            raise BadInput("这张表单已经用过，请返回刷新后再办。", "key-used")
        return earlier
    meeting = Meeting.objects.create(
        node=node,
        body=body,
        held_on=held_on,
        state=MEETING.initial,
        opened_at=actor.at,
        submit_key=submit_key or None,
    )
    start(actor, MEETING, meeting, meeting_item_of(meeting))
    return meeting


@transaction.atomic
def set_agenda(actor: Actor, meeting_id: int, item_ids: Sequence[int], *, submit_key: str = "") -> Meeting:
    """The items of the meeting in their order. What is left out waits again. Raises Refused once materials went out:
    nothing is put on the agenda in the room."""
    meeting = lock_meeting(actor, meeting_id, CONVENE)
    if is_repeat(actor, MEETING, meeting, "agenda", submit_key):
        return meeting
    if meeting.state != MEETING.initial:
        raise Refused("材料已经发了，议程不能再改，也不能临时加议题。", "agenda-closed")
    lines = {line.item_id: line for line in queries.list_lines(meeting)}
    wanted = list(dict.fromkeys(item_ids))
    _take_out(actor, [line for pk, line in lines.items() if pk not in wanted])
    _put_in(actor, meeting, [pk for pk in wanted if pk not in lines])
    for place, pk in enumerate(wanted, start=1):
        AgendaLine.objects.filter(meeting=meeting, item_id=pk).update(place=place)
    note_step(actor, MEETING, meeting, "agenda", submit_key)
    numbers = [line.item.number for line in queries.list_lines(meeting)]
    tell(actor, meeting, "arranged", "排议题", {"items": "、".join(numbers)})
    return meeting


def _take_out(actor: Actor, lines: Sequence[AgendaLine]) -> None:
    for line in lines:
        line.delete()
        step_item(actor, line.item, "unschedule")


def _put_in(actor: Actor, meeting: Meeting, item_ids: Sequence[int]) -> None:
    """Raises BadInput for an item of another union, or one that does not wait for a meeting."""
    found = {item.pk: item for item in Item.objects.filter(pk__in=item_ids, node=meeting.node).select_related("node")}
    for pk in item_ids:
        if pk not in found:
            raise refuse_at("items", "议题要是本工会报上会的。", "no-such-item")
        step_item(actor, found[pk], "schedule")
        AgendaLine.objects.create(meeting=meeting, item=found[pk], place=0)


@transaction.atomic
def notify_meeting(actor: Actor, meeting_id: int, *, notified_on: date, submit_key: str = "") -> Meeting:
    """The materials went out on that day; from then on the agenda stands."""
    meeting = lock_meeting(actor, meeting_id, CONVENE)
    if is_repeat(actor, MEETING, meeting, "notify", submit_key):
        return meeting
    check_past("notified_on", notified_on, today_of(actor))
    if notified_on > meeting.held_on:
        raise refuse_at("notified_on", "发材料的日子不能晚于开会的日子。")
    step_meeting(actor, meeting, "notify", submit_key=submit_key, notified_on=notified_on)
    tell(actor, meeting, "told", "发会议材料", {"notified_on": notified_on.isoformat()})
    return meeting


@transaction.atomic
def cancel_meeting(actor: Actor, meeting_id: int, *, reason: str, submit_key: str = "") -> Meeting:
    """It did not take place, for a reason: its items wait for the next one."""
    meeting = lock_meeting(actor, meeting_id, CONVENE)
    if is_repeat(actor, MEETING, meeting, "cancel", submit_key):
        return meeting
    step_meeting(actor, meeting, "cancel", reason=reason, submit_key=submit_key)
    for line in queries.list_lines(meeting):
        step_item(actor, line.item, "unschedule")
    if find_paper(meeting, AGENDA) is not None and actor.may("papers.void", meeting.node.path):
        withdraw_papers(actor, meeting, (AGENDA,), reason=reason)
    return meeting


@transaction.atomic
def issue_agenda(actor: Actor, meeting_id: int) -> Paper:
    """The list of items (议题清单) to print for those who come. Raises Refused while the agenda may still change."""
    meeting = lock_meeting(actor, meeting_id, CONVENE)
    if meeting.state != "notified":
        raise Refused("登记材料已发以后，才打印议题清单。", "no-agenda-now")
    return issue_paper(
        actor,
        node=meeting.node,
        about=meeting,
        kind=AGENDA,
        kind_label="议题清单",
        letter=papers.agenda_letter(meeting, queries.list_lines(meeting)),
        back_url=reverse("decisions:meeting", args=[meeting.pk]),
    )
