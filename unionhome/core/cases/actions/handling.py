"""What a union does with a case under way: accept, the three firsts, reply, note, pause, assign."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from unionhome.core.access.models import User
from unionhome.core.cases import clocks, queries
from unionhome.core.cases.actions.answering import answer_referral
from unionhome.core.cases.actions.escalating import plan_climb
from unionhome.core.cases.actions.opening import (
    Upload,
    add_entry,
    attach_contents,
    item_of,
    prepare_uploads,
    standing_of,
)
from unionhome.core.cases.models import Case, Clock, Entry, Pause, Referral
from unionhome.core.cases.rules import CLOCK_LABELS, CLOCKS, PHONE_FIELD
from unionhome.core.cases.workflow import CHECKING, FOLLOWING
from unionhome.core.files.actions import Content, move_files
from unionhome.core.journal.actions import record
from unionhome.core.members.actions.privacy.looking import note_phone_shown
from unionhome.core.members.rules.privacy import check_reason
from unionhome.core.records import actions as records
from unionhome.core.registry import Actor, BadInput, Forbidden, NotFound, Refused, require_strong
from unionhome.core.tree.actions import share_row
from unionhome.core.tree.queries import list_shares, scope
from unionhome.core.workflow.actions import keep_item, move
from unionhome.kit import crypto
from unionhome.kit.codes import mask_numbers

STAMPS: Mapping[str, tuple[str, str]] = {
    "arrive": (Entry.Kind.ARRIVED, "联系上本人"),
    "help": (Entry.Kind.HELPED, "提供帮扶"),
    "measure": (Entry.Kind.MEASURED, "采取措施"),
}
WITH_LEADER = "随牵头的那一件"
"""The reason of shares that a follower has because its leader has them, whichever leads: the lead may pass on."""


def guard_facts(actor: Actor, case: Case) -> dict[str, Any]:
    """The facts that the guards of a kind's table look at. The case has been found visible before."""
    stopped = {row.name: row.stopped_at for row in Clock.objects.filter(case=case)}
    return {
        "arrived": bool(stopped.get("arrive")),
        "helped": bool(stopped.get("help")),
        "measured": bool(stopped.get("measure")),
        "paused": Pause.objects.filter(case=case, ends_at__isnull=True).exists(),
        "unticked": bool(queries.list_unticked(case)),
        "reopened_count": case.reopened_count,
        "own_hand": queries.has_worked_on(actor, case),
        "outside": queries.find_awaited(case),
        "unreached": queries.count_unreached(case),
        **queries.get_referral_facts(case),
        "category": case.category,
        "is_shared": not actor.may("cases.handle", case.node.path) and queries.is_handled(actor, case),
        **queries.get_own_facts(actor, case),
    }


def lock_handling(actor: Actor, case_id: int, permission: str = "cases.handle") -> Case:
    """The case to act on, as it stands now, and nobody else's until the transaction ends: two clicks are one act. Raises
    what `queries.get_case_to_act` does."""
    hold(actor, case_id)
    return queries.get_case_to_act(actor, case_id, permission)


def hold(actor: Actor, case_id: int) -> None:
    """Lock the case, if the actor may see it. Raises NotFound."""
    seen = scope(Case.objects.filter(pk=case_id), actor, "cases.view")
    if not seen.select_for_update(of=("self",)).values_list("pk", flat=True).first():
        raise NotFound()


def already_done(
    actor: Actor, case_id: int, submit_key: str, kind: str = Entry.Kind.STEP, *, is_sealed: bool = False
) -> bool:
    """Whether this account sent the same form of this case before, which leaves a line of that kind. Raises BadInput
    for the key of any other act: a key is no ticket, and what it was sent with would be lost in silence."""
    earlier = Entry.objects.filter(submit_key=submit_key).first() if submit_key else None
    if earlier is None:
        return False
    if (earlier.case_id, earlier.user_id, earlier.kind, earlier.is_sealed) != (case_id, actor.user_id, kind, is_sealed):
        raise BadInput("这张表单已经用过，请返回刷新后再办。", "key-used")
    return True


def move_case(actor: Actor, case: Case, verb: str, *, reason: str = "", said: str = "") -> None:
    """Move by the kind's table. Callers have dealt with a repeated submit. Raises NotFound for a verb of another kind."""
    kind = queries.get_kind(case.kind)
    if verb not in kind.table.by_verb:
        raise NotFound()
    move(actor, kind.table, case, verb, item=item_of(case), facts=guard_facts(actor, case), reason=reason, said=said)


