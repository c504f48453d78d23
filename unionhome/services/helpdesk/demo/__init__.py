"""A year of needs, walked through every step by the actions that people use."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from unionhome.core.access.actions import find_or_create_worker
from unionhome.core.cases import actions as cases
from unionhome.core.cases.models import Case
from unionhome.core.cases.queries import list_points
from unionhome.core.journal.actions import deliver_batch
from unionhome.core.notices.actions import send_due
from unionhome.core.notices.models import Notice
from unionhome.core.organizations.models import Division
from unionhome.core.organizations.queries import find_division, list_divisions
from unionhome.core.registry import Actor
from unionhome.core.tree.queries import find_root
from unionhome.kit.calendars import due
from unionhome.kit.channels import NotSent
from unionhome.services.helpdesk.actions import Need, report_need
from unionhome.services.helpdesk.demo import handovers, hotline, mass, replies

COUNTS = {"village": 14, "county": 90, "city": 90}
WAITING = 6
"""How many of the newest needs nobody has finished: the last days' work."""
TEXTS = {
    "wages": ("公司9月、10月的工资一直没发，问了几次都说再等等。", "干完活两个月了，工头说甲方没付款，工资拿不到。"),
    "contract": ("上班半年了，单位一直没和我签劳动合同。", "合同到期单位不续，也不说补偿。"),
    "hours": ("天天加班到十点，没有加班费，也不让调休。", "一个月只休一天，请假还要扣钱。"),
    "safety": ("车间通风坏了两周，气味很大，没人管。", "高处作业没有安全绳，提了也不配。"),
    "insurance": ("查了一下，单位给我断了四个月的社保。", "受伤住院才知道没交工伤保险。"),
    "hardship": ("爱人生病住院，家里一时周转不开。", "父亲瘫痪在床，我一个人上班，开销很大。"),
    "children": ("孩子考上大学，学费还差一些。", "暑假孩子没人带，想问有没有托管班。"),
    "health": ("最近总睡不着，压力很大，想找人聊聊。", "和同事闹矛盾，情绪一直很低。"),
    "injury": ("送餐路上摔伤了，现在在医院，单位没人来。",),
    "other": ("宿舍停暖三天了，十几个人冻得睡不着。", "想问问工会有没有法律方面的讲座。"),
}
ARRIVED = ("打电话问清了情况。", "到单位门口见到了本人。", "在镇街工会服务站当面谈了。")


@dataclass(frozen=True, slots=True)
class Story:
    """What a union does about one category: the first help, the first measure, the outcome."""

    helped: tuple[str, ...]
    measured: tuple[str, ...]
    outcomes: tuple[str, ...]


