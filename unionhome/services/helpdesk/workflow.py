"""Needs of workers as a kind of case, and the way of a sheet of hotline orders."""

from unionhome.core.cases.rules import OUTSIDE, CaseKind, Category, CheckPoint
from unionhome.core.cases.workflow import case_table
from unionhome.core.registry import sheet_table

TABLE = case_table("helpdesk.need", "诉求")
SHEET = sheet_table("helpdesk.sheet", "12351 工单", "helpdesk.hotlinesheet", "helpdesk.hotline", "工单表")
CATEGORIES = (
    Category("wages", "拖欠工资", "coins", about_employer=True),
    Category("injury", "工伤意外", "urgent", about_employer=True, is_urgent=True),
    Category("contract", "劳动合同", "file-text", about_employer=True),
    Category("hours", "工时休假", "clock", about_employer=True),
    Category("safety", "劳动安全", "shield-check", about_employer=True),
    Category("insurance", "社保医保", "umbrella", about_employer=True),
    Category("hardship", "生活困难", "heart-handshake", is_sensitive=True),
    Category("children", "子女上学", "school", is_sensitive=True),
    Category("health", "心理情绪", "mood-heart", is_sensitive=True),
    Category("other", "其他", "dots"),
)

CHECKLIST = (
    CheckPoint("injury_place", "问清伤情和在哪家医院", ("injury",)),
    CheckPoint("injury_limit", "讲清工伤认定的期限：单位30日，本人1年", ("injury",), is_required=True),
    CheckPoint("evidence", "请本人收好合同、工资条、考勤", ("wages", "contract", "hours", "insurance")),
    CheckPoint("arbitration", "讲清劳动仲裁的时效：1年", ("wages", "contract", "hours", "insurance")),
)
"""工伤保险条例第十七条 (30 days for the employer, a year for the worker); 劳动争议调解仲裁法第二十七条 (a year)."""

CASE_KINDS = (
    CaseKind(
        code="helpdesk.need",
        title="诉求",
        icon="message-report",
        table=TABLE,
        categories=CATEGORIES,
        service="helpdesk",
        terms=("dispatch", "accept", "solve"),
        facts="unionhome.services.helpdesk.queries.get_facts",
        appealed="unionhome.services.helpdesk.actions.keep_detail",
        reroute="unionhome.services.helpdesk.queries.list_reroutes",
        rerouted="unionhome.services.helpdesk.actions.keep_category",
        words={
            "paused": "请您补充材料",
            "proposed": "请您评价",
            "checking": "工会抽查办得好不好，看过就办结",
            "": "办好后请您评价",
        },
        opened={
            "phone": "提出诉求",
            "walk_in": "工会代为登记",
            "visit": "走访时提的，工会登记",
            "site": "服务站点反映，工会登记",
            "hotline": "12351 热线转来",
            OUTSIDE: "别的系统转来",
        },
        checklist=CHECKLIST,
        receiver="unionhome.services.helpdesk.actions.receive_need",
        panel="unionhome.services.helpdesk.screens.need_panel",
    ),
)
TABLES = (TABLE, SHEET)
