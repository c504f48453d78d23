"""Hazards in every state, with drawn pictures, walked through the actions that people use."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from PIL import Image, ImageDraw

from unionhome.core.access.models import User
from unionhome.core.cases.actions import Upload
from unionhome.core.cases.models import Case
from unionhome.core.organizations.models import Division
from unionhome.core.organizations.queries import list_divisions
from unionhome.core.registry import Actor
from unionhome.core.tree.queries import find_root
from unionhome.kit.images import jpeg_of
from unionhome.services.hazards import actions
from unionhome.services.hazards.actions import Plan, Report, report_hazard

WIDTH, HEIGHT = 480, 360


@dataclass(frozen=True, slots=True)
class Tale:
    """What is told of one kind of hazard: seen, proposed, put right."""

    category: str
    text: str
    place: str
    advice: str
    done: str


TALES = (
    Tale(
        "hz_height", "三楼楼梯口没有护栏，下面有人走。", "南门工地", "装上护栏，挂警示牌。", "护栏装好了，挂了警示牌。"
    ),
    Tale(
        "hz_electric",
        "配电箱门掉了，电线露在外面。",
        "二号车间",
        "换箱门，包好电线，请电工查一遍。",
        "箱门换了，线也包好了。",
    ),
    Tale("hz_fire", "安全出口堆满了纸箱。", "仓库北侧", "马上清走，出口画黄线。", "纸箱清走了，画了黄线。"),
    Tale(
        "hz_machine",
        "冲床的防护罩拆了没装回去。",
        "冲压班",
        "停用这台，装回防护罩再开。",
        "防护罩装回去了，试过能自动停。",
    ),
    Tale(
        "hz_lifting",
        "吊车下面站着人，没有拉警戒线。",
        "吊装口",
        "作业时拉警戒线，专人看守。",
        "拉了警戒线，安排了看守的人。",
    ),
    Tale(
        "hz_chemical",
        "气瓶倒放，旁边有人抽烟。",
        "气瓶间",
        "气瓶立放固定，这一片禁烟。",
        "气瓶固定好了，贴了禁烟标志。",
    ),
    Tale("hz_dust", "打磨时粉尘很大，没有口罩。", "打磨间", "开除尘，发防尘口罩。", "除尘修好了，口罩发到人。"),
    Tale(
        "hz_heat",
        "中午四十度还在楼顶干活，没有凉水。",
        "楼顶",
        "中午停工，送凉水、设遮阳棚。",
        "改了上班时间，搭了遮阳棚。",
    ),
    Tale(
        "hz_building", "宿舍墙上有一道裂缝，越来越宽。", "三号宿舍", "请人鉴定，先把人搬出来。", "加固好了，鉴定合格。"
    ),
    Tale("hz_other", "路面塌了一块，晚上看不见。", "厂区东路", "围起来，装灯，尽快填平。", "填平了，装了路灯。"),
)
PLAN = Plan("单位安全负责人", "先停用，按方案加固", "从安全生产费里出", "三十天以内", "出现险情先撤人，再报告")
ENDS = (
    "reported", "checked", "graded", "rectifying", "answered", "struck_off", "struck_off", "struck_off", "invalid",
    "urged", "handed_over", "duplicate", "struck_off", "sent_back", "major",
)  # fmt: skip
"""How far each of the demo's hazards comes, again and again."""
RECENT = {
    "reported": 1, "checked": 1, "graded": 1, "answered": 1, "duplicate": 1, "rectifying": 4, "sent_back": 12,
    "urged": 10, "major": 9,
}  # fmt: skip
"""How many days ago those were reported that are still open: so that none of them is late by months."""
COUNTS = {"village": 30, "county": 45, "city": 60}


def build(world: Any) -> None:
    """Report hazards over the last four months; the newest still wait."""
    towns = _towns()
    count = COUNTS[world.size]
    for index in range(count):
        days_ago = 2 + (count - index) * 118 // count
        _one(world, towns, index, days_ago)
        world.tell("隐患", index + 1, count, "件")


def _towns() -> list[Division]:
    root = find_root()
    counties = list_divisions(f"{root.code:0<12}") if root else []
    return [town for county in counties for town in list_divisions(county.code)]


def _one(world: Any, towns: list[Division], index: int, days_ago: int) -> None:
    """Open hazards are the newest: an old one is past all its days. Every fourth is in the town whose cadre signs in."""
    chance = random.Random(index)  # noqa: S311  # nosec B311
    end = ENDS[index % len(ENDS)]
    days_ago = RECENT.get(end, days_ago) + (index % 2 if end in RECENT else 0)
    tale = TALES[index % len(TALES)]
    near = [town for town in towns if town.code.startswith(world.memo["nodes"]["county"].code)]
    own = [town for town in towns if town.code.startswith(world.memo["nodes"]["town"].code)]
    town = own[0] if own and index % 4 == 1 else chance.choice(near if chance.random() < 0.6 else towns)
    at = world.at(days_ago, 9 + index % 6, 5 + index % 50)
    case, _ = report_hazard(Actor.public(at), _report(tale, town, index, chance))
    _work(world, case, tale, end, days_ago, index, chance)
    if end == "duplicate":
        _again(world, case, tale, town, index, days_ago)


