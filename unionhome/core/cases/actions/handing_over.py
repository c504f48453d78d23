"""Putting a matter before somebody outside of the union, and keeping what comes back. The union stays at it: it is a
measure, no clock stands still for it, and the matter does not end by it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from unionhome.core.cases import queries
from unionhome.core.cases.actions.handling import (
    add_record,
    already_done,
    keep_clock,
    lock_handling,
    move_case,
    refresh_item,
    refuse_unless_open,
    take_up,
)
from unionhome.core.cases.actions.opening import Upload, add_entry, attach_contents, prepare_uploads
from unionhome.core.cases.models import Case, Clock, Entry, Handover
from unionhome.core.cases.queries.handovers import AWAITED
from unionhome.core.cases.rules import HEARD_TITLES
from unionhome.core.cases.workflow import FOLLOWING
from unionhome.core.files.actions import Content
from unionhome.core.journal.actions import record
from unionhome.core.organizations.queries import find_employer, find_employer_by_name
from unionhome.core.registry import Actor, BadInput, NotFound, Refused
from unionhome.kit.codes import mask_numbers

MOST_DAYS = 366
NAMED, UNNAMED = "named", "unnamed"
"""Whether the applicant agreed that the authority hears who it is, or it does not hear it."""
TITLE_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Letter:
    """What goes to whom outside of the union. `identity` is NAMED or UNNAMED; nothing is preset."""

    authority: str
    text: str
    identity: str
    sent_on: date
    due_on: date
    paper_number: str = ""
    uploads: Sequence[Upload] = field(default=())


def _no(sentence: str, name: str) -> BadInput:
    return BadInput(sentence, f"{name.replace('_', '-')}-wrong", fields={name: sentence})


def hand_over_case(actor: Actor, case_id: int, letter: Letter, *, submit_key: str = "") -> Case:
    """Put the case before an authority (部门) that decides what the union cannot. It counts as a measure.

    Raises BadInput at the field, also for the employer of a matter that is kept from it and without the applicant's
    word on being named; Refused while the matter stands still, follows another, or waits there already.
    """
    case = queries.get_handled_case(actor, case_id, "cases.refer")
    contents = prepare_uploads(actor, letter.uploads, case.node) if letter.uploads else []
    with transaction.atomic():
        return _hand_over(actor, case_id, letter, submit_key, contents)


def _hand_over(actor: Actor, case_id: int, letter: Letter, submit_key: str, contents: Sequence[Content]) -> Case:
    case = lock_handling(actor, case_id, "cases.refer")
    if already_done(actor, case_id, submit_key, Entry.Kind.MEASURED):
        return case
    authority = _check(actor, case, letter)
    if case.accepted_at is None and case.state == "submitted":
        take_up(actor, case)
        move_case(actor, case, "accept")
    first = keep_clock(actor, case, Clock.Name.MEASURE)
    entry = add_entry(
        actor, case, Entry.Kind.MEASURED, f"移交{authority}", text=letter.text.strip(), is_public=True,
        clock=Clock.Name.MEASURE if first else "", submit_key=submit_key,
    )  # fmt: skip
    attach_contents(actor, entry, contents)
    Handover.objects.create(
        case=case, authority=authority, paper_number=letter.paper_number.strip()[:60], sent_on=letter.sent_on,
        due_on=letter.due_on, is_named=letter.identity == NAMED, entry=entry,
    )  # fmt: skip
    add_record(actor, case, Clock.Name.MEASURE, "移交外单位")
    refresh_item(actor, case)
    _journal(actor, case, "measure_recorded", f"移交{authority}", first=first)
    _journal(
        actor, case, "handed_over", f"移交{authority}", authority=authority, answer_due_on=letter.due_on.isoformat(),
        paper_number=letter.paper_number.strip()[:60], named=letter.identity == NAMED,
    )  # fmt: skip
    return case


def _check(actor: Actor, case: Case, letter: Letter) -> str:
    """The authority's name, where all of the letter holds."""
    if queries.get_kind(case.kind).step_url:
        raise NotFound()
    refuse_unless_open(case)
    if case.state == FOLLOWING:
        raise Refused("并入办理的，移交记在牵头的那一件上。", "led")
    authority = mask_numbers(" ".join(letter.authority.split()))
    if not 2 <= len(authority) <= 60:
        raise _no("请写移交给哪个部门，写全称。", "authority")
    if not letter.text.strip():
        raise _no("请写送了什么、请对方办什么，职工会看到。", "text")
    if letter.identity not in (NAMED, UNNAMED):
        raise _no("先问本人同不同意把姓名、电话告诉对方；不同意的，选“不告诉对方是谁”。", "identity")
    today, opened = timezone.localdate(actor.at), timezone.localdate(case.opened_at)
    if not opened <= letter.sent_on <= today:
        raise _no("送出的日子要在提出以后、今天以前。", "sent_on")
    if not letter.sent_on < letter.due_on <= today + timedelta(days=MOST_DAYS):
        raise _no("催问的日子要在送出以后、一年以内。", "due_on")
    if _is_own_employer(actor, case, authority):
        raise _no("本人不让单位知道，不能移交给单位。", "authority")
    if Handover.objects.filter(case=case, authority=authority, answer__in=AWAITED).exists():
        raise _no("已经移交给这个部门了，正在等回音。", "authority")
    return authority


