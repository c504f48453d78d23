"""Moving a membership from one union to another: asked for by the member or a union, released, received or refused."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from unionhome.core.journal.actions import record
from unionhome.core.members.actions.standing.changing import (
    close_membership,
    lock_membership,
    open_membership,
)
from unionhome.core.members.actions.standing.resting import GONE, lapse_transfers
from unionhome.core.members.models import Membership, Person, Transfer
from unionhome.core.members.models.transfers import OPEN_TRANSFER
from unionhome.core.members.queries.files import get_person
from unionhome.core.members.queries.lookups import find_employer, find_route, get_answer_by
from unionhome.core.members.queries.own import get_own_person
from unionhome.core.members.queries.standing import get_standing
from unionhome.core.members.queries.transfers import get_transfer, get_transfer_facts
from unionhome.core.members.rules import standing as rules
from unionhome.core.members.rules.codes import STANDING, Entry, Status
from unionhome.core.members.rules.standing import TransferInput, TransferOrigin
from unionhome.core.members.workflow import TRANSFER
from unionhome.core.policy.queries import get_value
from unionhome.core.registry import Actor, BadInput, NotFound, Refused
from unionhome.core.tree.actions import end_share, share_row
from unionhome.core.tree.models import Node
from unionhome.core.workflow.actions import ItemFacts, keep_item, move, start
from unionhome.core.workflow.models import Step
from unionhome.core.workflow.queries import find_own_step
from unionhome.kit.codes import mask_name, mask_numbers

MODEL = "members.transfer"
OPEN = "这个人的会籍正在转接，先等这次转接办完。"


@transaction.atomic
def request_transfer(actor: Actor, given: TransferInput, *, submit_key: str = "") -> Transfer:
    """The member asks to go to the union of a new employer or place; a repeat with the key returns the first.

    Raises BadInput at the fields, Refused for somebody who is no member, is moving already, is leaving or stays.
    """
    earlier = _find_sent(actor, submit_key)
    if earlier is not None:
        return earlier
    person = get_own_person(actor)
    membership = _lock(person)
    _refuse(person, membership, own=True)
    given = rules.check_transfer(given)
    route = find_route(
        employer_id=given.employer_id, employer_text=given.employer_text, division_code=given.division_code
    )
    to_node = Node.objects.get(pk=route.node_id)
    if to_node.pk == membership.node_id:
        raise Refused(f"新单位还是归{to_node.name}，会籍不用转接，单位变了请“申请更正”。", "same-union")
    return _start(
        actor,
        membership,
        to_node,
        origin=TransferOrigin.WORKER,
        given=given,
        route_reason=route.reason,
        submit_key=submit_key,
    )


@transaction.atomic
def send_transfer(actor: Actor, person_id: int, *, node: Node, given: TransferInput, submit_key: str = "") -> Transfer:
    """The old union lets a member go to a union anywhere: released at once, the new union answers.

    Raises NotFound out of scope, Forbidden, Refused where the standing does not allow it, BadInput at the fields.
    """
    earlier = _find_sent(actor, submit_key)
    if earlier is not None:
        return earlier
    person = get_person(actor, person_id)
    actor.require("members.release", person.node.path)
    membership = _lock(person)
    _refuse(person, membership)
    given = rules.check_transfer(given, needs_place=False)
    transfer = _start(actor, membership, node, origin=TransferOrigin.OLD_UNION, given=given, submit_key=submit_key)
    return release_transfer(actor, transfer.pk)


def start_for_new_union(
    actor: Actor, person: Person, node: Node, *, origin: TransferOrigin, given: TransferInput, submit_key: str = ""
) -> Transfer:
    """Ask the union that keeps a member to let the member go to `node`. The caller has made sure who may ask."""
    with transaction.atomic():
        membership = _lock(person)
        _refuse(person, membership)
        return _start(actor, membership, node, origin=origin, given=given, submit_key=submit_key)


def _find_sent(actor: Actor, submit_key: str) -> Transfer | None:
    earlier = Transfer.objects.filter(submit_key=submit_key).first() if submit_key else None
    if earlier is not None and earlier.user_id != actor.user_id:
        raise BadInput("这一页已经用过了，请刷新后再填。", "key-used")
    return earlier


def _lock(person: Person) -> Membership:
    membership = lock_membership(person.pk)
    if membership is None:
        raise Refused("这个人现在不在会，可以直接入会，不用转接。", "no-member")
    return membership


def _refuse(person: Person, membership: Membership, *, own: bool = False) -> None:
    standing = get_standing(person, membership)
    if own and standing.transfer_open:
        raise Refused("您的会籍正在转接，可以在“会籍转接”里看进度。", "transfer-open")
    if own and standing.leaving_open:
        raise Refused("您申请了退会，先撤回退会再转接。", "leaving-open")
    sentence = rules.step_fault("transfer", standing)
    if sentence:
        raise Refused(sentence, "not-now-transfer")


def _start(
    actor: Actor,
    membership: Membership,
    to_node: Node,
    *,
    origin: TransferOrigin,
    given: TransferInput,
    route_reason: str = "",
    submit_key: str = "",
) -> Transfer:
    if to_node.closed_on is not None:
        raise BadInput("这个工会已经撤销，请选别的工会。", fields={"union": "这个工会已经撤销"})
    if to_node.pk == membership.node_id:
        raise BadInput("已经在这个工会，不用转接。", fields={"union": "这个人已经在这个工会"})
    employer = find_employer(given.employer_id, given.employer_text) if _names_employer(given) else None
    transfer = Transfer(
        person=membership.person,
        membership=membership,
        from_node=membership.node,
        to_node=to_node,
        node=membership.node,
        state=TRANSFER.initial,
        origin=origin,
        user_id=actor.user_id,
        why=given.why,
        note=mask_numbers(given.note),
        employer=employer,
        employer_text="" if employer else mask_numbers(given.employer_text),
        route_reason=route_reason,
        submitted_at=actor.at,
        submit_key=submit_key or None,
    )
    _take_turn(actor, transfer, membership.node)
    _insert(transfer)
    transfer.number = f"ZJ{timezone.localdate(actor.at):%Y%m%d}{transfer.pk:06d}"
    transfer.save(update_fields=["number"])
    _mark(membership, Status.TRANSFERRING)
    share_row(actor, MODEL, transfer.pk, node=to_node, reason="会籍转接", can_act=True)
    start(actor, TRANSFER, transfer, _item_of(transfer))
    return transfer


def _names_employer(given: TransferInput) -> bool:
    return bool(given.employer_id or given.employer_text)


def _insert(transfer: Transfer) -> None:
    try:
        with transaction.atomic():
            transfer.save()
    except IntegrityError as error:
        raise Refused(OPEN, "transfer-open") from error


def _take_turn(actor: Actor, transfer: Transfer, node: Node) -> None:
    """Whose turn it is from now on, and by when. The row is not saved here."""
    answer = get_answer_by(actor, node)
    transfer.node, transfer.turn_at = node, actor.at
    transfer.due_at, transfer.is_provisional, transfer.raised_at = answer.at, answer.is_provisional, None


def _mark(membership: Membership, status: str) -> None:
    Membership.objects.filter(pk=membership.pk, status__in=STANDING).update(status=status)


def _item_of(transfer: Transfer, raised_to: Node | None = None) -> ItemFacts:
    """What the inbox shows of a transfer: nothing of where it comes from to the union it goes to."""
    return ItemFacts(
        node=transfer.node,
        raised_to=raised_to,
        title=f"{mask_name(transfer.person.name)}转到{transfer.to_node.name}",
        url=reverse("members:transfer", args=[transfer.pk]),
        kind_label="转接",
        icon="arrows-exchange",
        due_at=transfer.due_at,
        is_provisional=transfer.is_provisional,
        origin=transfer.get_origin_display(),
        subject_id=transfer.person_id,
    )


@transaction.atomic
def release_transfer(actor: Actor, transfer_id: int, *, submit_key: str = "") -> Transfer:
    """The old union agrees: now it is the new one's turn, with the full time to answer. Raises Refused, Forbidden."""
    transfer, step = _locked(actor, transfer_id, submit_key)
    if step or _did(actor, transfer, "release"):
        return transfer
    facts = get_transfer_facts(actor, transfer)
    here = transfer.node
    _take_turn(actor, transfer, transfer.to_node)
    item = _item_of(transfer)
    transfer.node = here
    move(actor, TRANSFER, transfer, "release", item=item, facts=facts, submit_key=submit_key)
    _take_turn(actor, transfer, transfer.to_node)
    transfer.save(update_fields=["node", "turn_at", "due_at", "is_provisional", "raised_at"])
    return transfer


