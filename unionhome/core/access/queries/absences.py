"""The pages of absences, and how far a stand-in's own post reaches."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from unionhome.core.access.models import Absence, User
from unionhome.core.access.queries.accounts import get_actor, get_own_id, get_self, list_users
from unionhome.core.registry import Actor, NotFound, all_permissions
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import scope

FOR_OTHERS = "access.absences"
SHOWN = 30


def list_absences_of(user: User) -> list[Absence]:
    """An account's absences, the latest first."""
    rows = Absence.objects.filter(user=user).select_related("stand_in", "created_by")
    return list(rows.order_by("-starts_on", "-pk")[:SHOWN])


def list_standing_in(actor: Actor) -> list[Absence]:
    """What the actor stands in for now or later, the next first."""
    today = timezone.localdate(actor.at)
    rows = Absence.objects.filter(stand_in=get_own_id(actor), ends_on__gt=today, ended_at__isnull=True)
    return list(rows.select_related("user").order_by("starts_on", "pk"))


def list_absences(actor: Actor) -> QuerySet[Absence]:
    """Absences of the branch that hold now or later, in the order of their days."""
    open_now = Absence.objects.filter(ends_on__gt=timezone.localdate(actor.at), ended_at__isnull=True)
    rows = scope(open_now, actor, FOR_OTHERS).select_related("user__node", "stand_in")
    return rows.order_by("starts_on", "pk")


def find_absentee(actor: Actor, user_id: int) -> User:
    """The account whose absence the actor may enter: the own one, or one of the branch. Raises NotFound."""
    if user_id == actor.user_id:
        return get_self(actor)
    user = list_users(actor, permission=FOR_OTHERS).filter(pk=user_id, is_active=True, node__isnull=False).first()
    if user is None:
        raise NotFound()
    return user


def may_end(actor: Actor, absence: Absence) -> bool:
    """Whether the actor may end it: who is away, or who enters absences of the branch. `absence.user.node` is read."""
    node = absence.user.node
    return absence.user_id == actor.user_id or (node is not None and actor.may(FOR_OTHERS, node.path))


def find_absence_by_submit(actor: Actor, submit_key: str) -> Absence | None:
    """The absence that an earlier send of the same form entered. Keys are the account's own."""
    rows = Absence.objects.filter(created_by=get_own_id(actor), submit_key=submit_key)
    return rows.select_related("user", "stand_in").first() if submit_key else None


def find_absence(pk: int) -> Absence | None:
    """One absence with both people, for what follows an act."""
    return Absence.objects.select_related("user__node", "stand_in__node").filter(pk=pk).first()


def list_stand_in_choices(user: User) -> list[User]:
    """Who can be asked to stand in: the people of the same union, then those of the one above it."""
    node = user.node
    if node is None:
        return []
    near = [node.pk, *([node.parent_id] if node.parent_id else [])]
    people = User.objects.filter(node__in=near, is_active=True, username__isnull=False).exclude(pk=user.pk)
    return sorted(people.select_related("node").order_by("name"), key=lambda each: each.node_id != node.pk)


def is_colleague(user: User, other: User) -> bool:
    """Whether somebody is among those choices."""
    return any(each.pk == other.pk for each in list_stand_in_choices(user))


@dataclass(frozen=True, slots=True)
class Reach:
    """Where an absent one handles and a stand-in does not: the names of the unions by what cannot be done there.
    `has_duty`: whether there is anything to stand in for."""

    has_duty: bool
    missing: Mapping[str, list[str]]


def find_reach(user: User, stand_in: User, at: datetime) -> Reach:
    """Compare the posts of two people at a moment, permission by permission of those that are a duty (`is_duty`)."""
    one, other = get_actor(user, "desk", at), get_actor(stand_in, "desk", at)
    duties = [each for each in all_permissions().values() if each.is_duty and one.may(each.name)]
    lacking = {
        duty.label: [
            grant.node_id
            for grant in one.grants
            if duty.name in grant.permissions and not grant.shares_only and not other.may(duty.name, grant.path)
        ]
        for duty in duties
    }
    names = dict(Node.objects.filter(pk__in={pk for ids in lacking.values() for pk in ids}).values_list("pk", "name"))
    return Reach(bool(duties), {label: [names[pk] for pk in ids] for label, ids in lacking.items() if ids})
