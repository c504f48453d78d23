"""Taking over an edition of the divisions of a city, and finding one of them."""

import csv
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from unionhome.core.journal.actions import record
from unionhome.core.organizations.actions.grid.coverage import settle_coverage
from unionhome.core.organizations.models import Division
from unionhome.core.registry import Actor, BadInput, Forbidden
from unionhome.core.tree.models import Node
from unionhome.kit.codes import CodeError, division_level, division_prefix

BATCH = 400


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


def get_division(code: str, field: str) -> Division:
    """The standing division of a 12-digit code (shorter ones are filled up). Raises BadInput at `field`."""
    division = Division.objects.filter(code=code.ljust(12, "0"), ended_year=None).first()
    if division is None:
        sentence = f"没有这个行政区划：{code or '未选择'}"
        raise BadInput(sentence, "unknown-division", fields={field: sentence})
    return division
