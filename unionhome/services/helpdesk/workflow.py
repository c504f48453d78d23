"""Needs of workers as a kind of case."""

from unionhome.core.cases.rules import CaseKind, Category
from unionhome.core.cases.workflow import case_table

TABLE = case_table("helpdesk.need", "诉求")
CATEGORIES = (
    Category("wages", "拖欠工资", "coins", about_employer=True),
    Category("injury", "工伤意外", "urgent", about_employer=True, is_urgent=True),
    Category("contract", "劳动合同", "file-text", about_employer=True),
    Category("hours", "工时休假", "clock", about_employer=True),
    Category("safety", "劳动安全", "shield-check", about_employer=True),
    Category("insurance", "社保医保", "umbrella", about_employer=True),
    Category("hardship", "生活困难", "heart-handshake"),
    Category("children", "子女上学", "school"),
    Category("health", "心理情绪", "mood-heart"),
    Category("other", "其他", "dots"),
)

CASE_KINDS = (
    CaseKind(
        code="helpdesk.need",
        title="诉求",
        icon="message-report",
        table=TABLE,
        categories=CATEGORIES,
        service="helpdesk",
        words={"paused": "请您补充材料", "proposed": "请您评价", "": "办好后请您评价"},
        opened={"phone": "提出诉求", "walk_in": "工会代为登记", "hotline": "12351 热线转来"},
    ),
)
TABLES = (TABLE,)
