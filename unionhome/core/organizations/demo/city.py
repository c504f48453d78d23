"""The rest of the demo city: unions of every kind on the real towns and villages, up to the count of a real year.

Made by the bulk founding that sheets use too. Employers are numbered inventions; no name is anybody's.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any, NamedTuple

from unionhome.core.organizations import actions, queries
from unionhome.core.organizations.actions import CoverRow
from unionhome.core.organizations.models import Division
from unionhome.core.organizations.rules import LETTERS, place_name
from unionhome.core.organizations.rules.rows import UnionRow
from unionhome.core.registry import Actor, Refused
from unionhome.kit.codes import division_short, make_uscc
from unionhome.kit.dates import years_before

UNIONS, COUNTED_ON = 8_155, date(2021, 12, 31)
FIRST_DAY, LAST_DAY = date(2012, 5, 2), date(2021, 12, 20)
SYSTEMS = (
    "教育",
    "卫生健康",
    "住建",
    "交通运输",
    "水务",
    "农业农村",
    "文旅",
    "工信",
    "商务",
    "市场监管",
    "应急",
    "邮政",
)
JOINED = ("商贸服务", "餐饮", "快递物流", "建筑装饰", "家政物业")
BRANDS = "秦岳华泰安康永兴恒丰瑞祥鼎盛金禾嘉远"
CHAIRS = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = ("建民", "晓燕", "志明", "秀琴", "海涛", "丽萍", "永强", "雪梅", "文军", "春花", "国平", "巧云")


class Kind(NamedTuple):
    """A kind of employer: words behind its name, nature, industry, first signs of its code, weight, usual members."""

    words: str
    nature: str
    industry: str
    letters: str
    weight: int
    members: int


KINDS = (
    Kind("食品有限公司", "170", "C", "91", 8, 80),
    Kind("机械有限公司", "159", "C", "91", 6, 150),
    Kind("化工有限公司", "161", "C", "91", 3, 320),
    Kind("矿业有限公司", "151", "B", "91", 2, 620),
    Kind("电力有限公司", "110", "D", "91", 2, 260),
    Kind("建筑工程有限公司", "159", "E", "91", 7, 140),
    Kind("商贸有限公司", "170", "F", "91", 10, 45),
    Kind("运输有限公司", "170", "G", "91", 6, 75),
    Kind("酒店有限公司", "170", "H", "91", 4, 55),
    Kind("软件有限公司", "170", "I", "91", 2, 40),
    Kind("小额贷款股份有限公司", "169", "J", "91", 1, 35),
    Kind("置业有限公司", "159", "K", "91", 3, 60),
    Kind("劳务服务有限公司", "190", "L", "91", 3, 120),
    Kind("环保有限公司", "200", "N", "91", 1, 90),
    Kind("电子有限公司", "300", "C", "91", 1, 280),
    Kind("农业专业合作社", "120", "A", "93", 6, 40),
    Kind("修理部", "600", "O", "92", 3, 12),
    Kind("学校", "400", "P", "12", 11, 95),
    Kind("民办幼儿园", "700", "P", "52", 5, 28),
    Kind("医院", "400", "Q", "12", 5, 190),
    Kind("文化馆", "400", "R", "12", 2, 26),
    Kind("机关", "500", "S", "11", 9, 65),
)


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many people a union of the demo organises in proportion to others, since when, and for which employers."""

    code: str
    share: float
    since: date
    industry: str = ""
    employers: tuple[str, ...] = ()


def check_day(today: date) -> None:
    """Raises Refused before 2022."""
    if today <= COUNTED_ON:
        raise Refused("the city demo shows the end of 2021; give a later --today")


def fill(world: Any, system: Actor) -> None:
    """Found what the real count still lacks, and leave behind how its members are spread."""
    maker = _Maker(Random(UNIONS), world.today)  # noqa: S311  # nosec B311
    standing = list(queries.list_organizations(system, queries.Filters()))
    maker.taken.update(union.node.code for union in standing)
    rows = maker.make(UNIONS - queries.count_standing(COUNTED_ON))
    world.tell("已经生成、正在登记的工会", len(rows), len(rows), "个")
    actions.found_unions(system, rows, maker.covers)
    local = [_local_crowd(maker.chance, union.node) for union in standing if union.node.level in ("town", "village")]
    world.memo["crowds"] = [*local, *maker.crowds]


def _local_crowd(chance: Random, node: Any) -> Crowd:
    """People whom a town or a village organises itself."""
    return Crowd(node.code, chance.uniform(4, 22), node.opened_on)


