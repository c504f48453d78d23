"""The whole house with sample rows at every union, made once for all tests of a module and undone at its end."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import override_settings

from tests.house.visits import PLACES, Visitor, undone
from tests.samples import Samples, build_samples
from tests.worlds import World, build_world
from unionhome.core.access import clock


@pytest.fixture(scope="module")
def empty_world(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """The federation without samples; the clock stands still. Undone after the module."""
    with django_db_blocker.unblock(), undone(), pytest.MonkeyPatch.context() as patch:
        world = build_world()
        patch.setattr(clock, "now", lambda: world.at)
        patch.setattr(logging.getLogger("django.request"), "disabled", True)
        with override_settings(DATA_DIR=tmp_path_factory.mktemp("data")):
            yield world


@pytest.fixture(scope="module")
def house(empty_world: World) -> Iterator[Samples]:
    """One lot of samples at each of PLACES. Undone first, where a module uses the empty world too."""
    with undone():
        yield build_samples(empty_world, PLACES)


@pytest.fixture(scope="module")
def visitor(house: Samples) -> Visitor:
    """Everybody signed in."""
    return Visitor.of(house)
