"""Whether a transition may be taken now: the one answer behind the buttons and the move."""

from collections.abc import Mapping
from typing import Any

from unionhome.core.registry import Actor, Forbidden, Refused, Table, Transition


def check_transition(
    actor: Actor, transition: Transition, state: str, path: str, facts: Mapping[str, Any], table: Table
) -> None:
    """Raise what forbids a transition of a row in `state` on the branch `path`: Refused or Forbidden.

    Looked at in this order: source state, door, permission, guard. The fact `is_shared` says that the actor reaches
    the row by a share, not by a branch: then holding the permission anywhere is enough.
    """
    if state not in transition.sources:
        label = table.state(state).label
        raise Refused(f"现在的状态是“{label}”，不能{transition.label}。可能别人刚刚办过了，请刷新看看。", "wrong-state")
    if not actor.is_system and actor.door not in transition.doors:
        raise Forbidden()
    shared = facts.get("is_shared", False)
    if transition.permission and not actor.may(transition.permission, None if shared else path):
        raise Forbidden()
    sentence = transition.guard(facts) if transition.guard else None
    if sentence:
        raise Refused(sentence, f"guard-{transition.verb.replace('_', '-')}")
