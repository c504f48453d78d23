"""Where the counties of the demo city stand on its schematic map: neighbours stay neighbours, borders are not drawn."""

from typing import Any

from unionhome.core.policy.actions import set_value
from unionhome.core.registry import Actor

TILES = {
    "610527": "1 0",
    "610525": "2 0",
    "610581": "3 0",
    "610528": "0 1",
    "610526": "1 1",
    "610523": "2 1",
    "610524": "3 1",
    "610502": "0 2",
    "610503": "1 2",
    "610582": "2 2",
    "610522": "3 2",
}
COUNTIES = tuple(sorted(TILES))


def place_counties(world: Any, actor: Actor) -> None:
    """Say it as a deployment does."""
    set_value(actor, "organizations.county_tiles", TILES, world.today, "演示数据")
