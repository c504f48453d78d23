"""How an item goes to the meeting and is carried out, and how a meeting goes from its agenda to the confirmed outcome."""

from collections.abc import Mapping
from typing import Any

from unionhome.core.registry import State, Table, Transition

PREPARE, CONVENE, CONFIRM = "decisions.prepare", "decisions.convene", "decisions.confirm"
BY_MEETING = ("schedule", "unschedule", "agree", "defer", "reject")
"""Steps of an item that only its meeting takes."""


def _is_ready(facts: Mapping[str, Any]) -> str | None:
    missing = facts.get("missing")
    return f"还缺{missing}，补齐再报上会。" if missing else None


def _has_agenda(facts: Mapping[str, Any]) -> str | None:
    return "还没有议题，请先排议题。" if facts.get("agenda_missing") else None


def _is_proven(facts: Mapping[str, Any]) -> str | None:
    if facts.get("minutes_missing"):
        return "还没有纪要文号，请先填纪要文号。"
    return "还没有签字的纪要扫描件，请先放扫描件。" if facts.get("scan_missing") else None


ITEM = Table(
    name="decisions.item",
    title="集体研究",
    model="decisions.item",
    initial="prepared",
    states=(
        State("prepared", "准备中", "new", "blue", "写清楚，征求意见，再报上会"),
        State("waiting", "等上会", "new", "amber", "排进下一次会议"),
        State("scheduled", "已排上会", "waiting", "grey", "等开会", waits=True),
        State("decided", "同意，执行中", "working", "green", "按决定执行，办完登记"),
        State("executed", "执行完", "closed", "green"),
        State("rejected", "没有同意", "closed", "deep"),
        State("withdrawn", "停止执行", "closed", "grey"),
        State("dropped", "不上会了", "closed", "grey"),
    ),
    transitions=(
        Transition("submit", "报上会", ("prepared",), "waiting", PREPARE,
                   guard=_is_ready, icon="send", main=True, past="submitted"),
        Transition("take_back", "拿回来改", ("waiting",), "prepared", PREPARE, icon="arrow-back-up", past="taken_back"),
        Transition("schedule", "排进议程", ("waiting",), "scheduled", CONVENE, past="scheduled"),
        Transition("unschedule", "移出议程", ("scheduled",), "waiting", CONVENE, past="unscheduled"),
        Transition("agree", "同意", ("scheduled",), "decided", CONFIRM, past="agreed"),
        Transition("defer", "缓议", ("scheduled",), "waiting", CONFIRM, past="deferred"),
        Transition("reject", "不同意", ("scheduled",), "rejected", CONFIRM, past="rejected"),
        Transition("execute", "登记执行完", ("decided",), "executed", PREPARE,
                   icon="circle-check", main=True, past="executed"),
        Transition("withdraw", "停止执行", ("decided",), "withdrawn", CONVENE,
                   needs_reason=True, icon="hand-stop", past="withdrawn"),
        Transition("drop", "不上会了", ("prepared", "waiting"), "dropped", PREPARE,
                   needs_reason=True, icon="x", past="dropped"),
    ),
    notes={"edit": "改写", "file": "放材料", "ask": "请律师提意见", "opine": "提意见"},
)  # fmt: skip

MEETING = Table(
    name="decisions.meeting",
    title="集体研究会议",
    model="decisions.meeting",
    initial="planned",
    states=(
        State("planned", "筹备中", "new", "blue", "排好议题，提前发材料"),
        State("notified", "材料已发", "waiting", "amber", "开完会，登记研究结果"),
        State("held", "等确认", "working", "amber", "填纪要文号、放扫描件，由另一个人确认"),
        State("confirmed", "已确认", "closed", "green"),
        State("cancelled", "没有开", "closed", "grey"),
    ),
    transitions=(
        Transition("notify", "登记材料已发", ("planned",), "notified", CONVENE,
                   guard=_has_agenda, icon="mail", main=True, past="notified"),
        Transition("enter", "登记研究结果", ("notified",), "held", CONVENE,
                   icon="clipboard-list", main=True, past="entered"),
        Transition("confirm", "确认研究结果", ("held",), "confirmed", CONFIRM,
                   guard=_is_proven, icon="clipboard-check", main=True, past="confirmed",
                   another_person=("enter", "minutes")),
        Transition("send_back", "退回重新登记", ("held",), "notified", CONFIRM,
                   needs_reason=True, icon="arrow-back-up", past="sent_back"),
        Transition("cancel", "没有开会", ("planned", "notified"), "cancelled", CONVENE,
                   needs_reason=True, icon="x", past="cancelled"),
    ),
    notes={"agenda": "排议题", "minutes": "放纪要"},
)  # fmt: skip
TABLES = (ITEM, MEETING)
