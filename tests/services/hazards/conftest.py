"""Divisions, and a hazard that a visitor reports in the town."""

import pytest

from tests.pointed import scene
from tests.sample_places import enter_divisions, enter_unions
from unionhome.core.cases.actions import Upload
from unionhome.core.organizations.queries import find_division
from unionhome.services.hazards.actions import Report, report_hazard

TOWN = "610502001000"
POINT = "34.50000,109.50000"


@pytest.fixture(autouse=True)
def _places(world):
    enter_divisions()
    enter_unions(world)


@pytest.fixture
def hazard(world):
    """Report a hazard as a visitor; keyword arguments change it."""

    def make(name="public", photo=1, town=TOWN, **changes):
        facts = {
            "category": "hz_height",
            "text": "三楼楼梯口没有护栏。",
            "uploads": (Upload("现场.jpg", scene(photo)),),
            "division": find_division(town) if town else None,
            "point": POINT,
        } | changes
        return report_hazard(world.actor(name), Report(**facts))[0]

    return make
