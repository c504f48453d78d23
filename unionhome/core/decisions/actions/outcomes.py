"""What the meeting decided: entered by one, with the signed minutes, and confirmed by another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from unionhome.core.decisions import queries
from unionhome.core.decisions.actions.locking import (
    Upload,
    is_repeat,
    keep_files,
    lock_meeting,
    prepare_files,
    step_item,
    step_meeting,
    tell,
    today_of,
)
from unionhome.core.decisions.models import AgendaLine, Meeting, Outcome
from unionhome.core.decisions.rules import (
    Roll,
    check_allowed,
    check_past,
    check_recused,
    check_roll,
    check_words,
    is_quorum,
    refuse_at,
)
from unionhome.core.decisions.workflow import CONFIRM, CONVENE, MEETING
from unionhome.core.registry import Actor, Refused, require_strong
from unionhome.core.workflow.actions import note_step
from unionhome.kit.codes import mask_numbers
from unionhome.kit.dates import months_after

AGREED = (Outcome.AGREED, Outcome.CHANGED)


@dataclass(frozen=True, slots=True)
class Held:
    """The day it was held, and who was there."""

    on: date
    roll: Roll


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one item. `ceiling_fen` and `standard` are what the meeting changed, `recused` who kept out."""

    outcome: str
    ceiling_fen: int | None = None
    standard: str = ""
    recused: Sequence[str] = field(default=())
    note: str = ""


@transaction.atomic
def enter_outcomes(
    actor: Actor, meeting_id: int, held: Held, results: Mapping[int, Result], *, submit_key: str = ""
) -> Meeting:
    """Enter who was there and what was decided on every item of the agenda (by the item's id); another confirms it.

    Raises BadInput at the field (`outcome_12`), Refused where too few took part in an item.
    """
    meeting = lock_meeting(actor, meeting_id, CONVENE)
    if is_repeat(actor, MEETING, meeting, "enter", submit_key):
        return meeting
    check_past("held_on", held.on, today_of(actor), meeting.notified_on)
    check_roll(held.roll)
    limits = queries.get_limits(meeting.node, held.on)
    lines = queries.list_lines(meeting)
    if set(results) - {line.item_id for line in lines}:
        raise refuse_at("items", "有的议题不在这次会议的议程里。", "no-such-item")
    step_meeting(
        actor,
        meeting,
        "enter",
        submit_key=submit_key,
        held_on=held.on,
        present=list(held.roll.present),
        absent=list(held.roll.absent),
        attending=list(held.roll.attending),
    )
    for line in lines:
        _keep_result(line, _check_result(line, results.get(line.item_id), held.roll, limits))
    counts = {"present": len(held.roll.present), "absent": len(held.roll.absent)}
    tell(actor, meeting, "recorded", "登记研究结果", counts | {"held_on": held.on.isoformat()})
    return meeting


def _check_result(line: AgendaLine, result: Result | None, roll: Roll, limits: queries.Limits) -> Result:
    """The result. Raises BadInput at the field of the line, Refused without a quorum."""
    pk = line.item_id
    if result is None or result.outcome not in Outcome.values:
        raise refuse_at(f"outcome_{pk}", f"请选{line.item.number}的研究结果。", "outcome-missing")
    check_recused(f"recused_{pk}", result.recused, roll)
    _check_change(line, result)
    share = limits.get_share(line.item)
    if not is_quorum(roll, result.recused, share):
        sentence = f"研究{line.item.number}的人不够：除了回避的，至少要到会{share}。"
        raise Refused(sentence, "no-quorum", fields={"present": sentence})
    return result


def _check_change(line: AgendaLine, result: Result) -> None:
    """Other sums or standards only where the outcome says so, and never more money than the opinions were about."""
    pk, item = line.item_id, line.item
    is_changed = result.ceiling_fen is not None or bool(result.standard.strip())
    if is_changed != (result.outcome == Outcome.CHANGED):
        if is_changed:
            raise refuse_at(f"outcome_{pk}", "改了上限或者标准的，请选“修改后同意”。", "not-changed")
        raise refuse_at(f"ceiling_{pk}", "请写改成了多少钱，或者什么标准。", "change-missing")
    if result.ceiling_fen is not None and not 0 < result.ceiling_fen <= (item.ceiling_fen or 0):
        sentence = "上限只能比报的低。要加钱的请选“缓议”，改了议题、重新征求意见再上会。"
        raise refuse_at(f"ceiling_{pk}", sentence, "more-than-asked")


