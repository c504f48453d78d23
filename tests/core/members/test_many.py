"""Filling a whole register: the same rows as a roster's, indexes built afterwards, other processes sealing."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection

from tests.core.members.conftest import Register
from unionhome.core.journal.models import Entry
from unionhome.core.members import actions
from unionhome.core.members.actions.register import filling as many
from unionhome.core.members.demo import crowd
from unionhome.core.members.models import Membership, Person
from unionhome.core.members.queries import count_standing_on
from unionhome.core.members.queries.files import get_clear_values
from unionhome.core.members.rules import sealed
from unionhome.core.members.rules.roster import FACTS, RowReader, UnionRef
from unionhome.core.registry import BadInput, Forbidden, Refused
from unionhome.core.tree.models import Node


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    """Other tests lay lots aside at the same time."""
    settings.DATA_DIR = tmp_path


def group(node: Node, first: int = 0, count: int = 30, **given: object) -> crowd.Group:
    values = {"since": date(2015, 1, 1), "industry": "G", "employers": (), **given}
    return crowd.Group(node.pk, first, count, **values)  # type: ignore[arg-type]


def fill(register: Register, *parts: list[crowd.Group], processes: int = 0, **given: Any) -> int:
    world, city = register.world, register.world.nodes["city"]
    sized = [(sum(each.count for each in part), part) for part in parts]
    with actions.prepared_lots(world.actor("system"), city, crowd.read, sized, processes=processes) as prepared:
        return actions.fill_register(world.actor("system"), city, prepared, **given)


def index_names(table: str) -> set[str]:
    with connection.cursor() as cursor:
        return set(connection.introspection.get_constraints(cursor, table))


@pytest.mark.parametrize("processes", [0, 2])
def test_people_are_entered_as_from_a_roster(register: Register, processes: int, tmp_path: Path) -> None:
    world, before = register.world, index_names("members_person") | index_names("members_membership")
    nodes = world.nodes
    parts = [[group(nodes["union"])], [group(nodes["town"], 30, 10), group(nodes["village"], 40, 5)]]
    told: list[int] = []
    assert fill(register, *parts, processes=processes, taken=told.append) == 45
    assert told == [30, 15]
    assert not list(tmp_path.glob("lots-*"))
    assert index_names("members_person") | index_names("members_membership") == before
    assert (Person.objects.count(), Membership.objects.filter(status="active").count()) == (45, 45)
    first = crowd.person(group(nodes["union"]), 0)
    person = Person.objects.get(document_index=first.blind)
    values = get_clear_values(person)
    assert (values["document"], values["phone"], person.name) == (first.document, first.phone, first.name)
    entry = Entry.objects.get(kind="members.member.enrolled", node=nodes["union"])
    assert entry.data["count"] == 30
    assert count_standing_on(crowd.COUNTED_ON) == 45


def test_an_invented_person_reads_as_the_sheet_would_say(register: Register) -> None:
    node = register.world.nodes["union"]
    reader = RowReader(crowd.COUNTED_ON, lambda code: UnionRef(node.pk, node.path, False), "", None)
    for number in range(0, crowd.MEMBERS, 40_009):
        row = crowd.person(group(node, employers=("示例一店", "示例二店")), number)
        cells = {
            "姓名": row.name,
            "证件号码": row.document,
            "手机号码": row.phone,
            "工会组织代码": node.code,
            "入会日期": row.joined,
            "工作单位": row.employer,
            **{
                column: row.facts[FACTS.index(fact)] for column, fact in COLUMNS.items() if row.facts[FACTS.index(fact)]
            },
        }
        assert reader.read(row.number, cells) == row


NOTHING = actions.Prepared([], {})
COLUMNS = {
    "民族": "ethnicity",
    "学历": "education",
    "政治面貌": "political",
    "技能等级": "skill_level",
    "户籍类型": "household_kind",
    "是否农民工": "is_migrant",
    "新就业形态群体": "group",
    "就业状态": "employment_state",
    "用工形式": "employment_form",
}


def test_no_two_invented_people_share_a_document() -> None:
    numbers = [*range(40_000), *range(crowd.MEMBERS - 20_000, crowd.MEMBERS), *range(150_000, 310_000, 3)]
    assert len({crowd._document(number)[1] for number in numbers}) == len(numbers)


def test_a_register_at_work_is_not_filled(register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    register.enrol("union", 2)
    monkeypatch.setattr(many, "MOST_HELD", 1)
    with pytest.raises(Refused, match="名册导入"):
        fill(register)
    with pytest.raises(Refused, match="名册导入"):
        actions.fill_register(register.world.actor("system"), register.world.nodes["city"], NOTHING)


def test_nobody_is_entered_twice_nor_under_anothers_card(register: Register, settings: Any, tmp_path: Path) -> None:
    nodes = register.world.nodes
    fill(register, [group(nodes["union"], 0, 3)])
    with pytest.raises(BadInput, match="第2行不是新会员"):
        fill(register, [group(nodes["town"], 10, 3)], [group(nodes["town"], 2, 1)])
    held = Membership.objects.values_list("card_no", flat=True)[0]
    for card in (held, sealed.card_number(settings.ROOT_CODE, 900)):
        lot = many.Lot({nodes["town"].pk: ["x"]}, [card], None, tmp_path)
        with pytest.raises(BadInput, match="会员证号"):
            actions.fill_register(register.world.actor("system"), nodes["city"], actions.Prepared([lot], {}))
    assert Person.objects.count() == 3


def test_a_period_closed_meanwhile_refuses(register: Register) -> None:
    world, city = register.world, register.world.nodes["city"]
    part = [group(world.nodes["union"], 0, 2)]
    with actions.prepared_lots(world.actor("system"), city, crowd.read, [(2, part)]) as prepared:
        stale = actions.Prepared(prepared.lots, {world.nodes["union"].pk: date(2022, 1, 1)})
        with pytest.raises(Refused, match="封了账"):
            actions.fill_register(world.actor("system"), city, stale)
    assert Person.objects.count() == 0


def test_the_database_still_refuses_doubles(register: Register) -> None:
    nodes = register.world.nodes
    with pytest.raises(IntegrityError):
        fill(register, [group(nodes["union"], 0, 2), group(nodes["town"], 0, 1)])
    assert Person.objects.count() == 0


def test_only_who_may_enrol(register: Register) -> None:
    with pytest.raises(Forbidden):
        actions.fill_register(register.world.actor("worker"), register.world.nodes["city"], NOTHING)