def _is_own_employer(actor: Actor, case: Case, authority: str) -> bool:
    """Whether a matter kept from the employer would go to it."""
    if not (case.hidden_path or queries.get_own_facts(actor, case).get("is_quiet")):
        return False
    named = find_employer(case.employer_text) if case.employer is None and case.employer_text else None
    own = case.employer or named
    found = find_employer_by_name(authority)
    if own is not None and found is not None and found.pk == own.pk:
        return True
    words = [word for word in (case.employer_text.strip(), own.name if own else "") if len(word) >= 2]
    return any(word in authority or authority in word for word in words)


@transaction.atomic
def hear_back(
    actor: Actor,
    case_id: int,
    handover_id: int,
    *,
    answer: str,
    text: str = "",
    due_on: date | None = None,
    submit_key: str = "",
) -> Case:
    """Keep how it came back: taken up there, declined, done, or no answer by the day. Taken up, a later answer is
    awaited, by `due_on` where that is given. The applicant reads it. Raises BadInput at the field, Refused where nothing
    is awaited any more."""
    case = lock_handling(actor, case_id, "cases.refer")
    if already_done(actor, case_id, submit_key):
        return case
    handover, today = queries.get_handover(case, handover_id), timezone.localdate(actor.at)
    if handover.answer not in AWAITED:
        raise Refused("这一次移交已经有回音了。", "heard-already")
    if answer not in HEARD_TITLES:
        raise _no("请选对方怎么说。", "answer")
    if answer == Handover.Answer.SILENT and today <= handover.due_on:
        raise _no("还没有到约定的日子，到期再记没有回音。", "answer")
    if answer in (Handover.Answer.DECLINED, Handover.Answer.DONE) and not text.strip():
        raise _no("请写对方怎么说的，职工会看到。", "text")
    if answer == Handover.Answer.TAKEN and due_on is not None:
        if not today < due_on <= today + timedelta(days=MOST_DAYS):
            raise _no("催问的日子要在今天以后、一年以内。", "due_on")
        handover.due_on = due_on
    handover.answer, handover.answered_on = answer, today
    handover.save(update_fields=["answer", "answered_on", "due_on"])
    title = f"{handover.authority}{HEARD_TITLES[answer]}"[:TITLE_LENGTH]
    add_entry(actor, case, Entry.Kind.STEP, title, text=text.strip(), is_public=True, submit_key=submit_key)
    refresh_item(actor, case)
    _journal(actor, case, "heard_back", title, authority=handover.authority, answer=HEARD_TITLES[answer])
    return case


def _journal(actor: Actor, case: Case, verb: str, said: str, **data: str | bool) -> None:
    record(
        actor, f"cases.case.{verb}", node=case.node, about=case, subject_id=case.person_id,
        hidden_path=case.hidden_path, summary=f"{said}：{case.title}"[:200], data=data,
    )  # fmt: skip