AT_LAW = Story(
    ("约好了援助律师，带劳动合同和工资条来。", "帮着把出勤和工资凭据理了一遍。"),
    ("和单位负责人谈了，约定一周内答复。", "发函请单位限期整改。", "转到劳动争议调解室，已排期。"),
    ("单位已补发，职工确认收到。", "达成书面协议，按月履行。"),
)
AT_WORK = Story(
    ("请单位先停下这处作业，等查清再干。", "把劳动保护的规定讲给了班组和本人。"),
    ("和劳动保护检查员到现场看了，发函请单位限期整改。", "和单位负责人谈了，约定一周内改好。"),
    ("单位已经改好，现场复查过。", "问题已经解决，电话回访本人认可。"),
)
AT_HOME = Story(
    ("先送去一份生活物资。", "上门看了家里的情况，把能办的救助讲清楚了。"),
    ("按困难职工帮扶的条件核了家庭情况，材料已交齐。", "联系社区，一起办临时救助。"),
    ("临时救助已经发到手，本人签收。", "问题已经解决，电话回访本人认可。"),
)
STORIES = {
    "wages": AT_LAW,
    "contract": AT_LAW,
    "hours": AT_LAW,
    "safety": AT_WORK,
    "insurance": Story(
        ("陪同到社保窗口查了缴费记录。", "帮着把参保记录打印出来，一处一处核对。"),
        ("发函请单位补缴，限期答复。", "和社保经办机构核对，确认了少缴的月份。"),
        ("单位已经补缴，参保记录核对无误。",),
    ),
    "hardship": AT_HOME,
    "children": Story(
        ("讲清了助学的条件和要交的材料。", "送去一份文具和书本。"),
        ("陪同备齐了助学申请的材料，已交上级工会。", "联系了工会的托管班，名额已经留好。"),
        ("助学款已经到账，本人确认。", "孩子已经入班，电话回访本人认可。"),
    ),
    "health": Story(
        ("约好了心理咨询师，电话聊了一次。", "请本人到职工心理驿站坐了坐。"),
        ("安排了连续三次咨询，时间已定。", "和班组长谈了，先调开班次休息几天。"),
        ("咨询做完了，电话回访睡眠好些了。",),
    ),
    "injury": Story(
        ("到医院看望，先垫付了陪护用品。", "帮着理好了工伤认定要的材料。"),
        ("陪同递交了工伤认定申请。", "和单位负责人谈了，先垫付医药费。"),
        ("工伤认定已经受理，单位垫付了医药费。",),
    ),
    "other": Story(
        ("先送去几床棉被，讲清了下一步怎么办。", "把近期的活动和讲座告诉了本人。"),
        ("和管理单位谈了，约定三天内答复。", "报了名，时间和地点发给了本人。"),
        ("问题已经解决，电话回访本人认可。",),
    ),
}
"""The words fit what was asked; chosen by category."""
HOURS = (8, 9, 9, 10, 10, 11, 14, 15, 15, 16)
EVENINGS = (19, 20, 21)


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast one demo case goes, in minutes of duty after its opening (around the clock where it is urgent)."""

    accept: int
    arrive: int
    help: int
    measure: int
    propose: int
    rate: int


def build(world: Any) -> None:
    """Open `COUNTS[size]` needs over the year up to the demo's day and work on all but the newest, which still wait."""
    world.memo["towns"] = _towns()
    replies.build(world)
    days = max(1, (world.today - world.today.replace(month=1, day=1)).days)
    count = COUNTS[world.size]
    for index in range(count):
        left = count - index
        days_ago = 1 + left // 5 if left <= WAITING else days - index * days // count
        _one(world, days_ago, index, is_last=left <= WAITING)
        world.tell("诉求", index + 1, count, "件")
    _of_the_named_worker(world)
    _together(world)
    _sent_on(world)
    handovers.build(world, _in_town, _last_working_afternoon(world))
    mass.build(world, _in_town, _last_working_afternoon(world))
    _appealed(world)
    hotline.build(world, _work)
    _rule(world)
    _tell(world)


def _tell(world: Any) -> None:
    """What people were told in the last days, sent as it fell due; now and then the gateway takes a message not."""
    for days_ago in range(6, 0, -1):
        for hour in (9, 12, 18, 22):
            actor = world.system(world.at(days_ago, hour, 5))
            while deliver_batch(actor):
                pass
            while send_due(actor, sends={"sms": _gateway, "mail": _gateway}):
                pass


def _gateway(notice: Notice, address: str, text: str) -> str:
    if int(address[-4:]) % 5 == 2:
        raise NotSent("短信网关没有收下这一条（空号）。", answer="MK:0001", again=False)
    return f"demo-{notice.pk}"


def _rule(world: Any) -> None:
    """The city's rule, tried on last month and in force for the last days: some of what waits has gone up."""
    city = world.memo["users"]["city"]
    rule = cases.draft_rule(world.actor(city, world.at(6, 9)), step_minutes=240)
    cases.simulate_rule(world.actor(city, world.at(6, 9, 10)), rule.pk)
    cases.switch_rule_on(world.actor(city, world.at(6, 9, 30)), rule.pk)
    for days_ago in range(6, 0, -1):
        for hour in (10, 16):
            cases.escalate_late_cases(world.system(world.at(days_ago, hour)))


def _towns() -> list[Division]:
    """Every town of the city."""
    root = find_root()
    counties = list_divisions(f"{root.code:0<12}") if root else []
    return [town for county in counties for town in list_divisions(county.code)]


