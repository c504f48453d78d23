"""The demo city's unions: real divisions, synthetic employers and people."""

from datetime import date, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

from django.conf import settings

from unionhome.core.organizations import actions, queries
from unionhome.core.organizations.demo import city, sheet
from unionhome.core.organizations.demo.tiles import place_counties
from unionhome.core.organizations.demo.workflows import build_workflows
from unionhome.core.organizations.models import Division, Employer, Organization
from unionhome.core.registry import Actor
from unionhome.core.tree.models import Node
from unionhome.kit.codes import make_uscc
from unionhome.kit.dates import years_before

CITY, COUNTY = "610500", "610502"
EDITION = 2023
FOUNDED = date(2012, 5, 1)
ENTERPRISES = {"village": 3, "county": 8, "city": 12}

# trade, nature, industry, size, workers, women, members
TRADES = (
    ("速运", "170", "G", "small", 86, 21, 72),
    ("机械", "159", "C", "medium", 240, 66, 218),
    ("餐饮管理", "170", "H", "small", 58, 37, 49),
    ("建筑工程", "159", "E", "medium", 310, 42, 275),
    ("家政服务", "170", "O", "small", 45, 41, 38),
    ("纺织", "190", "C", "medium", 198, 152, 190),
    ("物业服务", "159", "K", "small", 92, 50, 80),
    ("商贸", "170", "F", "small", 64, 39, 51),
    ("软件", "170", "I", "micro", 28, 11, 26),
    ("医药", "169", "C", "medium", 176, 98, 160),
    ("运输", "170", "G", "small", 73, 9, 66),
    ("食品", "170", "C", "small", 120, 71, 104),
)
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏"
GIVEN = ("建军", "晓梅", "志强", "秀兰", "海波", "丽娟", "永刚", "雪琴", "文涛", "春燕", "国庆", "巧玲")
POSTS = (("主席", "union"), ("副主席", "union"), ("主任", "audit"), ("主任", "women"))
# days from today to the end of the present term: most run, some are due, one is over
TERM_LEFT = (1210, 88, 640, -35, 1500, 25, 980, 160, 410, 1330, 770, 300)


def build(world: Any) -> None:
    """Load the divisions, found the federations of the wanted size, employers' unions in the first town.

    Raises Refused, before anything is written, for a city before 2022.
    """
    if world.size == "city":
        city.check_day(world.today)
    system: Actor = world.system(world.at(1, 9))
    path = Path(settings.BUILD_DIR) / "data" / f"divisions-{CITY}.csv"
    actions.load_divisions(system, path, EDITION)
    town = queries.list_divisions(COUNTY)[0]
    village = queries.list_divisions(town.code)[0]
    _found_federations(system, world.size, town)
    codes = {"city": CITY, "county": COUNTY, "town": town.prefix, "village": village.prefix}
    nodes = {name: queries.get_organization_by_code(system, code).node for name, code in codes.items()}
    place_counties(world, system)
    _complete_federations(system, world)
    unions = _found_enterprises(system, world, nodes["town"], village)
    joint = _found_joint(system, world, nodes["town"], village)
    _found_shops(system, world, nodes["town"], village)
    _seat(system, world, [*unions, joint])
    nodes |= {"union": unions[0].node, "joint": joint.node}
    world.memo["unorganized"] = _enter_unorganized(system, town)
    _set_grid(system, world, town, village)
    world.memo["nodes"] = nodes
    world.memo["unions"] = [union.node for union in unions]
    world.memo["employers"] = [union.employer for union in unions]
    build_workflows(world, nodes["town"], village)
    if world.size == "city":
        city.fill(world, system)
    sheet.hand_in(world, nodes["town"], village)
    count = queries.list_organizations(system, queries.Filters()).count()
    world.tell("工会", count, count, "个")


def _found_federations(system: Actor, size: str, town: Division) -> None:
    if size == "city":
        actions.found_division_unions(system, CITY, founded_on=FOUNDED)
        return
    actions.found_division_unions(system, CITY, deepest="county" if size == "village" else "town", founded_on=FOUNDED)
    actions.found_division_unions(system, town.code if size == "village" else COUNTY, founded_on=FOUNDED)


