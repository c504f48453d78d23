"""Background work of the queue itself."""

from datetime import timedelta

from unionhome.core.jobs.actions import tidy_jobs
from unionhome.core.registry import Actor

KEPT = timedelta(days=90)


def tidy(actor: Actor) -> None:
    """Delete what was done more than 90 days ago: its effects and the journal tell the story."""
    while tidy_jobs(actor.at - KEPT):
        pass
