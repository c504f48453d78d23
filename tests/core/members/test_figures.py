"""The register's figures: counted from memberships, as of any day, and equal to what the pages count."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.core.figures.asking import list_by_month
from tests.core.members.conftest import OTHER_DOCUMENT, Register
from unionhome.core.figures import queries as figures
from unionhome.core.figures.queries import stocks
from unionhome.core.members import actions, queries
from unionhome.core.members.actions import EnrolRow
from unionhome.core.members.models import Membership, Person
from unionhome.core.organizations.models import Organization
from unionhome.kit.codes import make_identity
from unionhome.kit.dates import Period


def value(register: Register, code: str, first: date, last: date, who: str = "city", node: str = "city") -> int:
    period = Period(first, last)
    found = figures.get_value(register.world.actor(who), code, register.world.nodes[node], period)
    return int(found.raw or 0)


def year(of: int = 2026) -> tuple[date, date]:
    return date(of, 1, 1), date(of, 12, 31) if of < 2026 else date(2026, 3, 10)


def test_members_stand_as_of_any_day(register: Register) -> None:
    actions.enrol_many(
        register.world.actor("system"),
        [
            EnrolRow(
                node_id=register.world.nodes["other_town"].pk, name="李小明", document=OTHER_DOCUMENT,
                joined_on=date(2024, 5, 1),
            )
        ],
    )  # fmt: skip
    register.member()
    leaving = actions.request_leaving(register.world.actor("worker"))
    register.world.wait(days=10)
    assert value(register, "members.members", date(2026, 1, 1), date(2026, 3, 15)) == 2
    actions.confirm_leaving(register.world.actor("union"), leaving.pk)
    assert value(register, "members.members", date(2024, 1, 1), date(2024, 4, 30)) == 0
    assert value(register, "members.members", date(2024, 1, 1), date(2024, 5, 1)) == 1
    assert value(register, "members.members", date(2026, 1, 1), date(2026, 3, 19)) == 2
    assert value(register, "members.members", date(2026, 1, 1), date(2026, 3, 20)) == 1
    assert value(register, "members.joined", date(2024, 1, 1), date(2024, 12, 31)) == 1
    assert value(register, "members.joined", date(2026, 1, 1), date(2026, 3, 20)) == 1
    assert value(register, "members.left", date(2026, 1, 1), date(2026, 3, 20)) == 1


@pytest.mark.parametrize(
    ("who", "node", "count"), [("city", "city", 7), ("county", "county", 3), ("union", "union", 3)]
)
def test_the_figure_equals_the_count_on_the_page(register: Register, who: str, node: str, count: int) -> None:
    register.enrol("union", 3)
    register.enrol("far_town", 4, start=50)
    today = timezone.localdate(register.world.at)
    assert value(register, "members.members", today - timedelta(days=60), today, who, node) == count
    assert queries.get_sums(register.world.actor(who), register.world.nodes[node]).members == count


def test_parts_of_the_whole(register: Register) -> None:
    people = register.enrol("union", 4)
    union = register.world.actor("union")
    actions.correct_facts(union, people[0].pk, {"group": "courier", "is_migrant": "yes"})
    actions.correct_facts(union, people[1].pk, {"group": "none", "is_migrant": "no"})
    women = sum(person.sex == "2" for person in people)
    first, last = year()
    assert value(register, "members.women", first, last) == women > 0
    assert value(register, "members.migrants", first, last) == 1
    assert value(register, "members.new_employment", first, last) == 1


@pytest.mark.parametrize("code", ["members.members", "members.women"])
def test_every_month_of_a_stock_is_what_it_is_asked_alone(
    register: Register, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    system, node = register.world.actor("system"), register.world.nodes["union"]
    for number in range(12):
        born, joined_on = date(1980, 1, 1 + number), date(2025, 1 + number, 10 + number)
        row = EnrolRow(node.pk, "李小明", make_identity("610502", born, 100 + 2 * number), joined_on=joined_on)
        actions.enrol_many(system, [row])
    gone = Membership.objects.filter(joined_on__lt=date(2025, 5, 1))
    gone.filter(joined_on__lt=date(2025, 3, 1)).update(status="left", left_on=date(2025, 9, 1))
    first, second = Person.objects.order_by("pk")[3:5]
    Person.objects.filter(pk=first.pk).update(merged_into=second)
    asked = (register.world.actor("city"), code, register.world.nodes["city"])
    months = list_by_month(*asked, Period(date(2024, 12, 1), date(2026, 2, 28)))
    alone = [figures.get_value(*asked, part.step.period) for part in months if part.step]
    assert [(part.raw, part.rows) for part in months] == [(each.raw, each.rows) for each in alone]
    assert len({part.raw for part in months}) > 5
    monkeypatch.setattr(stocks, "MOST_CHANGED", 2)
    slow = list_by_month(*asked, Period(date(2024, 12, 1), date(2026, 2, 28)))
    assert [part.raw for part in slow] == [part.raw for part in months]


def test_the_real_name_rate_counts_only_members_of_unions_that_report(register: Register) -> None:
    reporting, silent = register.world.nodes["union"], register.world.nodes["far_town"]
    register.enrol("union", 3)
    register.enrol("far_town", 4, start=50)
    Organization.objects.filter(pk=reporting.pk).update(members_count=4, workers_count=2)
    assert not Organization.objects.filter(pk=silent.pk, members_count__isnull=False)
    city, period = (register.world.actor("city"), register.world.nodes["city"]), Period(*year())
    code = "members.real_name_rate"
    rate = figures.get_value(city[0], code, city[1], period)
    assert (rate.shown, rate.beyond) == ("75.0", "")
    assert {row.node_id for row in figures.list_rows(city[0], code, city[1], period)} == {reporting.pk}
    assert [each.raw for each in figures.list_ratio_values(city[0], code, city[1], period)] == [3, 4]
    page = register.world.client("city").get("/desk/figures/members.joining_rate/").content.decode()
    assert "150.0" in page and "登记的会员比上报的职工多，所以超过百分之百" in page
    table = figures.get_table(city[0], ["members.joining_rate"], city[1], period)
    assert any("超过百分之百：登记的会员" in note for note in table.notes)