def _one(world: Any, days_ago: int, index: int, *, is_last: bool) -> None:
    chance = world.random
    at = _asked_at(world, days_ago)
    category = chance.choices(list(TEXTS), weights=(8, 3, 3, 2, 3, 4, 2, 2, 1, 3))[0]
    need = Need(category=category, text=chance.choice(TEXTS[category]), phone=f"1990001{index:04d}", name=_name(chance))
    actor, extra = _applicant(world, chance, at, need)
    case, _ = report_need(actor, extra)
    if not is_last:
        _work(world, case, at, chance, actor)
    elif index % 2:
        _begin(world, case, at)


def _asked_at(world: Any, days_ago: int) -> datetime:
    """Mostly on a working day in duty hours, sometimes in the evening or on a day off, as people ask."""
    chance = world.random
    calendar = world.frame(world.memo["nodes"]["city"], world.at(days_ago, 9)).calendar
    if chance.random() < 0.85:
        while not calendar.is_working(world.today - timedelta(days=days_ago)):
            days_ago += 1
    hour = chance.choice(HOURS if chance.random() < 0.9 else EVENINGS)
    return world.at(days_ago, hour, chance.randrange(31, 59))


def _name(chance: Any) -> str:
    return chance.choice("张王李赵刘陈杨黄周吴徐孙马朱胡") + chance.choice(
        ("伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋")
    )


def _applicant(world: Any, chance: Any, at: datetime, need: Need) -> tuple[Actor, Need]:
    """A member where the register has some to spare, else a visitor who picks a town."""
    members = world.memo.get("members", [])
    if members and chance.random() < 0.6:
        member = chance.choice(members)
        user = find_or_create_worker(
            world.system(at), member["phone"], name=member["name"], person_id=member["person_id"]
        )
        return world.worker(user, at), Need(category=need.category, text=need.text, hide_from_employer=True)
    near = [town for town in world.memo["towns"] if town.code.startswith(world.memo["nodes"]["county"].code)]
    place = chance.choice(near if chance.random() < 0.4 else world.memo["towns"])
    return Actor.public(at), Need(
        category=need.category, text=need.text, phone=need.phone, name=need.name, division=place
    )


def _pace(chance: Any) -> Pace:
    """Some are slow: one in eight is late with one of the three."""
    slow = chance.randrange(1, 4) if chance.random() < 0.12 else 0
    accept = chance.randrange(3, 18)
    arrive = accept + chance.randrange(10, 85) + (90 if slow == 1 else 0)
    helped = arrive + chance.randrange(15, 90) + (180 if slow == 2 else 0)
    measure = helped + chance.randrange(15, 110) + (300 if slow == 3 else 0)
    return Pace(accept, arrive, helped, measure, measure + 420 * chance.randrange(1, 4), 300)


def _work(world: Any, case: Case, at: datetime, chance: Any, applicant: Actor) -> None:
    pace = _pace(chance)
    user = _handler(world, case)
    limit = world.at(0, 0)
    story = STORIES[case.category]

    def cadre(minutes: int) -> Actor | None:
        moment = _duty_moment(world, case, at, minutes)
        return world.actor(user, moment) if moment < limit else None

    for minutes, act in (
        (pace.accept, lambda actor: cases.accept_case(actor, case.pk)),
        (pace.arrive, lambda actor: cases.stamp_clock(actor, case.pk, "arrive", text=chance.choice(ARRIVED))),
        (pace.help, lambda actor: cases.stamp_clock(actor, case.pk, "help", text=chance.choice(story.helped))),
        (pace.measure, lambda actor: cases.stamp_clock(actor, case.pk, "measure", text=chance.choice(story.measured))),
        (pace.measure, lambda actor: _tick(actor, case)),
        (pace.propose, lambda actor: cases.propose_outcome(actor, case.pk, text=chance.choice(story.outcomes))),
    ):
        actor = cadre(minutes)
        if actor is None:
            return
        act(actor)
    _rate(world, case, _duty_moment(world, case, at, pace.propose) + timedelta(minutes=pace.rate), chance, applicant)


