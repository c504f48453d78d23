"""Reading accounts, grants and sessions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from unionhome.core.access.models import ApiToken, Attempt, RoleGrant, SignIn, User
from unionhome.core.access.queries.away import list_away
from unionhome.core.access.rules import (
    AHEAD_IN_DEMO,
    ATTEMPT_FIELD,
    DEMO_SECRET,
    PHONE_FIELD,
    SECRET_FIELD,
    SIGN_IN_FIELD,
    TOKEN_FIELD,
    next_totp_code,
)
from unionhome.core.journal.models import Entry
from unionhome.core.journal.queries import list_entries_about
from unionhome.core.registry import ROLES, Actor, BadInput, Grant, NotFound, permissions_of
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import branch_q, scope
from unionhome.core.tree.rules import prefixes
from unionhome.kit import crypto
from unionhome.kit.codes import mask_phone


def list_open_grants(user_id: int, at: datetime) -> QuerySet[RoleGrant]:
    """Grants that hold on the local day of `at`."""
    today = timezone.localdate(at)
    return (
        RoleGrant.objects.filter(user_id=user_id, starts_on__lte=today)
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gt=today))
        .select_related("node")
        .order_by("id")
    )


def get_actor(
    user: User,
    door: str,
    at: datetime,
    *,
    request_id: str = "",
    strong: bool = False,
    only: frozenset[str] | None = None,
) -> Actor:
    """The frozen Actor of an account at one moment; `only` narrows the permissions (API tokens)."""
    grants = []
    for row in list_open_grants(user.pk, at) if door in ("desk", "api") else ():
        permissions = permissions_of(row.role)
        grants.append(
            Grant(
                row.role,
                row.node_id,
                row.node.path,
                permissions if only is None else permissions & only,
                ROLES[row.role].shares_only,
            )
        )
    node = user.node
    return Actor(
        at=at,
        door=door,
        user_id=user.pk,
        person_id=user.person_id,
        name=user.name,
        post=user.post,
        node_id=node.pk if node else None,
        node_name=node.name if node else "",
        node_path=node.path if node else "",
        grants=tuple(grants),
        request_id=request_id,
        strong=strong,
        away=list_away(user, at) if door in ("desk", "api") else (),
    )


def list_holders(node: Node, permission: str, at: datetime, *, hidden_path: str = "") -> list[User]:
    """Active accounts that hold the permission at the union itself; where it has none, at the nearest one above that has.

    Specialists, and whoever holds any grant within `hidden_path`, are left out: what is hidden from a branch is told
    nobody there.
    """
    today = timezone.localdate(at)
    roles = [role for role in ROLES if permission in permissions_of(role) and not ROLES[role].shares_only]
    grants = RoleGrant.objects.filter(starts_on__lte=today, user__is_active=True)
    grants = grants.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=today))
    found = grants.filter(role__in=roles, node__path__in=prefixes(node.path))
    if hidden_path:
        found = found.exclude(user__in=grants.filter(branch_q("node__path", [hidden_path])).values("user"))
    rows = list(found.select_related("user", "node").order_by("user_id"))
    nearest = max((len(row.node.path) for row in rows), default=0)
    return list({row.user_id: row.user for row in rows if len(row.node.path) == nearest}.values())


def list_specialists(node: Node, permission: str, at: datetime) -> list[User]:
    """Active specialists of the union and of those above it who hold the permission: rows are handed to them one by one."""
    today = timezone.localdate(at)
    roles = [role for role in ROLES if permission in permissions_of(role) and ROLES[role].shares_only]
    grants = RoleGrant.objects.filter(starts_on__lte=today, user__is_active=True, role__in=roles)
    grants = grants.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=today), node__path__in=prefixes(node.path))
    return list({row.user_id: row.user for row in grants.select_related("user").order_by("user_id")}.values())


def list_able(users: Iterable[User], permission: str, node: Node, at: datetime) -> set[int]:
    """Ids of those who hold a permission over a union by their branch on the day; specialists do not."""
    today = timezone.localdate(at)
    roles = [role for role in ROLES if permission in permissions_of(role) and not ROLES[role].shares_only]
    grants = RoleGrant.objects.filter(user__in=[user.pk for user in users], role__in=roles, starts_on__lte=today)
    grants = grants.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=today), node__path__in=prefixes(node.path))
    return set(grants.values_list("user_id", flat=True))


def get_own_id(actor: Actor) -> int:
    """The actor's account; 0, which no account has, for visitors and the product itself."""
    return actor.user_id or 0