@transaction.atomic
def hold_transfer(actor: Actor, transfer_id: int, *, reason: str, submit_key: str = "") -> Transfer:
    """The old union does not let go, with a reason that the member and the new union see; the membership stays."""
    return _give_back(actor, transfer_id, "hold", reason, submit_key)


@transaction.atomic
def refuse_transfer(actor: Actor, transfer_id: int, *, reason: str, submit_key: str = "") -> Transfer:
    """The new union does not take the member, with a reason; the membership is active at the old union again."""
    return _give_back(actor, transfer_id, "refuse", reason, submit_key)


@transaction.atomic
def cancel_transfer(actor: Actor, *, submit_key: str = "") -> Transfer:
    """The member stays after all, whoever had asked. Raises NotFound where nothing is under way."""
    person = get_own_person(actor)
    found = Transfer.objects.filter(person=person, state__in=OPEN_TRANSFER).first()
    if found is None:
        raise NotFound("没有在办的会籍转接。")
    return _give_back(actor, found.pk, "cancel", "", submit_key)


def _give_back(actor: Actor, transfer_id: int, verb: str, reason: str, submit_key: str) -> Transfer:
    transfer, step = _locked(actor, transfer_id, submit_key)
    if step:
        return transfer
    reason = rules.check_text(reason, "reason")
    move(actor, TRANSFER, transfer, verb, item=_item_of(transfer), reason=reason, submit_key=submit_key)
    held = transfer.membership.held
    _mark(transfer.membership, Status.RETAINED if held == "retained" else Status.ACTIVE)
    _close(actor, transfer)
    days = int(get_value("members.transfer_shown_days", timezone.localdate(actor.at), transfer.to_node))
    end_share(actor, MODEL, transfer.pk, node=transfer.to_node)
    share_row(
        actor,
        MODEL,
        transfer.pk,
        node=transfer.to_node,
        reason="会籍转接的结果",
        ends_at=actor.at + timedelta(days=days),
    )
    return transfer