def _report(tale: Tale, town: Division, index: int, chance: random.Random, *, shift: int = 0) -> Report:
    return Report(
        category=tale.category,
        text=tale.text,
        uploads=(Upload("现场.jpg", draw(index, done=False, shift=shift)),),
        division=town,
        place_text=tale.place,
        point=f"{34.5 + index * 0.01:.5f},{109.5 + index * 0.012 + shift * 0.0001:.5f}",
        is_anonymous=index % 3 == 0,
        phone="" if index % 3 == 0 else f"1990007{index:04d}",
    )


def _again(world: Any, first: Case, tale: Tale, town: Division, index: int, days_ago: int) -> None:
    """Somebody else has seen the same, and follows the first report."""
    chance = random.Random(index)  # noqa: S311  # nosec B311
    at = world.at(days_ago, 17, 20)
    again, _ = report_hazard(Actor.public(at), _report(tale, town, index, chance, shift=1))
    actions.follow_hazard(Actor.public(at + timedelta(minutes=2)), again, first.pk)


def _people(world: Any, case: Case) -> tuple[User, User]:
    """Who handles it, and another person above who checks it on the spot."""
    users = world.memo["users"]
    county = world.memo["county_users"].get(case.county.code) if case.county else users["city"]
    first = users["town"] if case.node_id == world.memo["nodes"]["town"].pk else county
    return first, users["city"] if first.pk != users["city"].pk else users["office"]


def _work(world: Any, case: Case, tale: Tale, end: str, days_ago: int, index: int, chance: random.Random) -> None:
    first, second = _people(world, case)
    is_major = end in ("handed_over", "major")

    def actor(days: int, hour: int, user: User = first) -> Actor:
        return world.actor(user, _moment(world, days_ago - days, hour))

    if end in ("reported", "duplicate"):
        return
    if end == "invalid":
        actions.dismiss_hazard(actor(0, 16), case.pk, reason="到现场看了，是拆下来待修的旧设备，已经断电。")
        return
    actions.check_hazard(actor(0, 16), case.pk)
    if end == "checked":
        return
    actions.grade_hazard(actor(0, 16), case.pk, grade="major" if is_major else "general")
    if is_major:
        actions.propose_evacuation(actor(0, 17), case.pk)
        actions.write_plan(actor(0, 17), case.pk, PLAN)
    if end == "graded":
        return
    sent = actor(0, 17)
    days = 30 if is_major else 7
    actions.send_hazard(
        sent,
        case.pk,
        employer_text=f"渭南示例第{index + 1}厂",
        is_unregistered=True,
        due_on=sent.at.date() + timedelta(days=days),
        text=tale.advice,
    )
    _rectify(case, tale, end, index, actor, second)


def _rectify(case: Case, tale: Tale, end: str, index: int, actor: Any, second: User) -> None:
    if end in ("rectifying", "major"):
        return
    if end == "handed_over":
        actions.note_refusal(actor(5, 10), case.pk, text="单位说没有钱，不改。")
        actions.hand_over_hazard(
            actor(6, 10),
            case.pk,
            authority="应急管理局",
            paper_number=f"渭工安〔示例〕{index + 1}号",
            text="单位拒不整改，请依法处理。",
        )
        return
    if end == "urged":
        late = actor(9, 10)
        due_on = late.at.date() + timedelta(days=5)
        actions.urge_hazard(late, case.pk, text="到期没有改好，请五天以内改好。", due_on=due_on)
        return
    days = 2 if end == "answered" else 4 + index % 6
    answered = actor(0, 17) if end == "answered" else actor(days, 10)
    photos = (Upload("整改后.jpg", draw(index, done=True)),)
    actions.answer_hazard(answered, case.pk, text=tale.done, uploads=photos)
    if end == "sent_back":
        checked = actor(days + 1, 15, second)
        due_on = checked.at.date() + timedelta(days=7)
        actions.send_back_hazard(checked, case.pk, reason="只改了一半，还有一处没动。", due_on=due_on)
    elif end == "struck_off":
        actions.strike_off_hazard(actor(days + 1, 15, second), case.pk, text="到现场看了，确实改好了。")


def _moment(world: Any, days_ago: int, hour: int) -> datetime:
    return world.at(max(1, days_ago), hour, 30)


def draw(index: int, *, done: bool, shift: int = 0) -> bytes:
    """A picture of nothing real: a wall, a floor and a few boxes; a red gap before, a green rail afterwards."""
    chance = random.Random(index)  # noqa: S311  # nosec B311
    picture = Image.new("RGB", (WIDTH, HEIGHT), tuple(chance.randrange(150, 225) for _ in range(3)))
    brush = ImageDraw.Draw(picture)
    floor = chance.randrange(200, 280)
    brush.rectangle((0, floor, WIDTH, HEIGHT), fill=tuple(chance.randrange(70, 130) for _ in range(3)))
    for _ in range(chance.randrange(4, 8)):
        left, top = chance.randrange(0, WIDTH - 80) + 3 * shift, chance.randrange(40, floor)
        size = (left, top, left + chance.randrange(40, 120), top + chance.randrange(30, 110))
        brush.rectangle(size, fill=tuple(chance.randrange(30, 240) for _ in range(3)), outline=(40, 40, 40))
    color = (14, 138, 95) if done else (199, 22, 29)
    left = chance.randrange(60, WIDTH - 200)
    brush.rectangle((left, floor - 40, left + 140, floor + 30), outline=color, width=8)
    for bar in range(left, left + 140, 24) if done else ():
        brush.line((bar, floor - 40, bar, floor + 30), fill=color, width=6)
    return jpeg_of(picture)
