"""Handing a hazard over to the authority by Open311: claimed and committed first, then posted, then marked.

A worker that dies in between leaves it claimed; after the lease another asks the server first whether our number is there
already, and posts it only where it is not, with the same key. A server that neither lets anybody ask nor knows such keys
may have it twice: nobody can tell from here.
"""

import logging
import secrets
from dataclasses import replace
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from unionhome.core.cases.actions import add_entry
from unionhome.core.cases.models import Case, Entry
from unionhome.core.cases.queries import get_handled_case, get_text
from unionhome.core.cases.rules import ENTRY_TEXT_FIELD
from unionhome.core.files.queries import get_content
from unionhome.core.journal.actions import record
from unionhome.core.policy.queries import get_value
from unionhome.core.registry import Actor, BadInput, Refused
from unionhome.kit import georeport
from unionhome.kit.codes import mask_name, mask_numbers
from unionhome.kit.georeport import NotTaken, Standing, Taken
from unionhome.services.hazards import queries
from unionhome.services.hazards.models import Grade, HazardDetail, Outgoing
from unionhome.services.hazards.rules import MICRO, status_words

logger = logging.getLogger(__name__)
AT_ONCE = 5
"""So many in one round: with the client's time-outs a round stays shorter than the lease."""
State = Outgoing.State
KEPT_BACK = "要瞒着单位的、匿名的、紧急的和提请撤人的，不用接口送，请送纸质公文。"
NOT_SET = "还没有接通主管部门的接口，请系统管理员先设定。"
CUT_OFF = "送的时候程序多次中断，已停止重试。"


def choose_service(case: Case) -> str:
    """Their code for a hazard that may go out. Raises BadInput at `by_interface`."""
    if not settings.OPEN311_RECEIVER.url:
        raise _not_out(NOT_SET, "outside-not-set")
    if not queries.may_leave(case):
        raise _not_out(KEPT_BACK, "kept-back")
    service = queries.find_service(case.category)
    if service is None:
        raise _not_out("这一类隐患还没有对应对方的类别，请系统管理员在“移交接口”里选。", "no-service")
    return service.code


def _not_out(sentence: str, code: str) -> BadInput:
    return BadInput(sentence, code, fields={"by_interface": sentence})


def queue_outgoing(actor: Actor, detail: HazardDetail, entry: Entry, code: str, *, has_photo: bool) -> Outgoing:
    """Let a hazard that is being handed over go out by interface, with the words of that line. Within the act."""
    return Outgoing.objects.create(
        case=detail.case,
        entry=entry,
        service_code=code,
        has_photo=has_photo,
        send_key=secrets.token_hex(12),
        created_at=actor.at,
        due_at=actor.at,
    )


def send_outgoing(actor: Actor) -> int:
    """Post a round of what waits, oldest first; how many got there. Call it outside a transaction."""
    if not settings.OPEN311_RECEIVER.url:
        return 0
    sent = 0
    for outgoing in queries.list_outgoing_due(actor.at)[:AT_ONCE]:
        claim = _claim(actor, outgoing)
        if not claim:
            continue
        try:
            taken = _post(actor, outgoing)
        except NotTaken as refusal:
            _keep_refusal(actor, outgoing, claim, refusal)
            if refusal.is_away:
                break
        else:
            sent += _keep_taken(actor, outgoing, claim, taken)
    return sent


def _claim(actor: Actor, outgoing: Outgoing) -> str:
    """Take it, committed before anybody is called; empty where another worker has it or it was tried too often."""
    claim = secrets.token_hex(12)
    most = get_value("hazards.outside_tries", timezone.localdate(actor.at), outgoing.case.node)
    with transaction.atomic(durable=True):
        due = queries.list_outgoing_due(actor.at).filter(pk=outgoing.pk)
        found = due.select_for_update(of=("self",)).first()
        if found is None:
            return ""
        row = Outgoing.objects.filter(pk=found.pk)
        if found.tries >= most:
            row.update(state=State.FAILED, reason=CUT_OFF, claim="")
            return ""
        row.update(state=State.SENDING, claim=claim, claimed_at=actor.at, tries=found.tries + 1, is_posted=True)
    outgoing.tries, outgoing.is_posted = found.tries + 1, found.is_posted
    return claim