def take_up(actor: Actor, case: Case) -> None:
    """Note that the union has taken the case up, which answers who sent it; who does it is its handler (A岗) unless
    there is one."""
    handler_id = case.handler_id or (actor.user_id if actor.node_id == case.node_id else None)
    Case.objects.filter(pk=case.pk).update(handler_id=handler_id, accepted_at=actor.at)
    case.refresh_from_db()
    clocks.meet_terms(case, actor.at, "dispatch", "accept")
    answer_referral(actor, case, Referral.Answer.ACCEPTED)


@transaction.atomic
def accept_case(actor: Actor, case_id: int, *, submit_key: str = "") -> Case:
    """Take a new case up; the one who accepts is its handler (A岗) unless there is one."""
    case = lock_handling(actor, case_id)
    if already_done(actor, case_id, submit_key):
        return case
    take_up(actor, case)
    move_case(actor, case, "accept")
    carry_followers(actor, case)
    add_entry(actor, case, Entry.Kind.STEP, f"{case.node.name}已受理", is_public=True, submit_key=submit_key)
    return case


def stamp_clock(
    actor: Actor, case_id: int, clock: str, *, text: str, submit_key: str = "", uploads: Sequence[Upload] = ()
) -> Case:
    """Record that the union arrived, helped or took a measure. The first of each stops its clock.

    A service record is left each time. Raises Refused when the case is not under way, BadInput without words.
    """
    if clock not in STAMPS:
        raise NotFound()
    contents = prepare_uploads(actor, uploads, queries.get_handled_case(actor, case_id).node) if uploads else []
    with transaction.atomic():
        return _stamp(actor, case_id, clock, text.strip(), submit_key, contents)


def _stamp(actor: Actor, case_id: int, clock: str, text: str, submit_key: str, contents: Sequence[Content]) -> Case:
    case = lock_handling(actor, case_id)
    if already_done(actor, case_id, submit_key, STAMPS[clock][0]):
        return case
    if clock not in queries.get_kind(case.kind).clocks:
        raise NotFound()
    if not text:
        raise BadInput("请写一句做了什么。", "text-missing", fields={"text": "请写一句做了什么，职工会看到。"})
    refuse_unless_open(case)
    if case.state == FOLLOWING and clock != Clock.Name.ARRIVE:
        raise Refused("并入办理的，帮扶和措施记在牵头的那一件上。", "led")
    if case.accepted_at is None and case.state == "submitted":
        case = accept_case(actor, case_id)
    first = keep_clock(actor, case, clock)
    kind, title = STAMPS[clock]
    first_of = clock if first else ""
    entry = add_entry(actor, case, kind, title, text=text, is_public=True, clock=first_of, submit_key=submit_key)
    attach_contents(actor, entry, contents)
    add_record(actor, case, clock, title)
    refresh_item(actor, case)
    record(
        actor,
        f"cases.case.{clock}_recorded",
        node=case.node,
        about=case,
        subject_id=case.person_id,
        hidden_path=case.hidden_path,
        summary=f"{CLOCK_LABELS[clock] if first else title}：{case.title}",
        data={"first": first},
    )
    return case


def refuse_unless_open(case: Case) -> None:
    state = queries.get_kind(case.kind).table.state(case.state)
    if state.phase not in ("new", "working") or state.name == CHECKING:
        raise Refused(f"现在的状态是“{state.label}”，不能再登记。", "wrong-state")


def keep_clock(actor: Actor, case: Case, clock: str) -> bool:
    """Stop a clock of the case and keep what it used; False where it was stopped before, or does not run for the kind."""
    first = clocks.stop_clock(case, clock, actor.at)
    keep_used(case)
    return first


def keep_used(case: Case) -> None:
    """Copy the minutes of kept clocks onto the case, where figures read them."""
    rows = {row.name: row for row in Clock.objects.filter(case=case)}
    for name, _ in CLOCKS:
        row = rows.get(name)
        used = row.used_minutes if row and row.stopped_at else None
        setattr(case, f"{name}_minutes", used)
        setattr(case, f"{name}_on_time", None if row is None or used is None else not clocks.is_late(row))
    kept = [getattr(case, f"{row.name}_on_time") for row in rows.values() if not clocks.is_carried(case, row)]
    case.is_on_time = False if False in kept else (None if None in kept else True)
    names = [f"{name}_{what}" for name, _ in CLOCKS for what in ("minutes", "on_time")]
    case.save(update_fields=[*names, "is_on_time"])