def _keep_result(line: AgendaLine, result: Result) -> None:
    line.outcome = result.outcome
    line.ceiling_fen = result.ceiling_fen
    line.standard = mask_numbers(result.standard.strip())[:200]
    line.recused = list(result.recused)
    line.note = mask_numbers(result.note.strip())[:200]
    line.save(update_fields=["outcome", "ceiling_fen", "standard", "recused", "note"])


def keep_minutes(
    actor: Actor, meeting_id: int, *, number: str, scans: Sequence[Upload] = (), submit_key: str = ""
) -> Meeting:
    """The number of the minutes and the signed copy, sealed. Call it outside a transaction. Raises BadInput."""
    meeting = queries.get_handled_meeting(actor, meeting_id, CONVENE)
    if is_repeat(actor, MEETING, meeting, "minutes", submit_key):
        return meeting
    words = check_words("number", number, "请填纪要文号。")[:60]
    _refuse_other(meeting)
    for scan in scans:
        check_allowed(papers=scan.name)
    contents = prepare_files(actor, scans, meeting.node)
    with transaction.atomic():
        meeting = lock_meeting(actor, meeting_id, CONVENE)
        if is_repeat(actor, MEETING, meeting, "minutes", submit_key):
            return meeting
        _refuse_other(meeting)
        meeting.minutes_number = words
        meeting.save(update_fields=["minutes_number"])
        files = keep_files(actor, meeting, contents)
        note_step(actor, MEETING, meeting, "minutes", submit_key)
        digests = [file.digest for file in files]
        tell(actor, meeting, "minuted", "放纪要", {"minutes": words, "files": len(files), "digests": digests})
    return meeting


def _refuse_other(meeting: Meeting) -> None:
    if meeting.state != "held":
        raise Refused("登记了研究结果、还没有确认的时候，才放纪要。", "not-held")


@transaction.atomic
def confirm_meeting(actor: Actor, meeting_id: int, *, submit_key: str = "") -> Meeting:
    """What was entered agrees with the minutes: now it holds. Agreed items may be carried out, deferred ones wait for
    the next meeting. Raises Refused for whoever entered it, and without number or scan of the minutes."""
    require_strong(actor, CONFIRM)
    meeting = lock_meeting(actor, meeting_id, CONFIRM)
    if is_repeat(actor, MEETING, meeting, "confirm", submit_key):
        return meeting
    step_meeting(actor, meeting, "confirm", submit_key=submit_key, confirmed_on=today_of(actor))
    until = months_after(meeting.held_on, queries.get_valid_months(meeting.node, meeting.held_on))
    for line in queries.list_lines(meeting):
        _conclude(actor, meeting, line, until)
    return meeting


def _conclude(actor: Actor, meeting: Meeting, line: AgendaLine, until: date) -> None:
    item, outcome = line.item, Outcome(line.outcome)
    said = f"{meeting}，{outcome.label}"
    if outcome == Outcome.DEFERRED:
        step_item(actor, item, "defer", said=said, deferred_count=item.deferred_count + 1)
    elif outcome == Outcome.REJECTED:
        step_item(actor, item, "reject", said=said, ended_on=meeting.held_on)
    else:
        step_item(
            actor,
            item,
            "agree",
            said=said,
            decided_on=meeting.held_on,
            is_changed=outcome == Outcome.CHANGED,
            decided_fen=line.ceiling_fen or item.ceiling_fen,
            decided_standard=line.standard or item.standard,
            until_on=until,
        )
    facts = {"item": item.number, "outcome": outcome.label, "recused": len(line.recused)}
    tell(actor, item, "concluded", "研究结果", facts | {"ceiling_fen": item.decided_fen})


@transaction.atomic
def send_back_meeting(actor: Actor, meeting_id: int, *, reason: str, submit_key: str = "") -> Meeting:
    """What was entered does not agree with the minutes: to be entered anew."""
    meeting = lock_meeting(actor, meeting_id, CONFIRM)
    if is_repeat(actor, MEETING, meeting, "send_back", submit_key):
        return meeting
    return step_meeting(actor, meeting, "send_back", reason=reason, submit_key=submit_key)