def find_user(username: str) -> User | None:
    """The active account of that sign-in name."""
    return User.objects.select_related("node").filter(username=username, is_active=True).first()


def find_sign_in(session_key: str) -> SignIn | None:
    """The open session behind a session key."""
    index = crypto.blind(session_key, field=SIGN_IN_FIELD)
    return (
        SignIn.objects.select_related("user__node")
        .filter(session_index=index, ended_at__isnull=True, user__is_active=True)
        .first()
    )


def _list_sign_ins(actor: Actor) -> QuerySet[SignIn]:
    """The actor's own open sessions, newest first."""
    open_rows = SignIn.objects.filter(user_id=get_own_id(actor), ended_at__isnull=True)
    return open_rows.order_by("-seen_at", "-id")


@dataclass(frozen=True, slots=True)
class OwnSession:
    """One of the actor's own sessions, as the account page shows it."""

    id: int
    device: str
    door: str
    started_at: datetime
    seen_at: datetime
    is_current: bool


def list_own_sessions(actor: Actor, session_key: str) -> list[OwnSession]:
    """The actor's open sessions that have not gone idle; the one behind the key is the current one, and first."""
    current = crypto.blind(session_key, field=SIGN_IN_FIELD)
    rows = [
        OwnSession(row.pk, row.device, row.door, row.started_at, row.seen_at, row.session_index == current)
        for row in _list_sign_ins(actor)
        if actor.at - row.seen_at <= get_idle_limit(row.door)
    ]
    return sorted(rows, key=lambda row: not row.is_current)


def get_idle_limit(door: str) -> timedelta:
    """How long a session of that door may stand idle."""
    return timedelta(minutes=settings.IDLE_MINUTES_DESK if door == "desk" else settings.IDLE_MINUTES_MY)


def find_token(text: str, at: datetime) -> ApiToken | None:
    """The token that still holds."""
    return (
        ApiToken.objects.select_related("user__node")
        .filter(
            digest=crypto.blind(text, field=TOKEN_FIELD),
            ended_at__isnull=True,
            expires_at__gt=at,
        )
        .filter(user__is_active=True)
        .first()
    )


def list_tokens(actor: Actor) -> QuerySet[ApiToken]:
    """The actor's own tokens that have not been ended."""
    return ApiToken.objects.filter(user_id=get_own_id(actor), ended_at__isnull=True).order_by("-id")


def _count_attempts(what: str, key: str, since: datetime) -> int:
    """How often the (digested) key was counted since a moment."""
    return Attempt.objects.filter(what=what, key=crypto.blind(key, field=ATTEMPT_FIELD), at__gte=since).count()


def count_recent(actor: Actor, what: str, key: str, minutes: int) -> int:
    """Attempts in the last `minutes` before the act."""
    return _count_attempts(what, key, actor.at - timedelta(minutes=minutes))


def list_users(actor: Actor, text: str = "", *, permission: str = "") -> QuerySet[User]:
    """Cadre accounts of the branches that the actor administers, or of those with the one `permission` named."""
    users = User.objects.filter(username__isnull=False).select_related("node").order_by("username")
    if not actor.is_system:
        names = (permission,) if permission else ("access.manage_users", "access.grant")
        users = users.filter(branch_q(User.SCOPE, [path for name in names for path in actor.branches(name)]))
    return users.filter(Q(username__contains=text) | Q(name__contains=text)) if text else users


def get_user(actor: Actor, user_id: int, permission: str = "") -> User:
    """A cadre account that the actor administers. Raises NotFound."""
    user = list_users(actor, permission=permission).filter(pk=user_id).first()
    if user is None:
        raise NotFound()
    return user


def get_self(actor: Actor) -> User:
    """The actor's own account. Raises NotFound for a visitor."""
    user = User.objects.select_related("node").filter(pk=get_own_id(actor)).first()
    if user is None:
        raise NotFound()
    return user


def list_user_grants(user: User) -> QuerySet[RoleGrant]:
    """Every grant the account has or had, newest first."""
    return RoleGrant.objects.filter(user=user).select_related("node", "granted_by").order_by("-id")