def add_record(actor: Actor, case: Case, clock: str, title: str) -> None:
    records.add(
        actor,
        service=f"{queries.get_kind(case.kind).service}.{clock}",
        node=case.node,
        on=timezone.localdate(actor.at),
        person_id=case.person_id,
        summary=title,
        link=f"/desk/cases/{case.pk}/",
        about=case,
        hidden_path=case.hidden_path,
    )


def refresh_item(actor: Actor, case: Case) -> None:
    """Make the inbox item, and what happens when a clock runs out, say what the case says now."""
    plan_climb(case)
    keep_item(actor, queries.get_kind(case.kind).table, case, item_of(case))


@transaction.atomic
def reply_to_applicant(actor: Actor, case_id: int, *, text: str, submit_key: str = "") -> Case:
    """Write to the applicant; it stands on the phone page at once."""
    return _write(actor, case_id, Entry.Kind.REPLY, "答复", text, submit_key, is_public=True)


@transaction.atomic
def add_note(actor: Actor, case_id: int, *, text: str, submit_key: str = "", is_sealed: bool = False) -> Case:
    """Write a line for the unions that handle the case; the applicant does not see it. A sealed one is read by its
    writer and by holders of `cases.sealed_read`; others see that there is one."""
    title = "密封记录" if is_sealed else "内部记录"
    return _write(actor, case_id, Entry.Kind.NOTE, title, text, submit_key, is_public=False, is_sealed=is_sealed)


def _write(
    actor: Actor,
    case_id: int,
    kind: str,
    title: str,
    text: str,
    submit_key: str,
    *,
    is_public: bool,
    is_sealed: bool = False,
) -> Case:
    case = lock_handling(actor, case_id)
    if already_done(actor, case_id, submit_key, kind, is_sealed=is_sealed):
        return case
    if not text.strip():
        raise BadInput("请先写内容。", "text-missing", fields={"text": "请先写内容。"})
    add_entry(
        actor, case, kind, title, text=text.strip(), is_public=is_public, is_sealed=is_sealed, submit_key=submit_key
    )
    record(
        actor,
        f"cases.case.{'replied' if is_public else 'noted'}",
        node=case.node,
        about=case,
        subject_id=case.person_id,
        hidden_path=case.hidden_path,
        summary=f"{title}：{case.title}",
    )
    return case


@transaction.atomic
def pause_case(actor: Actor, case_id: int, *, reason: str, submit_key: str = "") -> Case:
    """Stop the clocks while the matter waits for the applicant, for a stated reason that the applicant reads."""
    case = lock_handling(actor, case_id)
    if already_done(actor, case_id, submit_key):
        return case
    move_case(actor, case, "pause", reason=reason)
    Pause.objects.create(case=case, starts_at=actor.at, reason=mask_numbers(reason.strip()))
    clocks.recompute(case)
    refresh_item(actor, case)
    add_entry(
        actor, case, Entry.Kind.STEP, "等您补充，时限暂停", text=reason.strip(), is_public=True, submit_key=submit_key
    )
    return case


@transaction.atomic
def resume_case(actor: Actor, case_id: int, *, submit_key: str = "") -> Case:
    """Let the clocks run on; the paused time does not count."""
    case = lock_handling(actor, case_id)
    if already_done(actor, case_id, submit_key):
        return case
    end_pause(actor, case)
    move_case(actor, case, "resume")
    refresh_item(actor, case)
    add_entry(actor, case, Entry.Kind.STEP, "继续办理，时限接着算", is_public=True, submit_key=submit_key)
    return case


def end_pause(actor: Actor, case: Case) -> None:
    """Close the open pause, if any, and store the due moments anew."""
    Pause.objects.filter(case=case, ends_at__isnull=True).update(ends_at=actor.at)
    clocks.recompute(case)


def follow_files(actor: Actor, case: Case) -> None:
    """Let the files of the timeline go with the case to its new union."""
    for entry in Entry.objects.filter(case=case):
        move_files(actor, entry, node=case.node, hidden_path=case.hidden_path)


