"""Leaving the union: the member gives notice, the union confirms. Nobody is ever put out by the product."""

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from unionhome.core.journal.actions import record
from unionhome.core.members.actions.standing.changing import close_membership
from unionhome.core.members.actions.standing.resting import end_what_rests_on_it
from unionhome.core.members.models import Leaving
from unionhome.core.members.queries.lookups import get_answer_by, get_membership
from unionhome.core.members.queries.matters import get_leaving
from unionhome.core.members.queries.own import get_own_person
from unionhome.core.members.rules.codes import Status
from unionhome.core.members.workflow import LEAVING
from unionhome.core.registry import Actor, BadInput, NotFound, Refused
from unionhome.core.workflow.actions import ItemFacts, move, start
from unionhome.kit.codes import mask_name, mask_numbers


@transaction.atomic
def request_leaving(actor: Actor, *, reason: str = "", submit_key: str = "") -> Leaving:
    """The member gives notice of leaving. Raises Refused for somebody who is no member or has given it already."""
    earlier = Leaving.objects.filter(submit_key=submit_key).first() if submit_key else None
    if earlier is not None and earlier.person_id == actor.person_id:
        return earlier
    person = get_own_person(actor)
    membership = get_membership(person.pk)
    if membership is None:
        raise Refused("您现在不是会员，不用退会。", "no-member")
    if len(reason) > 200:
        raise BadInput("原因最多200个字。", fields={"reason": "原因最多200个字"})
    answer = get_answer_by(actor, membership.node)
    leaving = Leaving(
        person=person,
        membership=membership,
        node=membership.node,
        state=LEAVING.initial,
        reason=mask_numbers(reason.strip()),
        submitted_at=actor.at,
        due_at=answer.at,
        is_provisional=answer.is_provisional,
        submit_key=submit_key or None,
    )
    try:
        with transaction.atomic():
            leaving.save()
    except IntegrityError as error:
        raise Refused("您已经申请退会，工会还在办。", "leaving-open") from error
    start(actor, LEAVING, leaving, _item_of(leaving))
    return leaving


def _item_of(leaving: Leaving) -> ItemFacts:
    """What the inbox shows of a notice."""
    return ItemFacts(
        node=leaving.node,
        title=f"{mask_name(leaving.person.name)}申请退会",
        url=reverse("members:leaving", args=[leaving.pk]),
        kind_label="退会",
        icon="user-minus",
        due_at=leaving.due_at,
        is_provisional=leaving.is_provisional,
        origin="手机申请",
        subject_id=leaving.person_id,
    )


@transaction.atomic
def cancel_leaving(actor: Actor) -> Leaving:
    """The member stays after all."""
    leaving = (
        Leaving.objects.select_related("node", "person").filter(person=get_own_person(actor), state="submitted").first()
    )
    if leaving is None:
        raise NotFound("没有在办的退会申请。")
    move(actor, LEAVING, leaving, "cancel", item=_item_of(leaving))
    return _decide(actor, leaving)


@transaction.atomic
def confirm_leaving(actor: Actor, leaving_id: int, *, submit_key: str = "") -> Leaving:
    """End the membership as of today and close the consent it rested on. The file stays with its history."""
    leaving = get_leaving(actor, leaving_id)
    move(actor, LEAVING, leaving, "confirm", item=_item_of(leaving), submit_key=submit_key)
    if leaving.decided_at is not None:
        return leaving
    today = timezone.localdate(actor.at)
    close_membership(leaving.membership, Status.WITHDRAWN, on=today, reason=leaving.reason)
    end_what_rests_on_it(actor, [leaving.person_id], "本人已经退会")
    record(
        actor,
        "members.member.left",
        node=leaving.node,
        about=leaving.membership,
        subject_id=leaving.person_id,
        summary=f"{mask_name(leaving.person.name)}退会",
        data={"status": Status.WITHDRAWN, "on": (leaving.membership.left_on or today).isoformat()},
    )
    return _decide(actor, leaving)


def _decide(actor: Actor, leaving: Leaving) -> Leaving:
    leaving.decided_at = actor.at
    leaving.save(update_fields=["decided_at"])
    return leaving