@transaction.atomic
def receive_transfer(actor: Actor, transfer_id: int, *, submit_key: str = "") -> Transfer:
    """The new union takes the member: the old stay ends today, the new one begins today, the card goes along.

    Raises Refused where somebody was faster or the membership is no longer the one to be moved.
    """
    transfer, step = _locked(actor, transfer_id, submit_key)
    if step or _did(actor, transfer, "receive"):
        return transfer
    membership = lock_membership(transfer.person_id)
    facts = get_transfer_facts(actor, transfer)
    move(actor, TRANSFER, transfer, "receive", item=_item_of(transfer), facts=facts, submit_key=submit_key)
    if membership is None or membership.pk != transfer.membership_id:
        raise Refused("这个人的会籍已经变了，这次转接不能再办。", "membership-changed")
    today = timezone.localdate(actor.at)
    close_membership(membership, Status.LEFT, on=today, reason=_words(transfer))
    opened = open_membership(
        actor,
        membership,
        Entry.TRANSFERRED,
        node=transfer.to_node,
        employer=transfer.employer,
        employer_text=transfer.employer_text,
    )
    transfer.opened = opened
    transfer.save(update_fields=["opened"])
    _close(actor, transfer)
    _journal_both(actor, transfer, opened)
    return transfer


def _words(transfer: Transfer) -> str:
    return f"{transfer.get_why_display()}，转到{transfer.to_node.name}"


def _journal_both(actor: Actor, transfer: Transfer, opened: Membership) -> None:
    name = mask_name(transfer.person.name)
    for kind, node, about, text in (
        ("members.member.moved_out", transfer.from_node, transfer.membership, f"{name}转到{transfer.to_node.name}"),
        ("members.member.moved_in", transfer.to_node, opened, f"{name}从{transfer.from_node.name}转来"),
    ):
        record(
            actor,
            kind,
            node=node,
            about=about,
            subject_id=transfer.person_id,
            summary=text,
            data={"entry": opened.entry, "on": opened.joined_on.isoformat()},
        )


def _locked(actor: Actor, transfer_id: int, submit_key: str) -> tuple[Transfer, Step | None]:
    """A transfer the actor may see, and the step that this very form took already."""
    if actor.door == "my":
        transfer = Transfer.objects.select_related("node", "person", "from_node", "to_node", "membership").get(
            pk=transfer_id
        )
    else:
        transfer = get_transfer(actor, transfer_id)
    return transfer, find_own_step(actor, submit_key, transfer)


def _did(actor: Actor, transfer: Transfer, verb: str) -> bool:
    """Whether this very account has answered so already: a button pressed twice is no error."""
    steps = Step.objects.filter(model=MODEL, object_id=transfer.pk, verb=verb)
    return bool(actor.user_id) and steps.filter(user_id=actor.user_id or 0).exists()


def _close(actor: Actor, transfer: Transfer) -> None:
    transfer.decided_at = actor.at
    transfer.save(update_fields=["decided_at"])


@transaction.atomic
def raise_silent_transfers(actor: Actor) -> int:
    """Show transfers whose union has let the time pass to the union above it too, once each; how many. The union that
    owes the answer keeps its line in the inbox, the one above gets the same line as its own.

    What can no longer be moved, because the membership changed in another way, is stopped.
    """
    changed = Transfer.objects.filter(state__in=OPEN_TRANSFER).exclude(membership__status__in=STANDING)
    for transfer in changed:
        lapse_transfers(actor, [transfer.person_id], GONE)
    late = Q(due_at__lt=actor.at, raised_at__isnull=True, state__in=OPEN_TRANSFER)
    rows = Transfer.objects.filter(late).select_related("node__parent", "person", "to_node", "from_node")
    count = 0
    for transfer in rows.order_by("due_at")[:500]:
        above = transfer.node.parent
        transfer.raised_at = actor.at
        transfer.save(update_fields=["raised_at"])
        if above is None:
            continue
        keep_item(actor, TRANSFER, transfer, _item_of(transfer, above))
        record(
            actor,
            "members.transfer.raised",
            node=above,
            about=transfer,
            subject_id=transfer.person_id,
            summary=f"{transfer.node.name}过期没有答复转接，请{above.name}催办或代办",
        )
        count += 1
    return count