def _complete_federations(system: Actor, world: Any) -> None:
    """Address, telephone, term and chair of the city, the counties and the demo county's towns."""
    wanted = [
        union
        for level in ("city", "county", "town")
        for union in queries.list_organizations(system, queries.Filters(level=level))
        if level != "town" or union.node.code.startswith(COUNTY)
    ]
    left = cycle(TERM_LEFT)
    for number, union in enumerate(wanted, start=1):
        place = queries.get_division_text(union.division)
        facts = {
            "address": f"{place}示例路 {number} 号",
            "phone": f"0913-0000{number:03d}",
            "approved_by": union.node.parent.name if union.node.parent else "",
            **_term(world.today, next(left), 5),
        }
        actions.change_facts(system, union.pk, facts=facts, source="换届批复", on=facts["term_starts_on"])
        _fill_posts(system, world, union, facts["term_starts_on"], 3 if union.node.level == "town" else 4)


def _term(today: date, left: int, years: int) -> dict[str, Any]:
    """A term that ends so many days from today."""
    ends_on = today + timedelta(days=left)
    return {
        "term_no": 2,
        "term_years": years,
        "term_starts_on": years_before(ends_on, years) + timedelta(days=1),
        "term_ends_on": ends_on,
    }


def _fill_posts(system: Actor, world: Any, union: Organization, on: date, count: int) -> None:
    taken: set[str] = set()
    for post, committee in POSTS[:count]:
        name = next(name for name in iter(lambda: _name(world), "") if name not in taken)
        taken.add(name)
        actions.appoint_officer(system, union, name=name, post=post, committee=committee, starts_on=on)


def _name(world: Any) -> str:
    return str(world.random.choice(SURNAMES) + world.random.choice(GIVEN))


def _found_enterprises(system: Actor, world: Any, town: Node, village: Division) -> list[Organization]:
    places = list(queries.list_divisions(village.parent_id or ""))
    unions = []
    for number, (trade, nature, industry, size, workers, women, members) in enumerate(
        TRADES[: ENTERPRISES[world.size]], start=1
    ):
        name = f"渭南示例{trade}有限公司"
        place = places[(number - 1) % len(places)].code
        left = TERM_LEFT[number % len(TERM_LEFT)]
        years = 3 if number % 2 and left < 3 * 365 else 5
        term = _term(world.today, left, years)
        founded_on = years_before(term["term_starts_on"], years)
        facts = actions.UnionFacts(
            name=f"{name}工会",
            form="single",
            division_code=place,
            founded_on=max(founded_on, FOUNDED),
            approval_no=f"人民街工发〔{founded_on.year}〕{number}号",
            uscc=make_uscc("81", COUNTY, 61050200 + number),
            workers_count=workers,
            women_count=women,
            members_count=members,
            address=f"{queries.get_division_text(places[(number - 1) % len(places)])}示例路 {100 + number} 号",
            phone=f"0913-0001{number:03d}",
            **term,
        )
        employer = actions.EmployerFacts(
            name=name,
            division_code=place,
            uscc=make_uscc("91", COUNTY, 50200 + number),
            nature=nature,
            industry=industry,
            size=size,
            workers_count=workers,
            women_count=women,
            party_organization=f"中共{name}支部委员会" if number % 3 == 1 else "",
        )
        union = actions.found_union(system, parent_code=town.code, facts=facts, employer=employer)
        _fill_posts(system, world, union, term["term_starts_on"], 4 if workers >= 60 else 2)
        unions.append(union)
    return unions


def _found_joint(system: Actor, world: Any, town: Node, village: Division) -> Organization:
    """The couriers' joint union, with the branches of several firms."""
    term = _term(world.today, 720, 3)
    facts = actions.UnionFacts(
        name="人民街道快递行业联合工会",
        form="joint",
        division_code=village.code,
        founded_on=term["term_starts_on"],
        approval_no="人民街工发〔2024〕12号",
        workers_count=132,
        women_count=24,
        members_count=118,
        address=f"{queries.get_division_text(village)}示例路 9 号",
        phone="0913-0001099",
        **{**term, "term_no": 1},
    )
    joint = actions.found_union(system, parent_code=town.code, facts=facts)
    _fill_posts(system, world, joint, term["term_starts_on"], 2)
    for number in range(1, 6):
        employer = actions.EmployerFacts(
            name=f"渭南示例快递第{'一二三四五'[number - 1]}营业部",
            division_code=village.code,
            uscc=make_uscc("92", COUNTY, 70200 + number),
            nature="600",
            industry="G",
            size="micro",
            workers_count=20 + number,
        )
        actions.cover_employer(system, joint.node, employer, on=term["term_starts_on"])
    return joint


