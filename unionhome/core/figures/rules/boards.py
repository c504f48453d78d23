"""How a board shows numbers side by side: bands, the schematic map, dots on a line and little curves."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import takewhile

LOW_SHARE = 90
BANDS = ((96, "high", "96 以上"), (94, "good", "94–96"), (LOW_SHARE, "fair", "90–94"), (0, "low", "低于 90"))


@dataclass(frozen=True, slots=True)
class Dot:
    """A union on the line of a clock; `x` in per cent."""

    label: str
    x: float
    is_last: bool = False


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
    """Values on a line from nothing to the largest, which is named."""
    known = [(label, value) for label, value in values if value is not None]
    top = max((value for _, value in known), default=0)
    if not top:
        return []
    return [Dot(label, round(float(4 + 88 * value / top), 1), value == top) for label, value in known]


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
