"""A closed day takes neither a record nor a reversal, so that its totals are what was published."""

from collections.abc import Callable
from datetime import date

import pytest

from tests.core.records.conftest import DAY, Tree
from unionhome.core.journal.models import Entry
from unionhome.core.periods.actions import close_period
from unionhome.core.records import actions
from unionhome.core.records.models import ServiceRecord, Total
from unionhome.core.records.rules import NewRecord
from unionhome.core.registry import Actor, BadInput
from unionhome.kit.dates import Period

HALF = Period(date(2021, 1, 1), date(2021, 6, 30))
OPEN_DAY = date(2021, 7, 1)


def add(system: Actor, tree: Tree, on: date) -> ServiceRecord:
    return actions.add(system, service="tests.visit", node=tree.union, on=on, summary="上门走访")


@pytest.mark.parametrize("name", ["add", "add_many", "reverse"])
def test_a_closed_day_takes_nothing(system: Actor, tree: Tree, name: str) -> None:
    row, late = add(system, tree, DAY), add(system, tree, OPEN_DAY)
    close_period(system, tree.town, HALF)
    acts: dict[str, Callable[[], object]] = {
        "add": lambda: add(system, tree, DAY),
        "add_many": lambda: actions.add_many(
            system, [NewRecord("tests.visit", tree.union, day, "走访") for day in (OPEN_DAY, DAY)]
        ),
        "reverse": lambda: actions.reverse(system, row, reason="登记错了"),
    }
    before, entries = list(Total.objects.order_by("pk").values()), Entry.objects.count()
    with pytest.raises(BadInput, match="不能再登记，也不能冲正") as refused:
        acts[name]()
    assert refused.value.code == "period-closed"
    assert (list(Total.objects.order_by("pk").values()), Entry.objects.count()) == (before, entries)
    assert ServiceRecord.objects.count() == 2 and actions.verify_totals() == (0, [])
    actions.reverse(system, late, reason="登记错了")
    assert actions.verify_totals() == (0, [])
