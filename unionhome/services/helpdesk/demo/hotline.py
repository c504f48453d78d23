"""Orders of the 12351 hotline: a sheet that was entered, one that waits to be confirmed; and needs that somebody brought."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

from unionhome.core.organizations.queries import find_division
from unionhome.core.registry import Actor
from unionhome.kit.sheets import write_workbook
from unionhome.services.helpdesk.actions import (
    Helped,
    Need,
    TypedOrder,
    apply_sheet,
    check_sheet,
    enter_sheet,
    hand_in_sheet,
    register_need,
    register_order,
)
from unionhome.services.helpdesk.queries import list_orders
from unionhome.services.helpdesk.rules.hotline import headers

ENTERED = (
    ("拖欠工资", "工地干了三个月，只给了生活费，工钱没有结。"),
    ("社保", "到社保窗口一查，公司断缴了半年。"),
    ("劳动合同", "公司让签空白合同，不签就不让上班。"),
    ("生活困难", "孩子生病住院，家里周转不开，想问有什么帮扶。"),
)
WAITING = (
    ("工时休假", "连着上了二十天班，没有休息。"),
    ("讨薪维权", "年前的加班费一直没有发。"),
    ("讨薪维权", "包工头电话打不通，工钱要不到。"),
    ("咨询", "想问灵活就业的人怎么加入工会。"),
)


def build(world: Any, work: Callable[..., None]) -> None:
    """Two sheets of the city, an order that the town got by phone, and two needs brought by somebody else."""
    town = world.memo["nodes"]["town"]
    place = find_division(f"{town.code:0<12}")
    where = place.name if place else ""
    city = world.memo["users"]["city"]
    _entered(world, city, where, work)
    _hand_in(world, city, where, WAITING, 500, "12351工单-今天.xlsx", days_ago=1)
    user, at = world.memo["users"]["town"], world.at(2, 10, 40)
    typed = TypedOrder(
        number="DH20261127", text="商场保洁员，冬天没有地方热饭。", phone="19900027001", category="other",
        called=(at - timedelta(minutes=25)).isoformat()[:16].replace("T", " "), name="周丽",
        division=place.code if place else "",
    )  # fmt: skip
    register_order(world.actor(user, at), typed)
    for number, (helped, need) in enumerate(_brought(place)):
        register_need(world.actor(user, world.at(3, 9, 10 + 20 * number)), _with(need, helped, number))


def _entered(world: Any, city: Any, where: str, work: Callable[..., None]) -> None:
    """The sheet of last week: its orders became needs, and all but the last were worked on."""
    sheet = _hand_in(world, city, where, ENTERED, 100, "12351工单-上周.xlsx", days_ago=8)
    actor = world.actor(city, world.at(8, 10, 20))
    apply_sheet(actor, sheet.pk, in_background=False)
    enter_sheet(actor, sheet.pk)
    for order in list_orders(actor).filter(sheet=sheet).order_by("case_id")[:3]:
        work(world, order.case, actor.at, world.random, Actor.public(actor.at))


def _hand_in(
    world: Any, city: Any, where: str, rows: tuple[tuple[str, str], ...], first: int, name: str, *, days_ago: int
) -> Any:
    """A sheet handed in and checked; its last row has no number."""
    cells = [
        [
            f"WN{2026110000 + first + place}", world.at(days_ago, 8, 30 + place).isoformat()[:16].replace("T", " "),
            "赵钱孙李周"[place] + "样例", f"1990002{first + place:04d}", where, "", words, text,
            (world.today - timedelta(days=days_ago - 10)).isoformat(), "",
        ]
        for place, (words, text) in enumerate(rows)
    ]  # fmt: skip
    cells.append(["", "", "吴样例", "19900027999", where, "", "其他", "没有写工单编号的一行。", "", ""])
    buffer = BytesIO()
    write_workbook(buffer, headers(), cells)
    actor = world.actor(city, world.at(days_ago, 10, 0))
    sheet = hand_in_sheet(actor, buffer.getvalue(), name=name, in_background=False)
    return check_sheet(actor, sheet.pk)


def _brought(place: Any) -> list[tuple[Helped, Need]]:
    grid = Helped(relation="grid", name="郑网格", phone="19900027101", consent="spoken")
    alone = Helped(relation="member", name="冯工友", phone="19900027102", consent="signed", is_contact=True)
    return [
        (grid, Need("hardship", "独居的老环卫工摔了腿，家里没人照看。", name="陈样例", division=place, origin="visit")),
        (alone, Need("health", "工友最近总不说话，想请工会的人来看看。", name="卫样例", division=place, origin="site")),
    ]


def _with(need: Need, helped: Helped, number: int) -> Need:
    phone = "" if helped.is_contact else f"1990002720{number}"
    return Need(
        need.category, need.text, phone=phone, name=need.name, hide_from_employer=False, division=need.division,
        helped=helped, origin=need.origin,
    )  # fmt: skip
