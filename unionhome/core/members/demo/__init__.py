"""The demo's members: a handful come in by phone and are agreed to, the rest by roster, and some files are looked at."""

from datetime import date, datetime, timedelta
from io import BytesIO
from itertools import islice
from typing import Any

from unionhome.core.access.actions import find_or_create_worker
from unionhome.core.access.models import User
from unionhome.core.members import actions, queries
from unionhome.core.members.actions import EnrolRow
from unionhome.core.members.demo import crowd
from unionhome.core.members.rules import national
from unionhome.core.members.rules.joining import JoinInput
from unionhome.core.members.rules.standing import TransferInput
from unionhome.core.organizations import actions as organizations
from unionhome.core.organizations import queries as unions_of
from unionhome.core.organizations.demo.tiles import COUNTIES
from unionhome.core.organizations.models import Employer
from unionhome.core.tree.models import Node
from unionhome.kit import sheets
from unionhome.kit.codes import make_identity

WORKER, OUTSIDER = "19900000001", "19900000002"
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = (
    "建国", "志强", "秀英", "丽华", "海燕", "国强", "晓东", "小军", "春梅", "桂兰", "永红", "卫东", "红霞", "文斌", "亚军",
    "玉兰", "新民", "雪梅", "长安", "渭生", "金凤", "银环", "保平", "拴牢", "麦香", "广运", "思源", "子轩", "雨桐", "浩然",
)  # fmt: skip
EDUCATION = ("30", "60", "20", "70", "40", "10")
SKILLS = ("5", "4", "3", "0", "2", "4")
TOGETHER = 26
ROSTER_SIZE = {"village": 12, "county": 30, "city": 36}
PAPER = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
"""A blank page in place of a sealed paper."""
TRADE_GROUPS = {
    "速运": "courier",
    "餐饮": "rider",
    "运输": "trucker",
    "家政": "domestic",
    "商贸": "shop",
    "物业": "guard",
}


def build(world: Any) -> None:
    """王建国 and two colleagues by phone, the rosters of every enterprise union, two applications that wait."""
    unions: list[Node] = world.memo["unions"]
    employers: list[Employer] = world.memo["employers"]
    express = employers[0]
    world.memo["members"] = []
    worker = _join(world, 130, WORKER, "王建国", date(1986, 4, 12), 121, express, "courier")
    world.memo["worker_user"] = worker
    for number, (name, born, serial) in enumerate(
        (("李小梅", date(1992, 9, 3), 348), ("赵铁柱", date(1979, 11, 21), 215)), start=1
    ):
        _join(world, 90 - number, f"1990000001{number}", name, born, serial, express, "courier")
    serials = iter(range(1, 100_000))
    for union, employer in zip(unions, employers, strict=True):
        _enrol(world, union, employer, serials)
    _enrol_local(world, serials)
    _complete(world)
    _look(world)
    _wait(world, express)
    _change_unions(world, serials)
    _double(world, express)
    _compare(world, express)
    _change(world)
    _apply_together(world, world.memo["unorganized"][0])
    world.memo["outsider"] = find_or_create_worker(world.system(world.at(30, 9)), OUTSIDER, name="吕望山")
    if world.size == "city":
        crowd.begin(world)


def finish(world: Any) -> None:
    """The many of the city, made by other processes while the rooms above were built; all are counted."""
    if world.size == "city":
        crowd.fill(world)
    actions.fold_counts()
    count = queries.count_standing_on(world.today)
    world.tell("会员", count, count, "人")


def _join(
    world: Any, days: int, phone: str, name: str, born: date, serial: int, employer: Employer, group: str
) -> User:
    """One worker applies on the phone and the employer's union agrees the next morning."""
    at = world.at(days, 10, 20)
    user = find_or_create_worker(world.system(at), phone, name=name)
    given = JoinInput(
        name=name,
        document_kind="resident",
        document=make_identity("610502", born, serial),
        group=group,
        employer_id=employer.pk,
        agreed=True,
    )
    joined = actions.apply_to_join(world.worker(user, at), given)
    if joined.application is None:
        raise LookupError(f"{name} is a member already")
    actions.approve_application(_cadre_of(world, employer, days - 1), joined.application.pk)
    user.refresh_from_db()
    return user


def _cadre_of(world: Any, employer: Employer, days: int) -> Any:
    """The union's own cadre where the demo has one, else the town's."""
    own = world.memo["nodes"]["union"].pk == employer.union_id
    return world.actor("union" if own else "town", world.at(days, 9, 40))


