"""This year's lists of the demo: city, county and town, with deeds at every stage, walked through the actions."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from PIL import Image, ImageDraw

from unionhome.core.access.actions import find_or_create_worker
from unionhome.core.access.models import User
from unionhome.core.cases.queries import list_cases
from unionhome.core.registry import Actor, Refused
from unionhome.core.tree.models import Node
from unionhome.kit.images import jpeg_of
from unionhome.services.deeds import actions, queries
from unionhome.services.deeds.actions import Done, Listing, Proof, Proposal
from unionhome.services.deeds.models import Deed, Origin, Stage

WIDTH, HEIGHT = 480, 360


@dataclass(frozen=True, slots=True)
class Tale:
    """One deed: whose list, who does it, how far it comes, and what is told of it."""

    owner: str
    doer: str
    end: str
    title: str
    wanted: str
    done: str
    people: int
    yuan: int
    money: str = "工会经费"
    times: int | None = None
    promised: int = 60


TALES = (
    Tale("city", "county", "published", "给十二个工地配饮水机", "工地上喝不到热水。", "配了十二台，每月换滤芯。", 860, 24_000),
    Tale("city", "city", "published", "夏天给户外职工送清凉", "中午没有地方歇脚，没有凉水。", "送了凉水、药品，开了遮阳棚。",
         1_240, 68_500, times=3_100),
    Tale("city", "county", "rated", "办三场招聘会", "想在家门口找活干。", "办了三场，来了四十家单位。", 520, 18_000, "市级经费"),
    Tale("city", "county", "struck_off", "给环卫工人体检", "一年到头没有查过身体。", "请医院上门查了，报告发到本人。", 310, 46_500),
    Tale("city", "town", "done", "货车司机有地方洗澡", "跑长途的没有地方洗澡。", "停车场旁边建了浴室。", 180, 52_000),
    Tale("city", "county", "taken", "开五个爱心托管班", "暑假孩子没有人管。", "", 150, 0, promised=70),
    Tale("city", "city", "listed", "职工夜校开到园区", "下班以后想学一门手艺。", "", 400, 0),
    Tale("county", "town", "published", "给外卖骑手设充电柜", "送餐半路没电。", "设了八个，一天能换二百次。", 230, 31_200,
         times=4_600),
    Tale("county", "town", "struck_off", "女职工有哺乳室", "上班没有地方喂奶。", "楼里腾出一间，配了冰箱。", 64, 12_800),
    Tale("county", "town", "taken", "老小区快递进得去", "快递员进门要登记半天。", "", 96, 0, promised=30),
    Tale("county", "county", "kept", "调解三家单位的欠薪", "活干完了，钱拿不到。", "三家都付清了。", 41, 0),
    Tale("county", "county", "dropped", "给职工盖一座游泳馆", "夏天没有地方游泳。", "", 500, 0),
    Tale("town", "town", "struck_off", "工业园门口加公交站", "下夜班走两公里坐车。", "和公交公司说定，加了一站。", 420, 0),
    Tale("town", "village", "checked", "社区工会有了图书角", "想看书没有地方。", "买了六百册，周末开门。", 130, 9_600),
    Tale("town", "town", "taken", "厂区食堂加热饭台", "带的饭中午是凉的。", "", 210, 0, promised=45),
    Tale("town", "town", "listed", "修好通往车间的路灯", "晚上路黑，骑车看不见。", "", 175, 0),
    Tale("town", "town", "collected", "职工书屋周日也开门", "平时上班，周日才有空。", "", 90, 0),
    Tale("county", "county", "collected", "给保洁员配保温杯", "冬天水一会儿就凉。", "", 60, 0),
)  # fmt: skip
STAGES = ("collected", "listed", "taken", "done", "checked", "struck_off", "rated", "published")
AGES = {
    "published": 110,
    "kept": 105,
    "rated": 40,
    "struck_off": 16,
    "checked": 6,
    "done": 9,
    "taken": 40,
    "dropped": 60,
}
"""How many days ago those were proposed: one that is still open is late, and only by days."""
RAISERS = {"village": "town", "town": "county", "county": "city", "city": "chair"}
"""Who stands above whom: the one who checks."""


def build(world: Any) -> None:
    """The lists of the year; the county's has needs of many, one deed is late, workers say what it was worth."""
    made = [_one(world, tale, number) for number, tale in enumerate(TALES)]
    _tie(world, made[9])
    world.tell("实事", len(made), len(made), "件")