def _tick(actor: Actor, case: Case) -> None:
    """What the kind of case wants done was done."""
    for point in list_points(case):
        cases.tick_point(actor, case.pk, point.code, is_done=True)


def _duty_moment(world: Any, case: Case, at: datetime, minutes: int) -> datetime:
    """So many minutes of the union's duty later; an urgent matter waits for no duty."""
    if case.is_urgent:
        return at + timedelta(minutes=minutes)
    frame = world.frame(case.node, at)
    return due(at, minutes, calendar=frame.calendar, hours=frame.hours).at or at


def _begin(world: Any, case: Case, at: datetime) -> None:
    """Accepted and rung back; help and measure are still to come. Nothing where duty has not begun since."""
    user, limit = _handler(world, case), world.at(0, 0)
    accepted, rung = (_duty_moment(world, case, at, minutes) for minutes in (9, 35))
    if accepted < limit:
        cases.accept_case(world.actor(user, accepted), case.pk)
    if rung < limit:
        cases.stamp_clock(world.actor(user, rung), case.pk, "arrive", text=ARRIVED[0])


def _rate(world: Any, case: Case, at: datetime, chance: Any, applicant: Actor) -> None:
    if at >= world.at(0, 0):
        return
    rating = chance.choices(("satisfied", "fairly", ""), weights=(80, 12, 8))[0]
    case.refresh_from_db()
    if not rating:
        if at + timedelta(days=8) < world.at(0, 0):
            cases.close_unrated(world.system(at + timedelta(days=8)), case)
            _look_over(world, case, at + timedelta(days=9))
        return
    again = Actor(
        at=at, door=applicant.door, user_id=applicant.user_id, person_id=applicant.person_id, name=applicant.name
    )
    cases.rate_case(again, case, rating=rating)
    _look_over(world, case, at + timedelta(hours=20))


def _look_over(world: Any, case: Case, at: datetime) -> None:
    """Where it was drawn for a check, the city's chair looks at it; what was drawn just now still waits."""
    case.refresh_from_db()
    if case.state == "checking" and at < world.at(0, 0):
        chair = world.actor(world.memo["users"]["chair"], at)
        cases.check_case(chair, case.pk, text="回访了本人，措施有凭据，时限都按时。")


def _handler(world: Any, case: Case) -> Any:
    """The town's own account where it has one, else the county's, else the city's."""
    users = world.memo["users"]
    if case.node_id == world.memo["nodes"]["town"].pk:
        return users["town"]
    return world.memo["county_users"].get(case.county.code) if case.county else users["city"]


def _of_the_named_worker(world: Any) -> None:
    """Two matters of the demo's own worker: one closed long ago, one that the town began to work on the last working day."""
    worker = world.memo.get("worker_user")
    if worker is None:
        return
    at = world.at(60, 9, 12)
    case, _ = report_need(world.worker(worker, at), Need(category="children", text=TEXTS["children"][0]))
    _work(world, case, at, world.random, world.worker(worker, at))
    at = _last_working_afternoon(world)
    need = Need(category="insurance", text=TEXTS["insurance"][0], hide_from_employer=True)
    case, _ = report_need(world.worker(worker, at), need)
    _begin(world, case, at)
    _sealed(world, case, at + timedelta(minutes=50))


def _sealed(world: Any, case: Case, at: datetime) -> None:
    """A note that the handler keeps for herself; the city opened it once."""
    if at >= world.at(0, 0):
        return
    words = "本人说家里正闹矛盾，不想让同事和家里人知道来找过工会，只打这个电话，不要上门。"
    cases.add_note(world.actor(_handler(world, case), at), case.pk, text=words, is_sealed=True)
    note = case.entries.get(is_sealed=True)
    opener = world.actor(world.memo["users"]["city"], at + timedelta(minutes=20))
    cases.open_note(opener, case.pk, note.pk, reason="review", words="市里复核断缴社保的几件，要看联系的情况。")


