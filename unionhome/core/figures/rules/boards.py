"""How a board shows numbers side by side: bands, the schematic map, dots on a line and little curves."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import takewhile

LOW_SHARE = 90
ROOM = 50
"""Per cent of the line that must lie between two names."""
BANDS = ((96, "high", "96 以上"), (94, "good", "94–96"), (LOW_SHARE, "fair", "90–94"), (0, "low", "低于 90"))


@dataclass(frozen=True, slots=True)
class Dot:
    """A union on the line of a clock; `x` in per cent. Few bear a name, so that no two of them meet."""

    label: str
    x: float
    is_last: bool = False
    name: str = ""


def band(share: int | Decimal | None) -> str:
    """The band of a share in per cent; "" where there is none."""
    if share is None:
        return ""
    return next((name for floor, name, _ in BANDS if share >= floor), "low")


def shared_words(first: str, second: str) -> str:
    """The words with which both names begin: 首次到场 for its median and its share; the first name where none do."""
    same = (sign for sign, _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False)))
    return "".join(same) or first


def dots(values: Sequence[tuple[str, int | Decimal | None]]) -> list[Dot]:
    """Values on a line from nothing to the largest, which is named, as is the smallest where there is room for it."""
    known = [(label, value) for label, value in values if value is not None]
    top, low = max((value for _, value in known), default=0), min((value for _, value in known), default=0)
    if not top:
        return []
    last, first = _named(known, top), _named(known, low)
    has_room = 100 * (top - low) > ROOM * top
    return [
        Dot(
            label,
            round(float(4 + 88 * value / top), 1),
            value == top,
            last.get(label, "") or (first.get(label, "") if has_room else ""),
        )
        for label, value in known
    ]


def _named(known: Sequence[tuple[str, int | Decimal]], value: int | Decimal) -> dict[str, str]:
    """The name at a value, at the first of those that share it: 临渭区, or 临渭区等3个."""
    labels = [label for label, each in known if each == value]
    return {labels[0]: labels[0] if len(labels) == 1 else f"{labels[0]}等{len(labels)}个"}


def curve(values: Sequence[int | Decimal | None], width: int = 80, height: int = 20) -> str:
    """Points of a little curve, for an SVG polyline; "" for fewer than two values."""
    known = [float(value) for value in values if value is not None]
    if len(known) < 2:
        return ""
    low, span = min(known), (max(known) - min(known)) or 1.0
    step = width / (len(known) - 1)
    return " ".join(
        f"{number * step:.1f},{height - 2 - (value - low) / span * (height - 4):.1f}"
        for number, value in enumerate(known)
    )
