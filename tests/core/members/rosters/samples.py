"""Made-up rosters for tests."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from tests.worlds import World
from unionhome.core.members import actions
from unionhome.core.members.models import RosterImport
from unionhome.core.members.rules.roster import TEMPLATE, headers
from unionhome.kit import sheets
from unionhome.kit.codes import make_identity

BORN = date(1970, 1, 1)
UNION = "610502001-Q0001"


def document(number: int) -> str:
    """A valid number, another for each `number`; even ones are women's."""
    return make_identity("610502", BORN + timedelta(days=number // 1000), number % 1000)


def person(number: int, **cells: str) -> dict[str, str]:
    """One row as cells by column."""
    return {
        "姓名": "王" + "甲乙丙丁戊己庚辛壬癸"[number % 10] + "甲乙丙丁戊己庚辛壬癸"[number // 10 % 10],
        "证件号码": document(number),
        "手机号码": f"139{number:08d}",
        "性别": "男" if number % 2 else "女",
        "民族": "汉族",
        "学历": "大专",
        "工会组织代码": UNION,
        "入会日期": "2021-03-05",
        **cells,
    }


def people(count: int, first: int = 0, **cells: str) -> list[dict[str, str]]:
    return [person(first + number, **cells) for number in range(count)]


def cells_of(rows: Iterable[dict[str, str]], columns: Sequence[str] = TEMPLATE) -> list[list[str]]:
    return [[row.get(column, "") for column in columns] for row in rows]


def workbook(rows: Iterable[dict[str, str]], header: Sequence[str] | None = None) -> bytes:
    buffer = io.BytesIO()
    sheets.write_workbook(buffer, header or headers(), cells_of(rows))
    return buffer.getvalue()


def text_table(rows: Iterable[dict[str, str]], encoding: str = "utf-8", columns: Sequence[str] = TEMPLATE) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows(cells_of(rows, columns))
    return out.getvalue().encode(encoding)


def hand_in(
    world: World, who: str, rows: Iterable[dict[str, str]] | bytes, *, name: str = "名册.csv", **given: Any
) -> RosterImport:
    """Hand a roster in and check it, without the worker."""
    data = rows if isinstance(rows, bytes) else text_table(rows)
    actor = world.actor(who)
    roster = actions.hand_in_roster(actor, data, name=name, in_background=False, **given)
    return actions.check_roster(actor, roster.pk)


def enter(world: World, who: str, rows: Iterable[dict[str, str]] | bytes, **given: Any) -> RosterImport:
    """Hand in, check, confirm, enter."""
    roster = hand_in(world, who, rows, **given)
    actor = world.actor(who)
    actions.apply_roster(actor, roster.pk, in_background=False)
    return actions.enter_roster(actor, roster.pk)
