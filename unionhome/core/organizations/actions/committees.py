"""The committees of a union: how many seats, who sits there from when to when."""

from datetime import date

from django.db import transaction

from unionhome.core.journal.actions import record
from unionhome.core.organizations.actions.changes import lock_union
from unionhome.core.organizations.actions.days import check_day
from unionhome.core.organizations.models import Committee, Officer
from unionhome.core.organizations.queries import get_reach
from unionhome.core.organizations.queries.committees import get_officer
from unionhome.core.organizations.rules import COMMITTEES
from unionhome.core.registry import Actor, BadInput, Refused

MOST_SEATS = 60


@transaction.atomic
def set_committee(
    actor: Actor, node_id: int, *, kind: str, seats_count: int, starts_on: date, source: str = ""
) -> Committee:
    """Note the seats of a committee from a day on; the former one of that kind ends that day. The same day corrects it.

    How many seats fit the membership is advice (`rules.seat_advice`). Raises BadInput at the field, NotFound,
    Forbidden beyond the actor's reach.
    """
    union = lock_union(actor, node_id)
    get_reach(actor, union.node.path).check()
    _check(actor, kind, seats_count, starts_on, union.node.opened_on)
    former = union.committees.filter(kind=kind, ends_on=None).first()
    if former is not None and former.starts_on > starts_on:
        sentence = f"现在这一届 {former.starts_on:%Y-%m-%d} 才产生，新的不能早于它。"
        raise BadInput(sentence, "bad-days", fields={"starts_on": sentence})
    if former is not None and former.starts_on == starts_on:
        if (former.seats_count, former.source) == (seats_count, source.strip()):
            return former
        former.seats_count, former.source = seats_count, source.strip()
        former.save(update_fields=["seats_count", "source"])
        committee = former
    else:
        union.committees.filter(kind=kind, ends_on=None).update(ends_on=starts_on)
        committee = Committee.objects.create(
            organization=union, kind=kind, seats_count=seats_count, starts_on=starts_on, source=source.strip()
        )
    record(
        actor,
        "organizations.committee.set",
        node=union.node,
        about=committee,
        summary=f"{union.node.name}{committee.get_kind_display()} {seats_count} 个名额",
        data={"committee": kind, "seats": seats_count, "from": starts_on.isoformat(), "source": source},
    )
    return committee


def _check(actor: Actor, kind: str, seats: int, starts_on: date, opened_on: date) -> None:
    if kind not in dict(COMMITTEES):
        sentence = "没有这种委员会。"
        raise BadInput(sentence, "bad-kind", fields={"kind": sentence})
    if not 1 <= seats <= MOST_SEATS:
        sentence = f"名额应在 1 至 {MOST_SEATS} 之间。"
        raise BadInput(sentence, "bad-seats", fields={"seats_count": sentence})
    check_day(actor, starts_on, "starts_on")
    if starts_on < opened_on:
        sentence = f"不能早于工会成立的那天（{opened_on:%Y-%m-%d}）。"
        raise BadInput(sentence, "before-founding", fields={"starts_on": sentence})


@transaction.atomic
def end_officer(actor: Actor, officer_id: int, *, on: date) -> Officer:
    """End a post: `on` is the first day on which it no longer holds; it stays among the former ones.

    Raises BadInput at `on`, Refused for a post that has ended, NotFound, Forbidden beyond the actor's reach.
    """
    officer = get_officer(actor, officer_id)
    union = lock_union(actor, officer.organization_id)
    get_reach(actor, union.node.path).check()
    check_day(actor, on, "on")
    officer = Officer.objects.select_for_update().get(pk=officer.pk)
    if officer.ends_on == on:
        return officer
    if officer.ends_on is not None:
        raise Refused("这个职务已经卸任，请刷新看看。", "ended")
    if on <= officer.starts_on:
        sentence = f"卸任日期应晚于任职起（{officer.starts_on:%Y-%m-%d}）。"
        raise BadInput(sentence, "bad-days", fields={"on": sentence})
    officer.ends_on = on
    officer.save(update_fields=["ends_on"])
    record(
        actor,
        "organizations.officer.ended",
        node=union.node,
        about=officer,
        summary=f"{union.node.name}{officer.get_committee_display()}{officer.post}卸任",
        data={"post": officer.post, "committee": officer.committee, "on": on.isoformat()},
    )
    return officer
