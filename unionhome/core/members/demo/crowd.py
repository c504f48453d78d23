"""The demo city's many: invented people up to the count of a real year, entered by the register's own bulk code.

Their documents begin with division codes that were never given out and their phones with digits that no network
uses, so that they are nobody's.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

from unionhome.core.members import actions, queries
from unionhome.core.members.rules import sealed
from unionhome.core.members.rules.roster import RosterRow
from unionhome.core.registry import Actor
from unionhome.core.tree.models import Node
from unionhome.kit.codes import make_identity

MEMBERS, COUNTED_ON = 731_692, date(2021, 12, 31)
LOT = 8_000
NOWHERE = 10
"""Divisions 610590 to 610599 were never given out."""
BORN, DAYS, GROWN = date(1962, 1, 1), 15_000, timedelta(days=18 * 366)
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
FIRST = "建国志秀海晓小春永红卫文亚玉新雪长渭金银保麦广思子雨俊佳欣明德忠孝义彩桂巧粉会"
SECOND = "国强英华燕东军梅兰红霞斌民安生凤环平香源轩桐然刚勇芳娟玲敏静丽娜磊涛辉龙云莲花"
ETHNIC = ("01",) * 60 + ("03", "11", "02")
EDUCATION = ("60", "70", "30", "30", "20", "40", "70", "20", "60", "10")
POLITICAL = ("13", "13", "13", "01", "03", "13", "13")
SKILLS = ("0", "5", "4", "4", "3", "0", "2", "0")
NO_GROUP = ("none",)
GROUPS = {"G": ("courier", "trucker", "none"), "F": ("shop", "none", "rider"), "K": ("guard", "none", "estate")}
MIX = 2_654_435_761


@dataclass(frozen=True, slots=True)
class Group:
    """People of one union, numbered from `first`."""

    node_id: int
    first: int
    count: int
    since: date
    industry: str
    employers: tuple[str, ...]


def begin(world: Any) -> None:
    """Let other processes make as many people as the real count still lacks, spread over the unions as the tree's demo
    left it, while the rooms above are built."""
    root: Node = world.memo["nodes"]["city"]
    lacking = MEMBERS - queries.count_standing_on(COUNTED_ON)
    parts = list(_parts(_groups(world, root, lacking)))
    lots = actions.prepared_lots(_actor(world), root, read, parts, processes=os.cpu_count() or 1)
    world.memo["crowd"] = world.closing.enter_context(lots), lacking


def fill(world: Any) -> None:
    """Enter them."""
    prepared, total = world.memo["crowd"]
    done = 0

    def taken(count: int) -> None:
        nonlocal done
        done += count
        world.tell("已经生成、正在登记的会员", done, total, "人")

    actions.fill_register(_actor(world), world.memo["nodes"]["city"], prepared, taken=taken)
    world.closing.close()


def _actor(world: Any) -> Actor:
    return cast(Actor, world.system(world.at(60, 17)))


def _groups(world: Any, root: Node, total: int) -> Iterator[Group]:
    """Shares as whole numbers of people that add up to the total; the last union makes good what rounding left."""
    crowds = world.memo["crowds"]
    refs = queries.get_union_refs(root)
    whole = sum(each.share for each in crowds)
    reached, given = 0.0, 0
    for each in crowds:
        reached += each.share
        upto = round(total * reached / whole)
        if upto > given:
            yield Group(refs[each.code].node_id, given, upto - given, each.since, each.industry, each.employers)
        given = upto


def _parts(groups: Iterator[Group]) -> Iterator[tuple[int, Sequence[Group]]]:
    """Groups in lots of about the size of a roster's, with how many people they are."""
    part: list[Group] = []
    size = 0
    for group in groups:
        part.append(group)
        size += group.count
        if size >= LOT:
            yield size, part
            part, size = [], 0
    if part:
        yield size, part


def read(groups: Sequence[Group]) -> list[RosterRow]:
    """The people of some unions."""
    return [person(group, number) for group in groups for number in range(group.first, group.first + group.count)]


def person(group: Group, number: int) -> RosterRow:
    """One invented person as a roster's row is read; no two have a document or a phone alike."""
    luck = number * MIX >> 7
    born, document = _document(number)
    phone = f"15400{number:06d}"
    since = max(group.since, born + GROWN)
    kinds = GROUPS.get(group.industry, NO_GROUP)
    return RosterRow(
        number=number,
        node_id=group.node_id,
        name=_name(luck),
        kind="resident",
        document=document,
        blind=sealed.document_index("resident", document),
        phone=phone,
        phone_index=sealed.phone_index(phone),
        birth=born.isoformat(),
        sex="1" if document[16] in "13579" else "2",
        facts=[
            ETHNIC[luck // 101 % len(ETHNIC)],
            EDUCATION[luck // 103 % len(EDUCATION)],
            "",
            POLITICAL[luck // 107 % len(POLITICAL)],
            SKILLS[luck // 109 % len(SKILLS)],
            "rural" if luck // 113 % 5 < 3 else "urban",
            "yes" if luck // 127 % 13 < 4 else "no",
            kinds[luck // 131 % len(kinds)],
            "on_post",
            "contract" if luck // 137 % 6 else "dispatch",
        ],
        employer=group.employers[luck // 139 % len(group.employers)] if group.employers else "",
        post="",
        joined=_joined_on(since, luck).isoformat(),
        card_no="",
        note="",
    )


def _joined_on(since: date, luck: int) -> date:
    """Mostly soon after the union was founded, fewer year by year."""
    part = luck // 151 % 1000
    return since + timedelta(days=(COUNTED_ON - since).days * part * part // 1_000_000)


def _name(luck: int) -> str:
    """Two or three signs."""
    rest, first = divmod(luck, len(SURNAMES))
    rest, second = divmod(rest, len(FIRST))
    return SURNAMES[first] + FIRST[second] + (SECOND[rest % len(SECOND)] if luck // 149 % 7 else "")


def _document(number: int) -> tuple[date, str]:
    """Injective: division by the last digit, then a day, then a band of serials for each round over the days."""
    rest = number // NOWHERE
    turn, day = divmod(rest, DAYS)
    born = BORN + timedelta(days=day * 7_919 % DAYS)
    return born, make_identity(f"61059{number % NOWHERE}", born, 200 * turn + day * 37 % 200)
