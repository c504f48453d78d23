"""Count parity: for every declared figure, role and level the number shown is the number listed, exported and answered.

Every role asks every figure of its own union; the city's questions about the unions below share the figures among them.
With PostgreSQL the cadre at each level asks: what somebody may see of a figure is one condition for all roles.
"""

import html
import io
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from python_calamine import CalamineWorkbook

from tests.worlds import World
from unionhome.config import demo
from unionhome.core.access import clock
from unionhome.core.access.actions.tokens import create_token
from unionhome.core.access.models import User
from unionhome.core.figures.queries import list_figures
from unionhome.core.figures.queries.ground import ground_of
from unionhome.core.figures.queries.rows import _declared
from unionhome.core.registry import Figure, discover
from unionhome.core.tree.models import Node

AT = datetime(2026, 3, 10, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
DAYS = "from=2025-03-11&to=2026-03-10"
OWN = ("city", "county", "town", "village", "union", "chair", "finance", "auditor")
BELOW = ("county", "town", "village", "union")
LEVELS, SHARES = ("city", *BELOW), 3


@dataclass(frozen=True)
class Reader:
    """Somebody who asks about one union, at the desk and by program."""

    name: str
    node: Node
    client: Client
    token: str

    @property
    def query(self) -> str:
        return f"{DAYS}&node={self.node.code}"

    def answer(self, path: str) -> Any:
        answer = self.client.get(
            f"/api/v1/{path}&{DAYS}&organization={self.node.code}", headers={"Authorization": f"Bearer {self.token}"}
        )
        assert answer.status_code == 200, (self.name, path, answer.content.decode())
        return answer.json()


@pytest.fixture
def demo_world(db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> World:
    """A village of the demo, which every room fills through its own actions."""
    settings.DEMO = True
    world = World(at=AT)
    monkeypatch.setattr(clock, "now", lambda: world.at)
    demo.build(size="village", today=AT.date())
    world.users = {user.username: user for user in User.objects.filter(username__isnull=False) if user.username}
    world.nodes = {name: world.users[name].node for name in OWN if world.users[name].node}
    return world


def readers(world: World) -> list[tuple[Reader, tuple[Figure, ...]]]:
    """Every role at its own union with all figures, and the city's cadre below with a share of them."""
    found, figures = [], list_figures()
    for who in OWN if connection.vendor == "sqlite" else LEVELS:
        client = world.client(who)
        token = create_token(world.actor(who), label="核对", permissions=["figures.view"], days=1)[1]
        below = BELOW if who == "city" and connection.vendor == "sqlite" else ()
        for name in (who, *below):
            is_whole = who == name
            share = figures if is_whole else figures[len(found) % SHARES :: SHARES]
            found.append((Reader(who, world.nodes[name], client, token), share))
    return found


def four_ways(reader: Reader, figure: Figure) -> dict[str, Any]:
    """What each way out says: the number as written, and how many rows."""
    page = reader.client.get(f"/desk/figures/{figure.code}/?{reader.query}").content.decode()
    shown = re.search(r'uh-report-number"[^>]*>([^<]*)<', page)
    listed = re.search(r"共([\d,]+)行", page)
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(reader.client.post(f"/desk/figures/{figure.code}/export/?{reader.query}").content)
    )
    meaning = {row[0]: row[1] for row in book.get_sheet_by_index(1).to_python()}
    exported = [row for row in book.get_sheet_by_index(0).to_python()[1:] if any(cell != "" for cell in row)]
    value, rows = reader.answer(f"figures/{figure.code}?"), reader.answer(f"figures/{figure.code}/rows?limit=500")
    items = len(rows["items"])
    while rows["next"]:
        rows = reader.answer(f"figures/{figure.code}/rows?limit=500&cursor={rows['next']}")
        items += len(rows["items"])
    return {
        "numbers": [
            shown and html.unescape(shown[1]),
            *re.findall(r"<dd>(.*?)</dd>", page),
            meaning["数值"],
            value["shown"],
        ],
        "rows": [
            int(listed[1].replace(",", "")) if listed else 0,
            len(exported),
            int(meaning["行数"]),
            rows["total"],
            items,
        ],
    }


@pytest.mark.slow
def test_shown_is_listed_is_exported_is_answered(demo_world: World) -> None:
    wrong, with_rows = [], set()
    for reader, figures in readers(demo_world):
        demo_world.wait(minutes=1)  # programs may ask only so often
        for figure in figures:
            said = four_ways(reader, figure)
            if len(set(said["numbers"])) != 1 or len(set(said["rows"])) != 1 or len(said["numbers"]) != 5:
                wrong.append((reader.name, reader.node.name, figure.code, said))
            if said["rows"][0]:
                with_rows.add(figure.code)
            counted = figure.measure == "rows" or figure.measure.startswith("people:")
            if counted and said["numbers"][0] != f"{said['rows'][0]:,}":
                wrong.append((reader.name, reader.node.name, figure.code, said))
    assert not wrong
    assert len(with_rows) > len(list_figures()) / 2, (
        "the demo leaves most figures empty: parity of nothing proves nothing"
    )


def test_each_code_has_one_owner() -> None:
    codes = [figure.code for figure in discover("figures", "FIGURES")]
    assert len(codes) == len(set(codes))
    kinds = [kind.code for kind in discover("figures", "SERVICE_KINDS")]
    assert len(kinds) == len(set(kinds))


@pytest.mark.parametrize("figure", list_figures(), ids=lambda figure: figure.code)
def test_declarations_hold_together(figure: Figure) -> None:
    assert re.fullmatch(r"[a-z_]+(\.[a-z_]+)+", figure.code)
    assert figure.definition.endswith("。") and figure.owner and figure.unit
    assert figure.kind in ("flow", "stock", "ratio", "median", "standard")
    assert figure.scope in ("tree", "own")
    assert figure.basis in ("实名", "记录", "计数", "上报", "外部")
    assert figure.basis != "计数" or not figure.measure.startswith("people:"), "head counts are never distinct people"
    assert not figure.measure.startswith("people:") or figure.unit in ("人", "万人")
    assert figure.kind != "stock" or not figure.day, "a stock stands on a date, it does not flow"
    assert figure.kind != "flow" or figure.day, "a flow happens on days"
    labels = [column.label for column in figure.columns]
    assert len(labels) == len(set(labels))
    for column in figure.columns:
        names_a_person = column.field.rpartition("__")[0].rpartition("__")[2] == "person"
        assert not names_a_person or column.kind == "masked_name", f"{column.field} tells who somebody is"
    assert ground_of(_declared(figure)).node
