"""Whom a case can be given to: colleagues and other unions."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from unionhome.core.access.models import Absence, User
from unionhome.core.access.queries import get_actor, list_able, list_stood_in
from unionhome.core.cases.models import Case
from unionhome.core.cases.queries.appeals import is_seen, list_barred, list_barred_unions
from unionhome.core.cases.queries.branch import is_handled
from unionhome.core.registry import NotFound
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import list_shares
from unionhome.core.tree.rules import prefixes


def list_colleagues(node_id: int) -> QuerySet[User]:
    """Active accounts of the union that handles a case: who can be its handler."""
    return User.objects.filter(node_id=node_id, is_active=True, username__isnull=False).order_by("name")


def list_handlers(node: Node, at: datetime) -> list[User]:
    """Those of a union's people who may handle its cases by their branch."""
    people = list(list_colleagues(node.pk))
    able = list_able(people, "cases.handle", node, at)
    return [user for user in people if user.pk in able]


def list_assignable(case: Case, at: datetime) -> list[User]:
    """Those of them who may handle the case, by their branch or because it was shared with them; of an appeal nobody who
    handled the first matter."""
    people = list(list_colleagues(case.node_id))
    able = list_able(people, "cases.handle", case.node, at)
    able |= {share.user_id for share in list_shares("cases.case", case.pk, at) if share.user_id and share.can_act}
    barred = list_barred(case, people)
    return [user for user in people if user.pk in able and user.pk not in barred]


def find_unfit(case: Case, person: User, at: datetime) -> str:
    """Why a case cannot be given to somebody; empty where it can. Two questions."""
    if person.node_id != case.node_id:
        return "只能选承办工会自己的人。"
    if list_barred(case, [person]):
        return f"{person.name}办过原来那件，不能办申诉，请选别人。"
    is_able = any(user.pk == person.pk for user in list_assignable(case, at))
    return "" if is_able else f"{person.name}没有办理诉求的权限，请选别人。"


@dataclass(frozen=True, slots=True)
class Standing:
    """Who does the work of an absent handler on a day: chosen for this case by hand, else by the absence."""

    absence: Absence
    person: User


def find_standing(case: Case, at: datetime) -> Standing | None:
    """Who stands in for the handler on the local day of `at`; None where the handler is there, or where the stand-in may
    not act on this very case. One query while nobody is away."""
    if case.handler_id is None:
        return None
    people = [pk for pk in (case.handler_id, case.stand_in_id) if pk is not None]
    away = {absence.user_id: absence for absence in list_stood_in(people, at)}
    absence = away.get(case.handler_id)
    if absence is None:
        return None
    chosen = case.stand_in if case.stand_in is not None and case.stand_in.is_active else None
    person = chosen if chosen is not None and chosen.pk not in away else absence.stand_in
    actor = get_actor(person, "desk", at)
    return Standing(absence, person) if is_seen(actor, case) and is_handled(actor, case) else None


def list_referral_choices(case: Case) -> list[tuple[str, str]]:
    """Federations a case can be sent to: those above it, its neighbours under the same parent, and those below; an
    appeal to none that handled the first matter."""
    node = case.node
    near = Q(path__in=prefixes(node.path)) | Q(parent_id=node.parent_id) | Q(parent_id=node.pk)
    nodes = Node.objects.filter(near, is_local=True, closed_on__isnull=True).exclude(pk=node.pk)
    nodes = nodes.exclude(level="village").order_by("path")[:300]
    barred = list_barred_unions(case)
    return [(str(each.pk), each.name) for each in nodes if each.pk not in barred]


def get_referral_node(case: Case, node_id: int) -> Node:
    """One of the unions a case can be sent to. Raises NotFound."""
    node = Node.objects.filter(pk=node_id, is_local=True, closed_on__isnull=True).first()
    if node is None:
        raise NotFound()
    return node
