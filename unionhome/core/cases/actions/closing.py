"""Ending a case: proposed by the handler, rated by the applicant, reopened once one level up, or closed by time."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from unionhome.core.access.actions import limit
from unionhome.core.cases import clocks, queries
from unionhome.core.cases.actions.handling import (
    already_done,
    carry_followers,
    end_pause,
    follow_files,
    lock_handling,
    move_case,
    refresh_item,
)
from unionhome.core.cases.actions.merging import leave_leader, pass_lead
from unionhome.core.cases.actions.opening import (
    Upload,
    add_entry,
    attach_contents,
    prepare_uploads,
    standing_of,
    unnamed,
)
from unionhome.core.cases.actions.serving import end_case
from unionhome.core.cases.models import Case, Entry, Rating
from unionhome.core.cases.rules import OUTCOME_FIELD, RATING_FIELD
from unionhome.core.cases.workflow import CHECKING, FOLLOWING
from unionhome.core.journal.actions import record
from unionhome.core.policy.queries import get_value
from unionhome.core.records import actions as records
from unionhome.core.registry import Actor, BadInput, NotFound, Refused
from unionhome.core.tree.actions import share_row
from unionhome.kit import crypto


@transaction.atomic
def propose_outcome(actor: Actor, case_id: int, *, text: str, submit_key: str = "") -> Case:
    """Say how the matter ended and ask the applicant to rate it. The table's guard wants a measure first."""
    case = lock_handling(actor, case_id)
    if already_done(actor, case_id, submit_key):
        return case
    if not text.strip():
        raise BadInput("请写办理结果。", "text-missing", fields={"text": "请写办理结果，职工会看到。"})
    move_case(actor, case, "propose")
    Case.objects.filter(pk=case.pk).update(
        proposed_at=actor.at, outcome_sealed=crypto.seal(text.strip(), field=OUTCOME_FIELD)
    )
    case.refresh_from_db()
    clocks.meet_terms(case, actor.at, "solve")
    refresh_item(actor, case)
    add_entry(
        actor, case, Entry.Kind.STEP, "办好了，请您评价", text=text.strip(), is_public=True, submit_key=submit_key
    )
    return case


@transaction.atomic
def rate_case(actor: Actor, case: Case, *, rating: str, text: str = "", submit_key: str = "") -> Case:
    """The applicant's word. Not satisfied reopens the matter once, at the federation one level up.

    `case` was found by the caller as the applicant's own (signed in, or by receipt code).
    """
    if "rate" not in queries.get_kind(case.kind).own_acts:
        raise NotFound()
    if rating not in Rating.values:
        raise BadInput("请选一个评价。", "rating-missing", fields={"rating": "请选一个评价。"})
    case = Case.objects.select_for_update(of=("self",)).select_related("node").get(pk=case.pk)
    if already_done(actor, case.pk, submit_key, Entry.Kind.RATED):
        return case
    if case.rating and (case.state == CHECKING or queries.get_kind(case.kind).table.state(case.state).is_end):
        raise Refused("您已经评价过了，谢谢。", "rated-already")
    upward = queries.find_union_above(case) if rating == Rating.NOT and case.reopened_count == 0 else None
    _keep_rating(actor, case, rating, text, submit_key)
    if case.state != "proposed":
        return case
    if upward is not None:
        return _reopen(actor, case, upward)
    return _end(actor, case, "confirm")


def _keep_rating(actor: Actor, case: Case, rating: str, text: str, submit_key: str) -> None:
    Case.objects.filter(pk=case.pk).update(
        rating=rating,
        rated_at=actor.at,
        rating_text_sealed=crypto.seal(text.strip(), field=RATING_FIELD) if text.strip() else None,
    )
    label = Rating(rating).label
    add_entry(
        actor, case, Entry.Kind.RATED, f"您的评价：{label}", text=text.strip(), is_public=True, submit_key=submit_key
    )
    case.refresh_from_db()


def _reopen(actor: Actor, case: Case, upward: object) -> Case:
    sender = case.node
    move_case(actor, case, "reject")
    Case.objects.filter(pk=case.pk).update(
        node=upward,
        handler=None,
        stand_in=None,
        accepted_at=None,
        proposed_at=None,
        is_on_time=None,
        reopened_count=case.reopened_count + 1,
        **standing_of(upward),  # type: ignore[arg-type]
    )
    case.refresh_from_db()
    clocks.restart_clocks(case, actor.at)
    follow_files(actor, case)
    refresh_item(actor, case)
    carry_followers(actor, case)
    share_row(actor, "cases.case", case.pk, node=sender, reason="职工不满意，上级重办")
    add_entry(actor, case, Entry.Kind.STEP, f"您不满意，已交{case.node.name}重办一次", is_public=True)
    return case


def _end(actor: Actor, case: Case, verb: str) -> Case:
    """Close it by the verb, unless it is one of those that somebody looks at first."""
    if not queries.is_to_check(case, actor.at):
        move_case(actor, case, verb)
        return close_case(actor, case)
    move_case(actor, case, "draw")
    refresh_item(actor, case)
    add_entry(actor, case, Entry.Kind.STEP, "抽中了质量抽查，看过以后办结", is_public=True)
    return case


