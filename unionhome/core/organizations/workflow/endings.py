"""The table that moves the dissolution of a union."""

from collections.abc import Mapping
from typing import Any

from unionhome.core.registry import State, Table, Transition


def _decides(facts: Mapping[str, Any]) -> str | None:
    return None if facts.get("decides", True) else "由上一级工会办理。"


def _can_place(facts: Mapping[str, Any]) -> str | None:
    return _decides(facts)


def _can_dissolve(facts: Mapping[str, Any]) -> str | None:
    if not facts.get("decides", True):
        return "由上一级工会批准撤销。"
    if facts.get("members_left"):
        return f"还有会员 {facts['members_left']} 人没有安置，先转到别的工会或保留会籍。"
    if facts.get("children_left"):
        return f"下面还有 {facts['children_left']} 个组织，先把它们移走或撤销。"
    if facts.get("items_left"):
        return f"还有 {facts['items_left']} 件事没有办完，先安置会员，事情会一起转给接手的工会。"
    return None


def _is_above(facts: Mapping[str, Any]) -> str | None:
    return None if facts.get("is_above", True) else "由收到报告的上级工会登记备案。"


MANAGE = "organizations.manage"
DISSOLUTION = Table(
    name="organizations.dissolution",
    title="撤销工会",
    model="organizations.dissolution",
    initial="proposed",
    states=(
        State("proposed", "拟撤销", "new", "amber", "先安置会员：转到别的工会，或者保留会籍"),
        State("placed", "会员已安置", "working", "blue", "核对下级组织和没办完的事，批准撤销"),
        State("dissolved", "已撤销，等备案", "waiting", "grey", "上级工会登记备案"),
        State("filed", "已备案", "closed", "green"),
        State("cancelled", "不撤销了", "closed", "grey"),
    ),
    transitions=(
        Transition(
            "place",
            "安置会员",
            ("proposed",),
            "placed",
            MANAGE,
            guard=_can_place,
            icon="users",
            main=True,
            past="placed",
        ),
        Transition(
            "dissolve",
            "批准撤销",
            ("proposed", "placed"),
            "dissolved",
            MANAGE,
            guard=_can_dissolve,
            another_person=("open",),
            icon="circle-x",
        ),
        Transition("file", "登记备案", ("dissolved",), "filed", MANAGE, guard=_is_above, icon="check", main=True),
        Transition(
            "cancel",
            "不撤销了",
            ("proposed", "placed"),
            "cancelled",
            MANAGE,
            guard=_decides,
            needs_reason=True,
            icon="x",
            past="cancelled",
        ),
    ),
)
