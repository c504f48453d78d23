"""Reading accounts, grants and sessions."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from unionhome.core.access.models import ApiToken, Attempt, RoleGrant, SignIn, User
from unionhome.core.access.rules import DEMO_SECRET, totp_code
from unionhome.core.registry import ROLES, Actor, Grant, NotFound, permissions_of
from unionhome.core.tree.queries import branch_q
from unionhome.kit import crypto


def list_open_grants(user_id: int, at: datetime) -> QuerySet[RoleGrant]:
    """Grants that hold on the local day of `at`."""
    today = timezone.localdate(at)
    return (
        RoleGrant.objects.filter(user_id=user_id, starts_on__lte=today)
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gt=today))
        .select_related("node")
        .order_by("id")
    )


def build_actor(
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
    )


def own_id(actor: Actor) -> int:
    """The actor's account; 0, which no account has, for visitors and the product itself."""
    return actor.user_id or 0


def find_user(username: str) -> User | None:
    """The active account of that sign-in name."""
    return User.objects.select_related("node").filter(username=username, is_active=True).first()


def find_user_by_phone(phone: str) -> User | None:
    """The active account bound to that mobile number."""
    index = crypto.blind(phone, field="access.user.phone")
    return User.objects.select_related("node").filter(phone_index=index, is_active=True).first()


def find_sign_in(session_key: str) -> SignIn | None:
    """The open session behind a session key."""
    index = crypto.blind(session_key, field="access.sign_in")
    return (
        SignIn.objects.select_related("user__node")
        .filter(session_index=index, ended_at__isnull=True, user__is_active=True)
        .first()
    )


def list_sign_ins(actor: Actor) -> QuerySet[SignIn]:
    """The actor's own open sessions, newest first."""
    return SignIn.objects.filter(user_id=own_id(actor), ended_at__isnull=True).order_by("-seen_at", "-id")


def find_token(text: str, at: datetime) -> ApiToken | None:
    """The token that still holds."""
    return (
        ApiToken.objects.select_related("user__node")
        .filter(
            digest=crypto.blind(text, field="access.token"),
            ended_at__isnull=True,
            expires_at__gt=at,
        )
        .filter(user__is_active=True)
        .first()
    )


def list_tokens(actor: Actor) -> QuerySet[ApiToken]:
    """The actor's own tokens that have not been ended."""
    return ApiToken.objects.filter(user_id=own_id(actor), ended_at__isnull=True).order_by("-id")


def count_attempts(what: str, key: str, since: datetime) -> int:
    """How often the (digested) key was counted since a moment."""
    return Attempt.objects.filter(what=what, key=crypto.blind(key, field="access.attempt"), at__gte=since).count()


def count_recent(actor: Actor, what: str, key: str, minutes: int) -> int:
    """Attempts in the last `minutes` before the act."""
    return count_attempts(what, key, actor.at - timedelta(minutes=minutes))


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
    user = User.objects.select_related("node").filter(pk=own_id(actor)).first()
    if user is None:
        raise NotFound()
    return user


def list_user_grants(user: User) -> QuerySet[RoleGrant]:
    """Every grant the account has or had, newest first."""
    return RoleGrant.objects.filter(user=user).select_related("node", "granted_by").order_by("-id")


def find_pending_secret(actor: Actor) -> bytes | None:
    """The shared secret that the actor is about to confirm; shown on the enrolment page only."""
    sealed = User.objects.filter(pk=own_id(actor)).values_list("next_secret_sealed", flat=True).first()
    return crypto.open_bytes(sealed, field="access.user.secret") if sealed is not None else None


def find_demo_code(actor: Actor) -> str:
    """The second factor's present code, in the demo only, for the demo's own secret only; else ""."""
    if not settings.DEMO:
        return ""
    sealed = User.objects.filter(pk=own_id(actor)).values_list("secret_sealed", flat=True).first()
    if sealed is None or crypto.open_bytes(sealed, field="access.user.secret") != DEMO_SECRET:
        return ""
    return totp_code(DEMO_SECRET, actor.at)


def find_last_user_id(session_key: str) -> int | None:
    """Whose session the key was, open or ended: a kept form is offered again to its sender only."""
    index = crypto.blind(session_key, field="access.sign_in")
    return SignIn.objects.filter(session_index=index).values_list("user_id", flat=True).first()


def find_own_phone(actor: Actor) -> str:
    """The verified mobile number of the actor's own account; empty for visitors and accounts without one."""
    if actor.user_id is None or actor.door != "my":
        return ""
    sealed = User.objects.filter(pk=actor.user_id).values_list("phone_sealed", flat=True).first()
    return crypto.open_sealed(bytes(sealed), field="access.user.phone") if sealed else ""
