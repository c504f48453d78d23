"""Whether a transition may be taken now, the one answer behind the buttons and the move; and the light of a due moment."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from unionhome.core.registry import Actor, Forbidden, Refused, Table, Transition
from unionhome.kit.dates import duration_text

NEAR = 0.75
"""The part of the time used from which a light warns."""


def check_transition(
    actor: Actor,
    transition: Transition,
    state: str,
    path: str,
    facts: Mapping[str, Any],
    table: Table,
    own_steps: Mapping[str, str] | None = None,
) -> None:
    """Raise what forbids a transition of a row in `state` on the branch `path`: Refused or Forbidden.

    Looked at in this order: source state, door, permission, another person, guard. The fact `is_shared` says that the
    actor reaches the row by a share, not by a branch: then holding the permission anywhere is enough. `own_steps` are
    the steps of the row that the actor took, verb to label.
    """
    if state not in transition.sources:
        label = table.state(state).label
        raise Refused(f"现在的状态是“{label}”，不能{transition.label}。可能别人刚刚办过了，请刷新看看。", "wrong-state")
    if not actor.is_system and actor.door not in transition.doors:
        raise Forbidden()
    shared = facts.get("is_shared", False)
    if transition.permission and not actor.may(transition.permission, None if shared else path):
        raise Forbidden()
    taken = next((label for verb, label in (own_steps or {}).items() if verb in transition.another_person), None)
    if taken is not None:
        raise Refused(f"前面的“{taken}”是您办的，“{transition.label}”要由另一个人来办。", "same-person")
    sentence = transition.guard(facts) if transition.guard else None
    if sentence:
        raise Refused(sentence, f"guard-{transition.verb.replace('_', '-')}")


def is_overdue(due_at: datetime | None, at: datetime) -> bool:
    """Whether something due by `due_at` is late at `at`. The due moment itself still counts as on time; nothing is
    late while its clock stands (None). The one answer behind lists, pages, clocks and figures."""
    return due_at is not None and at > due_at


def overdue_q(at: datetime) -> Q:
    """The same of rows with a `due_at`, for the database."""
    return Q(due_at__lt=at)


def light_of(due_at: datetime, since: datetime, at: datetime) -> dict[str, Any]:
    """A due moment as a clock light: 剩1小时50分, 超3小时20分; `share` is the part of the time from `since` that is used.

    Near from three quarters on. The words count time by the wall clock, so that they agree with the due moment.
    """
    share = (at - since) / max(due_at - since, timedelta(minutes=1))
    minutes = abs(due_at - at) // timedelta(minutes=1)
    if is_overdue(due_at, at):
        return {"state": "overdue", "share": 1.0, "text": f"超{duration_text(max(1, minutes))}"}
    state = "near" if share >= NEAR else "running"
    return {"state": state, "share": max(0.0, share), "text": f"剩{duration_text(minutes)}"}
