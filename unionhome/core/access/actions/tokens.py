"""Keys for programs: shown once, kept as a digest, never with the right to what needs a second factor."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from unionhome.core.access import queries
from unionhome.core.access.models import ApiToken, User
from unionhome.core.access.rules import TOKEN_FIELD
from unionhome.core.journal.actions import record
from unionhome.core.registry import Actor, BadInput, Forbidden, NotFound, all_permissions
from unionhome.kit import crypto

PREFIX = "uh_"


@transaction.atomic
def create_token(
    actor: Actor, *, label: str, permissions: Collection[str], days: int = 90, submit_key: str = ""
) -> tuple[ApiToken, str]:
    """A token that acts as the actor, within the actor's grants and the named permissions: the row and its text.

    The text is not kept: on a repeat with the same `submit_key` it is "". Raises Forbidden for a permission that the
    actor lacks or that only a person may hold, BadInput without a permission or with too many days.
    """
    if actor.user_id is None:
        raise Forbidden()
    earlier = ApiToken.objects.filter(submit_key=submit_key).first() if submit_key else None
    if earlier is not None:
        return earlier, ""
    _check(actor, permissions, days)
    text = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user_id=actor.user_id,
        label=label.strip()[:60],
        digest=crypto.blind(text, field=TOKEN_FIELD),
        permissions=sorted(set(permissions)),
        created_at=actor.at,
        expires_at=actor.at + timedelta(days=days),
        submit_key=submit_key or None,
    )
    owner = User.objects.select_related("node").get(pk=queries.get_own_id(actor))
    record(
        actor,
        "access.token.created",
        node=owner.node,
        about=owner,
        summary=f"建立接口密钥“{token.label}”",
        data={"permissions": token.permissions, "days": days},
    )
    return token, text


def _check(actor: Actor, permissions: Collection[str], days: int) -> None:
    if not permissions:
        raise BadInput("请至少选一项权限。", "no-permission", fields={"permissions": "请至少选一项权限。"})
    if not 1 <= days <= settings.TOKEN_DAYS:
        sentence = f"有效期1到{settings.TOKEN_DAYS}天。"
        raise BadInput(sentence, "bad-days", fields={"days": sentence})
    for name in permissions:
        permission = all_permissions().get(name)
        if permission is None or not actor.may(name):
            raise Forbidden("不能把自己没有的权限交给程序。")
        if permission.strong:
            raise Forbidden(f"“{permission.label}”要本人用动态口令确认，不能交给程序。")
        if permission.in_person:
            raise Forbidden(f"“{permission.label}”要由另一个人看过再办，必须本人办，不能交给程序。")


@transaction.atomic
def end_token(actor: Actor, token_id: int) -> None:
    """End one of the actor's own tokens. Raises NotFound for another's."""
    own = ApiToken.objects.filter(pk=token_id, user_id=queries.get_own_id(actor))
    token = own.select_related("user__node").first()
    if token is None:
        raise NotFound()
    if own.filter(ended_at__isnull=True).update(ended_at=actor.at):
        record(
            actor, "access.token.ended", node=token.user.node, about=token.user, summary=f"停用接口密钥“{token.label}”"
        )


def end_tokens_of(actor: Actor, user: User) -> int:
    """End every token of an account: it was stopped, or its password reset."""
    return ApiToken.objects.filter(user=user, ended_at__isnull=True).update(ended_at=actor.at)


def touch_token(token: ApiToken, at: datetime) -> None:
    """Note that a token is in use, at most once a minute."""
    if token.seen_at is None or at - token.seen_at > timedelta(minutes=1):
        ApiToken.objects.filter(pk=token.pk).update(seen_at=at)
