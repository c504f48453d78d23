"""What people say against a list: on line without an account, or on paper, entered by a cadre."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.urls import reverse

from unionhome.core.access.actions.limits import limit
from unionhome.core.files.actions import Content
from unionhome.core.publicity import queries
from unionhome.core.publicity.actions.locking import Photo, days_of, end_of, journal, keep, prepare, step, today_of
from unionhome.core.publicity.models import Notice, Objection, Way
from unionhome.core.publicity.rules import CONTACT_FIELD, NAME_FIELD, TEXT_FIELD, refuse_at
from unionhome.core.publicity.workflow import OBJECTION, POST
from unionhome.core.registry import Actor, BadInput
from unionhome.core.tree.queries import find_local_above
from unionhome.core.workflow.actions import ItemFacts, start
from unionhome.kit import crypto

MOST_PHOTOS = 6


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is not right. Without a name the union cannot ring back, and answers by the receipt."""

    text: str
    name: str = ""
    contact: str = ""
    photos: Sequence[Photo] = ()


def object_online(
    actor: Actor, public_id: str, given: Complaint, *, address: str = "", submit_key: str = ""
) -> Objection:
    """Take an objection from anybody who has the address of the notice. Call it outside a transaction.

    The last minute of the last day counts. Raises Refused afterwards, with where else to turn; BadInput at the field;
    TooMany where one network address floods.
    """
    notice = queries.get_shown_notice(public_id)
    earlier = _find_earlier(notice, submit_key)
    if earlier is not None:
        return earlier
    _check(actor, notice, given)
    if address:
        limit(actor, "publicity.object", address, settings.REPORTS_PER_ADDRESS, 60)
    photos = [Photo(f"来信{number}", photo.data) for number, photo in enumerate(given.photos, 1)]
    contents = prepare(Actor.public(actor.at, actor.request_id), photos, notice.node, "photos")
    unnamed = Actor.public(actor.at, actor.request_id)
    return _receive(unnamed, notice.pk, given, Way.ONLINE, contents, submit_key)


def enter_objection(actor: Actor, notice_id: int, given: Complaint, *, submit_key: str = "") -> Objection:
    """Enter an objection that came on paper, with a photograph of the letter. Call it outside a transaction."""
    notice = queries.get_handled_notice(actor, notice_id, POST)
    earlier = _find_earlier(notice, submit_key)
    if earlier is not None:
        return earlier
    _check(actor, notice, given)
    if not given.photos:
        raise refuse_at("photos", "请拍下来信的每一页。", "photo-missing")
    contents = prepare(actor, given.photos, notice.node, "photos", scans=True)
    return _receive(actor, notice.pk, given, Way.PAPER, contents, submit_key)


def _find_earlier(notice: Notice, submit_key: str) -> Objection | None:
    earlier = queries.find_objection(submit_key)
    if earlier is not None and earlier.notice_id != notice.pk:
        raise BadInput("这张表单已经用过，请返回刷新后再填。", "key-used")
    return earlier


def _check(actor: Actor, notice: Notice, given: Complaint) -> None:
    late = queries.find_late_refusal(notice, actor.at)
    if late is not None:
        raise late
    if not given.text.strip():
        raise refuse_at("text", "请写哪里不对。", "text-missing")
    if len(given.photos) > MOST_PHOTOS:
        raise refuse_at("photos", f"最多 {MOST_PHOTOS} 张照片，请挑一挑。", "too-many-photos")


@transaction.atomic
def _receive(
    actor: Actor, notice_id: int, given: Complaint, way: str, contents: Sequence[Content], submit_key: str
) -> Objection:
    notice = Notice.objects.select_for_update(of=("self",)).select_related("node").get(pk=notice_id)
    earlier = _find_earlier(notice, submit_key)
    if earlier is not None:
        return earlier
    late = queries.find_late_refusal(notice, actor.at)
    if late is not None:
        raise late
    last = Objection.objects.filter(notice=notice).aggregate(last=Max("number"))["last"] or 0
    name, contact = given.name.strip(), given.contact.strip()
    objection = Objection.objects.create(
        notice=notice,
        node=notice.node,
        number=last + 1,
        way=way,
        is_named=bool(name),
        name_sealed=crypto.seal(name, field=NAME_FIELD) if name else None,
        contact_sealed=crypto.seal(contact, field=CONTACT_FIELD) if contact else None,
        text_sealed=crypto.seal(given.text.strip(), field=TEXT_FIELD),
        state=OBJECTION.initial,
        receipt=secrets.token_hex(8),
        opened_at=actor.at,
        received_on=today_of(actor),
        due_at=end_of(queries.find_term(today_of(actor), days_of(actor, "publicity.answer_days", notice.node)).on),
        submit_key=submit_key or None,
    )
    keep(actor, contents, objection, notice.node)
    start(actor, OBJECTION, objection, objection_item(objection))
    if notice.state in queries.RUNNING:
        verb = "enter" if way == Way.PAPER else "object"
        step(actor, notice, verb, said=f"收到第{objection.number}份异议", due_at=objection.due_at)
    journal(
        actor, notice, "told", "收到异议", objection=objection.number, way=objection.get_way_display(),
        is_named=objection.is_named,
    )  # fmt: skip
    return objection


def objection_item(objection: Objection) -> ItemFacts:
    """What the inbox shows, also that of the union above: whoever posted the list does not answer."""
    notice = objection.notice
    return ItemFacts(
        node=notice.node,
        title=f"{notice.number} {notice.title}，第{objection.number}份异议"[:120],
        url=reverse("publicity:objection", args=[objection.pk]),
        kind_label=OBJECTION.title,
        icon="message-report",
        due_at=objection.due_at,
        origin=objection.get_way_display(),
        raised_to=find_local_above(notice.node),
    )
