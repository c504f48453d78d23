"""Joining by phone: sending an application, and what the union does with it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from unionhome.core.access.actions import link_person
from unionhome.core.access.queries import find_own_phone, get_self
from unionhome.core.journal.actions import record
from unionhome.core.members.actions.privacy.looking import count_probe, probe
from unionhome.core.members.actions.register.entering import NewMember, enter
from unionhome.core.members.models import AccessRecord, Application, Consent, Membership
from unionhome.core.members.queries.lookups import (
    find_employer,
    find_person_by_document,
    find_route,
    get_answer_by,
    get_membership,
)
from unionhome.core.members.queries.matters import find_clash, get_application
from unionhome.core.members.rules import privacy, sealed
from unionhome.core.members.rules.codes import Source
from unionhome.core.members.rules.joining import ELSEWHERE, JoinInput, Route, check_join
from unionhome.core.members.workflow import APPLICATION
from unionhome.core.organizations.queries import find_division
from unionhome.core.registry import Actor, BadInput, Forbidden, NotFound, Refused
from unionhome.core.tree.models import Node
from unionhome.core.workflow.actions import ItemFacts, move, start
from unionhome.core.workflow.queries import find_own_step
from unionhome.kit.codes import Document, DocumentKind, mask_name, mask_numbers, parse_document

ELSEWHERE_SENTENCE = f"这个证件号码{ELSEWHERE}。是您本人的，请带证件到原工会或镇街工会办会籍转接。"


@dataclass(frozen=True, slots=True)
class Joined:
    """What came of sending the form: an application under way, or the account bound to a known membership."""

    application: Application | None = None
    membership: Membership | None = None


def apply_to_join(actor: Actor, given: JoinInput, *, submit_key: str = "") -> Joined:
    """Send an application to the union that `find_route` names; a repeat with the same key returns the first.

    Somebody the register already knows by document, name and phone is bound to the account instead. Raises BadInput
    at the fields, Refused for a member or an open application, and for a document that is a member elsewhere: that
    is all that is told, it is counted, and its person sees it. Call it outside a transaction.
    """
    if actor.door != "my" or actor.user_id is None:
        raise Forbidden("入会申请要本人用手机号登录后填。")
    earlier = _find_sent(actor, submit_key)
    if earlier is not None:
        return Joined(application=earlier)
    try:
        return _join(actor, given, submit_key)
    except Refused:
        meanwhile = _find_sent(actor, submit_key)  # the same form, sent twice at once, got through beside this one
        if meanwhile is None:
            raise
        return Joined(application=meanwhile)


def _find_sent(actor: Actor, submit_key: str) -> Application | None:
    earlier = Application.objects.filter(submit_key=submit_key).first() if submit_key else None
    if earlier is not None and earlier.user_id != actor.user_id:
        raise BadInput("这一页已经用过了，请刷新后再填。", "key-used")
    return earlier


def _join(actor: Actor, given: JoinInput, submit_key: str) -> Joined:
    document = check_join(given, timezone.localdate(actor.at))
    _refuse_members(actor)
    membership = _find_own_membership(actor, given, document)
    if membership is not None:
        return Joined(membership=_claim(actor, membership))
    return Joined(application=_send(actor, given, document, submit_key))


def _find_own_membership(actor: Actor, given: JoinInput, document: Document) -> Membership | None:
    """The membership of that document, if name and phone are the register's too; None for no member.

    Raises Refused for another's, after counting and noting it; a number of no member counts alike.
    """
    known = find_person_by_document(document.number, document.kind)
    standing = get_membership(known.pk) if known else None
    if known is None or standing is None:
        count_probe(actor)
        return None
    phone = sealed.phone_index(find_own_phone(actor))
    if phone and known.name == given.name.strip() and known.phone_index == phone:
        return standing
    probe(actor, known)
    raise Refused(ELSEWHERE_SENTENCE, "member-elsewhere", fields={"document": ELSEWHERE})


def _refuse_members(actor: Actor) -> None:
    membership = get_membership(actor.person_id)
    if membership:
        raise Refused(f"您已经是{membership.node.name}的会员。", "member-already")
    if Application.objects.filter(user=actor.user_id, state__in=("submitted", "returned")).exists():
        raise Refused("您已经有一份入会申请在办，可以在“入会”里看进度。", "application-open")


@transaction.atomic
def _claim(actor: Actor, membership: Membership) -> Membership:
    person = membership.person
    link_person(actor, get_self(actor), person.pk, name=person.name)
    return membership


@transaction.atomic
def _send(actor: Actor, given: JoinInput, document: Document, submit_key: str) -> Application:
    route = find_route(
        employer_id=given.employer_id,
        employer_text=given.employer_text,
        division_code=given.division_code,
    )
    application = Application(
        user=get_self(actor),
        state=APPLICATION.initial,
        submitted_at=actor.at,
        consent_version=privacy.REGISTER_VERSION,
        submit_key=submit_key or None,
    )
    _fill(application, actor, given, document, route)
    try:
        with transaction.atomic():
            application.save()
    except IntegrityError as error:
        raise Refused("您已经有一份入会申请在办，可以在“入会”里看进度。", "application-open") from error
    application.number = f"RH{timezone.localdate(actor.at):%Y%m%d}{application.pk:06d}"
    application.save(update_fields=["number"])
    start(actor, APPLICATION, application, _item_of(application))
    return application


def _fill(
    application: Application,
    actor: Actor,
    given: JoinInput,
    document: Document,
    route: Route,
) -> None:
    phone = find_own_phone(actor)
    employer = find_employer(given.employer_id, given.employer_text)
    application.node = Node.objects.get(pk=route.node_id)
    application.name = given.name.strip()
    application.document_kind = document.kind
    application.document_index = sealed.document_index(document.kind, document.number)
    application.phone_index = sealed.phone_index(phone)
    application.facts_sealed = sealed.seal_sent(sealed.SentFacts(document.number, phone))
    application.employer = employer
    application.employer_text = "" if employer else mask_numbers(given.employer_text.strip())
    application.division = find_division(given.division_code) if given.division_code else None
    application.group = given.group
    application.route_reason = route.reason
    _set_due(actor, application)


def _set_due(actor: Actor, application: Application) -> None:
    answer = get_answer_by(actor, application.node)
    application.due_at, application.is_provisional = answer.at, answer.is_provisional


def _item_of(application: Application, *, is_waiting: bool = False) -> ItemFacts:
    """What the inbox shows of an application. The clock of the union stands while it waits for the worker."""
    return ItemFacts(
        node=application.node,
        title=f"{mask_name(application.name)}申请入会",
        url=reverse("members:application", args=[application.pk]),
        kind_label="入会",
        icon="user-plus",
        due_at=None if is_waiting else application.due_at,
        is_provisional=application.is_provisional,
        origin="手机申请",
    )


def approve_application(actor: Actor, application_id: int, *, submit_key: str = "") -> Membership:
    """Make the applicant a member from today, bind the account, keep the consent, journal members.member.joined.

    Raises Refused for a member: in sight by name of the union, out of sight only as a member elsewhere, which is
    counted and visible to that person. Call it outside a transaction.
    """
    application = get_application(actor, application_id)
    actor.require("members.approve", application.node.path)
    if application.membership is not None:
        return application.membership
    met = find_clash(actor, application.document_index)
    if met.get("elsewhere"):
        document = sealed.open_sent(application.facts_sealed).document
        known = find_person_by_document(document, application.document_kind)
        if known:
            probe(actor, known)
    return _approve(actor, application, met, submit_key)


@transaction.atomic
def _approve(actor: Actor, application: Application, met: Mapping[str, str | bool], submit_key: str) -> Membership:
    move(
        actor,
        APPLICATION,
        application,
        "approve",
        item=_item_of(application),
        facts=met,
        submit_key=submit_key,
    )
    if application.membership is not None:
        return application.membership
    today = timezone.localdate(actor.at)
    sent = sealed.open_sent(application.facts_sealed)
    document = parse_document(DocumentKind(application.document_kind), sent.document, on=today)
    new = NewMember(
        node=application.node,
        name=application.name,
        document=document,
        phone=sent.phone,
        source=Source.APPLICATION,
        on=today,
        employer=application.employer,
        employer_text=application.employer_text,
        facts={"group": application.group},
    )
    membership = _enter_once(actor, new)
    _finish(actor, application, membership)
    return membership


def _enter_once(actor: Actor, new: NewMember) -> Membership:
    try:
        with transaction.atomic():
            return enter(actor, new)
    except IntegrityError as error:
        raise Refused("刚刚有别的工会登记了这个证件号码，请刷新看看。", "member-just-now") from error


def _finish(actor: Actor, application: Application, membership: Membership) -> None:
    person = membership.person
    application.membership = membership
    application.decided_at = actor.at
    application.save(update_fields=["membership", "decided_at"])
    link_person(actor, application.user, person.pk, name=person.name)
    AccessRecord.objects.filter(application=application).update(person=person)
    Consent.objects.get_or_create(
        person=person,
        purpose=privacy.REGISTER,
        withdrawn_at=None,
        defaults={
            "version": application.consent_version,
            "given_at": application.submitted_at,
        },
    )
    record(
        actor,
        "members.member.joined",
        node=membership.node,
        about=membership,
        subject_id=person.pk,
        summary=f"{mask_name(person.name)}加入{membership.node.name}",
        data={"entry": membership.entry, "on": membership.joined_on.isoformat()},
    )


@transaction.atomic
def return_application(actor: Actor, application_id: int, *, reason: str, submit_key: str = "") -> Application:
    """Send it back to the worker, who sees the reason and completes it. Raises Refused without a reason."""
    return _move(actor, application_id, "return_to_worker", reason, submit_key)


@transaction.atomic
def decline_application(actor: Actor, application_id: int, *, reason: str, submit_key: str = "") -> Application:
    """Say no, with the reason that the worker sees."""
    return _move(actor, application_id, "decline", reason, submit_key)


def _move(actor: Actor, application_id: int, verb: str, reason: str, submit_key: str) -> Application:
    application = get_application(actor, application_id)
    move(
        actor,
        APPLICATION,
        application,
        verb,
        item=_item_of(application, is_waiting=verb == "return_to_worker"),
        reason=_short(reason),
        submit_key=submit_key,
    )
    if APPLICATION.state(application.state).is_end:
        application.decided_at = actor.at
        application.save(update_fields=["decided_at"])
    return application


def _short(reason: str) -> str:
    reason = reason.strip()
    if len(reason) > 200:
        raise BadInput("原因最多200个字。", fields={"reason": "原因最多200个字"})
    return mask_numbers(reason)


@transaction.atomic
def forward_application(
    actor: Actor, application_id: int, *, node: Node, reason: str, submit_key: str = ""
) -> Application:
    """Hand it to another union, which gets the full time to answer. Raises Refused for the same union."""
    if find_own_step(actor, submit_key, Application(pk=application_id)) is not None:  # it may be out of sight by now
        return Application.objects.get(pk=application_id)
    application = get_application(actor, application_id)
    answer = get_answer_by(actor, node)
    here = application.node
    application.node, application.due_at = node, answer.at
    item = _item_of(application)
    application.node = here
    move(
        actor,
        APPLICATION,
        application,
        "forward",
        item=item,
        facts={"other_union": node.pk != here.pk},
        reason=_short(reason),
        submit_key=submit_key,
    )
    application.node = node
    application.due_at, application.is_provisional = answer.at, answer.is_provisional
    application.route_reason = f"{here.name}转来：{reason.strip()}"[:200]
    application.save(update_fields=["node", "due_at", "is_provisional", "route_reason"])
    return application


def _find_open_application(actor: Actor) -> Application:
    """The actor's own application that is under way. Raises NotFound."""
    row = (
        Application.objects.select_related("node")
        .filter(user=actor.user_id, state__in=("submitted", "returned"))
        .first()
        if actor.door == "my" and actor.user_id
        else None
    )
    if row is None:
        raise NotFound("没有在办的入会申请。")
    return row


