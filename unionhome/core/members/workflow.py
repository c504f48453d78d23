"""The tables by which every matter of the register moves."""

from collections.abc import Mapping
from typing import Any

from unionhome.core.registry import State, Table, Transition, sheet_table


def _not_member_elsewhere(facts: Mapping[str, Any]) -> str | None:
    return "这个人已在其他工会入会，请本人先办会籍转接。" if facts.get("elsewhere") else None


def _not_member_here(facts: Mapping[str, Any]) -> str | None:
    return f"这个人已经是{facts['member_of']}的会员。" if facts.get("member_of") else None


def _can_join(facts: Mapping[str, Any]) -> str | None:
    return _not_member_elsewhere(facts) or _not_member_here(facts)


def _another_union(facts: Mapping[str, Any]) -> str | None:
    return None if facts.get("other_union", True) else "申请已经在这个工会，请选别的工会。"


APPLICATION = Table(
    name="members.application",
    title="入会申请",
    model="members.application",
    initial="submitted",
    states=(
        State("submitted", "等工会审核", "new", "amber", "核对后同意、退回或转给别的工会"),
        State("returned", "等本人补正", "waiting", "grey", "等本人按退回的原因补正"),
        State("joined", "已入会", "closed", "green"),
        State("declined", "没有同意", "closed", "deep"),
        State("cancelled", "本人撤回", "closed", "grey"),
    ),
    transitions=(
        Transition(
            "approve",
            "同意入会",
            ("submitted",),
            "joined",
            "members.approve",
            guard=_can_join,
            icon="check",
            main=True,
        ),
        Transition(
            "return_to_worker",
            "退回补正",
            ("submitted",),
            "returned",
            "members.return_to_worker",
            needs_reason=True,
            icon="arrow-back-up",
            past="returned",
        ),
        Transition(
            "forward",
            "转给别的工会",
            ("submitted",),
            "submitted",
            "members.forward",
            guard=_another_union,
            needs_reason=True,
            icon="arrow-forward-up",
        ),
        Transition(
            "decline",
            "不同意",
            ("submitted",),
            "declined",
            "members.decline",
            needs_reason=True,
            icon="x",
        ),
        Transition(
            "resubmit", "补正后再发", ("returned",), "submitted", doors=("my",), icon="send", past="resubmitted"
        ),
        Transition(
            "cancel",
            "撤回申请",
            ("submitted", "returned"),
            "cancelled",
            doors=("my",),
            icon="arrow-back",
            past="cancelled",
        ),
    ),
)

LEAVING = Table(
    name="members.leaving",
    title="退会申请",
    model="members.leaving",
    initial="submitted",
    states=(
        State("submitted", "等工会办理", "new", "amber", "和本人谈一次，然后办理退会"),
        State("left", "已退会", "closed", "grey"),
        State("cancelled", "本人撤回", "closed", "grey"),
        State("lapsed", "会籍已变，停办", "closed", "grey"),
    ),
    transitions=(
        Transition(
            "confirm",
            "办理退会",
            ("submitted",),
            "left",
            "members.confirm",
            icon="check",
            main=True,
        ),
        Transition(
            "cancel", "不退了，撤回", ("submitted",), "cancelled", doors=("my",), icon="arrow-back", past="cancelled"
        ),
        Transition("lapse", "会籍已变，停办", ("submitted",), "lapsed", doors=("system",)),
    ),
)

CORRECTION = Table(
    name="members.correction",
    title="更正申请",
    model="members.correction",
    initial="submitted",
    states=(
        State("submitted", "等工会核对", "new", "amber", "核对后采纳，或说明为什么不改"),
        State("corrected", "已更正", "closed", "green"),
        State("declined", "没有采纳", "closed", "deep"),
        State("cancelled", "本人撤回", "closed", "grey"),
    ),
    transitions=(
        Transition(
            "accept",
            "采纳更正",
            ("submitted",),
            "corrected",
            "members.accept",
            icon="check",
            main=True,
        ),
        Transition(
            "decline",
            "不采纳",
            ("submitted",),
            "declined",
            "members.decline",
            needs_reason=True,
            icon="x",
        ),
        Transition("cancel", "撤回", ("submitted",), "cancelled", doors=("my",), icon="arrow-back", past="cancelled"),
    ),
)


ROSTER = sheet_table("members.roster", "名册导入", "members.rosterimport", "members.import", "名册")

