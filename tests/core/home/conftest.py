"""Items that wait at any union, many at a time."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.worlds import World
from unionhome.core.workflow.models import WorkItem

Add = Callable[..., list[WorkItem]]


@pytest.fixture
def add(world: World) -> Add:
    """`add(count, due=hours)`: that many open items of the town, each due a minute after the one before it.

    `due` counts from now and may be negative; None is an item without a due moment.
    """

    def add_items(count: int = 1, due: float | None = 1, place: str = "town", **more: Any) -> list[WorkItem]:
        first = WorkItem.objects.count()
        return WorkItem.objects.bulk_create(
            WorkItem(
                **{
                    "table": "rows",
                    "model": "tests.row",
                    "object_id": first + number,
                    "node": world.nodes[place],
                    "kind_label": "诉求",
                    "icon": "home",
                    "title": f"事项{first + number:03}",
                    "url": f"/desk/cases/{first + number}/",
                    "state": "new",
                    "state_label": "待受理",
                    "next_step": "受理",
                    "opened_at": world.at - timedelta(days=4),
                    "due_at": None if due is None else world.at + timedelta(hours=due, minutes=number),
                }
                | more
            )
            for number in range(count)
        )

    return add_items