# name, form, employers: the first joint union takes in the second and lets one shop go; the firm is closing down
SHOPS = (
    ("人民街道餐饮商户联合工会", "joint", ("渭南示例面馆", "渭南示例饺子馆", "渭南示例酒楼")),
    ("人民街道小吃商户联合工会", "joint", ("渭南示例小吃店", "渭南示例凉皮店")),
    ("渭南示例印刷厂工会", "single", ("渭南示例印刷厂",)),
)


def _found_shops(system: Actor, world: Any, town: Node, village: Division) -> None:
    """Unions that the rooms above let merge, divide and end, once they have members; a shop without a union."""
    term = _term(world.today, 560, 3)
    found = []
    for name, form, firms in SHOPS:
        shops = [
            actions.EmployerFacts(
                name=firm, division_code=village.code, nature="170" if form == "single" else "600",
                industry="C" if form == "single" else "H", size="micro", workers_count=12,
            )
            for firm in firms
        ]  # fmt: skip
        facts = actions.UnionFacts(
            name=name, form=form, division_code=village.code, founded_on=term["term_starts_on"], workers_count=36,
            women_count=20, **{**term, "term_no": 1},
        )  # fmt: skip
        union = actions.found_union(
            system, parent_code=town.code, facts=facts, employer=shops[0] if form == "single" else None
        )
        _fill_posts(system, world, union, term["term_starts_on"], 2)
        for shop in shops if form == "joint" else ():
            actions.cover_employer(system, union.node, shop, on=term["term_starts_on"])
        found.append(union.node)
    world.memo["shops"] = found
    actions.enter_employer(
        system, actions.EmployerFacts(name="渭南示例洗衣店", division_code=village.code, nature="600", workers_count=9)
    )


def _seat(system: Actor, world: Any, unions: list[Organization]) -> None:
    """Committees with their seats, some of them vacant, and somebody who left a post."""
    for number, union in enumerate(unions):
        on = union.term_starts_on or union.node.opened_on
        for kind, seats in (("union", 5), ("audit", 3), ("women", 3))[: 3 if number % 3 else 2]:
            actions.set_committee(system, union.pk, kind=kind, seats_count=seats, starts_on=on, source="换届批复")
    first = unions[0]
    on = first.term_starts_on or first.node.opened_on
    former = actions.appoint_officer(system, first, name=_name(world), post="组织委员", starts_on=on)
    actions.end_officer(system, former.pk, on=on + timedelta(days=200))
    certificate = {"legal_no": "示例法证字第001号", "legal_issued_on": on, "account_on": on + timedelta(days=20)}
    actions.change_facts(system, first.pk, facts=certificate, source="法人资格证书", on=on + timedelta(days=20))


UNORGANIZED = (("电子", "C", 64), ("冷链物流", "G", 31), ("烘焙", "H", 18), ("汽车维修", "O", 26))


def _enter_unorganized(system: Actor, town: Division) -> list[Employer]:
    """Firms of the town that have no union yet."""
    places = list(queries.list_divisions(town.code))
    return [
        actions.enter_employer(
            system,
            actions.EmployerFacts(
                name=f"渭南示例{trade}有限公司",
                division_code=places[(number + 2) % len(places)].code,
                uscc=make_uscc("91", COUNTY, 90200 + number),
                nature="170",
                industry=industry,
                size="small",
                workers_count=workers,
            ),
        )
        for number, (trade, industry, workers) in enumerate(UNORGANIZED, start=1)
    ]


def _set_grid(system: Actor, world: Any, town: Division, village: Division) -> None:
    """One cell for each village of the town; all but the last two with a worker, the first with its firms."""
    on = world.at(400, 9).date()
    actions.create_cells(system, town.code, on=on)
    cells = list(queries.list_cells(system, queries.CellFilters(division=town.code)))
    for number, cell in enumerate(cells[: max(1, len(cells) - 2)], start=1):
        phone = f"1990006{number:04d}"
        actions.assign_worker(system, cell.pk, name=_name(world), phone=phone, on=on + timedelta(days=number))
    first = next(cell for cell in cells if cell.division_id == village.code)
    employers = [employer.pk for employer in queries.list_free_employers(first)]
    unions = [union.pk for union in queries.list_free_unions(system, first)]
    actions.assign_units(system, first.pk, employers=employers, unions=unions, on=on + timedelta(days=30))
