"""Sessions: one `SignIn` row each, so that their owner sees and ends them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from unionhome.core.access import queries
from unionhome.core.access.models import SignIn, User
from unionhome.core.access.rules import SIGN_IN_FIELD
from unionhome.core.journal.actions import record
from unionhome.core.registry import Actor, NotFound
from unionhome.kit import crypto


@dataclass(frozen=True, slots=True)
class Browser:
    """Where somebody signs in: given by the view.

    `new_key` gives the browser a fresh session and returns its key; `old_key` is the session it had, which is ended.
    """

    new_key: Callable[[], str]
    old_key: str = ""
    device: str = ""
    address: str = ""


DOORS = {"desk": "工作台", "my": "职工端"}


@transaction.atomic
def start_session(actor: Actor, user: User, *, door: str, browser: Browser, how: str, strong: bool = False) -> SignIn:
    """Open a session of the account at a door. The oldest desk session is ended when there are too many."""
    if browser.old_key:
        replaced = SignIn.objects.filter(session_index=crypto.blind(browser.old_key, field=SIGN_IN_FIELD))
        replaced.filter(ended_at__isnull=True).update(ended_at=actor.at, ended_why="replaced")
    sign_in = SignIn.objects.create(
        user=user,
        session_index=crypto.blind(browser.new_key(), field=SIGN_IN_FIELD),
        door=door,
        device=browser.device[:120],
        started_at=actor.at,
        seen_at=actor.at,
        strong_at=actor.at if strong else None,
    )
    User.objects.filter(pk=user.pk).update(last_login=actor.at)
    _end_oldest(user, door, actor.at)
    record(
        queries.get_actor(user, door, actor.at, request_id=actor.request_id),
        "access.sign_in.succeeded",
        node=user.node,
        about=user,
        subject_id=user.person_id,
        summary=f"登录{DOORS[door]}：{how}",
        data={"device": sign_in.device},
    )
    return sign_in


def _end_oldest(user: User, door: str, at: datetime) -> None:
    if door != "desk":
        return
    open_rows = SignIn.objects.filter(user=user, door=door, ended_at__isnull=True).order_by("-seen_at", "-id")
    too_many = list(open_rows.values_list("pk", flat=True)[settings.SESSIONS_MOST :])
    SignIn.objects.filter(pk__in=too_many).update(ended_at=at, ended_why="most")


def touch_sign_in(sign_in: SignIn, at: datetime) -> bool:
    """Note that a session is in use (at most once a minute); False when it stood idle too long and was ended."""
    idle = at - sign_in.seen_at
    if idle > queries.get_idle_limit(sign_in.door):
        SignIn.objects.filter(pk=sign_in.pk, ended_at__isnull=True).update(ended_at=at, ended_why="idle")
        return False
    if idle > timedelta(minutes=1):
        SignIn.objects.filter(pk=sign_in.pk).update(seen_at=at)
    return True


@transaction.atomic
def end_session(actor: Actor, session_key: str) -> None:
    """Sign out: end the session behind the key. Nothing happens where it has ended already."""
    sign_in = queries.find_sign_in(session_key)
    if sign_in is not None:
        _end(actor, SignIn.objects.filter(pk=sign_in.pk), "signed-out", "退出登录")


@transaction.atomic
def end_own_session(actor: Actor, sign_in_id: int) -> None:
    """End one of the actor's own sessions. Raises NotFound for another's."""
    own = SignIn.objects.filter(user_id=queries.get_own_id(actor), pk=sign_in_id)
    if not own.exists():
        raise NotFound()
    _end(actor, own, "owner", "结束一处登录")


@transaction.atomic
def end_other_sessions(actor: Actor, session_key: str) -> int:
    """End every session of the actor but the one behind the key; how many."""
    index = crypto.blind(session_key, field=SIGN_IN_FIELD)
    others = SignIn.objects.filter(user_id=queries.get_own_id(actor)).exclude(session_index=index)
    return _end(actor, others, "owner", "结束其他登录")


@transaction.atomic
def end_sessions_of(actor: Actor, user: User, why: str) -> int:
    """End every session of an account: it was locked, or its password reset."""
    return SignIn.objects.filter(user=user, ended_at__isnull=True).update(ended_at=actor.at, ended_why=why)


def _end(actor: Actor, rows: QuerySet[SignIn], why: str, summary: str) -> int:
    owner = User.objects.select_related("node").get(pk=queries.get_own_id(actor))
    count = rows.filter(ended_at__isnull=True).update(ended_at=actor.at, ended_why=why)
    if count:
        record(
            actor,
            "access.session.ended",
            node=owner.node,
            about=owner,
            summary=f"{summary}（{count}处）",
            data={"count": count},
        )
    return count


@transaction.atomic
def purge_sign_ins(actor: Actor, days: int) -> int:
    """Forget sessions that ended or went idle more than `days` ago; the journal keeps that they were."""
    before = actor.at - timedelta(days=days)
    return SignIn.objects.filter(seen_at__lt=before).delete()[0]
