from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from unionhome.core.organizations import demo
from unionhome.core.organizations.demo import city
from unionhome.core.organizations.models import CoveredUnit, Officer, Organization
from unionhome.core.organizations.queries import count_standing
from unionhome.core.registry import Actor, Refused

pytestmark = pytest.mark.django_db


@dataclass
class DemoWorld:
    """What the demo hands to each room."""

    size: str
    today: date = date(2026, 11, 24)
    random: Random = field(default_factory=lambda: Random(7))
    memo: dict[str, Any] = field(default_factory=dict)

    def at(self, days_ago: int, hour: int, minute: int = 0) -> datetime:
        day = self.today - timedelta(days=days_ago)
        return datetime.combine(day, time(hour, minute), ZoneInfo("Asia/Shanghai"))

    def tell(self, what: str, done: int, total: int, unit: str) -> None:
        self.memo.setdefault("told", []).append((what, done, total, unit))

    def system(self, at: datetime) -> Actor:
        return Actor.system("demo", at)


@pytest.mark.parametrize(
    ("size", "levels"),
    [
        ("village", {"city": 1, "county": 11, "town": 1, "village": 12, "grassroots": 11}),
        ("county", {"city": 1, "county": 11, "town": 136, "village": 410, "grassroots": 16}),
    ],
)
def test_the_demo_stands(size: str, levels: dict[str, int]) -> None:
    world = DemoWorld(size)
    demo.build(world)
    counts: dict[str, int] = {}
    for level in Organization.objects.values_list("node__level", flat=True):
        counts[level] = counts.get(level, 0) + 1
    assert counts | {"village": 0} == levels | {"village": 0}
    nodes = world.memo["nodes"]
    assert [nodes[name].code for name in ("city", "county", "town", "village", "union")] == [
        "610500",
        "610502",
        "610502001",
        "610502001001",
        "610502001-Q0001",
    ]
    assert nodes["union"].name == "渭南示例速运有限公司工会"
    assert world.memo["employers"][0].name == "渭南示例速运有限公司"
    assert world.memo["employers"][0].union_id == nodes["union"].pk
    assert CoveredUnit.objects.filter(node=nodes["joint"]).count() == 5
    assert Officer.objects.filter(organization=nodes["city"].pk, post="主席").exists()
    assert Organization.objects.filter(term_ends_on__lt=world.today).exists()
    assert Organization.objects.filter(
        term_ends_on__gte=world.today, term_ends_on__lte=world.today + timedelta(days=30)
    ).exists()


@pytest.mark.once  # the bulk founding is tried on both by what sheets bring
def test_the_city_is_filled_up_to_the_count_of_2021(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(city, "UNIONS", 4_200)
    world = DemoWorld("city")
    demo.build(world)
    assert count_standing(date(2021, 12, 31)) == 4_200
    forms = set(Organization.objects.values_list("form", flat=True))
    assert forms == {"local", "town", "village", "single", "joint", "federation", "committee"}
    crowds = world.memo["crowds"]
    assert len({each.code for each in crowds}) == len(crowds) > 4_000
    assert not Organization.objects.filter(form="single", employer=None).exists()


def test_the_city_wants_a_day_after_2021() -> None:
    with pytest.raises(Refused, match="--today"):
        demo.build(DemoWorld("city", today=date(2021, 12, 31)))
    assert not Organization.objects.exists()