def _post(actor: Actor, outgoing: Outgoing) -> Taken:
    """What the server says. Raises NotTaken, also where the matter may not leave any more."""
    case, receiver = outgoing.case, settings.OPEN311_RECEIVER
    if outgoing.is_posted:
        found = georeport.find_request(
            receiver, outgoing.service_code, case.number, outgoing.created_at - timedelta(days=1), actor.at
        )
        if found is not None:
            return found
    if not queries.may_leave(case):
        raise NotTaken(KEPT_BACK, answer="kept-back", again=False)
    try:
        photo = _photo(outgoing)
    except Refused as refusal:
        raise NotTaken(refusal.sentence, answer=refusal.code, again=False) from None
    return georeport.post_request(receiver, _fields(outgoing), photo, outgoing.send_key)


def _photo(outgoing: Outgoing) -> bytes | None:
    """The first photograph as it was made anew: without place, time and camera."""
    if not outgoing.has_photo:
        return None
    before, _ = queries.list_photos(outgoing.case, outgoing.case.hazard)
    return get_content(before[0]) if before else None


def _fields(outgoing: Outgoing) -> dict[str, str]:
    """What goes out: what and where it is, the unit, the paper, and the words of whoever handed it over. Never who
    reported it, nor what they wrote."""
    case, detail = outgoing.case, outgoing.case.hazard
    lines = [
        f"{case.number} {case.title}",
        f"等级：{Grade(detail.grade).label}" if detail.grade else "",
        f"责任单位：{case.employer_text}" if case.employer_text else "",
        f"移交公文：{detail.paper_number}（{case.node.name}）",
        get_text(outgoing.entry.text_sealed, ENTRY_TEXT_FIELD),
    ]
    place = [case.place_text, case.division.name if case.division else ""]
    fields = {
        "service_code": outgoing.service_code,
        "description": _nobody(case, "\n".join(line for line in lines if line)),
        "address_string": _nobody(case, "，".join(each for each in place if each) or case.node.name),
    }
    if detail.latitude is not None and detail.longitude is not None:
        fields |= {"lat": f"{detail.latitude / MICRO:.6f}", "long": f"{detail.longitude / MICRO:.6f}"}
    return fields


def _nobody(case: Case, text: str) -> str:
    """Words without numbers of people, and without the reporter's name where somebody wrote it."""
    name = case.applicant_name.strip()
    return mask_numbers(text.replace(name, mask_name(name)) if len(name) > 1 else text)


def _held(outgoing: Outgoing, claim: str) -> QuerySet[Outgoing]:
    return Outgoing.objects.filter(pk=outgoing.pk, state=State.SENDING, claim=claim)


@transaction.atomic
def _keep_taken(actor: Actor, outgoing: Outgoing, claim: str, taken: Taken) -> bool:
    day = timezone.localdate(actor.at)
    ask_at = actor.at + timedelta(days=get_value("hazards.outside_ask_days", day, outgoing.case.node))
    is_kept = _held(outgoing, claim).update(
        state=State.SENT,
        sent_at=actor.at,
        number=taken.number,
        token=taken.token,
        ask_at=ask_at,
        reason="",
        claim="",
    )
    if is_kept:
        given = f"，对方编号{taken.number}" if taken.number else "，对方稍后给编号"
        _tell(actor, outgoing.case, f"已用接口送到{settings.OPEN311_RECEIVER.name}{given}")
        _journal(actor, outgoing.case, "sent", "用接口移交", number=taken.number)
    return bool(is_kept)


def _keep_refusal(actor: Actor, outgoing: Outgoing, claim: str, refusal: NotTaken) -> None:
    most = get_value("hazards.outside_tries", timezone.localdate(actor.at), outgoing.case.node)
    again = refusal.again and outgoing.tries < most
    logger.warning("hazard %s not handed over: %s", outgoing.case_id, refusal.answer)
    _held(outgoing, claim).update(
        state=State.WAITING if again else State.FAILED,
        due_at=actor.at + timedelta(minutes=min(4 ** min(outgoing.tries - 1, 5), 360)),
        reason=refusal.sentence[:120],
        claim="",
    )


