"""The schematic map of the counties: where each stands, and which shade a value bears."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MOST_COLUMNS, MOST_ROWS = 4, 3
"""The places that the map has (`uh-report-column-…`, `uh-report-row-…`)."""


def tile_places(codes: Sequence[str], tiles: Mapping[str, str]) -> list[tuple[int, int] | None]:
    """Column and row of each union where every one has its place on the map; else they follow one another.

    `tiles` is what the deployment says of its counties: "1 0" for the second column of the first row, by code.
    """
    places = [_place(tiles.get(code, "")) for code in codes]
    fits = all(place is not None for place in places) and len(set(places)) == len(places)
    return places if fits else [None for _ in codes]


def _place(text: str) -> tuple[int, int] | None:
    numbers = text.split()
    if len(numbers) != 2 or not all(number.isdecimal() for number in numbers):
        return None
    column, row = map(int, numbers)
    return (column, row) if column < MOST_COLUMNS and row < MOST_ROWS else None


def short_name(name: str) -> str:
    """The place that a federation is named after: 临渭区 for 临渭区总工会."""
    return name.removesuffix("总工会") or name


@dataclass(frozen=True, slots=True)
class Band:
    """A shade of the map and the values, ends included, that bear it."""

    name: str
    low: int
    high: int


BANDS = ("fair", "good", "high")


def value_bands(values: Sequence[int]) -> list[Band]:
    """The values in up to three shades of about as many counties each, from the lowest."""
    distinct = sorted(set(values))
    steps = min(len(BANDS), len(distinct))
    cuts = [len(distinct) * step // steps for step in range(steps + 1)] if steps else []
    names = BANDS[-steps:] if steps else ()
    return [
        Band(name, distinct[low], distinct[high - 1]) for name, low, high in zip(names, cuts, cuts[1:], strict=False)
    ]
