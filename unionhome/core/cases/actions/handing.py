"""Many cases of a union given to one of its people at once, from the inbox."""

from collections.abc import Iterable

from django.db import transaction

from unionhome.core.access.models import User
from unionhome.core.cases import queries
from unionhome.core.cases.actions.handling import carry_followers, refresh_item
from unionhome.core.cases.actions.opening import add_entry
from unionhome.core.cases.models import Case, Entry
from unionhome.core.cases.workflow import FOLLOWING
from unionhome.core.registry import Actor
from unionhome.core.tree.queries import scope


def lock_cases(actor: Actor, case_ids: Iterable[int], *, receiver: User) -> set[int]:
    """Lock those of the cases that the actor's post may act on, in one order, until the transaction ends; their ids.
    Appeals are left out where giver or receiver must have no part in them."""
    rows = scope(Case.objects.filter(pk__in=list(case_ids), ended_on=None), actor, "cases.handle")
    held = set(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    appeals = Case.objects.filter(pk__in=held, appeal_of__isnull=False).select_related("node")
    return held - {
        case.pk
        for case in appeals
        if queries.is_barred(case, receiver.pk, receiver.node_id)
        or queries.is_barred(case, actor.user_id, actor.node_id)
    }


@transaction.atomic
def hand_cases(actor: Actor, case_ids: Iterable[int], person: User) -> None:
    """Make a person the handler (A岗) of cases that the caller has locked; who stood in for others (B岗) does not stand
    in for oneself. What is worked on with them goes along. Each keeps a line; the caller keeps the inbox and journals."""
    ids = list(case_ids)
    Case.objects.filter(pk__in=ids).update(handler=person)
    Case.objects.filter(pk__in=ids, stand_in=person).update(stand_in=None)
    for leader in Case.objects.filter(pk__in=ids, followers__state=FOLLOWING).select_related("node").distinct():
        carry_followers(actor, leader)
    Entry.objects.bulk_create(
        Entry(
            case_id=pk,
            at=actor.at,
            kind=Entry.Kind.STEP,
            title=f"指派：{person.name}经办"[:80],
            user_id=actor.user_id,
            actor_name=actor.name,
            actor_post=actor.post,
            actor_union=actor.node_name,
        )
        for pk in ids
    )


@transaction.atomic
def clear_stand_in(actor: Actor, user_id: int) -> int:
    """Let an account that was stopped be chosen as stand-in (B岗) for no open case any more: the stand-in of an absence
    comes in its place. How many cases. Nothing where it works again."""
    if User.objects.filter(pk=user_id, is_active=True).exists():
        return 0
    rows = Case.objects.filter(stand_in=user_id, ended_on=None).select_related("node").order_by("pk")
    cases = list(rows.select_for_update(of=("self",)))
    for case in cases:
        case.stand_in = None
        case.save(update_fields=["stand_in"])
        refresh_item(actor, case)
        add_entry(actor, case, Entry.Kind.STEP, "B岗的账号停用了，不再替班", is_public=False)
    return len(cases)
