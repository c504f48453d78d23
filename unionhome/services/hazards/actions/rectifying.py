"""From the proposal to the unit until the hazard is struck off or handed over: the union proposes, it does not order."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone

from unionhome.core.cases import actions as cases
from unionhome.core.cases.actions import Upload, prepare_uploads
from unionhome.core.cases.models import Case
from unionhome.core.cases.queries import get_handled_case
from unionhome.core.files.actions import Content
from unionhome.core.journal.actions import record
from unionhome.core.organizations.queries import find_employer
from unionhome.core.records import actions as records
from unionhome.core.registry import Actor, BadInput, Refused
from unionhome.core.workflow.actions import note_step
from unionhome.kit.codes import mask_numbers
from unionhome.services.hazards.actions.locking import (
    check_due_on,
    due_after_days,
    end_of,
    keep,
    lock_hazard,
    needed,
    step,
)
from unionhome.services.hazards.actions.outgoing import choose_service, queue_outgoing
from unionhome.services.hazards.models import HazardDetail
from unionhome.services.hazards.queries import get_detail
from unionhome.services.hazards.workflow import KIND, TABLE


@transaction.atomic
def send_hazard(
    actor: Actor,
    case_id: int,
    *,
    employer_text: str,
    due_on: date,
    text: str,
    is_unregistered: bool = False,
    submit_key: str = "",
) -> Case:
    """Ask the responsible unit to put it right by a day. Its union must not see a report whose sender wished so.

    Raises BadInput without words, for a day out of reach, and at `employer_text` for a unit that no register knows,
    unless the actor says so.
    """
    detail = lock_hazard(actor, case_id)
    if cases.already_done(actor, case_id, submit_key):
        return detail.case
    name = needed(employer_text, "请写责任单位。", "employer_text")
    words = needed(text, "请写建议怎么改。")
    check_due_on(actor, due_on)
    employer = find_employer(name)
    if employer is None and not is_unregistered:
        sentence = "名册里没有这个单位，请写全称或统一社会信用代码；确实没有的，打开“名册里没有这个单位”。"
        raise BadInput(sentence, "unknown-unit", fields={"employer_text": sentence})
    unit = employer.name if employer else mask_numbers(name)
    cases.set_employer(actor, detail.case, employer=employer, text=unit, hide=detail.is_hidden_from_employer)
    step(
        actor,
        detail,
        "send",
        "已提请责任单位整改",
        text=words,
        submit_key=submit_key,
        sent_at=actor.at,
        rectify_on=due_on,
        due_at=end_of(due_on),
    )
    _journal(actor, detail, "unit_asked", f"提请{unit}整改", unit=unit, rectify_on=due_on.isoformat())
    return detail.case


def answer_hazard(actor: Actor, case_id: int, *, text: str, uploads: Sequence[Upload], submit_key: str = "") -> Case:
    """Write down what the unit did, with photographs afterwards; then another person checks it on the spot.

    Raises BadInput without words or a photograph; Refused for a major hazard without its five fixes.
    """
    case = get_handled_case(actor, case_id)
    get_detail(case)
    needed(text, "请写怎么改的。")
    if not uploads:
        raise BadInput("请放一张整改后的照片。", "photo-missing", fields={"photos": "请放一张整改后的照片。"})
    if cases.already_done(actor, case_id, submit_key):
        return case
    contents = prepare_uploads(actor, uploads, case.node)
    with transaction.atomic():
        return _answer(actor, case_id, text, submit_key, contents)


def _answer(actor: Actor, case_id: int, text: str, submit_key: str, contents: Sequence[Content]) -> Case:
    detail = lock_hazard(actor, case_id)
    if cases.already_done(actor, case_id, submit_key):
        return detail.case
    entry = step(
        actor,
        detail,
        "answer",
        "责任单位说改好了",
        text=text,
        submit_key=submit_key,
        contents=contents,
        answered_at=actor.at,
        due_at=due_after_days(actor, "hazards.recheck_days", detail.case.node),
    )
    detail.answer = entry
    detail.save(update_fields=["answer"])
    return detail.case


@transaction.atomic
def strike_off_hazard(actor: Actor, case_id: int, *, text: str, submit_key: str = "") -> Case:
    """Found put right on the spot by another person than who sent it or wrote the answer down. A record is left."""
    detail = lock_hazard(actor, case_id)
    if cases.already_done(actor, case_id, submit_key):
        return detail.case
    words = needed(text, "请写现场看到了什么。")
    day = timezone.localdate(actor.at)
    answered_at, rectify_on = detail.answered_at, detail.rectify_on
    in_time = bool(answered_at and rectify_on and timezone.localdate(answered_at) <= rectify_on)
    step(
        actor,
        detail,
        "strike_off",
        "复查合格，已销号",
        text=words,
        submit_key=submit_key,
        struck_on=day,
        is_on_time=in_time,
        open_days=(day - detail.case.opened_on).days,
        due_at=None,
    )
    _close(actor, detail, "struck_off", "隐患整改销号")
    return detail.case


@transaction.atomic
def send_back_hazard(actor: Actor, case_id: int, *, reason: str, due_on: date, submit_key: str = "") -> Case:
    """Found not put right: back to the unit, until another day."""
    detail = lock_hazard(actor, case_id)
    if cases.already_done(actor, case_id, submit_key):
        return detail.case
    check_due_on(actor, due_on)
    step(
        actor,
        detail,
        "send_back",
        "复查不合格，请单位再改",
        reason=reason,
        submit_key=submit_key,
        due_at=end_of(due_on),
    )
    return detail.case


@transaction.atomic
def urge_hazard(actor: Actor, case_id: int, *, text: str, due_on: date, submit_key: str = "") -> Case:
    """A follow-up order (督办) when the day has passed, until another day."""
    detail = lock_hazard(actor, case_id)
    if cases.already_done(actor, case_id, submit_key):
        return detail.case
    words = needed(text, "请写督办意见。")
    check_due_on(actor, due_on)
    step(
        actor,
        detail,
        "urge",
        "到期没改好，工会督办",
        text=words,
        submit_key=submit_key,
        urged_at=actor.at,
        urged_count=detail.urged_count + 1,
        due_at=end_of(due_on),
    )
    return detail.case


@transaction.atomic
def note_refusal(actor: Actor, case_id: int, *, text: str, submit_key: str = "") -> Case:
    """The unit will not put it right: on record, and reason enough to hand it over. Raises Refused where the unit was
    not asked."""
    detail = lock_hazard(actor, case_id)
    if cases.already_done(actor, case_id, submit_key):
        return detail.case
    if detail.case.state not in ("rectifying", "urged"):
        raise Refused("提请单位整改以后，才记拒不整改。", "not-asked")
    words = needed(text, "请写单位怎么说的。")
    note_step(actor, TABLE, detail.case, "refuse")
    keep(actor, detail, "责任单位不整改", text=words, submit_key=submit_key, refused_at=detail.refused_at or actor.at)
    _journal(actor, detail, "refused", "记下拒不整改")
    return detail.case


@transaction.atomic
def hand_over_hazard(
    actor: Actor,
    case_id: int,
    *,
    authority: str,
    paper_number: str,
    text: str,
    by_interface: bool = False,
    photo_is_clear: bool = False,
    submit_key: str = "",
) -> Case:
    """To the authority that may order: a major hazard, one refused, or one overdue again after a follow-up order.

    The office gives the number of the paper. `by_interface`: the authority's system gets it as well, with the first
    photograph where somebody looked that it shows nobody. Raises BadInput without authority, number or words, and at
    `by_interface` for what may not go that way.
    """
    detail = lock_hazard(actor, case_id)
    if cases.already_done(actor, case_id, submit_key):
        return detail.case
    whom = mask_numbers(needed(authority, "请写移交给哪个部门。", "authority"))
    number = needed(paper_number, "请写移交公文的文号。", "paper_number")
    words = needed(text, "请写移交说明。")
    code = choose_service(detail.case) if by_interface else ""
    entry = step(
        actor,
        detail,
        "hand_over",
        f"已移交{whom}",
        text=words,
        submit_key=submit_key,
        authority=whom[:80],
        paper_number=number[:60],
        due_at=None,
    )
    if code:
        queue_outgoing(actor, detail, entry, code, has_photo=photo_is_clear)
    _close(actor, detail, "handed_over", "隐患移交主管部门")
    _journal(actor, detail, "given_over", f"移交{whom}", authority=whom, paper_number=number)
    return detail.case


def _close(actor: Actor, detail: HazardDetail, service: str, summary: str) -> None:
    case = detail.case
    cases.end_case(actor, case, "closed")
    records.add(
        actor,
        service=f"hazards.{service}",
        node=case.node,
        on=timezone.localdate(actor.at),
        person_id=case.person_id,
        summary=summary,
        link=f"/desk/cases/{case.pk}/",
        about=case,
        hidden_path=case.hidden_path,
    )


def _journal(actor: Actor, detail: HazardDetail, what: str, said: str, **data: str) -> None:
    case = detail.case
    record(
        actor,
        f"{KIND}.{what}",
        node=case.node,
        about=case,
        subject_id=case.person_id,
        hidden_path=case.hidden_path,
        summary=f"{said}：{case.title}"[:200],
        data=data,
    )
