"""How a practical deed goes: collected, listed, taken, done, checked by others, struck off, rated, published."""

from collections.abc import Mapping
from typing import Any

from unionhome.core.registry import State, Table, Transition
from unionhome.core.registry.workflows import SYSTEM

LISTING, HANDLE, CHECK, PUBLISH = "deeds.list", "deeds.handle", "deeds.check", "deeds.publish"


def _is_owners(facts: Mapping[str, Any]) -> str | None:
    return None if facts.get("is_owners", True) else "这件在上级工会的清单里，由上级工会办这一步。"


def _is_above(facts: Mapping[str, Any]) -> str | None:
    return None if facts.get("is_above", True) else "由上一级工会核验。"


TABLE = Table(
    name="deeds.deed",
    title="办实事",
    model="deeds.deed",
    initial="collected",
    states=(
        State("collected", "待列入", "new", "blue", "列入今年的清单，或者写明为什么不办"),
        State("listed", "等认领", "new", "amber", "认领，定下办成的日子"),
        State("taken", "在办", "working", "blue", "办成以后交凭证"),
        State("done", "等核验", "working", "amber", "由上一级的另一个人核验"),
        State("checked", "待销号", "working", "blue", "核验过了，销号"),
        State("struck_off", "请职工评价", "waiting", "green", "等职工评价", waits=True),
        State("rated", "待公布", "working", "blue", "看过照片，公布结果"),
        State("published", "已公布", "closed", "green"),
        State("kept", "办完，不公布", "closed", "grey"),
        State("dropped", "不办了", "closed", "grey"),
    ),
    transitions=(
        Transition("list", "列入清单", ("collected",), "listed", LISTING, icon="list-check", main=True, past="listed"),
        Transition("take", "认领", ("listed",), "taken", HANDLE, icon="hand-finger", main=True, past="taken"),
        Transition(
            "finish", "办成了，交凭证", ("taken",), "done", HANDLE, icon="circle-check", main=True, past="finished"
        ),
        Transition(
            "check", "核验合格", ("done",), "checked", CHECK,
            guard=_is_above, icon="clipboard-check", main=True, past="checked", another_person=("take", "finish"),
        ),
        Transition(
            "send_back", "核验不合格，退回", ("done",), "taken", CHECK,
            guard=_is_above, needs_reason=True, icon="arrow-back-up", past="sent_back",
            another_person=("take", "finish"),
        ),
        Transition(
            "strike_off", "销号", ("checked",), "struck_off", CHECK,
            guard=_is_owners, icon="checks", main=True, past="struck_off", another_person=("finish",),
        ),
        Transition("close_rating", "评价到期", ("struck_off",), "rated", doors=SYSTEM, past="rating_closed"),
        Transition(
            "publish", "公布结果", ("rated",), "published", PUBLISH,
            guard=_is_owners, icon="speakerphone", main=True, past="published",
        ),
        Transition(
            "keep", "不公布", ("rated",), "kept", PUBLISH,
            guard=_is_owners, needs_reason=True, icon="eye-off", past="kept",
        ),
        Transition(
            "drop", "不办了", ("collected", "listed", "taken"), "dropped", LISTING,
            guard=_is_owners, needs_reason=True, icon="x", past="dropped",
        ),
    ),
    notes={"edit": "改写", "evidence": "放照片和凭据", "tie": "放进诉求", "untie": "移出诉求"},
)  # fmt: skip
TABLES = (TABLE,)
