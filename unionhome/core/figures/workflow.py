"""The table that moves a publication: department, office, chair; three different people."""

from collections.abc import Mapping
from typing import Any

from unionhome.core.registry import State, Table, Transition
from unionhome.core.registry.workflows import SYSTEM

SIGNING = {"check": "部门", "approve": "办公室", "publish": "主席"}
"""The three steps that sign, in their order, and who takes them."""


def _is_own(facts: Mapping[str, Any]) -> str | None:
    return "由本级工会自己的人办；上级工会可以看，不能代办。" if facts.get("is_elsewhere") else None


PUBLICATION = Table(
    name="figures.publication",
    title="发布的数",
    model="figures.publication",
    initial="reading",
    states=(
        State("reading", "正在取数", "new", "blue", "系统在逐行取数"),
        State("drafted", "等部门核对", "new", "amber", "部门核对每个数和它的行"),
        State("checked", "等办公室审核", "working", "amber", "办公室审核口径和期间"),
        State("approved", "等主席签发", "working", "amber", "主席签发，签了就公布"),
        State("returned", "退回", "waiting", "deep", "按退回的原因处理，再重新取数"),
        State("published", "已签发公布", "closed", "green"),
        State("cancelled", "不发布了", "closed", "grey"),
    ),
    transitions=(
        Transition("freeze", "取完数", ("reading",), "drafted", doors=SYSTEM, past="frozen"),
        Transition("fail", "没有取成", ("reading",), "returned", doors=SYSTEM, past="failed"),
        Transition(
            "check", "核对无误，报办公室", ("drafted",), "checked", "figures.check",
            guard=_is_own, icon="check", main=True, another_person=("approve",),
        ),
        Transition(
            "approve", "审核通过，报主席", ("checked",), "approved", "figures.approve",
            guard=_is_own, icon="check", main=True, another_person=("check",),
        ),
        Transition(
            "publish", "签发公布", ("approved",), "published", "figures.publish",
            guard=_is_own, icon="certificate", main=True, another_person=("check", "approve"),
        ),
        Transition(
            "return", "退回", ("drafted", "checked", "approved"), "returned", "figures.return",
            guard=_is_own, needs_reason=True, icon="arrow-back-up", past="returned",
        ),
        Transition(
            "reread", "重新取数", ("returned",), "reading", "figures.draft",
            guard=_is_own, icon="refresh", main=True, past="reread",
        ),
        Transition(
            "cancel", "不发布了", ("reading", "drafted", "returned"), "cancelled", "figures.draft",
            guard=_is_own, needs_reason=True, icon="x", past="cancelled",
        ),
    ),
)  # fmt: skip

TABLES = (PUBLICATION,)