def _enrol(world: Any, union: Node, employer: Employer, serials: Any) -> None:
    group = next((group for word, group in TRADE_GROUPS.items() if word in employer.name), "none")
    rows = [_row(world, union, serial, employer, group) for serial in islice(serials, ROSTER_SIZE[world.size])]
    _enter(world, world.at(60, 15), rows)


def _enrol_local(world: Any, serials: Any) -> None:
    """A few members directly at the town, the village and the joint union: people without a firm of their own."""
    nodes = world.memo["nodes"]
    for place, count in (("town", 8), ("village", 6), ("joint", 18)):
        groups = ("courier", "rider", "trucker", "ride_hailing") if place == "joint" else ("domestic", "none", "carer")
        rows = [
            _row(world, nodes[place], serial, None, groups[number % len(groups)])
            for number, serial in enumerate(islice(serials, count))
        ]
        _enter(world, world.at(58, 16), rows)


def _enter(world: Any, at: datetime, rows: list[EnrolRow]) -> None:
    """Enter a roster and remember the people for the rooms above, which let some of them ask for help."""
    outcomes = actions.enrol_many(world.actor("town", at), rows)
    world.memo["members"] += [
        {"person_id": outcome.person_id, "name": row.name, "phone": row.phone}
        for row, outcome in zip(rows, outcomes, strict=True)
        if outcome.person_id
    ]


def _row(world: Any, union: Node, serial: int, employer: Employer | None, group: str) -> EnrolRow:
    """A made-up person: name, document and phone all invented, and no two alike."""
    chance = world.random
    born = date(1964, 1, 1) + timedelta(days=chance.randrange(12_500))
    joined_on = max(union.opened_on, world.today - timedelta(days=chance.randrange(60, 2400)))
    return EnrolRow(
        node_id=union.pk,
        name=chance.choice(SURNAMES) + chance.choice(GIVEN),
        document=make_identity(chance.choice(COUNTIES), born, serial % 1000),
        phone=f"1990000{1000 + serial % 9000:04d}",
        joined_on=joined_on,
        employer_id=employer.pk if employer else None,
        facts={
            "group": group,
            "education": chance.choice(EDUCATION),
            "skill_level": chance.choice(SKILLS),
            "is_migrant": "yes" if chance.random() < 0.35 else "no",
            "employment_state": "on_post",
            "employment_form": "contract" if employer else "flexible",
        },
    )


def _complete(world: Any) -> None:
    """The worker's file is completed over the months, so that facts have different sources."""
    person_id = world.memo["worker_user"].person_id
    union = world.actor("union", world.at(100, 11))
    facts = {"education": "30", "political": "13", "employment_state": "on_post", "employment_form": "contract"}
    actions.correct_facts(union, person_id, {**facts, "is_migrant": "yes", "household_kind": "rural"})
    worker = world.worker(world.memo["worker_user"], world.at(70, 20))
    correction = actions.request_correction(worker, fact="skill_level", value="4", note="今年考的中级工")
    actions.accept_correction(world.actor("union", world.at(69, 9)), correction.pk)
    actions.give_consent(world.worker(world.memo["worker_user"], world.at(65, 21)), "members.photos")


def _look(world: Any) -> None:
    """Files are opened for their reasons; the worker sees each of these."""
    person_id = world.memo["worker_user"].person_id
    for who, days, reason, part in (
        ("town", 41, "membership", "document"),
        ("county", 12, "relief", "phone"),
        ("union", 3, "membership", "phone"),
    ):
        actor = world.actor(who, world.at(days, 10, 5))
        actions.view_file(actor, person_id)
        actions.open_file(actor, person_id, reason=reason, parts=(part,))


def _apply_together(world: Any, employer: Employer) -> None:
    """So many of one firm without a union have applied that a founding is due."""
    for number in range(1, TOGETHER + 1):
        at = world.at(2 + number % 5, 18, number)
        name = SURNAMES[number % len(SURNAMES)] + GIVEN[number % len(GIVEN)]
        user = find_or_create_worker(world.system(at), f"1990000{9000 + number}", name=name)
        document = make_identity("610502", date(1980 + number % 20, 1 + number % 12, 8), 700 + number)
        given = JoinInput(
            name=name,
            document_kind="resident",
            document=document,
            agreed=True,
            group="none",
            employer_id=employer.pk,
            division_code=employer.division_id,
        )
        actions.apply_to_join(world.worker(user, at), given)