def find_pending_secret(actor: Actor) -> bytes | None:
    """The shared secret that the actor is about to confirm; shown on the enrolment page only."""
    sealed = User.objects.filter(pk=get_own_id(actor)).values_list("next_secret_sealed", flat=True).first()
    return crypto.open_bytes(sealed, field=SECRET_FIELD) if sealed is not None else None


def find_demo_code(actor: Actor) -> str:
    """A code of the second factor that is still to be used, in the demo only, for the demo's own secret only."""
    if not settings.DEMO:
        return ""
    user = User.objects.filter(pk=get_own_id(actor)).first()
    if user is None or user.secret_sealed is None:
        return ""
    if crypto.open_bytes(user.secret_sealed, field=SECRET_FIELD) != DEMO_SECRET:
        return ""
    return next_totp_code(DEMO_SECRET, actor.at, user.last_counter, AHEAD_IN_DEMO)


def find_own_masked_phone(actor: Actor) -> str:
    """The actor's own number, masked."""
    user = get_self(actor)
    sealed = user.phone_sealed
    return mask_phone(crypto.open_sealed(sealed, field=PHONE_FIELD)) if sealed is not None else ""


def find_last_user_id(session_key: str) -> int | None:
    """Whose session the key was, open or ended: a kept form is offered again to its sender only."""
    index = crypto.blind(session_key, field=SIGN_IN_FIELD)
    return SignIn.objects.filter(session_index=index).values_list("user_id", flat=True).first()


def find_own_phone(actor: Actor) -> str:
    """The verified mobile number of the actor's own account; empty for visitors and accounts without one."""
    if actor.user_id is None or actor.door != "my":
        return ""
    sealed = User.objects.filter(pk=actor.user_id).values_list("phone_sealed", flat=True).first()
    return crypto.open_sealed(bytes(sealed), field=PHONE_FIELD) if sealed else ""


def find_account(*, person_id: int | None = None, phone: str = "") -> User | None:
    """The active account of a person in the register, else the one that proved to own a phone."""
    active = User.objects.filter(is_active=True)
    found = active.filter(person_id=person_id).first() if person_id is not None else None
    if found is None and phone:
        found = active.filter(phone_index=crypto.blind(phone, field=PHONE_FIELD)).first()
    return found


def get_cadre(actor: Actor, username: str, permission: str) -> User:
    """The account of that sign-in name in the actor's branch. Raises BadInput at the field "username"."""
    user = list_users(actor, permission=permission).filter(username=username.strip().lower()).first()
    if user is None:
        sentence = "您的范围里没有这个登录名。"
        raise BadInput(sentence, "unknown-user", fields={"username": sentence})
    return user


def list_unions(actor: Actor, text: str, permission: str) -> QuerySet[Node]:
    """Open unions of the branches on which the actor holds the permission, by code or part of the name."""
    nodes = scope(Node.objects.filter(closed_on__isnull=True), actor, permission).order_by("path")
    return nodes.filter(Q(code__startswith=text) | Q(name__contains=text)) if text else nodes


def get_union(actor: Actor, text: str, permission: str) -> Node:
    """The one union meant by a code, "code name" or full name. Raises BadInput at the field "union"."""
    text = text.strip()
    nodes = list_unions(actor, "", permission)
    found = nodes.filter(Q(code=text.split(" ")[0]) | Q(name=text)).first() if text else None
    if found is not None:
        return found
    near = [f"{node.code} {node.name}" for node in list_unions(actor, text, permission)[:4]] if text else []
    sentence = f"请写明是哪一个：{'；'.join(near)}" if near else "您的范围里没有这个工会，请写编码或全称。"
    raise BadInput(sentence, "unknown-union", fields={"union": sentence})


def list_grants(actor: Actor, *, text: str = "", role: str = "") -> QuerySet[RoleGrant]:
    """Grants that hold today or later on the actor's branches, by account."""
    today = timezone.localdate(actor.at)
    grants = (
        scope(RoleGrant.objects.all(), actor, "access.grant")
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gt=today))
        .select_related("user", "node", "granted_by")
        .order_by("user__username", "id")
    )
    if role:
        grants = grants.filter(role=role)
    if text:
        words = Q(user__name__contains=text) | Q(user__username__contains=text) | Q(node__name__contains=text)
        grants = grants.filter(words)
    return grants


def list_user_entries(user: User, at_most: int = 20) -> QuerySet[Entry]:
    """The last journal entries about an account: sign-ins, passwords, grants."""
    return list_entries_about(user).order_by("-id")[:at_most]
