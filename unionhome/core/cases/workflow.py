"""The workflow that kinds of case share, from the first words to the rating; and that of the rule by which they go up."""

from collections.abc import Mapping
from typing import Any

from unionhome.core.registry import State, Table, Transition


def _arrived_and_measured(facts: Mapping[str, Any]) -> str | None:
    if not facts.get("arrived"):
        return "先联系上本人，再提出办结。"
    if not facts.get("measured"):
        return "先登记一项措施，再提出办结。"
    if facts.get("unreached"):
        return f"并入的还有{facts['unreached']}件没有联系上本人，先联系上再提出办结。"
    if facts.get("outside"):
        return "移交出去的还在等回音，先记下回音（到期没有的也记），再提出办结。"
    if facts.get("unticked"):
        return "清单里必办的还没有打勾，先办好，再提出办结。"
    return None


def _not_paused(facts: Mapping[str, Any]) -> str | None:
    return "时限已经暂停了。" if facts.get("paused") else None


def _sent_here(facts: Mapping[str, Any]) -> str | None:
    return None if facts.get("referred") else "这件不是别的工会转来等接收的。"


def _taken_here(facts: Mapping[str, Any]) -> str | None:
    return None if facts.get("taken") else "这件不是从别的工会接收来的，不能退回。"


def _only_once(facts: Mapping[str, Any]) -> str | None:
    return "这件事已经重办过一次。" if facts.get("reopened_count", 0) > 0 else None


def _by_another(facts: Mapping[str, Any]) -> str | None:
    return "这件您办过，要由没有办过的人来抽查。" if facts.get("own_hand") else None


HANDLE = "cases.handle"
CHECK = "cases.check"
FOLLOWING = "following"
"""The state of a matter that is worked on with a like one."""
CHECKING = "checking"
"""The state of a matter that was drawn for a check before it closes."""


def case_table(name: str, title: str) -> Table:
    """The usual table of a kind of case: accepted, handled, proposed, rated; reopened once."""
    return Table(
        name=name,
        title=title,
        model="cases.case",
        initial="submitted",
        states=(
            State("submitted", "待受理", "new", "blue", "受理"),
            State("handling", "办理中", "working", "blue", "办理"),
            State("paused", "等职工补充", "waiting", "amber", "等职工补充", waits=True),
            State(FOLLOWING, "并入办理", "working", "blue", "随牵头的那件办理"),
            State("proposed", "待评价", "waiting", "amber", "等职工评价", waits=True),
            State(CHECKING, "等抽查", "working", "blue", "抽查办得好不好"),
            State("closed", "已办结", "closed", "green"),
            State("withdrawn", "已撤回", "closed", "grey"),
        ),
        transitions=(
            Transition("accept", "受理", ("submitted",), "handling", HANDLE, icon="check", main=True),
            Transition(
                "propose",
                "提出办结",
                ("handling",),
                "proposed",
                HANDLE,
                guard=_arrived_and_measured,
                icon="circle-check",
            ),
            Transition(
                "pause",
                "等职工补充",
                ("handling",),
                "paused",
                HANDLE,
                guard=_not_paused,
                needs_reason=True,
                icon="player-pause",
            ),
            Transition("resume", "继续办理", ("paused",), "handling", HANDLE, icon="player-play", main=True),
            Transition(
                "refer",
                "转办",
                ("submitted", "handling"),
                "submitted",
                "cases.refer",
                needs_reason=True,
                icon="corner-up-right",
                past="referred",
            ),
            Transition(
                "reroute",
                "改类别",
                ("submitted", "handling"),
                "submitted",
                HANDLE,
                icon="arrows-exchange",
                past="rerouted",
            ),
            Transition(
                "decline",
                "不接收",
                ("submitted",),
                "submitted",
                "cases.refer",
                guard=_sent_here,
                needs_reason=True,
                icon="arrow-back-up",
            ),
            Transition(
                "send_back",
                "退回",
                ("handling",),
                "submitted",
                "cases.refer",
                guard=_taken_here,
                needs_reason=True,
                icon="arrow-back-up",
                past="sent_back",
            ),
            Transition(
                "follow", "并到另一件", ("submitted", "handling"), FOLLOWING, HANDLE, icon="link", past="put_together"
            ),
            Transition("join", "一起办", ("submitted",), FOLLOWING, doors=("my", "open"), icon="link"),
            Transition("part", "移出并办", (FOLLOWING,), "handling", HANDLE, needs_reason=True, icon="arrow-back-up"),
            Transition("lead", "接着牵头", (FOLLOWING,), "handling", doors=("system",), past="led"),
            Transition("conclude", "随牵头的办结", (FOLLOWING,), "closed", doors=("system",), icon="check"),
            Transition(
                "supply", "补材料", ("paused",), "handling", doors=("my", "open"), icon="paperclip", past="supplied"
            ),
            Transition("confirm", "评价", ("proposed",), "closed", doors=("my", "open"), icon="star"),
            Transition(
                "reject",
                "不满意，重办",
                ("proposed",),
                "submitted",
                doors=("my", "open"),
                guard=_only_once,
                icon="arrow-back-up",
            ),
            Transition(
                "draw",
                "抽中，等抽查",
                ("proposed",),
                CHECKING,
                doors=("my", "open", "system"),
                icon="clipboard-check",
                past="drawn",
            ),
            Transition(
                "check",
                "抽查合格，办结",
                (CHECKING,),
                "closed",
                CHECK,
                guard=_by_another,
                icon="clipboard-check",
                main=True,
                past="passed",
            ),
            Transition(
                "fail",
                "抽查不合格，退回",
                (CHECKING,),
                "handling",
                CHECK,
                guard=_by_another,
                needs_reason=True,
                icon="arrow-back-up",
                past="failed",
            ),
            Transition("lapse", "没有抽查，办结", (CHECKING,), "closed", doors=("system",), icon="clock"),
            Transition("expire", "到期办结", ("proposed",), "closed", doors=("system",), icon="clock"),
            Transition(
                "withdraw",
                "撤回",
                ("submitted", "handling", "paused", FOLLOWING),
                "withdrawn",
                doors=("my", "open"),
                icon="x",
                past="withdrawn",
            ),
        ),
    )


