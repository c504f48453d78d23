"""Opening a case: number, clocks, timeline, inbox item; and what the rest of the house is told of it."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from unionhome.core.access.actions import check_limit, count_attempt
from unionhome.core.cases import clocks, queries
from unionhome.core.cases.models import Case, Clock, DaySerial, Entry
from unionhome.core.cases.rules import (
    BODY_FIELD,
    CLOCK_LABELS,
    ENTRY_TEXT_FIELD,
    ORIGINS_SHORT,
    PHONE_FIELD,
    RECEIPT_CODE_FIELD,
    RECEIPT_FIELD,
    CaseKind,
    Category,
    number_of,
)
from unionhome.core.files.actions import Content, attach, prepare_audio, prepare_image
from unionhome.core.members.models import Person
from unionhome.core.organizations.models import Division, Employer
from unionhome.core.policy.queries import get_value
from unionhome.core.registry import Actor, BadInput
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import list_ancestors
from unionhome.core.workflow.actions import ItemFacts, start
from unionhome.kit import crypto
from unionhome.kit.codes import mask_name, mask_numbers

FLOOD = "cases.open"


@dataclass(frozen=True, slots=True)
class Upload:
    """One file as it came: its name and bytes. `kind` is image or audio."""

    name: str
    data: bytes
    kind: str = "image"


@dataclass(frozen=True, slots=True)
class NewCase:
    """What a door hands over. `node` is the union that will handle it, `hidden_path` the branch that must not see it;
    `title` stands in lists, masked, where the kind says more than the category and the masked name; `appeal_of` is the
    ended matter that this one appeals."""

    kind: str
    category: str
    text: str
    node: Node
    origin: str
    title: str = ""
    phone: str = ""
    applicant_name: str = ""
    person: Person | None = None
    employer: Employer | None = None
    employer_text: str = ""
    division: Division | None = None
    place_text: str = ""
    hidden_path: str = ""
    is_urgent: bool = False
    submit_key: str = ""
    contents: Sequence[Content] = field(default=())
    appeal_of: Case | None = None


@transaction.atomic
def open_case(actor: Actor, new: NewCase) -> tuple[Case, str]:
    """Open a case at once, with number, clocks, timeline and inbox item; the case and its receipt code.

    A repeat with the same submit key returns the case and the receipt of the first send. Raises BadInput for an
    unknown category and TooMany when one phone floods.
    """
    kind = queries.get_kind(new.kind)
    category = _category(kind, new.category)
    serial = _lock_serial(actor)  # before looking for an earlier send: the same form may be arriving twice right now
    earlier = queries.find_case_by_submit(new.submit_key)
    if earlier is not None:
        return earlier, receipt_of(new.submit_key)
    if new.phone and actor.door in ("my", "open"):
        refuse_flood(actor, new.phone, new.node)
        count_attempt(actor, FLOOD, _sender(actor, new.phone))
    receipt = receipt_of(new.submit_key) if new.submit_key else secrets.token_urlsafe(16)
    case = _create_case(actor, new, kind, category, receipt, _take_number(actor, serial, kind))
    started = clocks.open_clocks(case, actor.at)
    case.climbs_at = min((clock.due_at for clock in started if clock.due_at), default=None)
    case.save(update_fields=["climbs_at"])
    entry = add_entry(actor, case, Entry.Kind.OPENED, _opened_title(kind, new), text=new.text, is_public=True)
    attach_contents(actor, entry, new.contents)
    start(actor, kind.table, case, item_of(case))
    return case, receipt


def refuse_flood(actor: Actor, phone: str, node: Node) -> None:
    """Say no before the photos of one more matter are worked on. Raises TooMany as `open_case` does."""
    if phone and actor.door in ("my", "open"):
        most = get_value("cases.flood_per_hour", _today(actor), node)
        check_limit(actor, FLOOD, _sender(actor, phone), most, 60)


def _sender(actor: Actor, phone: str) -> str:
    """Whom a flood is counted against. A number typed by somebody unknown says nothing of who owns it: its owner,
    signed in, is counted apart and cannot be shut out by others."""
    return f"account {actor.user_id}" if actor.door == "my" else phone


def receipt_of(submit_key: str) -> str:
    """The receipt code of one send: a keyed digest, so that a repeated send gets the same code again."""
    return crypto.blind(submit_key, field=RECEIPT_CODE_FIELD)[:22]


def _category(kind: CaseKind, code: str) -> Category:
    try:
        return kind.category(code)
    except StopIteration:
        raise BadInput("请选一个类别。", "unknown-category", fields={"category": "请选一个类别。"}) from None


def _today(actor: Actor) -> Any:
    return timezone.localdate(actor.at)


def _create_case(actor: Actor, new: NewCase, kind: CaseKind, category: Category, receipt: str, number: str) -> Case:
    name = new.applicant_name or (new.person.name if new.person else "")
    return Case.objects.create(
        number=number,
        kind=kind.code,
        category=category.code,
        title=new.title or f"{category.label}：{mask_name(name) if name else '未留姓名'}",
        body_sealed=crypto.seal(new.text, field=BODY_FIELD),
        is_urgent=new.is_urgent or category.is_urgent,
        origin=new.origin,
        person=new.person,
        account_id=_account_id(actor, new),
        appeal_of=new.appeal_of,
        applicant_name=name,
        phone_sealed=crypto.seal(new.phone, field=PHONE_FIELD) if new.phone else None,
        phone_index=crypto.blind(new.phone, field=PHONE_FIELD) if new.phone else "",
        receipt_index=crypto.blind(receipt, field=RECEIPT_FIELD),
        node=new.node,
        hidden_path=new.hidden_path,
        employer=new.employer,
        employer_text=mask_numbers(new.employer_text) or (new.employer.name if new.employer else ""),
        division=new.division,
        place_text=mask_numbers(new.place_text),
        state=kind.table.initial,
        opened_at=actor.at,
        opened_on=_today(actor),
        submit_key=new.submit_key or None,
        **standing_of(new.node),
    )


def _account_id(actor: Actor, new: NewCase) -> int | None:
    """The signed-in worker's account; of an appeal that of the first matter, where it stands among somebody's own."""
    before = new.appeal_of.account_id if new.appeal_of else None
    return before or (actor.user_id if actor.door == "my" else None)


def standing_of(node: Node) -> dict[str, Node | None]:
    """The county, town and village that a union stands in: frozen into what is counted."""
    above = {each.level: each for each in list_ancestors(node) if each.is_local}
    return {level: above.get(level) for level in ("county", "town", "village")}


def _lock_serial(actor: Actor) -> DaySerial:
    """The serial of the day, held until the transaction ends."""
    day = _today(actor)
    DaySerial.objects.get_or_create(day=day)
    return DaySerial.objects.select_for_update().get(day=day)


def _take_number(actor: Actor, serial: DaySerial, kind: CaseKind) -> str:
    serial.last += 1
    serial.save(update_fields=["last"])
    return number_of(timezone.localtime(actor.at), serial.last, kind.prefix)


def _opened_title(kind: CaseKind, new: NewCase) -> str:
    if new.appeal_of is not None:
        return f"提出申诉（原来的编号{new.appeal_of.number}）"
    return kind.opened.get(new.origin, f"提出{kind.title}")


def add_entry(
    actor: Actor,
    case: Case,
    kind: str,
    title: str,
    *,
    text: str = "",
    is_public: bool,
    clock: str = "",
    submit_key: str = "",
    is_sealed: bool = False,
) -> Entry:
    """One line of the timeline; its text is sealed. `is_sealed`: colleagues see that there is one, and do not read it."""
    return Entry.objects.create(
        case=case,
        at=actor.at,
        kind=kind,
        title=title,
        is_public=is_public,
        is_sealed=is_sealed,
        clock=clock,
        text_sealed=crypto.seal(text, field=ENTRY_TEXT_FIELD) if text else None,
        user_id=actor.user_id,
        actor_name=f"{actor.name}{actor.said_for(case)}"[:80],
        actor_post=actor.post,
        actor_union=actor.node_name,
        submit_key=submit_key or None,
    )


def prepare_uploads(actor: Actor, uploads: Sequence[Upload], node: Node) -> list[Content]:
    """Clean and seal what came, before the transaction: pictures take a while. Raises BadInput at the field."""
    contents = []
    for upload in uploads:
        prepare = prepare_audio if upload.kind == "audio" else prepare_image
        try:
            contents.append(prepare(actor, upload.data, name=upload.name, node=node))
        except BadInput as refusal:
            where = "voice" if upload.kind == "audio" else "photos"
            raise BadInput(refusal.sentence, refusal.code, fields={where: refusal.sentence}) from refusal
    return contents


def unnamed(uploads: Sequence[Upload]) -> tuple[Upload, ...]:
    """Files of somebody who gives no name, numbered: what they were called on the phone may say who it is."""
    labels = {"image": "照片", "audio": "语音"}
    return tuple(replace(each, name=f"{labels[each.kind]}{number}") for number, each in enumerate(uploads, 1))


def attach_contents(actor: Actor, entry: Entry, contents: Sequence[Content]) -> None:
    """Hang prepared files on a line of the timeline."""
    for content in contents:
        attach(
            actor,
            content,
            node=entry.case.node,
            hidden_path=entry.case.hidden_path,
            about_model="cases.entry",
            about_id=entry.pk,
        )


def item_of(case: Case, running: Sequence[Clock] | None = None) -> ItemFacts:
    """What the inbox shows of a case: the clock that runs out first. `running` where they were asked for before."""
    kind = queries.get_kind(case.kind)
    found = Clock.objects.filter(case=case, stopped_at=None) if running is None else running
    rows = [] if clocks.stands_still(case) else list(found)
    due = min((row for row in rows if row.due_at), key=lambda row: (row.due_at, row.pk), default=None)
    waiting = due is not None and kind.table.state(case.state).phase in ("working", "new")
    due_at = due.due_at if due else queries.list_dues([case]).get(case.pk)
    return ItemFacts(
        node=case.node,
        raised_to=case.raised_to,
        title=case.title,
        url=f"/desk/cases/{case.pk}/",
        kind_label=kind.title,
        icon=kind.icon,
        due_at=due_at,
        limit_minutes=due.limit_minutes if due else None,
        is_provisional=due.is_provisional if due else False,
        assignee_id=case.handler_id,
        stand_in_id=case.stand_in_id,
        origin=ORIGINS_SHORT.get(case.origin, "其他"),
        hidden_path=case.hidden_path,
        subject_id=case.person_id,
        next_step=_waiting_words(case)
        or (CLOCK_LABELS[due.name] if due and waiting and (case.accepted_at or case.leader_id) else "")
        or _awaited_words(case, due_at if due is None else None),
    )


def _waiting_words(case: Case) -> str:
    """等职工评价，12月7日自动办结."""
    end = queries.find_rating_end(case, case.proposed_at) if case.proposed_at else None
    return f"等职工评价，{end.month}月{end.day}日自动办结" if end else ""


def _awaited_words(case: Case, due_at: datetime | None) -> str:
    """催问市人社局, of a matter that waits for nothing but an answer from outside of the union."""
    awaited = queries.find_awaited(case) if due_at and not queries.get_kind(case.kind).dues else None
    return f"催问{awaited.authority}"[:40] if awaited else ""
