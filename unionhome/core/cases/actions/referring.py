"""Sending a case to another union: it takes it up, declines, or sends it back after a while. No clock stops."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from unionhome.core.access.models import User
from unionhome.core.cases import clocks, queries
from unionhome.core.cases.actions.answering import answer_referral
from unionhome.core.cases.actions.handling import (
    already_done,
    carry_followers,
    follow_files,
    hold,
    move_case,
    refresh_item,
)
from unionhome.core.cases.actions.opening import add_entry, standing_of
from unionhome.core.cases.models import Case, Entry, Referral
from unionhome.core.policy.queries import get_value
from unionhome.core.registry import Actor, NotFound, Refused
from unionhome.core.tree.actions import share_row
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import list_local_above


@transaction.atomic
def refer_case(actor: Actor, case_id: int, *, node: Node, reason: str, submit_key: str = "") -> Case:
    """Send the case to another union, which has to answer within the time of the policy; from then on the sender can
    look, not act.

    Raises Refused for a closed union, the same one, or the employer's union that must not see it.
    """
    hold(actor, case_id)
    if already_done(actor, case_id, submit_key):  # asked first: who has sent it on may no longer act on it
        return queries.get_case(actor, case_id)
    case = queries.get_handled_case(actor, case_id, "cases.refer")
    _refuse_target(case, node)
    sender, people = case.node, {"handler": case.handler, "stand_in": case.stand_in}
    move_case(actor, case, "refer", reason=reason, said=f"转办给{node.name}")
    answer_referral(actor, case, Referral.Answer.MOVED)
    hand(actor, case, node)
    due_at = _answer_due(case, actor)
    Referral.objects.create(case=case, sender=sender, target=node, sent_at=actor.at, due_at=due_at, **people)
    share_row(actor, "cases.case", case.pk, node=sender, reason=f"转办给{node.name}")
    add_entry(
        actor, case, Entry.Kind.STEP, f"转给{node.name}办理", text=reason.strip(), is_public=True, submit_key=submit_key
    )
    return case


def hand(actor: Actor, case: Case, node: Node, *, handler: User | None = None, stand_in: User | None = None) -> None:
    """To another union; in nobody's hands there unless it comes back to those who had it and still work there."""
    handler, stand_in = (
        person if person is not None and person.is_active and person.node_id == node.pk else None
        for person in (handler, stand_in)
    )
    Case.objects.filter(pk=case.pk).update(
        node=node, handler=handler, stand_in=stand_in, accepted_at=None, **standing_of(node)
    )
    case.refresh_from_db()
    clocks.meet_terms(case, actor.at, "dispatch")
    clocks.start_terms(case, actor.at, ["accept"])
    clocks.recompute(case)
    follow_files(actor, case)
    refresh_item(actor, case)
    carry_followers(actor, case)


def _answer_due(case: Case, actor: Actor) -> datetime | None:
    """By when the union it was sent to has to answer, in its duty time; of an urgent matter day and night."""
    minutes = get_value("cases.referral_minutes", timezone.localdate(actor.at), case.node)
    return clocks.due_after(clocks.get_frame(case.node, actor.at), actor.at, minutes, is_natural=case.is_urgent)


@transaction.atomic
def decline_case(actor: Actor, case_id: int, *, reason: str, submit_key: str = "") -> Case:
    """Say why the union will not take up what was sent to it; the case goes back to its sender."""
    return _go_back(actor, case_id, "decline", reason, submit_key)


@transaction.atomic
def send_back(actor: Actor, case_id: int, *, reason: str, submit_key: str = "") -> Case:
    """Give what was taken up back to the union that sent it, with the reason."""
    return _go_back(actor, case_id, "send_back", reason, submit_key)


def _go_back(actor: Actor, case_id: int, verb: str, reason: str, submit_key: str) -> Case:
    """Back to the sender; who gives it back can look from then on, not act."""
    hold(actor, case_id)
    if already_done(actor, case_id, submit_key):
        return queries.get_case(actor, case_id)
    case = queries.get_handled_case(actor, case_id, "cases.refer")
    giver, referral = case.node, queries.find_waiting_referral(case) or queries.find_taken_referral(case)
    move_case(actor, case, verb, reason=reason)  # its guard refuses where there is no referral
    if referral is None:
        raise NotFound()
    is_declined = verb == "decline"
    answer = Referral.Answer.DECLINED if is_declined else Referral.Answer.RETURNED
    Referral.objects.filter(pk=referral.pk).update(answer=answer, answered_at=actor.at)
    hand(actor, case, _home(case, referral.sender), handler=referral.handler, stand_in=referral.stand_in)
    share_row(actor, "cases.case", case.pk, node=giver, reason=f"退回{case.node.name}")
    title = (
        f"{giver.name}没有接收，回到{case.node.name}" if is_declined else f"{giver.name}退回，{case.node.name}接着办"
    )
    add_entry(actor, case, Entry.Kind.STEP, title[:80], is_public=True, submit_key=submit_key)
    why = "不接收的原因" if is_declined else "退回的原因"
    add_entry(actor, case, Entry.Kind.NOTE, why, text=reason.strip(), is_public=False)
    return case


def _home(case: Case, sender: Node) -> Node:
    """Where a case goes back to: its sender, or the nearest federation above that may have it, where the sender has ended,
    must not see it now, or handled what an appeal is about."""
    barred = queries.list_barred_unions(case)

    def may_have(node: Node) -> bool:
        is_hidden = bool(case.hidden_path) and node.path.startswith(case.hidden_path)
        return node.closed_on is None and not is_hidden and node.pk not in barred

    above = list_local_above([sender])[sender.pk]
    return next((node for node in (sender, *above) if may_have(node)), sender)


def _refuse_target(case: Case, node: Node) -> None:
    if node.pk == case.node_id:
        raise Refused("已经在这个工会了，请选另一个。", "same-union", fields={"node": "已经在这个工会了，请选另一个。"})
    if node.closed_on is not None:
        raise Refused("这个工会已经撤销。", "closed-union", fields={"node": "这个工会已经撤销。"})
    if case.hidden_path and node.path.startswith(case.hidden_path):
        sentence = "本人不让单位知道，不能转给单位工会。"
        raise Refused(sentence, "hidden-union", fields={"node": sentence})
    if sentence := queries.find_mass_refusal(case, node):
        raise Refused(sentence, "mass", fields={"node": sentence})
    if node.pk in queries.list_barred_unions(case):
        sentence = "原来就是这个工会办的，申诉不能再交给它。"
        raise Refused(sentence, "barred-union", fields={"node": sentence})