def _simulated(facts: Mapping[str, Any]) -> str | None:
    return None if facts.get("is_simulated") else "先用上个月的诉求试算一遍，看看会升多少件，再启用。"


RULE = Table(
    name="cases.escalation_rule",
    title="升级规则",
    model="cases.escalationrule",
    initial="draft",
    states=(
        State("draft", "没有启用", "new", "blue", "试算以后启用", waits=True),
        State("on", "已启用", "closed", "green"),
        State("dropped", "没有用", "closed", "grey"),
    ),
    transitions=(
        Transition(
            "switch_on",
            "启用",
            ("draft",),
            "on",
            "cases.escalate",
            doors=("desk",),
            guard=_simulated,
            icon="check",
            main=True,
            past="switched_on",
        ),
        Transition(
            "drop", "不用了", ("draft",), "dropped", "cases.escalate", doors=("desk",), icon="x", past="dropped"
        ),
    ),
)
MASS_HANDLE = "cases.mass"
MASS = Table(
    name="cases.mass_matter",
    title="群体性事项",
    model="cases.massmatter",
    initial="ringing",
    states=(
        State("ringing", "等值班的人接", "new", "deep", "马上接手"),
        State("taken", "已接手", "working", "amber", "到现场"),
        State("present", "在现场处置", "working", "blue", "处置"),
        State("ended", "已平息", "closed", "green"),
        State("dropped", "不是群体性", "closed", "grey"),
    ),
    transitions=(
        Transition("take", "我来接手", ("ringing",), "taken", MASS_HANDLE, icon="hand-stop", main=True, past="taken"),
        Transition("reach", "已到现场", ("taken",), "present", MASS_HANDLE, icon="map-pin", main=True, past="reached"),
        Transition("end", "已平息", ("present",), "ended", MASS_HANDLE, needs_reason=True, icon="check", past="ended"),
        Transition(
            "drop",
            "不是群体性",
            ("ringing", "taken"),
            "dropped",
            MASS_HANDLE,
            needs_reason=True,
            icon="x",
            past="dropped",
        ),
    ),
)
TABLES = (RULE, MASS)
APART = (("cases.case", "unionhome.core.cases.queries.list_stood_apart"),)
"""What a stand-in has no part in although the absent colleague has it: appeals of what the stand-in handled."""
