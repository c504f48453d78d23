"""The schematic map of the counties: where each stands, and which shade a value bears."""

from collections.abc import Sequence
from dataclasses import dataclass

TILES = {
    "610527": (1, 0),
    "610525": (2, 0),
    "610581": (3, 0),
    "610528": (0, 1),
    "610526": (1, 1),
    "610523": (2, 1),
    "610524": (3, 1),
    "610502": (0, 2),
    "610503": (1, 2),
    "610582": (2, 2),
    "610522": (3, 2),
}
"""Column and row of each county of 610500 on the schematic map: neighbours stay neighbours, borders are not drawn."""


def tile_places(codes: Sequence[str]) -> list[tuple[int, int] | None]:
    """Column and row of each union where every one has its place on the map; else they follow one another."""
    if codes and all(code in TILES for code in codes):
        return [TILES[code] for code in codes]
    return [None for _ in codes]


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