NATIONAL = Table(
    name="members.national",
    title="全国系统核对",
    model="members.nationalimport",
    is_personal=True,
    initial="uploaded",
    states=(
        State("uploaded", "等对列", "new", "amber", "看一看每一列对不对，再开始核对"),
        State("comparing", "正在核对", "working", "blue", "系统在逐行核对，可以离开"),
        State("compared", "等处理差异", "waiting", "amber", "逐条或成批处理两边不一样的"),
        State("closed", "核对完", "closed", "green"),
        State("refused", "没有核对成", "closed", "deep"),
        State("cancelled", "没有核对", "closed", "grey"),
    ),
    transitions=(
        Transition(
            "compare",
            "开始核对",
            ("uploaded", "compared"),
            "comparing",
            "members.import",
            icon="arrows-exchange",
            main=True,
            past="started",
        ),
        Transition("finish", "核对出差异", ("comparing",), "compared", doors=("system",), past="compared"),
        Transition("refuse", "没有核对成", ("comparing",), "refused", doors=("system",), past="refused"),
        Transition("close", "核对完", ("compared",), "closed", "members.import", icon="check", past="closed"),
        Transition("cancel", "不核对了", ("uploaded",), "cancelled", "members.import", icon="x", past="cancelled"),
    ),
)


def _membership_stands(facts: Mapping[str, Any]) -> str | None:
    return None if facts.get("is_standing", True) else "这个人的会籍已经变了，这次转接不能再办。"


def _asked_by_another(facts: Mapping[str, Any]) -> str | None:
    if facts.get("is_own_asking"):
        return "这次转接是您替转入工会提出的，同不同意转出要由转出工会的另一个人来办。"
    return _membership_stands(facts)


def _union_open(facts: Mapping[str, Any]) -> str | None:
    return "转入工会已经撤销，请不接收，本人再选别的工会。" if facts.get("is_closed") else _membership_stands(facts)


TRANSFER = Table(
    name="members.transfer",
    title="会籍转接",
    model="members.transfer",
    initial="releasing",
    states=(
        State("releasing", "等转出工会", "new", "amber", "核对后同意转出，或说明为什么不转"),
        State("receiving", "等转入工会", "working", "blue", "核对后接收，或说明为什么不收"),
        State("received", "已转入", "closed", "green"),
        State("held", "没有同意转出", "closed", "deep"),
        State("refused", "没有接收", "closed", "deep"),
        State("cancelled", "本人撤回", "closed", "grey"),
        State("lapsed", "会籍已变，停办", "closed", "grey"),
    ),
    transitions=(
        Transition(
            "release",
            "同意转出",
            ("releasing",),
            "receiving",
            "members.release",
            guard=_asked_by_another,
            icon="check",
            main=True,
        ),
        Transition(
            "hold",
            "不同意转出",
            ("releasing",),
            "held",
            "members.hold",
            needs_reason=True,
            icon="x",
            past="held",
        ),
        Transition(
            "receive",
            "接收",
            ("receiving",),
            "received",
            "members.receive",
            guard=_union_open,
            another_person=("release",),
            icon="check",
            main=True,
        ),
        Transition(
            "refuse",
            "不接收",
            ("receiving",),
            "refused",
            "members.refuse",
            needs_reason=True,
            icon="x",
        ),
        Transition(
            "cancel",
            "撤回转接",
            ("releasing", "receiving"),
            "cancelled",
            doors=("my",),
            icon="arrow-back",
            past="cancelled",
        ),
        Transition("lapse", "会籍已变，停办", ("releasing", "receiving"), "lapsed", doors=("system",)),
    ),
)

EXPULSION = Table(
    name="members.expulsion",
    title="除名",
    model="members.expulsion",
    initial="discussed",
    states=(
        State("discussed", "等委员会决定", "new", "amber", "开会决定后，填决定日期、文号，附上文件"),
        State("decided", "等上级备案", "working", "blue", "核对决定和文件，备案后会籍结束"),
        State("filed", "已除名", "closed", "deep"),
        State("dropped", "不再办", "closed", "grey"),
    ),
    transitions=(
        Transition(
            "decide",
            "记下委员会的决定",
            ("discussed",),
            "decided",
            "members.expel",
            icon="gavel",
            main=True,
        ),
        Transition(
            "file",
            "备案，会籍结束",
            ("decided",),
            "filed",
            "members.file",
            guard=_membership_stands,
            another_person=("open", "decide"),
            icon="check",
            main=True,
        ),
        Transition(
            "send_back",
            "退回重议",
            ("decided",),
            "discussed",
            "members.file",
            needs_reason=True,
            icon="arrow-back-up",
            past="sent_back",
        ),
        Transition(
            "drop",
            "不再办除名",
            ("discussed",),
            "dropped",
            "members.expel",
            needs_reason=True,
            icon="x",
            past="dropped",
        ),
    ),
)

TABLES = (APPLICATION, LEAVING, CORRECTION, ROSTER, NATIONAL, TRANSFER, EXPULSION)
