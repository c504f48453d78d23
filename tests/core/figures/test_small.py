"""Numbers behind which so few people stand that the public is not told them."""

from typing import Any

import pytest

from unionhome.core.figures.rules.frozen import is_small
from unionhome.core.registry import Figure


def figure(**facts: Any) -> Figure:
    return Figure("a.b", "某数", facts.pop("unit", "件"), "flow", facts.pop("basis", "记录"), "。", "a", **facts)


@pytest.mark.parametrize(
    ("facts", "raw", "rows", "people", "small"),
    [
        ({"model": "cases.case"}, 4, 4, None, True),
        ({"model": "cases.case"}, 5, 5, None, False),
        ({"model": "cases.case"}, 5, 5, 1, True),
        ({"model": "cases.case"}, 0, 0, 0, False),
        ({"model": "records.servicerecord", "unit": "人次", "basis": "计数"}, 40, 1, None, False),
        ({"model": "records.servicerecord", "unit": "人次", "basis": "计数"}, 3, 1, None, True),
        ({"model": "organizations.organization", "unit": "个"}, 1, 1, None, False),
        ({"model": "organizations.organization", "unit": "人", "basis": "上报", "measure": "sum:workers"}, 3, 1, None, True),
        ({"model": "organizations.organization", "unit": "人", "basis": "上报", "measure": "sum:workers"}, 9, 1, None, False),
    ],
)  # fmt: skip
def test_fewer_than_five_people_are_kept_back(
    facts: dict[str, Any], raw: int, rows: int, people: int | None, small: bool
) -> None:
    """Few unions are nobody's secret, the few people that one of them reports are."""
    assert is_small(figure(**facts), raw, rows, people) is small
