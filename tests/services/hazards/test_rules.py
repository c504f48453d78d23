"""Places and looks of hazards: tables."""

import io

import pytest
from PIL import Image

from tests.pointed import scene
from unionhome.core.registry import BadInput
from unionhome.kit.images import look_of
from unionhome.services.hazards.rules import Point, box_around, is_same_place, looks_alike, metres_between, read_point

REACH = [34.2, 35.9, 108.8, 110.7]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", None),
        ("34.50123,109.50987", Point(34501230, 109509870)),
        (" 34.5， 109.5 ", Point(34500000, 109500000)),
        ("109.5,34.5", "point-abroad"),  # the wrong way round
        ("30.0,125.0", "point-elsewhere"),
        ("10.0,150.0", "point-abroad"),
        ("39.9,116.4", "point-elsewhere"),
        ("北门", "point-unreadable"),
        ("34.5", "point-unreadable"),
        ("nan,nan", "point-unreadable"),
        ("999,999", "point-abroad"),
    ],
)
def test_a_place_is_read_or_asked_again(text, found):
    if isinstance(found, str):
        with pytest.raises(BadInput) as refused:
            read_point(text, REACH)
        assert refused.value.code == found and set(refused.value.fields) == {"point"}
    else:
        assert read_point(text, REACH) == found


def test_metres_and_the_box_around():
    here, there = Point(34_500_000, 109_500_000), Point(34_500_400, 109_500_000)
    assert metres_between(here, here) == 0 and metres_between(here, there) == 44
    low, high = box_around(here, 50)
    assert low.latitude < there.latitude < high.latitude
    assert metres_between(here, high) > 50 and metres_between(here, Point(here.latitude, high.longitude)) >= 50


@pytest.mark.parametrize(
    ("metres", "same_kind", "alike", "same"),
    [
        (50, True, False, True),
        (51, True, False, False),
        (10, False, False, False),
        (900, False, True, True),
        (1001, True, True, False),
        (None, True, False, False),
        (None, False, True, True),
    ],
)
def test_the_same_place(metres, same_kind, alike, same):
    assert is_same_place(metres=metres, same_kind=same_kind, alike=alike, near_metres=50) is same


def again(data: bytes, **changes) -> bytes:
    out = io.BytesIO()
    with Image.open(io.BytesIO(data)) as picture:
        picture.resize(changes.get("size", picture.size)).save(out, "JPEG", quality=changes.get("quality", 40))
    return out.getvalue()


def test_a_look_outlives_size_and_quality_and_tells_scenes_apart():
    first = look_of(scene(1))
    assert looks_alike(first, look_of(again(scene(1), size=(480, 360))), 10)
    assert not looks_alike(first, look_of(scene(2)), 10)
    plain = io.BytesIO()
    Image.new("RGB", (40, 40), (30, 90, 60)).save(plain, "JPEG")
    assert look_of(plain.getvalue()) == "" and not looks_alike("", "", 64)