def close_case(actor: Actor, case: Case) -> Case:
    """Everything that closing a case means, once it has moved there."""
    end_case(actor, case, "closed")
    records.add(
        actor,
        service=f"{queries.get_kind(case.kind).service}.closed",
        node=case.node,
        on=timezone.localdate(actor.at),
        person_id=case.person_id,
        summary=f"{case.title}，办结",
        link=f"/desk/cases/{case.pk}/",
        about=case,
        hidden_path=case.hidden_path,
    )
    _conclude_followers(actor, case)
    return case


def _conclude_followers(actor: Actor, leader: Case) -> None:
    """What was worked on with a matter ends with it; each applicant can rate apart."""
    system = Actor.system("the matter that led was closed", actor.at)
    for case in Case.objects.filter(leader=leader, state=FOLLOWING).select_related("node").order_by("pk"):
        move_case(system, case, "conclude")
        add_entry(system, case, Entry.Kind.STEP, "一起办的事办结了，请您评价", is_public=True)
        close_case(system, case)


@transaction.atomic
def close_unrated(actor: Actor, case: Case) -> Case:
    """Close a proposed case whose applicant did not rate within the policy's days. It can still be rated."""
    locked = Case.objects.select_for_update(of=("self",)).select_related("node").get(pk=case.pk)
    if locked.state != "proposed":
        return locked
    if not queries.is_to_check(locked, actor.at):
        add_entry(actor, locked, Entry.Kind.STEP, "已办结，您仍可评价", is_public=True)
    return _end(actor, locked, "expire")


def close_all_unrated(actor: Actor, limit: int = 500) -> int:
    """Close what waited too long for a rating; the number closed. For the schedule."""
    day = timezone.localdate(actor.at)
    waited = actor.at - timedelta(days=get_value("cases.rating_days", day))
    due = Case.objects.filter(state="proposed", proposed_at__lte=waited).order_by("proposed_at")[:limit]
    return sum(1 for case in due if close_unrated(actor, case).closed_at)


@transaction.atomic
def withdraw_case(actor: Actor, case: Case, *, reason: str, submit_key: str = "") -> Case:
    """The applicant takes the matter back; the caller found it as the applicant's own."""
    case = Case.objects.select_for_update(of=("self",)).select_related("node").get(pk=case.pk)
    if already_done(actor, case.pk, submit_key):
        return case
    end_pause(actor, case)
    move_case(actor, case, "withdraw", reason=reason)
    end_case(actor, case, "withdrawn")
    leave_leader(actor, case)
    case.refresh_from_db()
    pass_lead(actor, case)
    add_entry(actor, case, Entry.Kind.STEP, "您撤回了诉求", text=reason, is_public=True, submit_key=submit_key)
    return case


@transaction.atomic
def keep_case(actor: Actor, case: Case) -> Case:
    """Make a case sent without an account the signed-in worker's own, with its appeal, or what it appeals; the caller
    found it by its receipt.

    Raises NotFound where the worker does not own the number it was sent with, or somebody has taken it already.
    """
    case = Case.objects.select_for_update(of=("self",)).select_related("node").get(pk=case.pk)
    if case.account_id == actor.user_id and actor.user_id is not None:
        return case
    if not queries.is_keepable(actor, case):
        raise NotFound("用提交时的手机号登录，才能放进“我的事项”。")
    beside = (queries.find_original(case), queries.find_appeal(case))
    for each in (case, *(other for other in beside if other is not None and queries.is_keepable(actor, other))):
        Case.objects.filter(pk=each.pk).update(account=actor.user_id)
        record(
            actor,
            "cases.case.kept",
            node=each.node,
            about=each,
            hidden_path=each.hidden_path,
            summary=f"本人登录后放进自己的事项：{each.title}",
        )
    case.refresh_from_db()
    return case


def add_material(
    actor: Actor, case: Case, *, text: str, uploads: tuple[Upload, ...] = (), submit_key: str = ""
) -> Case:
    """The applicant adds words or files; a matter that waited for them runs on. Raises BadInput for nothing, Refused
    at the end, TooMany where one matter is flooded: whoever has its receipt needs no account."""
    if not text.strip() and not uploads:
        raise BadInput("请写几句话，或者选一张照片。", "nothing-added", fields={"text": "请写几句话，或者选一张照片。"})
    if already_done(actor, case.pk, submit_key, Entry.Kind.MATERIAL):
        return case
    _refuse_ended(case)  # before its photographs are worked on
    limit(actor, "cases.material", str(case.pk), settings.REPORTS_PER_ADDRESS, 60)
    contents = prepare_uploads(actor, unnamed(uploads) if _is_nameless(case) else uploads, case.node)
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).select_related("node").get(pk=case.pk)
        if already_done(actor, case.pk, submit_key, Entry.Kind.MATERIAL):
            return case
        _refuse_ended(case)
        entry = add_entry(
            actor, case, Entry.Kind.MATERIAL, "补充材料", text=text.strip(), is_public=True, submit_key=submit_key
        )
        attach_contents(actor, entry, contents)
        if case.state == "paused":
            end_pause(actor, case)
            move_case(actor, case, "supply")
            refresh_item(actor, case)
    return case


def _is_nameless(case: Case) -> bool:
    """Whether nothing in the case says who sent it."""
    return not (case.account_id or case.person_id or case.applicant_name or case.phone_index)


def _refuse_ended(case: Case) -> None:
    if queries.get_kind(case.kind).table.state(case.state).is_end:
        raise Refused("这件事已经办结，不能再补材料。需要时请重新提出。", "closed")