@transaction.atomic
def resend_hazard(actor: Actor, case_id: int, *, submit_key: str = "") -> Case:
    """Let a hazard that did not get there go out once more, with all its tries and the same key; the server is asked
    first whether it has it. The category is looked up anew. Raises Refused where it waits or is there, BadInput."""
    case = get_handled_case(actor, case_id)
    outgoing = Outgoing.objects.select_for_update(of=("self",)).filter(case=case).first()
    if outgoing is None or outgoing.state != State.FAILED:
        raise Refused("这一件不在“没送到”里，可能已经有人再送了，请刷新看看。", "not-failed")
    outgoing.service_code = choose_service(case)
    outgoing.state, outgoing.tries, outgoing.reason, outgoing.due_at = State.WAITING, 0, "", actor.at
    outgoing.save(update_fields=["service_code", "state", "tries", "reason", "due_at"])
    _journal(actor, case, "sent_again", "再用接口移交", service=outgoing.service_code)
    return case


# -- what became of it -------------------------------------------------------------------------------------------------


def ask_outgoing(actor: Actor) -> int:
    """Ask the server how a few hazards stand that are due to be asked; how many have changed. Outside a transaction."""
    if not settings.OPEN311_RECEIVER.url:
        return 0
    changed = 0
    for outgoing in queries.list_outgoing_unheard(actor.at)[:AT_ONCE]:
        if not _put_off(actor, outgoing):
            continue
        try:
            changed += _hear(actor, outgoing)
        except NotTaken as refusal:
            logger.warning("hazard %s not heard of: %s", outgoing.case_id, refusal.answer)
            Outgoing.objects.filter(pk=outgoing.pk).update(reason=f"没问到进度：{refusal.sentence}"[:120])
            if refusal.is_away:
                break
    return changed


def _put_off(actor: Actor, outgoing: Outgoing) -> bool:
    """Put the next asking off before this one, so that nobody asks twice; whether it was still due."""
    day, node = timezone.localdate(actor.at), outgoing.case.node
    until = (outgoing.sent_at or actor.at) + timedelta(days=get_value("hazards.outside_ask_until", day, node))
    later = actor.at + timedelta(days=get_value("hazards.outside_ask_days", day, node))
    due = Outgoing.objects.filter(pk=outgoing.pk, ask_at=outgoing.ask_at)
    return bool(due.update(ask_at=later if later <= until else None))


def _hear(actor: Actor, outgoing: Outgoing) -> bool:
    """Keep how it stands, with a line where that is new. Raises NotTaken."""
    receiver = settings.OPEN311_RECEIVER
    number = outgoing.number or georeport.get_number(receiver, outgoing.token)
    if not number:
        return False
    said = georeport.get_standing(receiver, number)
    return _keep_standing(actor, outgoing.pk, number, replace(said, notes=mask_numbers(said.notes)[:200]))


@transaction.atomic
def _keep_standing(actor: Actor, pk: int, number: str, said: Standing) -> bool:
    outgoing = Outgoing.objects.select_for_update(of=("self",)).select_related("case__node").get(pk=pk)
    before = (outgoing.status, outgoing.notes)
    outgoing.number, outgoing.status, outgoing.notes, outgoing.reason = number, said.status, said.notes, ""
    outgoing.heard_at = actor.at
    if said.status == "closed":
        outgoing.ask_at = None
    outgoing.save(update_fields=["number", "status", "notes", "reason", "heard_at", "ask_at"])
    if before == (said.status, said.notes):
        return False
    words = f"{settings.OPEN311_RECEIVER.name}：{status_words(said.status)}（对方编号{number}）"
    _tell(actor, outgoing.case, words)
    _journal(actor, outgoing.case, "heard", words, status=status_words(said.status))
    return True


def _tell(actor: Actor, case: Case, title: str) -> None:
    """A line that the reporter reads too: in our own words, whatever the other side wrote."""
    add_entry(actor, case, Entry.Kind.STEP, title[:80], is_public=True)


def _journal(actor: Actor, case: Case, what: str, said: str, **data: str) -> None:
    record(
        actor,
        f"hazards.outgoing.{what}",
        node=case.node,
        about=case,
        subject_id=case.person_id,
        hidden_path=case.hidden_path,
        summary=f"{said}：{case.title}"[:200],
        data=data,
    )
