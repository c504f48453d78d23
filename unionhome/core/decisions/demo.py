"""Collective decisions of the demo: a meeting of the city with five items in several outcomes, and what comes next."""

from datetime import date, timedelta
from typing import Any

from unionhome.core.decisions import actions
from unionhome.core.decisions.actions import Draft, Held, Result, Upload
from unionhome.core.decisions.models import Item
from unionhome.core.decisions.rules import Roll
from unionhome.core.registry import Actor

PAPER = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
ROLL = Roll(("卫东升", "褚文静", "孙维民", "蒋明珠", "何立新"), ("吕建平",), ("沈一清", "韩正言"))
RELIEF = ("每户 2000 元", "专项帮扶资金", 12_000_000)
DRAFTS = (
    Draft("money", "冬送温暖慰问困难职工家庭", "relief", "元旦春节期间慰问建档的困难职工家庭。", "权益保障部", *RELIEF),
    Draft(
        "money",
        "修缮职工服务中心大厅",
        "project",
        "大厅漏水，窗口不够用。",
        "办公室",
        "按合同付款",
        "本级工会经费",
        18_000_000,
    ),
    Draft(
        "money",
        "全市职工运动会",
        "activity",
        "办八个项目，各县区组队。",
        "宣传教育部",
        "每队 5000 元",
        "本级工会经费",
        9_500_000,
    ),
    Draft("money", "购置三辆服务车", "goods", "下乡镇送服务用。", "办公室", "每辆 12 万元", "本级工会经费", 36_000_000),
    Draft("decision", "明年工会驿站建设规划", "project", "先定布点和标准，资金另报。", "基层工作部"),
)
OUTCOMES = ("agreed", "changed", "deferred", "rejected", "agreed")
COMING = (
    Draft(
        "money",
        "金秋助学",
        "study",
        "资助困难职工家庭考上大学的子女。",
        "权益保障部",
        "每人 3000 元",
        "上级补助资金",
        4_500_000,
    ),
    Draft("matter", "调整基层工会经费审查办法", "office", "把每年一审改成抽审和必审结合。", "经审办"),
)


def build(world: Any) -> None:
    """The city's office prepares, finance, the lawyer and audit say what they think, the chair confirms."""
    items = [_ready(world, draft, 40) for draft in DRAFTS]
    _hold(world, items)
    _carry_out(world, items[1])
    waiting = [_ready(world, draft, 8) for draft in COMING]
    office = _actor(world, "office", 3, 9)
    meeting = actions.call_meeting(office, _city(world), body="chairs", held_on=_work_day(world, -5))
    actions.set_agenda(office, meeting.pk, [items[2].pk, waiting[0].pk])
    actions.propose_item(
        _actor(world, "office", 2, 9),
        _city(world),
        Draft(
            "money",
            "职工书屋更新图书",
            "training",
            "给二十个职工书屋换书。",
            "宣传教育部",
            "每个 3000 元",
            "本级工会经费",
            6_000_000,
        ),
    )
    world.tell("议题", len(items) + len(waiting) + 1, len(items) + len(waiting) + 1, "个")


def _city(world: Any) -> Any:
    return world.memo["nodes"]["city"]


def _actor(world: Any, name: str, days_ago: int, hour: int) -> Actor:
    acting: Actor = world.actor(name, world.at(days_ago, hour))
    return acting


def _work_day(world: Any, days_ago: int) -> date:
    """The same, or the Friday before where it falls on a weekend."""
    day = _day(world, days_ago)
    return day - timedelta(days=max(0, day.weekday() - 4))


def _day(world: Any, days_ago: int) -> date:
    found: date = world.today - timedelta(days=days_ago)
    return found


def _ready(world: Any, draft: Draft, days_ago: int) -> Item:
    """An item with its opinions, sent to the meeting."""
    office = _actor(world, "office", days_ago, 9)
    item = actions.propose_item(office, _city(world), draft, materials=(Upload("方案.pdf", PAPER),))
    if draft.ceiling_fen is not None:
        _opine(world, item, "finance", "finance", days_ago - 1, "资金来源落实，列入预算。")
    if (draft.ceiling_fen or 0) >= 5_000_000:
        actions.ask_lawyer(office, item.pk, world.memo["users"]["lawyer"].pk)
        _opine(world, item, "legal", "lawyer", days_ago - 2, "程序合规，合同先送审。")
        _opine(world, item, "audit", "auditor", days_ago - 2, "按标准执行，事后抽查。")
    return actions.submit_item(_actor(world, "office", days_ago - 3, 15), item.pk)


def _opine(world: Any, item: Item, role: str, name: str, days_ago: int, text: str) -> None:
    actions.give_opinion(
        _actor(world, name, days_ago, 10), item.pk, role=role, stance="agree", text=text, given_on=_day(world, days_ago)
    )


def _hold(world: Any, items: list[Item]) -> None:
    """The meeting of thirty days ago, entered by the office, confirmed by the chair."""
    office, city = _actor(world, "office", 36, 9), _city(world)
    meeting = actions.call_meeting(office, city, body="chairs", held_on=_work_day(world, 30))
    actions.set_agenda(office, meeting.pk, [item.pk for item in items])
    actions.notify_meeting(office, meeting.pk, notified_on=_day(world, 36))
    results = {item.pk: Result(outcome) for item, outcome in zip(items, OUTCOMES, strict=True)}
    results[items[1].pk] = Result("changed", 15_000_000, "先修屋面和窗口", ("孙维民",), "分两次付款")
    office = _actor(world, "office", 29, 10)
    actions.enter_outcomes(office, meeting.pk, Held(_work_day(world, 30), ROLL), results)
    number = f"渭工办纪要〔{_day(world, 30).year}〕11号"
    actions.keep_minutes(office, meeting.pk, number=number, scans=(Upload("会议纪要.pdf", PAPER),))
    actions.confirm_meeting(_actor(world, "chair", 28, 16), meeting.pk)


def _carry_out(world: Any, item: Item) -> None:
    text = "屋面和窗口修好，验收合格，花了 148,600 元。"
    actions.execute_item(_actor(world, "office", 5, 11), item.pk, ended_on=_day(world, 5), text=text)
