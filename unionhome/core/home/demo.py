"""A cadre of the demo county is away for a few days, and a colleague stands in."""

from datetime import timedelta
from typing import Any

from unionhome.core.access.actions import set_absence


def build(world: Any) -> None:
    """From yesterday to three days from now, entered by the cadre herself."""
    users = world.memo["users"]
    begun = world.at(1, 8, 40)
    set_absence(
        world.actor("county", begun),
        users["county"].pk,
        stand_in_id=users["county_office"].pk,
        starts_on=begun.date(),
        last_on=world.today + timedelta(days=3),
    )
