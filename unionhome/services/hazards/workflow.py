"""Hazards as a kind of case: from the photograph to the strike-off. The union proposes, it does not order."""

from collections.abc import Mapping
from typing import Any

from unionhome.core.cases.rules import OUTSIDE, CaseKind, Category
from unionhome.core.registry import State, Table, Transition

KIND = "hazards.hazard"
HANDLE = "cases.handle"


def _has_plan(facts: Mapping[str, Any]) -> str | None:
    if facts.get("is_major") and not facts.get("has_plan"):
        return "重大隐患先写清五落实（责任、措施、资金、时限、预案），再登记整改答复。"
    return None


def _is_late(facts: Mapping[str, Any]) -> str | None:
    return None if facts.get("is_overdue") else "整改还没有到期，到期没改好再督办。"


def _is_grave(facts: Mapping[str, Any]) -> str | None:
    if facts.get("is_major") or facts.get("is_refused") or (facts.get("is_urged") and facts.get("is_overdue")):
        return None
    return "重大隐患、单位拒不整改，或者督办以后又到期没改好，才移交主管部门。"


TABLE = Table(
    name=KIND,
    title="隐患",
    model="cases.case",
    initial="reported",
    states=(
        State("reported", "待核实", "new", "blue", "核实"),
        State("checked", "待定级", "working", "blue", "定级"),
        State("graded", "待送达", "working", "blue", "提请责任单位整改"),
        State("rectifying", "整改中", "working", "amber", "等责任单位整改"),
        State("answered", "待复查", "working", "blue", "由另一个人复查"),
        State("urged", "督办中", "working", "deep", "盯住整改，再到期就移交"),
        State("struck_off", "已销号", "closed", "green"),
        State("handed_over", "已移交", "closed", "grey"),
        State("invalid", "不是隐患", "closed", "grey"),
        State("duplicate", "已并入同一处", "closed", "grey"),
    ),
    transitions=(
        Transition("check", "核实有效", ("reported",), "checked", HANDLE, icon="check", main=True),
        Transition("merge", "并入同一处", ("reported", "checked"), "duplicate", HANDLE, icon="copy"),
        Transition(
            "dismiss", "不是隐患", ("reported",), "invalid", HANDLE, needs_reason=True, icon="x", past="dismissed"
        ),
        Transition(
            "follow",
            "跟进同一处",
            ("reported",),
            "duplicate",
            doors=("my", "open"),
            icon="copy",
            past="followed",
        ),
        Transition("grade", "定级", ("checked",), "graded", HANDLE, icon="alert-triangle", main=True),
        Transition("send", "提请整改", ("graded",), "rectifying", HANDLE, icon="send", main=True, past="sent"),
        Transition(
            "answer",
            "登记整改答复",
            ("rectifying", "urged"),
            "answered",
            HANDLE,
            guard=_has_plan,
            icon="camera",
            main=True,
            past="answered",
        ),
        Transition(
            "strike_off",
            "复查合格，销号",
            ("answered",),
            "struck_off",
            HANDLE,
            icon="circle-check",
            main=True,
            past="struck_off",
            another_person=("send", "answer"),
        ),
        Transition(
            "send_back",
            "复查不合格，退回",
            ("answered",),
            "rectifying",
            HANDLE,
            needs_reason=True,
            icon="arrow-back-up",
            past="sent_back",
            another_person=("send", "answer"),
        ),
        Transition(
            "urge", "发督办单", ("rectifying", "urged"), "urged", HANDLE, guard=_is_late, icon="urgent", past="urged"
        ),
        Transition(
            "hand_over",
            "移交主管部门",
            ("graded", "rectifying", "urged"),
            "handed_over",
            HANDLE,
            guard=_is_grave,
            icon="gavel",
            past="handed_over",
        ),
        Transition(
            "refer",
            "转办",
            ("reported", "checked", "graded"),
            "reported",
            "cases.refer",
            needs_reason=True,
            icon="corner-up-right",
            past="referred",
        ),
    ),
    notes={"evacuate": "提请撤人", "refuse": "记下拒不整改", "plan": "写五落实"},
)

CATEGORIES = (
    Category("hz_height", "高处临边", "stairs-up", about_employer=True),
    Category("hz_electric", "用电", "battery-charging", about_employer=True),
    Category("hz_fire", "消防动火", "alert-triangle", about_employer=True),
    Category("hz_machine", "机械设备", "settings", about_employer=True),
    Category("hz_lifting", "吊装车辆", "arrows-exchange", about_employer=True),
    Category("hz_chemical", "危化燃气", "ban", about_employer=True),
    Category("hz_dust", "粉尘毒物", "mood-empty", about_employer=True),
    Category("hz_heat", "高温高寒", "sun", about_employer=True),
    Category("hz_building", "房屋场地", "building", about_employer=True),
    Category("hz_other", "其他", "dots", about_employer=True),
)

CASE_KINDS = (
    CaseKind(
        code=KIND,
        title="隐患",
        icon="camera",
        table=TABLE,
        categories=CATEGORIES,
        service="hazards",
        prefix="YH",
        clocks=(),
        step_url="hazards:take",
        plain=("check",),
        own_acts=("material", "keep"),
        facts="unionhome.services.hazards.queries.get_facts",
        dues="unionhome.services.hazards.queries.list_dues",
        panel="unionhome.services.hazards.screens.case_panel",
        words={
            "reported": "工会核实是不是隐患",
            "checked": "工会定级",
            "graded": "工会提请责任单位整改",
            "rectifying": "责任单位整改",
            "answered": "工会到现场复查",
            "urged": "工会督办，没改好就移交主管部门",
        },
        opened={"phone": "拍到隐患", "walk_in": "工会代为登记", OUTSIDE: "别的系统转来"},
        receiver="unionhome.services.hazards.actions.receive_hazard",
        public="unionhome.services.hazards.queries.get_public_q",
        points="unionhome.services.hazards.queries.list_points",
        endings={
            "struck_off": "{what}{number}改好了，{union}到现场复查过。",
            "handed_over": "{what}{number}已移交主管部门处理。",
            "dismissed": "{union}核实了{what}{number}，请您看答复。",
        },
        nav="hazards:list",
        led_by="unionhome.services.hazards.queries.find_led",
        told_with="unionhome.services.hazards.queries.list_told_with",
        led_titles=(
            "核实过了，是隐患",
            "看过了，不是隐患",
            "定为(一般|重大)隐患",
            "提请单位先把人撤出来",
            "已提请责任单位整改",
            "责任单位(不整改|说改好了)",
            "到期没改好，工会督办",
            "复查(不合格，请单位再改|合格，已销号)",
            "已移交.+",
        ),
    ),
)
TABLES = (TABLE,)