def resubmit_application(actor: Actor, given: JoinInput, *, submit_key: str = "") -> Application:
    """Send a returned application again with what the form holds now; it goes back to the union that asked.

    Refuses as `apply_to_join` does. Call it outside a transaction.
    """
    application = _find_open_application(actor)
    document = check_join(given, timezone.localdate(actor.at))
    if _find_own_membership(actor, given, document):
        raise Refused("您已经是会员，请刷新页面看看。", "member-already")
    return _resend(actor, application, given, document, submit_key)


@transaction.atomic
def _resend(
    actor: Actor,
    application: Application,
    given: JoinInput,
    document: Document,
    submit_key: str,
) -> Application:
    here, why = application.node, application.route_reason
    _fill(application, actor, given, document, Route(here.pk, here.name, why))
    application.save()
    item = _item_of(application)
    move(actor, APPLICATION, application, "resubmit", item=item, submit_key=submit_key)
    return application


@transaction.atomic
def cancel_application(actor: Actor, *, submit_key: str = "") -> Application:
    """The worker takes the application back."""
    application = _find_open_application(actor)
    move(actor, APPLICATION, application, "cancel", item=_item_of(application), submit_key=submit_key)
    application.decided_at = actor.at
    application.save(update_fields=["decided_at"])
    return application
