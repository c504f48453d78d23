"""The tables that move foundings (建会) and re-elections (换届). Each paper between unions must be sealed first."""

from collections.abc import Mapping
from typing import Any

from unionhome.core.registry import State, Table, Transition

SYSTEM = ("system",)


def _request_sealed(facts: Mapping[str, Any]) -> str | None:
    return None if facts.get("has_request") else "筹建请示还没有盖章回传。"


def _may_approve(facts: Mapping[str, Any]) -> str | None:
    return None if facts.get("may_approve") else "要由上一级镇（街道）以上工会批复（工会法第十二条）。"


def _may_prepare(facts: Mapping[str, Any]) -> str | None:
    return _may_approve(facts) or (None if facts.get("has_reply") else "同意筹建的批复还没有盖章回传。")


def _elected(facts: Mapping[str, Any]) -> str | None:
    if not facts.get("has_election"):
        return "先登记选举结果。"
    return None if facts.get("has_report") else "选举结果报告还没有盖章回传。"


def _may_found(facts: Mapping[str, Any]) -> str | None:
    return _may_approve(facts) or (None if facts.get("has_approval") else "成立批复还没有盖章回传。")


def _seal_noted(facts: Mapping[str, Any]) -> str | None:
    return None if facts.get("seal_noted") else "先登记印章、法人资格证书和银行账户。"


NOTES = {"elect": "登记选举结果"}
FOUNDING = Table(
    name="organizations.founding",
    title="建会",
    model="organizations.founding",
    initial="draft",
    notes=NOTES,
    states=(
        State("draft", "草稿", "new", "grey", "核对资料，打印筹建请示，盖章报上级"),
        State("applied", "等同意筹建", "working", "amber", "上级工会核对后同意筹建，或退回"),
        State("returned", "退回补正", "new", "amber", "按退回的原因改好，再报一次"),
        State("preparing", "筹建中", "working", "blue", "发展会员，开会选举，报告选举结果"),
        State("reported", "等批复成立", "working", "amber", "上级工会核对选举，批复成立，或退回重选"),
        State("approved", "已批复，等刻章开户", "working", "blue", "刻章，办法人资格证书，开银行账户"),
        State("active", "已成立", "closed", "green"),
        State("cancelled", "不建了", "closed", "grey"),
    ),
    transitions=(
        Transition(
            "apply",
            "报上级工会",
            ("draft", "returned"),
            "applied",
            "organizations.found",
            guard=_request_sealed,
            icon="send",
            main=True,
            past="applied",
        ),
        Transition(
            "prepare",
            "同意筹建",
            ("applied",),
            "preparing",
            "organizations.approve",
            guard=_may_prepare,
            another_person=("open", "apply"),
            icon="check",
            main=True,
        ),
        Transition(
            "return_application",
            "退回补正",
            ("applied",),
            "returned",
            "organizations.approve",
            guard=_may_approve,
            needs_reason=True,
            icon="arrow-back-up",
            past="returned",
        ),
        Transition(
            "report",
            "报告选举结果",
            ("preparing",),
            "reported",
            "organizations.found",
            guard=_elected,
            icon="send",
            main=True,
        ),
        Transition(
            "approve",
            "批复成立",
            ("reported",),
            "approved",
            "organizations.approve",
            guard=_may_found,
            another_person=("open", "apply", "elect", "report"),
            icon="check",
            main=True,
        ),
        Transition(
            "return_election",
            "退回重新选举",
            ("reported",),
            "preparing",
            "organizations.approve",
            guard=_may_approve,
            needs_reason=True,
            icon="arrow-back-up",
            past="sent_back",
        ),
        Transition(
            "complete",
            "办完，工会成立",
            ("approved",),
            "active",
            "organizations.found",
            guard=_seal_noted,
            icon="check",
            main=True,
        ),
        Transition(
            "cancel",
            "不建了",
            ("draft", "returned", "preparing"),
            "cancelled",
            "organizations.found",
            needs_reason=True,
            icon="x",
            past="cancelled",
        ),
    ),
)


def _plan_sealed(facts: Mapping[str, Any]) -> str | None:
    return None if facts.get("has_request") else "换届请示还没有盖章回传。"


def _may_renew(facts: Mapping[str, Any]) -> str | None:
    return _may_approve(facts) or (None if facts.get("has_approval") else "换届批复还没有盖章回传。")


REELECTION = Table(
    name="organizations.reelection",
    title="换届",
    model="organizations.reelection",
    initial="due",
    notes=NOTES,
    states=(
        State("due", "等换届", "new", "amber", "打印换届请示，盖章报上级，准备选举"),
        State("started", "换届中", "working", "blue", "开会选举，报告选举结果"),
        State("reported", "等批复", "working", "amber", "上级工会核对选举，批复，或退回重选"),
        State("approved", "已换届", "closed", "green"),
        State("lapsed", "到期没有换届", "closed", "grey"),
        State("dropped", "不用换届", "closed", "grey"),
    ),
    transitions=(
        Transition(
            "begin",
            "开始换届",
            ("due",),
            "started",
            "organizations.reelect",
            guard=_plan_sealed,
            icon="player-play",
            main=True,
            past="begun",
        ),
        Transition(
            "report",
            "报告选举结果",
            ("started",),
            "reported",
            "organizations.reelect",
            guard=_elected,
            icon="send",
            main=True,
        ),
        Transition(
            "approve",
            "批复换届",
            ("reported",),
            "approved",
            "organizations.approve",
            guard=_may_renew,
            another_person=("begin", "elect", "report"),
            icon="check",
            main=True,
        ),
        Transition(
            "return_election",
            "退回重新选举",
            ("reported",),
            "started",
            "organizations.approve",
            guard=_may_approve,
            needs_reason=True,
            icon="arrow-back-up",
            past="sent_back",
        ),
        Transition("lapse", "届满以后任期已改或工会已撤销", ("due", "started"), "lapsed", doors=SYSTEM, past="lapsed"),
        Transition("drop", "届满以前任期已改或工会已撤销", ("due", "started"), "dropped", doors=SYSTEM, past="dropped"),
    ),
)
