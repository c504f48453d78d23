"""The demo's published figures, and a review that two unions have begun."""

from typing import Any

from unionhome.core.figures.demo.publishing import publish
from unionhome.core.figures.demo.writing import write


def finish(world: Any) -> None:
    """When all rooms are built. Figures of 2021 first, so that the reviews of this year are the newest."""
    publish(world)
    write(world)
