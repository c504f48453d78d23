"""How a public notice goes: drafted, issued on paper, posted, objected to and answered, over. And how an objection goes."""

from collections.abc import Mapping
from typing import Any

from unionhome.core.registry import State, Table, Transition

DRAFT, POST, ANSWER, WITHDRAW = "publicity.draft", "publicity.post", "publicity.answer", "publicity.withdraw"
ANYBODY = ("open", "my")


def _is_sealed(facts: Mapping[str, Any]) -> str | None:
    return None if facts.get("is_sealed", True) else "公示还没有盖章回传，请先在“公文”里打印、盖章、回传。"


def _is_over(facts: Mapping[str, Any]) -> str | None:
    return None if facts.get("is_over", True) else "公示期还没有满。"


def _is_all_answered(facts: Mapping[str, Any]) -> str | None:
    return "还有异议没有答复。" if facts.get("open_count") else None


def _is_another(facts: Mapping[str, Any]) -> str | None:
    if facts.get("is_involved"):
        return "这份公示是您经手的，异议要换一个人答复，也可以请上级工会答复。"
    return None


NOTICE = Table(
    name="publicity.notice",
    title="公示",
    model="publicity.notice",
    initial="drafted",
    states=(
        State("drafted", "待出公示", "new", "blue", "核对隐去名字的名单，出公示"),
        State("issued", "待张贴", "working", "amber", "打印、盖章、回传以后贴出去，拍照"),
        State("posted", "公示中", "waiting", "green", "到期没有异议，归档", waits=True),
        State("objected", "有异议", "working", "deep", "核查异议，答复"),
        State("upheld", "异议成立", "working", "deep", "撤回，改好名单再公示"),
        State("ended", "公示期满", "closed", "green"),
        State("withdrawn", "已撤回", "closed", "grey"),
    ),
    transitions=(
        Transition("issue", "出公示", ("drafted",), "issued", DRAFT, icon="file-text", main=True, past="issued"),
        Transition(
            "post", "贴出来了，交照片", ("issued",), "posted", POST,
            guard=_is_sealed, icon="camera", main=True, past="posted",
        ),
        Transition("object", "提出异议", ("posted", "objected"), "objected", doors=ANYBODY, past="objected"),
        Transition(
            "enter", "登记书面异议", ("posted", "objected"), "objected", POST, icon="message-report", past="entered"
        ),
        Transition(
            "settle", "异议已答复", ("objected",), "posted", ANSWER, guard=_is_all_answered, past="settled"
        ),
        Transition("uphold", "异议成立", ("objected",), "upheld", ANSWER, past="upheld"),
        Transition(
            "close", "公示期满，归档", ("posted",), "ended", POST,
            guard=_is_over, icon="circle-check", main=True, past="ended",
        ),
        Transition(
            "withdraw", "撤回公示", ("drafted", "issued", "posted", "objected", "upheld"), "withdrawn", WITHDRAW,
            needs_reason=True, icon="arrow-back-up", past="withdrawn",
        ),
    ),
    notes={"posting": "再贴一处", "extend": "延长公示", "reissue": "重新出公文"},
)  # fmt: skip

OBJECTION = Table(
    name="publicity.objection",
    title="公示异议",
    model="publicity.objection",
    initial="received",
    states=(
        State("received", "待答复", "new", "deep", "核查以后答复，把核查单拍照"),
        State("dismissed", "已答复，不成立", "closed", "grey"),
        State("upheld", "已答复，成立", "closed", "green"),
    ),
    transitions=(
        Transition(
            "dismiss", "查过了，不成立", ("received",), "dismissed", ANSWER,
            guard=_is_another, icon="circle-check", main=True, past="dismissed",
        ),
        Transition(
            "uphold", "查过了，成立", ("received",), "upheld", ANSWER,
            guard=_is_another, icon="alert-circle", past="upheld",
        ),
    ),
)  # fmt: skip

TABLES = (NOTICE, OBJECTION)
