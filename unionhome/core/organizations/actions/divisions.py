"""Loading the divisions of a city and founding the federation of each, set-based."""

import csv
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from unionhome.core.journal.actions import record
from unionhome.core.organizations.actions.coverage import settle_coverage
from unionhome.core.organizations.actions.days import check_day
from unionhome.core.organizations.models import (
    Division,
    Employer,
    Organization,
    OrganizationChange,
)
from unionhome.core.organizations.rules import (
    LEVELS,
    form_of_level,
    union_name,
)
from unionhome.core.registry import Actor, BadInput, Forbidden
from unionhome.core.tree.actions import NewNode, add_nodes
from unionhome.core.tree.models import Node
from unionhome.kit.codes import CodeError, division_level, division_prefix, division_short

BATCH = 400
SOURCE_LOADED = "随行政区划建立"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What an edition changed."""

    added: int
    renamed: int
    ended: int


@transaction.atomic
def load_divisions(actor: Actor, path: Path, year: int) -> Loaded:
    """Take over an edition of the divisions (CSV: code12, name, level, parent_code12), parents before children.

    Loading the same edition again changes nothing. Divisions of its city that it no longer names are ended with
    `year`; nothing is deleted, for unions and places refer to them. Raises BadInput for an unreadable row or an
    older edition than the last one, Forbidden for anybody but the product and the city's cadres.
    """
    _require_city(actor)
    rows = _read(path)
    prefix = rows[0].prefix
    known = {row.code: row for row in Division.objects.filter(prefix__startswith=prefix)}
    newest = max((row.ended_year or row.year for row in known.values()), default=year)
    if year < newest:
        raise BadInput(f"已装有 {newest} 年的行政区划，不能再装更早的 {year} 年版。", "older-edition")
    added = [row for row in rows if row.code not in known]
    for row in added:
        row.year = year
    Division.objects.bulk_create(added, batch_size=BATCH)
    changed = [row for row in rows if row.code in known and _differs(known[row.code], row)]
    for row in changed:
        row.year = known[row.code].year
    Division.objects.bulk_update(changed, ["name", "parent", "year", "ended_year"], batch_size=BATCH)
    ended = _end_missing(known, {row.code for row in rows}, year)
    loaded = Loaded(len(added), len(changed), ended)
    if added or changed or ended:
        record(
            actor,
            "organizations.divisions.loaded",
            summary=f"装入 {year} 年行政区划：新增 {len(added)}，更名 {len(changed)}，不再列出 {ended}",
            data={"year": year, "city": prefix, "rows": len(rows)},
        )
        settle_coverage(actor)
    return loaded


def _require_city(actor: Actor) -> None:
    if actor.is_system:
        return
    root = Node.objects.filter(parent__isnull=True).first()
    if root is None or not actor.may("organizations.manage", root.path):
        raise Forbidden("行政区划由市总工会统一装入。")


def _read(path: Path) -> list[Division]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        raw = list(csv.DictReader(file))
    rows: list[Division] = []
    seen: set[str] = set()
    for number, line in enumerate(raw, start=2):
        row = _division(line)
        if row is None or row.code in seen or (row.parent_id and row.parent_id not in seen):
            raise BadInput(
                f"第 {number} 行不能装入：编码不是 12 位、与层级不符或重复，名称为空，或上级不在它前面。",
                "bad-division-row",
            )
        seen.add(row.code)
        rows.append(row)
    if not rows:
        raise BadInput("文件里没有行政区划。", "no-divisions")
    return rows


def _division(line: dict[str, str]) -> Division | None:
    """The row as an unsaved division, or None where it cannot be one."""
    code, level, name = (line.get(key) or "" for key in ("code12", "level", "name"))
    try:
        fits = len(code) == 12 and division_level(code) == level and name != ""
    except CodeError:
        return None
    if not fits:
        return None
    return Division(
        code=code,
        name=name,
        level=level,
        parent_id=line.get("parent_code12") or None,
        prefix=division_prefix(code),
    )


def _differs(old: Division, new: Division) -> bool:
    return (old.name, old.parent_id, old.ended_year) != (new.name, new.parent_id, None)


def _end_missing(known: dict[str, Division], named: set[str], year: int) -> int:
    missing = [code for code, row in known.items() if code not in named and row.ended_year is None]
    for start in range(0, len(missing), BATCH):
        Division.objects.filter(code__in=missing[start : start + BATCH]).update(ended_year=year)
    return len(missing)


@transaction.atomic
def found_division_unions(
    actor: Actor,
    root_code: str,
    *,
    only_counties: Collection[str] | None = None,
    deepest: str = "village",
    founded_on: date | None = None,
) -> int:
    """Found the federation of a division and of every division below it, down to level `deepest`; how many were new.

    Federations that stand already are left alone, so that a second call founds nothing. `root_code` is a 6, 9 or
    12-digit code; `only_counties` (6-digit codes) keeps towns and villages of other counties out. `founded_on`
    defaults to the day of the act. Raises BadInput for an unknown division or where the federation above the root
    does not stand yet, Forbidden for cadres without the right to found there.
    """
    root = Division.objects.filter(code=root_code.ljust(12, "0"), ended_year=None).first()
    if root is None:
        raise BadInput(f"没有这个行政区划：{root_code}", "unknown-division")
    on = founded_on or timezone.localdate(actor.at)
    check_day(actor, on, "founded_on")
    above = _node_above(root)
    actor.require("organizations.manage", above.path if above else "")
    divisions = _wanted(root, only_counties, deepest)
    news = _new_nodes(divisions, on)
    standing = _standing_codes(root)
    news = {code: new for code, new in news.items() if new.code not in standing}
    if not news:
        return 0
    nodes = {node.code: node for node in add_nodes(actor, news.values())}
    entry = record(
        actor,
        "organizations.unions.founded",
        node=nodes.get(division_short(root.code)) or above,
        summary=f"{root.name}建立各级地方工会 {len(nodes)} 个",
        data={"root": root.code, "count": len(nodes), "deepest": deepest},
    )
    by_code = {division.code: division for division in divisions}
    _add_organizations(actor, [(nodes[new.code], by_code[code]) for code, new in news.items()], on, entry.pk)
    below = Division.objects.filter(prefix__startswith=root.prefix).values_list("pk", flat=True)
    employers = Employer.objects.filter(division__prefix__startswith=root.prefix).values_list("pk", flat=True)
    settle_coverage(actor, places=list(below), employers=list(employers), on=on)
    return len(nodes)


def _node_above(root: Division) -> Node | None:
    if root.parent is None:
        return None
    node = Node.objects.filter(code=division_short(root.parent.code), is_local=True, closed_on=None).first()
    if node is None:
        raise BadInput(f"先建立{root.parent.name}的工会。", "unknown-parent")
    return node


def _wanted(root: Division, only_counties: Collection[str] | None, deepest: str) -> list[Division]:
    levels = LEVELS[: LEVELS.index(deepest) + 1]
    rows = Division.objects.filter(prefix__startswith=root.prefix, level__in=levels, ended_year=None)
    if only_counties is not None:
        inside = Q(level__in=("city", "county"))
        for code in only_counties:
            inside |= Q(prefix__startswith=code[:6])
        rows = rows.filter(inside)
    return list(rows.order_by("prefix"))


def _standing_codes(root: Division) -> set[str]:
    start = division_short(root.code) if root.level != "city" else root.prefix
    return set(Node.objects.filter(code__startswith=start, is_local=True).values_list("code", flat=True))


def _new_nodes(divisions: Iterable[Division], on: date) -> dict[str, NewNode]:
    names: dict[str, list[str]] = {}
    news = {}
    for division in divisions:
        above = names.get(division.parent_id or "", [])
        names[division.code] = [*above, division.name]
        news[division.code] = NewNode(
            code=division_short(division.code),
            name=union_name(division.name, division.level, above),
            level=division.level,
            parent_code=division_short(division.parent_id) if division.parent_id else "",
            opened_on=on,
            is_local=True,
        )
    return news


def _add_organizations(actor: Actor, pairs: list[tuple[Node, Division]], on: date, entry_id: int) -> None:
    source = {"founded_on": [SOURCE_LOADED, on.isoformat()]}
    Organization.objects.bulk_create(
        [
            Organization(
                node=node,
                form=form_of_level(division.level),
                division=division,
                founded_on=on,
                sources=source,
            )
            for node, division in pairs
        ],
        batch_size=BATCH,
    )
    OrganizationChange.objects.bulk_create(
        [
            OrganizationChange(
                node=node,
                kind="founded",
                on=on,
                new=node.name,
                entry_id=entry_id,
            )
            for node, _ in pairs
        ],
        batch_size=BATCH,
    )
