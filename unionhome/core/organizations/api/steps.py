"""What the matters of unions have in common for programs: their state, and the step that is taken."""

from collections.abc import Callable, Mapping
from typing import Any

from ninja import Field, Schema

from unionhome.core.registry import BadInput, Table
from unionhome.core.workflow.queries import NextStep

Act = Callable[..., Any]
MOST_ROWS = 500
VIEW = "organizations.view"


class StepIn(Schema):
    """One step: `verb` is one of `next_steps`. The same `key` sent twice takes the step once.

    The token needs the permissions that the step itself asks for; to send something back also those of papers.
    """

    verb: str = Field(max_length=32, pattern="^[a-z_]+$")
    reason: str = Field("", max_length=200, description="退回、不建了要写明原因")
    key: str = Field("", max_length=32, description="自定的标记，重复发送时不会办两次")


class NextStepOut(Schema):
    """A step out of the present state; `why_not` says what stands against it now."""

    verb: str
    label: str
    is_allowed: bool
    why_not: str


def take(acts: Mapping[str, Act], needs_reason: frozenset[str], given: StepIn, *args: Any) -> Any:
    """Take the step by its action. Raises BadInput for a verb that is none, and what the action raises."""
    act = acts.get(given.verb)
    if act is None:
        sentence = f"没有“{given.verb}”这一步，可用的步骤见 next_steps。"
        raise BadInput(sentence, "unknown-step", fields={"verb": sentence})
    words = {"reason": given.reason} if given.verb in needs_reason else {}
    return act(*args, submit_key=given.key, **words)


def reasons_of(table: Table) -> frozenset[str]:
    """The steps of a table that want a reason."""
    return frozenset(each.verb for each in table.transitions if each.needs_reason)


def steps_out(steps: tuple[NextStep, ...]) -> list[dict[str, Any]]:
    """The next steps as facts."""
    return [
        {
            "verb": step.verb,
            "label": step.transition.label,
            "is_allowed": step.allowed,
            "why_not": step.reason,
        }
        for step in steps
    ]
