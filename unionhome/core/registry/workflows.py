"""Workflow tables as data: states, transitions, guards. The workflow room executes them; nothing here does."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Guard = Callable[[Mapping[str, Any]], str | None]


@dataclass(frozen=True, slots=True)
class State:
    """One state. `phase` is new, working, waiting or closed; `next_step` is what the handler does next; `waits` says
    that it is not the union's turn but the applicant's."""

    name: str
    label: str
    phase: str
    tone: str = "grey"
    next_step: str = ""
    waits: bool = False

    @property
    def is_end(self) -> bool:
        return self.phase == "closed"


@dataclass(frozen=True, slots=True)
class Transition:
    """One permitted change of state.

    `permission` empty means the subject of the matter or the product itself acts, through the doors in `doors`.
    `guard` looks at facts the action fetched and returns the sentence why not, or None.
    """

    verb: str
    label: str
    sources: tuple[str, ...]
    target: str
    permission: str = ""
    doors: tuple[str, ...] = ("desk", "api")
    guard: Guard | None = None
    needs_reason: bool = False
    icon: str = "arrow-right"
    main: bool = False
    past: str = ""

    @property
    def journal_verb(self) -> str:
        """Past participle for the journal kind."""
        return self.past or (self.verb + ("d" if self.verb.endswith("e") else "ed"))


@dataclass(frozen=True, slots=True)
class Table:
    """A whole workflow. `name` is "<app>.<noun>", `model` the Django label of the rows it moves."""

    name: str
    title: str
    model: str
    initial: str
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    by_name: Mapping[str, State] = field(init=False, default_factory=dict)
    by_verb: Mapping[str, Transition] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {state.name: state for state in self.states})
        object.__setattr__(self, "by_verb", {each.verb: each for each in self.transitions})

    def state(self, name: str) -> State:
        return self.by_name[name]

    def transition(self, verb: str) -> Transition:
        """Raises KeyError for an unknown verb."""
        return self.by_verb[verb]