class _Maker:
    """Makes rows of unions, no two alike."""

    def __init__(self, chance: Random, today: date) -> None:
        self.chance, self.today = chance, today
        self.taken: set[str] = set()
        self.covers: list[CoverRow] = []
        self.crowds: list[Crowd] = []
        self._serials: Counter[str] = Counter()
        self._names: Counter[tuple[str, str]] = Counter()
        self._made = 0
        self.counties = list(queries.list_divisions())
        self.towns = [(county, town) for county in self.counties for town in queries.list_divisions(county.code)]
        self.villages: dict[str, list[Division]] = defaultdict(list)
        for village in queries.list_villages():
            self.villages[village.parent_id or ""].append(village)

    def make(self, count: int) -> list[UnionRow]:
        """So many unions: committees of systems, federations and joint unions of every town, the rest single."""
        rows = [*self._committees(), *self._federations(), *self._joints()][:count]
        kinds = self.chance.choices(KINDS, [kind.weight for kind in KINDS], k=count - len(rows))
        rows.extend(self._single(kind) for kind in kinds)
        return [row._replace(number=number) for number, row in enumerate(rows, start=1)]

    def _committees(self) -> Iterator[UnionRow]:
        for system in SYSTEMS:
            for county in self.counties:
                name = f"{county.name}{system}系统工会工作委员会"
                yield self._row("committee", county.code, county, name, self.chance.uniform(8, 40), "S")

    def _federations(self) -> Iterator[UnionRow]:
        for _, town in self.towns:
            yield self._row("federation", town.code, town, f"{town.name}企业工会联合会", self.chance.uniform(3, 12), "")

    def _joints(self) -> Iterator[UnionRow]:
        for trade in JOINED:
            for county, town in self.towns:
                row = self._row("joint", town.code, town, f"{town.name}{trade}行业联合工会", 0, "F")
                names = [f"{town.name}示例{trade}第{number}店" for number in range(1, self.chance.randint(3, 7))]
                for name in names:
                    self._made += 1
                    uscc = make_uscc("92", county.prefix, 40_000_000 + self._made)
                    self.covers.append(
                        CoverRow(row.code, name, town.code, uscc, "600", "F", self.chance.randint(5, 30))
                    )
                share = sum(each.workers_count or 0 for each in self.covers[-len(names) :]) * 0.8
                self._crowd(row, share, "G" if trade == "快递物流" else "F", tuple(names))
                yield row

    def _single(self, kind: Kind) -> UnionRow:
        county, town = self.chance.choice(self.towns)
        place, parent = town, town.code
        if kind.nature in ("400", "500", "110", "151", "161") and self.chance.random() < 0.6:
            parent = county.code
        elif self.chance.random() < 0.35:
            place = self.chance.choice(self.villages[town.code] or [town])
            parent = place.code
        name = self._employer_name(county, town, kind)
        members = max(4, round(kind.members * self.chance.lognormvariate(0, 0.8)))
        workers = round(members / self.chance.uniform(0.78, 0.98))
        self._made += 1
        row = self._row("single", parent, place, f"{name}工会", members, kind.industry)
        return row._replace(
            employer_uscc=make_uscc(kind.letters, county.prefix, 20_000_000 + self._made),
            employer_name=name,
            nature=kind.nature,
            industry=kind.industry,
            workers_count=workers,
            women_count=round(workers * self.chance.uniform(0.12, 0.6)),
        )

    def _employer_name(self, county: Division, town: Division, kind: Kind) -> str:
        """Invented: two signs of luck and 示例, or a number where public bodies are numbered."""
        head = county.name if kind.nature in ("400", "500") else place_name(county.name, "county")[:2]
        self._names[head, kind.words] += 1
        number = self._names[head, kind.words]
        if kind.nature in ("400", "500", "700"):
            return f"{head}示例第{number}{kind.words}"
        first, second = BRANDS[number % len(BRANDS)], BRANDS[(number // len(BRANDS) + number + 1) % len(BRANDS)]
        return f"{head}示例{first}{second}{number}号{kind.words}"

    def _row(self, form: str, parent: str, place: Division, name: str, share: float, industry: str) -> UnionRow:
        since = FIRST_DAY + timedelta(days=self.chance.randrange((LAST_DAY - FIRST_DAY).days))
        starts_on, ends_on, number = self._term(since)
        self._made += 1
        row = UnionRow(
            number=0,
            code=self._code(division_short(parent), form),
            name=name,
            parent_code=division_short(parent),
            level="grassroots",
            form=form,
            division_code=place.code,
            uscc=make_uscc("81", place.prefix[:6], 10_000_000 + self._made),
            founded_on=since.isoformat(),
            approval_no=f"工发〔{since.year}〕{1 + self._made % 90}号",
            term_no=number,
            term_starts_on=starts_on.isoformat(),
            term_ends_on=ends_on.isoformat(),
            chair_name=self.chance.choice(CHAIRS) + self.chance.choice(GIVEN),
            phone=f"0913-{self._made:07d}",
        )
        if share:
            self._crowd(row, share, industry, ())
        return row

    def _crowd(self, row: UnionRow, share: float, industry: str, employers: Sequence[str]) -> None:
        since = date.fromisoformat(row.founded_on)
        self.crowds.append(Crowd(row.code, share, since, industry, tuple(employers)))

    def _code(self, local: str, form: str) -> str:
        """The next free code below a federation, as founding gives them one by one."""
        head = f"{local}-{LETTERS[form]}"
        while True:
            self._serials[head] += 1
            code = f"{head}{self._serials[head]:04d}"
            if code not in self.taken:
                return code

    def _term(self, since: date) -> tuple[date, date, int]:
        """First and last day of the present term and its number: most run, some are due soon, a few are over."""
        years = self.chance.choice((3, 3, 5))
        luck = self.chance.random()
        left = self.chance.randrange(-200, 0) if luck < 0.04 else self.chance.randrange(0, 365 * years)
        ends_on = self.today + timedelta(days=left)
        starts_on = years_before(ends_on, years) + timedelta(days=1)
        if starts_on <= since:
            return since, years_before(since, -years) - timedelta(days=1), 1
        return starts_on, ends_on, 1 + -(-(starts_on - since).days // (365 * years))