def _wait(world: Any, express: Employer) -> None:
    """Two applications that nobody has answered yet: one at the firm's union, one of a driver without a firm."""
    town = world.memo["nodes"]["town"].code
    for phone, name, born, serial, facts, days, hour in (
        ("19900000021", "宋春燕", date(1995, 2, 14), 482, {"employer_id": express.pk, "group": "courier"}, 1, 16),
        ("19900000022", "雷大川", date(1983, 7, 30), 137, {"division_code": town, "group": "trucker"}, 1, 8),
    ):
        at = world.at(days, hour, 35)
        user = find_or_create_worker(world.system(at), phone, name=name)
        document = make_identity("610523", born, serial)
        given = JoinInput(name=name, document_kind="resident", document=document, agreed=True, **facts)
        actions.apply_to_join(world.worker(user, at), given)


def _change_unions(world: Any, serials: Any) -> None:
    """Two small joint unions become one, one shop gets its own, and a firm's union is on its way out."""
    kept, merged, ending = world.memo["shops"]
    for node in (kept, merged, ending):
        covers = list(unions_of.list_covered(node.organization, world.today))
        employers = [cover.employer for cover in covers]
        rows = [
            _row(world, node, serial, employers[number % len(employers)], "none")
            for number, serial in enumerate(islice(serials, 9))
        ]
        actions.enrol_many(world.actor("town", world.at(57, 11)), rows)
    on = world.today - timedelta(days=30)
    town = world.actor("town", world.at(29, 10))
    merger = organizations.Merger([merged.pk], kept.pk, on, "两个商户联合工会的会员大会都同意合并")
    organizations.merge_unions(town, merger)
    covers = list(unions_of.list_covered(kept.organization, world.today))
    restaurant = next(cover.employer_id for cover in covers if cover.employer.name.endswith("酒楼"))
    split = organizations.Split(
        kept.pk, [restaurant], "渭南示例酒楼工会", "single", world.today - timedelta(days=12), "职工增多，单独建会"
    )
    organizations.split_union(world.actor("town", world.at(11, 15)), split)
    proposal = organizations.Proposal("employer", world.today - timedelta(days=5), reason="厂子注销")
    organizations.propose_dissolution(world.actor("town", world.at(4, 9)), ending.pk, proposal)


def _double(world: Any, express: Employer) -> None:
    """Files that look alike: two pairs wait, one was merged by mistake and taken apart again, one is two people."""
    nodes, phones, born = world.memo["nodes"], "19900008", date(1991, 6, 18)
    pairs = []
    for number, (name, twin) in enumerate(
        (("郑春生", "郑春生"), ("冯晓燕", "冯小燕"), ("蒋文斌", "蒋文斌"), ("韩雪梅", "韩雪梅"))
    ):
        day = born + timedelta(days=400 * number)
        rows = [
            EnrolRow(
                node_id=node_id, name=each, document=make_identity(county, day, 500 + number * 2),
                phone=f"{phones}{number}07", joined_on=max(world.today - timedelta(days=300), day),
                employer_id=employer, facts={"group": "courier", "education": ("30", "60")[place]},
            )
            for place, (each, county, node_id, employer) in enumerate(
                ((name, "610502", express.union_id, express.pk), (twin, "610523", nodes["joint"].pk, None))
            )
        ]  # fmt: skip
        outcomes = actions.enrol_many(world.actor("town", world.at(50, 10)), rows)
        pairs.append([outcome.person_id or 0 for outcome in outcomes])
    actions.scan_duplicates(world.system(world.at(20, 2)))
    merge = actions.merge_persons(
        world.actor("town", world.at(18, 10)), *pairs[2], take=("education",), note="看着像同一个人"
    )
    actions.undo_merge(world.actor("town", world.at(16, 15)), merge.pk, note="核对证件原件，是同名的两个人")
    for pair in pairs[2:]:
        actions.tell_apart(world.actor("town", world.at(15, 9)), *pair, note="核对过证件原件")


def _compare(world: Any, express: Employer) -> None:
    """An export of the national register with one of every difference; a few are settled, the rest wait."""
    at = world.at(4, 10)
    town = world.actor("town", at)
    node = next(each for each in world.memo["unions"] if each.pk == express.union_id)
    members = list(islice(queries.list_for_export(world.system(at), node), 14))
    header = ("序号", "会员编号", "会员姓名", "公民身份号码", "移动电话", "文化程度", "所属工会编码", "审核状态")
    rows = [
        [
            place + 1, f"QG{610500_0000 + place}", person.name, document, phone, "", node.code, "审核通过",
        ]
        for place, (person, _, document, phone) in enumerate(members[:-2])
    ]  # fmt: skip
    rows[1][5], rows[2][5], rows[3][4], rows[4][7] = "硕士研究生", "博士研究生", "19900009999", "退回"
    rows.append(
        [90, "QG6105000090", "马新来", make_identity("610502", date(1994, 3, 5), 77), "", "", node.code, "审核通过"]
    )
    rows.append([91, "QG6105000091", "高号错", "610502199403050000", "", "", node.code, "审核通过"])
    buffer = BytesIO()
    sheets.write_workbook(buffer, header, rows)
    batch = actions.hand_in_national(town, buffer.getvalue(), name="全国系统导出会员.xlsx", branch=node)
    columns = national.propose(batch.headers)
    actions.start_comparing(town, batch.pk, columns=columns, name="省平台导出格式", in_background=False)
    batch = actions.compare_national(town, batch.pk)
    first = queries.list_differences(town, batch, kind="here").first()
    if first is not None:
        actions.settle_differences(town, batch.pk, [first.pk], "keep", reason="正在全国系统补录")


