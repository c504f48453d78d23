"""Opening, changing, stopping and linking accounts."""

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from unionhome.core.access import queries
from unionhome.core.access.actions.sessions import end_sessions_of
from unionhome.core.access.actions.tokens import end_tokens_of
from unionhome.core.access.models import User
from unionhome.core.access.rules import (
    DEMO_SECRET,
    PHONE_FIELD,
    SECRET_FIELD,
    clean_phone,
    clean_username,
    new_password,
)
from unionhome.core.journal.actions import record
from unionhome.core.registry import Actor, BadInput, NotFound, Refused
from unionhome.core.tree.models import Node
from unionhome.kit import crypto
from unionhome.kit.codes import mask_phone


@transaction.atomic
def create_user(
    actor: Actor,
    *,
    username: str,
    name: str,
    node: Node,
    password: str,
    post: str = "",
    phone: str = "",
    person_id: int | None = None,
    temporary: bool = False,
    submit_key: str = "",
) -> User:
    """Open a cadre's account at a union; `temporary` makes the password one to change at the first sign-in.

    A repeat with the same `submit_key` returns the account of the first time. Raises Forbidden outside the actor's
    branch, BadInput for a name or phone in use. In the demo every account has the demo's fixed second factor.
    """
    actor.require("access.manage_users", node.path)
    earlier = User.objects.filter(submit_key=submit_key).first() if submit_key else None
    if earlier is not None:
        return earlier
    username = clean_username(username)
    if User.objects.filter(username=username).exists():
        raise BadInput("这个登录名已经有人用了。", "username-taken", fields={"username": "这个登录名已经有人用了。"})
    sealed, index = _phone_columns(phone)
    user = User.objects.create(
        username=username,
        name=name.strip(),
        post=post.strip(),
        node=node,
        password=make_password(password),
        password_set_at=None if temporary else actor.at,
        phone_sealed=sealed,
        phone_index=index,
        person_id=person_id,
        secret_sealed=crypto.seal_bytes(DEMO_SECRET, field=SECRET_FIELD) if settings.DEMO else None,
        secret_confirmed_at=actor.at if settings.DEMO else None,
        submit_key=submit_key or None,
    )
    record(actor, "access.user.created", node=node, about=user, summary=f"建立账号{username}（{node.name}）")
    return user


@transaction.atomic
def open_account(
    actor: Actor, *, username: str, name: str, node: Node, post: str = "", phone: str = "", submit_key: str = ""
) -> tuple[User, str]:
    """`create_user` with a made-up password to hand over: the account and the password, "" on a repeat."""
    repeated = bool(submit_key) and User.objects.filter(submit_key=submit_key).exists()
    password = new_password()
    user = create_user(
        actor,
        username=username,
        name=name,
        node=node,
        password=password,
        post=post,
        phone=phone,
        temporary=True,
        submit_key=submit_key,
    )
    return user, "" if repeated else password


def _phone_columns(phone: str) -> tuple[bytes | None, str | None]:
    if not phone:
        return None, None
    digits = clean_phone(phone)
    index = crypto.blind(digits, field=PHONE_FIELD)
    if User.objects.filter(phone_index=index).exists():
        raise BadInput("这个手机号已经有账号了。", "phone-taken", fields={"phone": "这个手机号已经有账号了。"})
    return crypto.seal(digits, field=PHONE_FIELD), index


@transaction.atomic
def find_or_create_worker(actor: Actor, phone: str, *, name: str = "", person_id: int | None = None) -> User:
    """The account of a phone; one is opened at the first sign-in. Without `person_id` it is an outsider's account.

    Raises Refused where the account was stopped.
    """
    digits = clean_phone(phone)
    user, created = User.objects.select_related("node").get_or_create(
        phone_index=crypto.blind(digits, field=PHONE_FIELD),
        defaults={
            "phone_sealed": crypto.seal(digits, field=PHONE_FIELD),
            "name": name or f"手机尾号{digits[-4:]}",
            "password": make_password(None),
        },
    )
    if not user.is_active:
        raise Refused("这个账号已经停用，请联系本级工会。", "stopped")
    if created:
        record(actor, "access.user.created", about=user, summary=f"手机{mask_phone(digits)}首次登录，建立账号")
    if person_id is not None and user.person_id is None:
        link_person(actor, user, person_id, name=name)
    return user


