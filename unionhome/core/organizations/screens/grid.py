"""Shaping cells, gaps and the county map for their pages."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from unionhome.core.organizations.models import Coverage, Division, Employer, GridCell
from unionhome.core.organizations.queries import CellCounts, CellFilters, County, Covered, GapFilters
from unionhome.core.organizations.rules import COVERAGES, Band, short_name, tile_places, value_bands

CELL_STATES = (("", "在用"), ("over", "已撤销"))
WORKER_CHOICES = (("", "全部"), ("yes", "有网格员"), ("no", "缺网格员"))
KIND_NOTES = {"employer": "家单位", "town": "个镇（街道）", "village": "个村（社区）", "worker": "个村（社区）"}


def place_words(division: Division) -> tuple[str, str, str]:
    """County, town and village of a division, "" where it does not go so far."""
    names = {}
    step: Division | None = division
    while step is not None:
        names[step.level] = step.people_name
        step = step.parent if step.level in ("village", "town") else None
    return names.get("county", ""), names.get("town", ""), names.get("village", "")


def _url(name: str, **values: str) -> str:
    return f"{reverse(f'organizations:{name}')}?{urlencode({key: value for key, value in values.items() if value})}"


def _choice(label: str, chosen: str, options: Iterable[tuple[str, str, str]]) -> dict[str, Any]:
    """One filter: options are value, words and address; the one without a value takes the filter away."""
    rows = [{"label": words, "url": url, "active": value == chosen} for value, words, url in options]
    named = {value: words for value, words, _ in options}
    clear = next((url for value, _, url in options if not value), "")
    return {
        "label": label,
        "value": named.get(chosen, "") if chosen else "",
        "active": bool(chosen),
        "clear_url": clear,
        "options": rows,
    }


def _place_choice(name: str, kept: dict[str, str], chosen: str, parts: Iterable[Division]) -> dict[str, Any]:
    others = {key: value for key, value in kept.items() if key != "division"}
    options = [("", "全部", _url(name, **others))]
    options += [(part.code, part.people_name, _url(name, division=part.code, **others)) for part in parts]
    found = _choice("地方", chosen, options)
    if chosen and not found["value"]:
        found["value"] = "已选"
    return found


def cell_counts(counts: CellCounts, filters: CellFilters) -> list[dict[str, Any]]:
    """Cells, with and without a worker, as filters."""
    rows = (
        ("网格", counts.cells, "在用的网格", "", "ink"),
        ("有网格员", counts.served, "", "yes", "ink"),
        ("缺网格员", counts.unserved, "要尽快定人", "no", "amber"),
    )
    return [
        {
            "label": label,
            "value": value,
            "note": note,
            "url": _url("cells", division=filters.division, worker=worker),
            "active": filters.worker == worker and not filters.text and not filters.state,
            "tone": tone if value else "ink",
        }
        for label, value, note, worker, tone in rows
    ]


def cell_filters(filters: CellFilters, parts: Iterable[Division]) -> list[dict[str, Any]]:
    """The filters of the list of cells."""
    kept = {"q": filters.text, "division": filters.division, "worker": filters.worker, "state": filters.state}
    bar = [_place_choice("cells", kept, filters.division, parts)]
    for label, name, choices in (("网格员", "worker", WORKER_CHOICES), ("状态", "state", CELL_STATES)):
        others = {key: value for key, value in kept.items() if key != name}
        options = [(value, words, _url("cells", **others, **{name: value})) for value, words in choices]
        bar.append(_choice(label, kept[name], options))
    return bar


def cell_facts(cell: GridCell) -> list[dict[str, str]]:
    """What is known of a cell."""
    county, town, village = place_words(cell.division)
    rows = (
        ("网格编码", cell.code),
        ("所在地", "".join((county, town, village))),
        ("负责工会", cell.node.name),
        ("范围", cell.boundary or "没有写"),
        ("设立日期", cell.starts_on.isoformat()),
        ("撤销日期", cell.ends_on.isoformat() if cell.ends_on else ""),
    )
    return [{"label": label, "value": value} for label, value in rows if value]


def cell_steps(cell: GridCell, *, manages: bool, has_worker: bool) -> list[dict[str, Any]]:
    """What can be done with the cell; what cannot stays in its place with the reason."""
    is_over = cell.ends_on is not None
    reason = "网格已经撤销" if is_over else "由镇（街道）以上工会办理"
    rows = [
        ("cell_worker", "换网格员" if has_worker else "定网格员", "user-check", not has_worker),
        ("cell_units", "划入单位和工会", "building", False),
        ("cell_change", "改名称和范围", "edit", False),
        ("cell_end", "撤销网格", "circle-x", False),
    ]
    if has_worker:
        rows.insert(1, ("cell_worker_end", "网格员离任", "user-minus", False))
    return [
        {
            "label": label,
            "icon": icon,
            "url": reverse(f"organizations:{name}", args=[cell.pk]),
            "allowed": manages and not is_over,
            "reason": reason,
            "main": main,
        }
        for name, label, icon, main in rows
    ]


def gap_counts(found: Iterable[Covered], filters: GapFilters) -> list[dict[str, Any]]:
    """How many gaps of each kind, as filters, with what they are out of."""
    return [
        {
            "label": row.label,
            "value": row.gaps,
            "note": f"共 {row.total:,} {KIND_NOTES[row.kind]}" + (f"，已覆盖 {row.share:.1f}%" if row.total else ""),
            "url": _url("gaps", division=filters.division, kind="" if filters.kind == row.kind else row.kind),
            "active": filters.kind == row.kind,
            "tone": "amber" if row.gaps else "ink",
        }
        for row in found
    ]


def gap_filters(filters: GapFilters, parts: Iterable[Division]) -> list[dict[str, Any]]:
    """The filters of the list of gaps."""
    kept = {"q": filters.text, "division": filters.division, "kind": filters.kind}
    others = {key: value for key, value in kept.items() if key != "kind"}
    options = [(value, words, _url("gaps", **others, kind=value)) for value, words in (("", "全部"), *COVERAGES)]
    return [_place_choice("gaps", kept, filters.division, parts), _choice("缺口", filters.kind, options)]


Ways = Mapping[int, tuple[str, int | None]]
"""`queries.list_founding_ways`."""


def gap_groups(gaps: list[Coverage], cells: Mapping[str, int], ways: Ways, *, manages: bool) -> list[dict[str, Any]]:
    """The gaps of a page under county and town, each with the act that closes it, or is closing it already."""

    def heading(gap: Coverage) -> str:
        return "".join(place_words(gap.division)[:2])

    return [
        {"name": name, "rows": [_gap_row(gap, cells, ways, manages=manages) for gap in rows]}
        for name, rows in groupby(gaps, key=heading)
    ]


def _gap_row(gap: Coverage, cells: Mapping[str, int], ways: Ways, *, manages: bool) -> dict[str, Any]:
    under_way = ways.get(gap.employer_id) if gap.employer_id is not None else None
    url, label = _founding_under_way(*under_way) if under_way else _closing(gap, cells)
    _, town, village = place_words(gap.division)
    return {
        "gap": gap,
        "name": gap.employer.name if gap.employer else village or town,
        "place": village if gap.employer else "",
        "url": url if manages or under_way else "",
        "act": label,
        "note": label if under_way else "由镇（街道）办",
    }


def _founding_under_way(state: str, pk: int | None) -> tuple[str, str]:
    """The founding to open; nowhere to go for who may not look at it."""
    label = f"建会在办：{state}"
    return (reverse("organizations:founding", args=[pk]), label) if pk else ("", label)


def _closing(gap: Coverage, cells: Mapping[str, int]) -> tuple[str, str]:
    """Where the gap is closed, and what that is called."""
    if gap.employer is not None:
        return _founding_url(gap.node_id, gap.employer), "建工会"
    if gap.kind == "worker":
        cell = cells.get(gap.division_id)
        if cell is not None:
            return reverse("organizations:cell_worker", args=[cell]), "定网格员"
        return _url("cell_new", division=gap.division_id), "设网格"
    return _url("place_found", division=gap.division_id), "建立工会"


def _founding_url(parent_id: int, employer: Employer) -> str:
    """Where a founding begins with the employer filled in."""
    return _url("new_founding", parent=str(parent_id), employer=str(employer.pk))


def cells_url(division: str) -> str:
    """The list of cells of a place."""
    return _url("cells", division=division)


def coverage_rows(covered: Iterable[Covered], division: str) -> list[dict[str, Any]]:
    """Gaps of a place, each number with the address of its rows."""
    return [{"row": row, "url": _url("gaps", division=division, kind=row.kind)} for row in covered]


MEASURES = (
    ("unions", "工会组织"),
    ("members", "会员（人）"),
    ("coverage", "网格员覆盖（%）"),
    ("overdue", "届满未换届（个）"),
)
"""What the county map shows, the first unless another is asked for."""


def county_map(counties: list[County], chosen: str, tiles: Mapping[str, str]) -> dict[str, Any]:
    """The schematic map of one measure, and the table of all of them. Every number stands in words beside its shade."""
    name = chosen if chosen in dict(MEASURES) else MEASURES[0][0]
    values = [getattr(county, name) for county in counties]
    bands = value_bands([round(value) for value in values if value is not None])
    if name == "overdue":  # none overdue needs no shade, any does
        bands = [Band("fair", 0, 0), Band("low", 1, max([1, *values]))]
    places = tile_places([county.node.code for county in counties], tiles)
    lines = [
        {
            "name": short_name(county.node.name),
            "url": f"{reverse('organizations:tree')}?node={county.node.pk}",
            "cells": [_shown(getattr(county, key)) for key, _ in MEASURES],
        }
        for county in counties
    ]
    drawn = [
        {**line, "shown": _shown(value), "band": _band(value, bands), "place": place}
        for line, value, place in zip(lines, values, places, strict=True)
    ]
    return {
        "label": dict(MEASURES)[name],
        "options": [
            {"label": words, "url": f"{reverse('organizations:tree')}?map={key}", "active": key == name}
            for key, words in MEASURES
        ],
        "tiles": drawn,
        "bands": [(band.name, _band_words(band)) for band in bands],
        "labels": [words for _, words in MEASURES],
        "lines": lines,
    }


def _shown(value: float | None) -> str:
    if value is None:
        return "—"
    return f"{value:.1f}" if isinstance(value, float) else f"{value:,}"


def _band(value: float | None, bands: list[Band]) -> str:
    if value is None:
        return ""
    return next((band.name for band in bands if band.low <= round(value) <= band.high), "")


def _band_words(band: Band) -> str:
    return f"{band.low:,}" if band.low == band.high else f"{band.low:,}–{band.high:,}"