def _one(world: Any, tale: Tale, number: int) -> Deed:
    """Step by step, some days apart; the county proposes what it does not do itself as well."""
    ago = AGES.get(tale.end, 6)
    days = iter(range(ago, -1, -max(1, ago // 12)))
    deed = _propose(world, tale, number, next(days))
    if tale.end == "dropped":
        owner = world.actor(tale.owner, world.at(next(days), 10))
        return actions.drop_deed(owner, deed.pk, reason="要花的钱太多，先用市里的游泳馆，职工打折。")
    for verb in STAGES[1 : _depth(tale.end) + 1]:
        _step(world, tale, deed, verb, number, next(days))
    if tale.end == "kept":
        actions.keep_deed(world.actor(tale.owner, world.at(2, 16)), deed.pk, reason="涉及单位和个人，不公布。")
    deed.refresh_from_db()
    return deed


def _depth(end: str) -> int:
    return STAGES.index("rated" if end == "kept" else end)


def _propose(world: Any, tale: Tale, number: int, days_ago: int) -> Deed:
    origin = (Origin.UNION, Origin.WORKERS, Origin.NEEDS)[number % 3]
    given = Proposal(tale.title, tale.wanted, origin, tale.people + 20, "")
    proofs = (Proof("现在.jpg", draw(number, done=False), Stage.BEFORE),)
    doer = _union(world, tale.doer)
    return actions.propose_deed(_actor(world, tale.doer, days_ago, 9), doer, given, proofs=proofs)


def _step(world: Any, tale: Tale, deed: Deed, verb: str, number: int, days_ago: int) -> None:
    owner, doer = _actor(world, tale.owner, days_ago, 10), _actor(world, tale.doer, days_ago, 11)
    today = _day(owner.at)
    if verb == "listed":
        given = Listing(_union(world, tale.owner), world.today.year, today, _union(world, tale.doer))
        actions.list_deed(owner, deed.pk, given)
    elif verb == "taken":
        promised = today + timedelta(days=tale.promised)
        actions.take_deed(doer, deed.pk, taken_on=today, due_on=promised)
    elif verb == "done":
        proofs = (Proof("办成.jpg", draw(number, done=True)),)
        done = Done(today, tale.done, tale.people, tale.yuan * 100, tale.money if tale.yuan else "", tale.times)
        actions.finish_deed(doer, deed.pk, done, proofs=proofs)
    elif verb == "checked":
        checker = tale.owner if tale.owner != tale.doer else RAISERS[tale.doer]
        actions.check_deed(_actor(world, checker, days_ago, 14), deed.pk, text="到现场看了，确实办成了。")
    elif verb == "struck_off":
        striker = "chair" if tale.owner == tale.doer == "city" else tale.owner
        striker = "county_office" if tale.owner == tale.doer == "county" else striker
        striker = "county" if tale.owner == tale.doer == "town" else striker
        actions.strike_off_deed(_actor(world, striker, days_ago, 15), deed.pk)
        _rate(world, deed, days_ago, number)
    elif verb == "rated":
        actions.close_ratings(world.system(owner.at + timedelta(days=16)))
    else:
        late = max(1, days_ago - 20)
        actions.publish_deed(_actor(world, tale.owner, late, 16), deed.pk, shows_nobody=True)


def _union(world: Any, place: str) -> Node:
    found: Node = world.memo["nodes"][place]
    return found


def _actor(world: Any, name: str, days_ago: int, hour: int) -> Actor:
    acting: Actor = world.actor(name, world.at(max(0, days_ago), hour))
    return acting


def _day(at: datetime) -> date:
    return at.date()


def _rate(world: Any, deed: Deed, days_ago: int, number: int) -> None:
    """Some members of the branch say what it was worth."""
    words = ("方便多了，谢谢。", "", "再多几处就好了。", "")
    members = world.memo.get("members", [])
    for place, member in enumerate(members[number : number + 8]):
        at = world.at(max(0, days_ago - 1 - place % 3), 19, 5 + place)
        worker = world.worker(_account(world, member, at), at)
        if queries.list_mine(worker).filter(pk=deed.pk).exists():
            score = ("satisfied", "satisfied", "fairly", "satisfied", "not")[(place + number) % 5]
            actions.rate_deed(worker, deed.pk, score=score, text=words[place % len(words)])


def _account(world: Any, member: dict[str, Any], at: datetime) -> User:
    return find_or_create_worker(world.system(at), member["phone"], name=member["name"], person_id=member["person_id"])


def _tie(world: Any, deed: Deed) -> None:
    """A few needs of the town become part of what the town does."""
    town = world.actor("town", world.at(1, 10))
    needs = (
        list_cases(town, kind="helpdesk.need", category="other").filter(hidden_path="", appeal_of=None).order_by("-pk")
    )
    for pk in list(needs.values_list("pk", flat=True)[:6]):
        try:
            actions.tie_needs(town, deed.pk, [pk])
        except Refused:
            continue


def draw(number: int, *, done: bool) -> bytes:
    """A drawn scene with nobody on it: bare before, with something new afterwards."""
    sky, ground = ((206, 222, 235), (150, 150, 140)) if done else ((190, 196, 202), (120, 116, 110))
    image = Image.new("RGB", (WIDTH, HEIGHT), sky)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 240, WIDTH, HEIGHT), fill=ground)
    left = 40 + number * 37 % 160
    pen.rectangle((left, 110, left + 180, 240), fill=(176, 150 + number * 5 % 60, 120))
    if done:
        pen.rectangle((left + 200, 170, left + 250, 240), fill=(36, 112, 92))
        pen.ellipse((left + 212, 184, left + 238, 210), fill=(240, 244, 246))
    else:
        pen.line((left + 200, 235, left + 250, 235), fill=(90, 86, 80), width=4)
    return jpeg_of(image)
