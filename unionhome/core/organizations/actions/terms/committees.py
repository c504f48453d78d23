"""The committees of a union: how many seats, from when to when."""

from datetime import date

from django.db import transaction

from unionhome.core.journal.actions import record
from unionhome.core.organizations.actions.changes.standing import lock_union
from unionhome.core.organizations.actions.days import check_day
from unionhome.core.organizations.models import Committee
from unionhome.core.organizations.queries import get_reach
from unionhome.core.organizations.rules import COMMITTEES
from unionhome.core.registry import Actor, BadInput

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