def carry_followers(actor: Actor, leader: Case) -> None:
    """Let what is worked on with a matter go where it goes: union, handler, files and who else may see it."""
    for case in Case.objects.filter(leader=leader, state=FOLLOWING).select_related("node").order_by("pk"):
        carry(actor, leader, case)


def carry(actor: Actor, leader: Case, case: Case) -> None:
    """The same of one matter."""
    sender = case.node
    Case.objects.filter(pk=case.pk).update(
        node=leader.node, handler=leader.handler, stand_in=leader.stand_in, **standing_of(leader.node)
    )
    case.refresh_from_db()
    if sender.pk != leader.node_id:
        follow_files(actor, case)
        share_row(actor, "cases.case", case.pk, node=sender, reason=f"转办给{leader.node.name}")
    for share in list_shares("cases.case", leader.pk, actor.at):
        share_row(
            actor, "cases.case", case.pk, node=share.node, user_id=share.user_id, ends_at=share.ends_at,
            can_act=share.can_act, reason=WITH_LEADER,
        )  # fmt: skip
    clocks.recompute(case)
    refresh_item(actor, case)


@transaction.atomic
def assign_case(
    actor: Actor, case_id: int, *, handler: User | None, stand_in: User | None = None, submit_key: str = ""
) -> Case:
    """Name the handler (A岗) and the stand-in (B岗), both of the handling union."""
    case = lock_handling(actor, case_id)
    if already_done(actor, case_id, submit_key):
        return case
    if not actor.may("cases.handle", case.node.path):
        raise Forbidden()
    if case.state == FOLLOWING:
        raise Refused("并入办理的随牵头的那一件走，请在那一件上指派。", "led")
    for person in (handler, stand_in):
        if person is not None and (sentence := queries.find_unfit(case, person, actor.at)):
            raise Refused(sentence, "unfit", fields={"handler": sentence})
    Case.objects.filter(pk=case.pk).update(handler=handler, stand_in=stand_in)
    case.refresh_from_db()
    if handler is not None:
        clocks.meet_terms(case, actor.at, "dispatch")
    refresh_item(actor, case)
    carry_followers(actor, case)
    who = f"{handler.name}经办" if handler else "暂无经办人"
    add_entry(actor, case, Entry.Kind.STEP, f"指派：{who}", is_public=False, submit_key=submit_key)
    record(
        actor,
        "cases.case.assigned",
        node=case.node,
        about=case,
        subject_id=case.person_id,
        hidden_path=case.hidden_path,
        summary=f"指派：{case.title}",
        data={"handler": handler.pk if handler else None, "stand_in": stand_in.pk if stand_in else None},
    )
    return case


@transaction.atomic
def show_phone(actor: Actor, case_id: int, *, reason: str, reason_text: str = "") -> str:
    """The applicant's phone in clear, to ring the person. Journaled; the person can see that it was shown.

    Needs the second factor. Raises NotFound, Forbidden, BadInput without a reason.
    """
    case = lock_handling(actor, case_id, "cases.unmask")
    require_strong(actor, "cases.unmask")
    reason, reason_text = check_reason(reason, reason_text)
    if not case.phone_sealed:
        raise NotFound("这一件没有留电话。")
    entry = record(
        actor,
        "cases.phone.shown",
        node=case.node,
        about=case,
        subject_id=case.person_id,
        hidden_path=case.hidden_path,
        summary=f"看了联系电话：{case.title}",
        data={"reason": reason},
    )
    if case.person_id is not None:
        note_phone_shown(actor, case.person_id, entry, reason_text=reason_text)
    return crypto.open_sealed(bytes(case.phone_sealed), field=PHONE_FIELD)


def recompute_running(actor: Actor) -> int:
    """Store due moments and inbox items of all running cases anew, each in its own transaction; how many."""
    open_ids = list(Case.objects.filter(ended_on__isnull=True).order_by("pk").values_list("pk", flat=True))
    for pk in open_ids:
        with transaction.atomic():
            case = Case.objects.select_for_update(of=("self",)).select_related("node").get(pk=pk)
            if case.ended_on is None:
                clocks.recompute(case)
                refresh_item(actor, case)
    return len(open_ids)