@transaction.atomic
def link_person(actor: Actor, user: User, person_id: int, *, name: str = "") -> User:
    """Bind the account to a person of the register: from now on it reads that person's rows at /my.

    An earlier account of the person that no phone opens any more gives the person over. Raises Refused where the
    account or the person is bound otherwise already. For the members room.
    """
    User.objects.filter(person_id=person_id, phone_index=None, username=None).exclude(pk=user.pk).update(person_id=None)
    fresh = User.objects.select_for_update(of=("self",)).select_related("node").get(pk=user.pk)
    if fresh.person_id != person_id:
        if fresh.person_id is not None or User.objects.filter(person_id=person_id).exists():
            raise Refused("这个账号或这位职工已经绑定了别的，请联系本级工会核对。", "linked")
        fresh.person_id = person_id
        fresh.name = name or fresh.name
        fresh.save(update_fields=["person_id", "name"])
        record(
            actor, "access.user.linked", node=fresh.node, about=fresh, subject_id=person_id, summary="账号绑定实名登记"
        )
    user.person_id, user.name = fresh.person_id, fresh.name
    return user


@transaction.atomic
def hand_over_account(actor: Actor, from_id: int, to_id: int) -> bool:
    """Let the account of one person's file read another's from now on; False where there is none, or the other file
    has its own. For the members room, when files are merged or separated."""
    user = User.objects.select_for_update(of=("self",)).select_related("node").filter(person_id=from_id).first()
    if user is None or User.objects.filter(person_id=to_id).exists():
        return False
    user.person_id = to_id
    user.save(update_fields=["person_id"])
    record(actor, "access.user.linked", node=user.node, about=user, subject_id=to_id, summary="账号随档案合并改绑")
    return True


@transaction.atomic
def change_user(actor: Actor, user_id: int, *, name: str, post: str, node: Node) -> User:
    """Change name, post and union of a cadre's account. Raises Forbidden where either union is out of the branch."""
    user = get_administered(actor, user_id)
    actor.require("access.manage_users", node.path)
    old = {"post": user.post, "node": user.node_id}
    user.name, user.post, user.node = name.strip(), post.strip(), node
    user.save(update_fields=["name", "post", "node"])
    record(
        actor,
        "access.user.changed",
        node=node,
        about=user,
        summary=f"更改账号{user.username}的资料",
        data={"old": old, "new": {"post": user.post, "node": node.pk}},
    )
    return user


@transaction.atomic
def stop_user(actor: Actor, user_id: int, *, reason: str) -> User:
    """Stop an account: its sessions and tokens end and it signs in no more. Raises Refused for one's own."""
    user = get_administered(actor, user_id)
    if user.pk == actor.user_id:
        raise Refused("不能停用自己的账号。", "own-account")
    if user.is_active:
        user.is_active = False
        user.save(update_fields=["is_active"])
        end_sessions_of(actor, user, "stopped")
        end_tokens_of(actor, user)
        summary = f"停用账号{user.username}：{reason}"[:300]
        record(actor, "access.user.stopped", node=user.node, about=user, summary=summary)
    return user


@transaction.atomic
def reopen_user(actor: Actor, user_id: int) -> User:
    """Let a stopped account sign in again."""
    user = get_administered(actor, user_id)
    if not user.is_active:
        user.is_active = True
        user.save(update_fields=["is_active"])
        record(actor, "access.user.reopened", node=user.node, about=user, summary=f"启用账号{user.username}")
    return user


def get_administered(actor: Actor, user_id: int) -> User:
    """The account, locked for the transaction, if the actor administers its branch. Raises NotFound."""
    visible = queries.list_users(actor, permission="access.manage_users").filter(pk=user_id)
    user = visible.select_for_update(of=("self",)).first()
    if user is None:
        raise NotFound()
    return user
