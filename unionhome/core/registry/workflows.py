"""Workflow tables as data: states, transitions, guards. The workflow room executes them; nothing here does."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

SYSTEM = ("system",)
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
    `guard` looks at facts the action fetched and returns the sentence why not, or None. `another_person` names verbs of
    the table and of its notes ("open" for the beginning): whoever took one of these steps of the row may not take this one, whatever
    posts they hold.
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
    another_person: tuple[str, ...] = ()

    @property
    def journal_verb(self) -> str:
        """Past participle for the journal kind."""
        return self.past or (self.verb + ("d" if self.verb.endswith("e") else "ed"))


@dataclass(frozen=True, slots=True)
class Table:
    """A whole workflow. `name` is "<app>.<noun>", `model` the Django label of the rows it moves.

    `notes` are acts that change a row but not its state, verb to label: `workflow.actions.note_step` remembers them, so
    that `another_person` may name them. `is_personal`: whoever began a row goes on with it, nobody else can be given it.
    """

    name: str
    title: str
    model: str
    initial: str
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    notes: Mapping[str, str] = field(default_factory=dict)
    is_personal: bool = False
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


def sheet_table(name: str, title: str, model: str, permission: str, noun: str) -> Table:
    """How a sheet that somebody hands in goes: checked row by row, looked over, confirmed, entered in lots.

    `noun` is what people call the sheet (名册). The fact `takes` says whether any row can be entered.
    """

    def something_to_take(facts: Mapping[str, Any]) -> str | None:
        return None if facts.get("takes", True) else f"这份{noun}每一行都没有收，没有可以登记的。"

    return Table(
        name=name,
        title=title,
        model=model,
        initial="uploaded",
        is_personal=True,
        states=(
            State("uploaded", "正在检查", "new", "blue", "系统在逐行检查，不改登记"),
            State("checked", "等确认", "waiting", "amber", "看一看会怎么登记，再确认"),
            State("applying", "正在登记", "working", "blue", "系统在分批登记，可以离开"),
            State("stalled", "没有登记完", "waiting", "deep", "登记中断了，请有导入权限的人继续登记"),
            State("applied", "登记完", "closed", "green"),
            State("ended", "只登记了一部分", "closed", "grey"),
            State("refused", "整份没有收", "closed", "deep"),
            State("cancelled", "没有登记", "closed", "grey"),
        ),
        transitions=(
            Transition("check", "查完", ("uploaded",), "checked", doors=SYSTEM, past="checked"),
            Transition("refuse", "整份退回", ("uploaded",), "refused", doors=SYSTEM, past="refused"),
            Transition(
                "apply",
                "确认登记",
                ("checked",),
                "applying",
                permission,
                guard=something_to_take,
                icon="check",
                main=True,
                past="applied",
            ),
            Transition("finish", "登记完", ("applying",), "applied", doors=SYSTEM, past="finished"),
            Transition("stall", "登记中断", ("applying",), "stalled", doors=SYSTEM, past="stalled"),
            Transition(
                "resume",
                "继续登记",
                ("stalled",),
                "applying",
                permission,
                icon="player-play",
                main=True,
                past="resumed",
            ),
            Transition("end", "不再登记", ("stalled",), "ended", doors=SYSTEM, past="ended"),
            Transition(
                "cancel", "不登记了", ("uploaded", "checked"), "cancelled", permission, icon="x", past="cancelled"
            ),
        ),
    )