def _in_town(world: Any, number: int, at: datetime, need: Need) -> Case:
    """A visitor's need at the demo's town."""
    place = find_division(f"{world.memo['nodes']['town'].code:0<12}")
    facts = replace(need, phone=f"199000290{number:02d}", name=_name(world.random), division=place)
    return report_need(Actor.public(at), facts)[0]


def _together(world: Any) -> None:
    """Three of one dormitory without heating: one leads, two follow, and one of these was rung."""
    at, users = _last_working_afternoon(world) - timedelta(minutes=60), world.memo["users"]
    need = Need("other", TEXTS["other"][0], hide_from_employer=False, place_text="示例宿舍3号楼")
    first, *others = [_in_town(world, number, at + timedelta(minutes=4 * number), need) for number in range(3)]
    cases.accept_case(world.actor(users["town"], at + timedelta(minutes=15)), first.pk)
    cases.stamp_clock(world.actor(users["town"], at + timedelta(minutes=20)), first.pk, "arrive", text=ARRIVED[1])
    for case in others:
        cases.follow_case(world.actor(users["town"], at + timedelta(minutes=25)), case.pk, leader_id=first.pk)
    cases.stamp_clock(world.actor(users["town"], at + timedelta(minutes=30)), others[0].pk, "arrive", text=ARRIVED[0])


def _sent_on(world: Any) -> None:
    """Two that the town has sent to the county: one waits to be taken up, one was declined."""
    at, users = _last_working_afternoon(world) - timedelta(minutes=45), world.memo["users"]
    county = world.memo["nodes"]["county"]
    for number, category in ((10, "children"), (11, "health")):
        case = _in_town(world, number, at, Need(category, TEXTS[category][0], hide_from_employer=False))
        town = world.actor(users["town"], at + timedelta(minutes=10))
        cases.refer_case(town, case.pk, node=county, reason="县里有专人办，请接着办。")
        if number == 11:
            taker = world.actor(world.memo["county_users"][county.code], at + timedelta(minutes=25))
            cases.decline_case(taker, case.pk, reason="心理驿站在你们街道，请就近安排。")


def _appealed(world: Any) -> None:
    """Handled by the town, by the county again, and still not accepted: the city hears the appeal."""
    at, users, county = _last_working_afternoon(world), world.memo["users"], world.memo["nodes"]["county"]
    need = Need("insurance", TEXTS["insurance"][0], hide_from_employer=False)
    case = _in_town(world, 20, world.at(24, 9, 40), need)
    _unwelcome(world, case, users["town"], 23)
    _unwelcome(world, case, world.memo["county_users"][county.code], 16)
    text = "单位只补了两个月，还差两个月没有补，请再查一次。"
    appeal, _ = cases.appeal_case(Actor.public(at - timedelta(minutes=40)), case, text=text)
    cases.accept_case(world.actor(users["city"], at - timedelta(minutes=25)), appeal.pk)
    cases.stamp_clock(world.actor(users["city"], at), appeal.pk, "arrive", text=ARRIVED[0])


def _unwelcome(world: Any, case: Case, user: Any, days_ago: int) -> None:
    """Handled in two days, and the worker is not satisfied."""
    story = STORIES[case.category]
    for hour, clock, text in (
        (10, "arrive", ARRIVED[0]),
        (11, "help", story.helped[0]),
        (15, "measure", story.measured[0]),
    ):
        cases.stamp_clock(world.actor(user, world.at(days_ago, hour)), case.pk, clock, text=text)
    cases.propose_outcome(world.actor(user, world.at(days_ago - 1, 16)), case.pk, text=story.outcomes[0])
    case.refresh_from_db()
    cases.rate_case(Actor.public(world.at(days_ago - 1, 19)), case, rating="not")
    _look_over(world, case, world.at(days_ago - 2, 10))
    case.refresh_from_db()


def _last_working_afternoon(world: Any) -> datetime:
    calendar = world.frame(world.memo["nodes"]["city"], world.at(1, 9)).calendar
    days = next(days for days in range(1, 30) if calendar.is_working(world.today - timedelta(days=days)))
    return world.at(days, 15, 20)
