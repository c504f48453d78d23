"""Like matters worked on as one (并办): one leads and carries help, measures and outcome; each worker is met apart."""

from datetime import datetime

from django.db import transaction

from unionhome.core.cases import clocks, queries
from unionhome.core.cases.actions.answering import answer_referral
from unionhome.core.cases.actions.handling import (
    WITH_LEADER,
    already_done,
    carry,
    carry_followers,
    keep_used,
    move_case,
    refresh_item,
)
from unionhome.core.cases.actions.opening import add_entry
from unionhome.core.cases.models import Case, Entry, Referral
from unionhome.core.cases.workflow import FOLLOWING
from unionhome.core.registry import Actor, Refused
from unionhome.core.tree.actions import end_shares


@transaction.atomic
def follow_case(
    actor: Actor, case_id: int, *, leader_id: int, is_confirmed: bool = False, submit_key: str = ""
) -> Case:
    """Put a case under a like one, with whatever follows it; under a follower means under its leader.

    Raises NotFound where the actor cannot see one of the two, Forbidden where one may only be read, Refused where they
    cannot be worked on together, or are of different categories and nobody has confirmed that it is one matter.
    """
    _hold_both(case_id, leader_id)
    case = queries.get_handled_case(actor, case_id)
    if already_done(actor, case_id, submit_key):
        return case
    leader = queries.get_handled_case(actor, leader_id)
    if leader.state == FOLLOWING and leader.leader_id != case.pk:
        leader = queries.get_handled_case(actor, leader.leader_id or 0)
    _refuse_leader(case, leader)
    if leader.category != case.category and not is_confirmed:
        raise _other_category(case, leader)
    return _put_under(actor, case, leader, "follow", submit_key)


def _other_category(case: Case, leader: Case) -> Refused:
    kind = queries.get_kind(case.kind)
    here, there = (kind.category(each.category).label for each in (case, leader))
    sentence = f"这一件是“{here}”，那一件是“{there}”。确实是同一件事的，打开“类别不一样，也是同一件事”再并。"
    return Refused(sentence, "other-category", fields={"is_same": sentence})


def _hold_both(*ids: int) -> None:
    """Lock both in one order, so that two who put each under the other do not wait for each other."""
    list(Case.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk").values_list("pk"))


def _refuse_leader(case: Case, leader: Case) -> None:
    for is_so, sentence, code in (
        (leader.pk == case.pk, "不能并到自己。", "itself"),
        (leader.leader_id == case.pk, "那一件已经并在这一件下面了。", "own-follower"),
        (leader.kind != case.kind, "只有同一种事项才能一起办。", "other-kind"),
        (bool(case.appeal_of_id or leader.appeal_of_id), "申诉要单独办，不能和别的一起办。", "appeal"),
        (
            any(queries.find_open_mass(each) for each in (case, leader)),
            "群体性事项里的诉求已经在一起处置，不用再并。",
            "mass",
        ),
        (leader.state not in queries.LEADING, "那一件已经提出办结或者办完了，不能再并进去。", "leader-ended"),
        (
            leader.hidden_path != case.hidden_path,
            "一件不让单位知道，另一件没有这个要求，或者要避开的单位不一样，不能一起办。",
            "hidden-apart",
        ),
    ):
        if is_so:
            raise Refused(sentence, code, fields={"number": sentence})


def join_case(actor: Actor, case: Case, leader: Case) -> Case:
    """Let a matter that was sent just now be worked on with a like one, as its sender wishes. Where that has become
    impossible meanwhile it stays a matter of its own: nothing is lost."""
    with transaction.atomic():
        _hold_both(case.pk, leader.pk)
        leader.refresh_from_db()
        case.refresh_from_db()
        if case.state != queries.get_kind(case.kind).table.initial:
            return case
        try:
            _refuse_leader(case, leader)
        except Refused:
            return case
        return _put_under(actor, case, leader, "join", "")


def _put_under(actor: Actor, case: Case, leader: Case, verb: str, submit_key: str) -> Case:
    answer_referral(actor, case, Referral.Answer.ACCEPTED)
    move_case(actor, case, verb, said=f"并到{leader.number}一起办")
    Case.objects.filter(pk=case.pk).update(leader=leader)
    Case.objects.filter(leader=case, state=FOLLOWING).update(leader=leader)
    case.refresh_from_db()
    keep_used(case)
    carry_followers(actor, leader)
    case.refresh_from_db()
    add_entry(actor, case, Entry.Kind.STEP, "和同样的诉求一起办理", is_public=True, submit_key=submit_key)
    add_entry(actor, leader, Entry.Kind.NOTE, f"并入{case.number}", is_public=False)
    return case


@transaction.atomic
def part_case(actor: Actor, case_id: int, *, reason: str, submit_key: str = "") -> Case:
    """Take a case out again, to be worked on by itself: its clocks run as if it had never followed."""
    _hold_both(case_id)
    case = queries.get_handled_case(actor, case_id)
    if already_done(actor, case_id, submit_key):
        return case
    leader = case.leader
    move_case(actor, case, "part", reason=reason)
    _stand_alone(actor, case, accepted_at=case.accepted_at or actor.at)
    if leader is not None:
        end_shares(actor, "cases.case", case.pk, reason=WITH_LEADER)
        add_entry(actor, leader, Entry.Kind.NOTE, f"移出{case.number}", is_public=False)
    add_entry(actor, case, Entry.Kind.STEP, "改为单独办理", is_public=True, submit_key=submit_key)
    add_entry(actor, case, Entry.Kind.NOTE, "移出并办的原因", text=reason.strip(), is_public=False)
    return case


def _stand_alone(actor: Actor, case: Case, *, accepted_at: datetime | None) -> None:
    Case.objects.filter(pk=case.pk).update(leader=None, accepted_at=accepted_at)
    case.refresh_from_db()
    clocks.recompute(case)
    keep_used(case)
    refresh_item(actor, case)


def leave_leader(actor: Actor, case: Case) -> None:
    """A follower was taken back by its worker: the leader's union reads so."""
    if case.leader is not None:
        add_entry(actor, case.leader, Entry.Kind.NOTE, f"并入的{case.number}由本人撤回了", is_public=False)
        Case.objects.filter(pk=case.pk).update(leader=None)


def pass_lead(actor: Actor, leader: Case) -> Case | None:
    """The leader was taken back: the oldest of those that followed it leads on, with what was done already."""
    followers = Case.objects.select_for_update(of=("self",)).select_related("node")
    heir = followers.filter(leader=leader, state=FOLLOWING).order_by("opened_at", "pk").first()
    if heir is None:
        return None
    system = Actor.system("the matter that led was taken back", actor.at)
    move_case(system, heir, "lead")
    clocks.take_over(heir, leader)
    _stand_alone(system, heir, accepted_at=leader.accepted_at)
    add_entry(system, heir, Entry.Kind.STEP, "一起办的另一件撤回了，您这件接着办", is_public=True)
    Case.objects.filter(leader=leader, state=FOLLOWING).update(leader=heir)
    for case in Case.objects.filter(leader=heir).select_related("node"):
        carry(system, heir, case)
    return heir
