"""The second factor: a code from an authenticator (RFC 6238), each code taken once."""

from django.conf import settings
from django.db import transaction

from unionhome.core.access import queries
from unionhome.core.access.actions.accounts import get_administered
from unionhome.core.access.actions.limits import clear_attempts, limit
from unionhome.core.access.models import SignIn, User
from unionhome.core.access.rules import (
    AHEAD_IN_DEMO,
    DEMO_SECRET,
    SECRET_FIELD,
    SIGN_IN_FIELD,
    new_secret,
    totp_counter,
)
from unionhome.core.journal.actions import record
from unionhome.core.registry import Actor, BadInput, Forbidden, Refused
from unionhome.kit import crypto

WHAT, TRIES, MINUTES = "access.factor", 5, 15


@transaction.atomic
def enrol_factor(actor: Actor) -> None:
    """Make a secret for the actor's authenticator; it counts once a code confirms it.

    Raises Forbidden where a second factor is enrolled and was not passed in this session.
    """
    user = _own(actor)
    if user.has_factor and not actor.strong:
        raise Forbidden("更换动态口令前，请先用现在的动态口令确认一次。")
    if user.next_secret_sealed is None:
        user.next_secret_sealed = crypto.seal_bytes(new_secret(), field=SECRET_FIELD)
        user.save(update_fields=["next_secret_sealed"])


def confirm_factor(actor: Actor, code: str, session_key: str) -> None:
    """Enrol the new secret with a first code from it; the session has passed the second factor with it.

    Raises Refused where nothing is to confirm, BadInput for a wrong code, TooMany. Call it outside a transaction.
    """
    limit(actor, WHAT, str(actor.user_id), TRIES, MINUTES)
    with transaction.atomic():
        user = _own(actor)
        if user.next_secret_sealed is None:
            raise Refused("请先开始绑定动态口令。", "not-started")
        if user.has_factor and not actor.strong:
            raise Forbidden("更换动态口令前，请先用现在的动态口令确认一次。")
        secret = crypto.open_bytes(user.next_secret_sealed, field=SECRET_FIELD)
        user.last_counter = _counter(secret, code, actor, 0)
        user.secret_sealed, user.next_secret_sealed = user.next_secret_sealed, None
        user.secret_confirmed_at = actor.at
        user.save(update_fields=["secret_sealed", "next_secret_sealed", "secret_confirmed_at", "last_counter"])
        _mark_strong(actor, session_key)
        record(actor, "access.factor.enrolled", node=user.node, about=user, summary="绑定动态口令")


def verify_factor(actor: Actor, code: str, session_key: str) -> None:
    """Pass the second factor in this session. A code is taken once.

    Raises Refused without an enrolled factor, BadInput for a wrong or used code, TooMany after five in a quarter of
    an hour. Tries are counted although the call raises: call it outside a transaction.
    """
    limit(actor, WHAT, str(actor.user_id), TRIES, MINUTES)
    with transaction.atomic():
        user = _own(actor)
        if user.secret_sealed is None or not user.has_factor:
            raise Refused("您还没有绑定动态口令。", "no-factor")
        secret = crypto.open_bytes(user.secret_sealed, field=SECRET_FIELD)
        user.last_counter = _counter(secret, code, actor, user.last_counter)
        user.save(update_fields=["last_counter"])
        _mark_strong(actor, session_key)
        record(actor, "access.factor.passed", node=user.node, about=user, summary="通过动态口令确认")


@transaction.atomic
def reset_factor(actor: Actor, user_id: int) -> User:
    """Take the second factor off an account whose owner lost the authenticator."""
    user = get_administered(actor, user_id)
    if user.pk == actor.user_id:
        raise Refused("不能解除自己的动态口令，请在“我的账号”里更换。", "own-account")
    user.secret_sealed, user.next_secret_sealed, user.secret_confirmed_at = None, None, None
    user.save(update_fields=["secret_sealed", "next_secret_sealed", "secret_confirmed_at"])
    SignIn.objects.filter(user=user, ended_at__isnull=True).update(strong_at=None)
    record(actor, "access.factor.reset", node=user.node, about=user, summary=f"解除{user.username}的动态口令")
    return user


def _own(actor: Actor) -> User:
    if actor.user_id is None:
        raise Forbidden()
    return User.objects.select_for_update(of=("self",)).select_related("node").get(pk=queries.get_own_id(actor))


def _counter(secret: bytes, code: str, actor: Actor, last: int) -> int:
    ahead = AHEAD_IN_DEMO if settings.DEMO and secret == DEMO_SECRET else 1
    counter = totp_counter(secret, code.replace(" ", ""), actor.at, last, ahead)
    if counter is None:
        sentence = "动态口令不对，或者已经用过。请等下一组数字再试。"
        raise BadInput(sentence, "wrong-code", fields={"code": sentence})
    return counter


def _mark_strong(actor: Actor, session_key: str) -> None:
    index = crypto.blind(session_key, field=SIGN_IN_FIELD)
    SignIn.objects.filter(user_id=queries.get_own_id(actor), session_index=index, ended_at__isnull=True).update(
        strong_at=actor.at
    )
    clear_attempts(actor, WHAT, str(actor.user_id))
