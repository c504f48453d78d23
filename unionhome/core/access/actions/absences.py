"""Days on which somebody is away and a colleague stands in: said beforehand, ended early, taken back."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from unionhome.core.access import queries
from unionhome.core.access.models import Absence, User
from unionhome.core.access.rules import MOST_AHEAD
from unionhome.core.journal.actions import record
from unionhome.core.registry import Actor, BadInput, NotFound, Refused

DAY = timedelta(days=1)
MOST_NAMED = 3


@transaction.atomic
def set_absence(
    actor: Actor, user_id: int, *, stand_in_id: int, starts_on: date, last_on: date, submit_key: str = ""
) -> Absence:
    """Say that somebody is away from `starts_on` to `last_on`, both included, and who stands in: for oneself, or for a
    colleague of the branch with `access.absences`.

    A repeat with the same `submit_key` returns the earlier row. Raises NotFound, Forbidden; BadInput for days that
    cannot be and for somebody who is no colleague; Refused where days overlap, either is already away or stands in, or
    the colleague's post does not reach as far.
    """
    people = User.objects.select_for_update(of=("self",)).select_related("node").filter(pk__in=[user_id, stand_in_id])
    locked = {user.pk: user for user in people.order_by("pk")}
    user, stand_in = locked.get(user_id), locked.get(stand_in_id)
    if user is None or user.node is None:
        raise NotFound()
    if user.pk != actor.user_id:
        actor.require("access.absences", user.node.path)
    earlier = queries.find_absence_by_submit(actor, submit_key)
    if earlier is not None:
        return _same(earlier, user)
    if stand_in is None or not queries.is_colleague(user, stand_in):
        raise _at("stand_in", "请选本工会或者上一级工会的一位同事。", BadInput)
    ends_on = _check_days(starts_on, last_on, timezone.localdate(actor.at))
    _refuse_overlap(actor, user, stand_in, starts_on, ends_on)
    _refuse_reach(actor, user, stand_in, {starts_on, last_on})
    absence = Absence.objects.create(
        user=user,
        stand_in=stand_in,
        starts_on=starts_on,
        ends_on=ends_on,
        created_by_id=actor.user_id,
        created_at=actor.at,
        submit_key=submit_key or None,
    )
    record(
        actor,
        "access.absence.set",
        node=user.node,
        about=absence,
        summary=f"{user.name}{absence.words}",
        data={"starts_on": str(starts_on), "ends_on": str(ends_on), "stand_in": stand_in.name},
    )
    return absence


@transaction.atomic
def end_absence(actor: Actor, absence_id: int) -> Absence:
    """End an absence now, or take it back before it begins. What is over stays as it is. Raises NotFound for somebody
    else's without the permission on the branch."""
    absence = Absence.objects.select_for_update(of=("self",)).select_related("user__node").filter(pk=absence_id).first()
    if absence is None or not queries.may_end(actor, absence):
        raise NotFound()
    today = timezone.localdate(actor.at)
    if absence.ended_at is not None or absence.ends_on <= today:
        return absence
    absence.ended_at = actor.at
    absence.save(update_fields=["ended_at"])
    said = "提前结束" if absence.starts_on <= today else "撤销"
    record(
        actor,
        "access.absence.ended",
        node=absence.user.node,
        about=absence,
        summary=f"{said}：{absence.user.name}{absence.days}不在",
        data={"starts_on": str(absence.starts_on), "ends_on": str(absence.ends_on)},
    )
    return absence


def _same(earlier: Absence, user: User) -> Absence:
    if earlier.user_id != user.pk:
        raise BadInput("这张表单已经用过，请返回刷新后再办。", "key-used")
    return earlier


def _at(field: str, sentence: str, kind: type[Refused] = Refused) -> Refused:
    return kind(sentence, "bad-absence", fields={field: sentence})


def _check_days(starts_on: date, last_on: date, today: date) -> date:
    """The first day back."""
    if starts_on < today:
        raise _at("starts_on", "已经过去的日子不能补，从今天或者以后的一天起。", BadInput)
    if last_on < starts_on:
        raise _at("last_on", "最后一天不能早于第一天。", BadInput)
    if last_on > today + MOST_AHEAD:
        raise _at("last_on", "最多能说到一年以内，请看看年份对不对。", BadInput)
    return last_on + DAY


def _refuse_overlap(actor: Actor, user: User, stand_in: User, starts_on: date, ends_on: date) -> None:
    """One absence at a time, and one hop: who stands in is there, and who is away stands in for nobody."""
    who = "您" if user.pk == actor.user_id else user.name
    for other in queries.list_absences_between({user.pk, stand_in.pk}, starts_on, ends_on):
        if other.user_id == user.pk:
            raise _at("starts_on", f"{who}{other.days}已经写明不在，由{other.stand_in.name}代。要改就先结束那一次。")
        if other.stand_in_id == user.pk:
            raise _at("starts_on", f"{who}{other.days}要替{other.user.name}，不能同时不在。")
        if other.user_id == stand_in.pk:
            raise _at("stand_in", f"{stand_in.name}{other.days}也不在，请选别人。")


def _refuse_reach(actor: Actor, user: User, stand_in: User, days: Iterable[date]) -> None:
    """Nothing is lent: the colleague's own post must reach wherever the absent one handles, on the first and last day."""
    has_duty = False
    for day in sorted(days):
        reach = queries.find_reach(user, stand_in, _moment(day, actor.at))
        has_duty |= reach.has_duty
        if reach.missing:
            label, names = next(iter(reach.missing.items()))
            more = f"等{len(names)}个工会" if len(names) > MOST_NAMED else ""
            where = "、".join(names[:MOST_NAMED]) + more
            raise _at("stand_in", f"{stand_in.name}的岗位在{where}不能{label}，请选别人。")
    if not has_duty:
        raise Refused("没有收件箱的岗位，没有要别人代办的事。", "no-duty")


def _moment(day: date, now: datetime) -> datetime:
    """A moment of that local day, not before now."""
    return max(now, timezone.make_aware(datetime.combine(day, time(12))))