def _change(world: Any) -> None:
    """A transfer in each state, one that nobody answers, and people retained, back at work, expelled and deceased."""
    nodes, unions = world.memo["nodes"], world.memo["unions"]
    machine, (food, food_employer) = unions[1], (unions[2], world.memo["employers"][2])
    away = iter(_members_of(world, machine))
    given = TransferInput(why="employer", employer_text=food_employer.name)
    for days, answer in ((40, "receive"), (20, "refuse"), (12, ""), (1, "")):
        person = next(away)
        row = actions.send_transfer(world.actor("town", world.at(days, 9, 20)), person, node=food, given=given)
        later = world.actor("county", world.at(days - 1, 15, 10))
        if answer == "receive":
            actions.receive_transfer(later, row.pk)
        elif answer == "refuse":
            actions.refuse_transfer(later, row.pk, reason="本人还没有到我单位报到，请报到后再转")
    _ask_by_phone(world, food_employer)
    county = _members_of(world, nodes["village"])
    plan = TransferInput(why="place", note="搬到城里干活了")
    actions.send_transfer(world.actor("village", world.at(2, 10)), county[0], node=nodes["joint"], given=plan)
    town = world.actor("town", world.at(30, 10))
    retired, jobless, dead, crime = (next(away) for _ in range(4))
    actions.retain_member(town, retired, reason="retired", on=world.at(31, 0).date())
    actions.retain_member(town, jobless, reason="unemployed", on=world.at(35, 0).date(), note="单位裁员")
    actions.resume_member(world.actor("town", world.at(6, 11)), jobless, note="又回单位上班")
    actions.record_death(world.actor("town", world.at(15, 9)), dead, on=world.at(17, 0).date(), proof="family")
    _expel(world, crime, next(away))
    world.memo["members"] = [each for each in world.memo["members"] if each["person_id"] not in (dead, crime)]
    actions.raise_silent_transfers(world.system(world.at(1, 20)))


def _members_of(world: Any, node: Node) -> list[int]:
    """Persons of a union in a fixed order."""
    found = queries.list_persons(world.system(world.at(60, 9)), union_id=node.pk).order_by("pk")
    return [person.pk for person in found if queries.get_membership(person.pk)]


def _ask_by_phone(world: Any, employer: Employer) -> None:
    """Two colleagues of the worker change jobs: one takes it back, the other waits for the old union."""
    express = world.memo["nodes"]["union"]
    given = TransferInput(why="employer", employer_id=employer.pk, employer_text=employer.name, note="下月到新单位")
    for number, days in ((1, 9), (2, 1)):
        user = find_or_create_worker(world.system(world.at(days, 19)), f"1990000001{number}")
        row = actions.request_transfer(world.worker(user, world.at(days, 19, 30)), given)
        if row.from_node_id == express.pk and number == 1:
            actions.cancel_transfer(world.worker(user, world.at(days - 1, 8)))


def _expel(world: Any, filed: int, waiting: int) -> None:
    """One expulsion on file with the union above, one that waits for the committee."""
    town, day = world.actor("town", world.at(25, 9)), world.at(26, 0).date()
    row = actions.open_expulsion(town, filed, ground="crime", discussed_on=day, discussion="小组讨论，建议除名")
    decided = world.actor("town", world.at(20, 10))
    actions.decide_expulsion(
        decided, row.pk, decided_on=world.at(21, 0).date(), paper_no="示例工发3号", name="决定.pdf", data=PAPER
    )
    actions.file_expulsion(world.actor("county", world.at(18, 10)), row.pk)
    later = world.actor("town", world.at(3, 9))
    actions.open_expulsion(
        later, waiting, ground="crime", discussed_on=world.at(4, 0).date(), discussion="小组已讨论，等判决书到后开会"
    )
