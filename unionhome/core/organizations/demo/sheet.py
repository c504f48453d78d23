"""A sheet of unions that waits to be confirmed: two new unions, and a row that cannot be taken."""

from datetime import timedelta
from io import BytesIO
from typing import Any

from unionhome.core.organizations import actions
from unionhome.core.organizations.models import Division
from unionhome.core.organizations.rules.sheets import headers
from unionhome.core.tree.models import Node
from unionhome.kit.sheets import write_workbook


def hand_in(world: Any, town: Node, village: Division) -> None:
    """Hand it in and let it be checked."""
    day = (world.today - timedelta(days=20)).isoformat()
    rows = [
        _cells(town, village, "Q0801", "渭南示例印务有限公司", day),
        _cells(town, village, "Q0802", "渭南示例茶业有限公司", day),
        _cells(town, village, "Q0803", "渭南示例园艺有限公司", day, parent="610599999"),
    ]
    buffer = BytesIO()
    write_workbook(buffer, headers(), rows)
    system = world.system(world.at(1, 10, 30))
    sheet = actions.hand_in_sheet(system, buffer.getvalue(), name="新建工会.xlsx", in_background=False)
    actions.check_sheet(system, sheet.pk)


def _cells(town: Node, village: Division, code: str, firm: str, founded_on: str, parent: str = "") -> list[object]:
    return [
        f"{town.code}-{code}", f"{firm}工会", parent or town.code, "基层", "独立基层工会", village.code, "", "", firm,
        "私营", "制造业", 42, 19, founded_on, "", 1, founded_on, "", "", "",
    ]  # fmt: skip
