"""A place found by taps on the schematic map: county, town, then the village or community with its grid cell."""

from dataclasses import dataclass

from django.utils import timezone

from unionhome.core.organizations.models import Division, GridCell
from unionhome.core.organizations.queries.counties import get_tiles
from unionhome.core.organizations.queries.grid import find_cell_of_place, find_worker
from unionhome.core.organizations.queries.places import find_division, list_divisions
from unionhome.core.organizations.rules import tile_places
from unionhome.core.registry import Actor
from unionhome.kit.codes import division_short


@dataclass(frozen=True, slots=True)
class Tapped:
    """One tile: what lies there, and column and row on the map where it has any. `cells`: standing grid cells of a
    village or community."""

    division: Division
    place: tuple[int, int] | None
    cells: int = 0


def list_tapped(actor: Actor, division: Division | None) -> list[Tapped]:
    """The tiles below a county or town; without one, the counties where they stand on the map. Two queries. Nothing lies
    below a village."""
    if division is not None and division.level == "village":
        return []
    below = list(list_divisions(division.code if division else ""))
    if division is None:
        places = tile_places([division_short(each.code) for each in below], get_tiles(actor))
        return [Tapped(each, place) for each, place in zip(below, places, strict=True)]
    cells: dict[str, int] = {}
    if division.level == "town":
        for code in GridCell.objects.filter(division__in=below, ends_on=None).values_list("division_id", flat=True):
            cells[code] = cells.get(code, 0) + 1
    return [Tapped(each, None, cells.get(each.code, 0)) for each in below]


@dataclass(frozen=True, slots=True)
class Looked:
    """Who looks after a village or community: the grid cell's name, and whether it has a grid worker today."""

    cell: str
    has_worker: bool


def find_looked_after(actor: Actor, division: Division) -> Looked | None:
    """The grid cell of a place as everybody may read it: no names of people. None where there is none."""
    cell = find_cell_of_place(division.code) if division.level == "village" else None
    if cell is None:
        return None
    return Looked(cell.name, find_worker(cell, timezone.localdate(actor.at)) is not None)


def find_village_in(code: str, town: str) -> Division | None:
    """The village or community of a code, where it stands in that town."""
    found = find_division(code)
    return found if found is not None and found.level == "village" and found.parent_id == town else None
