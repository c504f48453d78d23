"""Where a hazard is, and when two reports are of the same one. Pure."""

import re
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from unionhome.core.registry import BadInput

MICRO = 1_000_000
EARTH_METRES = 6_371_000
METRES_OF_DEGREE = 111_000
CHINA = (3.8, 53.6, 73.4, 135.1)
"""South, north, west and east of the country, in degrees."""
SAME_PHOTO_METRES = 1_000
"""Phones place themselves badly indoors: a photograph that looks the same may stand so much farther away."""
_POINT = re.compile(r"\s*(-?\d{1,3}(?:\.\d{1,10})?)\s*[,，\s]\s*(-?\d{1,3}(?:\.\d{1,10})?)\s*")


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the ground in micro-degrees, WGS 84."""

    latitude: int
    longitude: int


def read_point(text: str, reach: list[float]) -> Point | None:
    """A place written as "latitude,longitude" in degrees; None for an empty text.

    `reach` bounds the federation: south, north, west, east. Raises BadInput at `point` for what is no place, what lies
    outside of the country or the sea around it, and what lies outside of the reach.
    """
    if not text.strip():
        return None
    found = _POINT.fullmatch(text)
    if found is None:
        raise _no_point(
            "位置要写成“纬度,经度”，比如 34.50123,109.50987。点“用手机定位”会自己填好。", "point-unreadable"
        )
    latitude, longitude = float(found[1]), float(found[2])
    if not _within(latitude, longitude, list(CHINA)):
        raise _no_point("这个位置在国外或者海上，请重新定位，或者只选镇街。", "point-abroad")
    if not _within(latitude, longitude, reach):
        raise _no_point("这个位置不在本市，请重新定位，或者只选镇街。", "point-elsewhere")
    return Point(round(latitude * MICRO), round(longitude * MICRO))


def _no_point(sentence: str, code: str) -> BadInput:
    return BadInput(sentence, code, fields={"point": sentence})


def _within(latitude: float, longitude: float, box: list[float]) -> bool:
    south, north, west, east = box
    return south <= latitude <= north and west <= longitude <= east


def metres_between(one: Point, other: Point) -> int:
    """How far two places are from each other along the ground."""
    (lat, lon), (lat2, lon2) = (
        (radians(each.latitude / MICRO), radians(each.longitude / MICRO)) for each in (one, other)
    )
    half = sin((lat2 - lat) / 2) ** 2 + cos(lat) * cos(lat2) * sin((lon2 - lon) / 2) ** 2
    return round(2 * EARTH_METRES * asin(min(1.0, sqrt(half))))


def box_around(point: Point, metres: int) -> tuple[Point, Point]:
    """South-western and north-eastern corner of a box that holds every place so near."""
    up = metres / METRES_OF_DEGREE
    along = up / max(0.1, cos(radians(point.latitude / MICRO)))
    tall, wide = round(up * MICRO) + 1, round(along * MICRO) + 1
    return (
        Point(point.latitude - tall, point.longitude - wide),
        Point(point.latitude + tall, point.longitude + wide),
    )


def looks_alike(one: str, other: str, most_bits: int) -> bool:
    """Whether two looks (16 hex digits; empty where a picture says too little) differ in few bits."""
    return bool(one and other) and (int(one, 16) ^ int(other, 16)).bit_count() <= most_bits


def is_same_place(*, metres: int | None, same_kind: bool, alike: bool, near_metres: int) -> bool:
    """Whether two reports may be of one hazard: near and of one kind, or photographs alike and not far apart.
    `metres` is None where one of them names no point, and both name one town."""
    if metres is None:
        return alike
    return (same_kind and metres <= near_metres) or (alike and metres <= SAME_PHOTO_METRES)


def status_words(status: str) -> str:
    """How a report stands at the authority's system, in our words; the standard knows open and closed."""
    return {"open": "正在办", "closed": "办完了"}.get(status, "有新进展")
