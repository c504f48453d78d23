"""The one place that reads the clock for requests, jobs and commands; everything below is told the time."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone


def now() -> datetime:
    """The present moment, moved to the demo's day where the demo was started with one."""
    moment = timezone.now()
    today = settings.DEMO_TODAY
    return moment if today is None else moment + timedelta(days=(today - settings.DEMO_STARTED_ON).days)
