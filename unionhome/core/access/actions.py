"""Signing in and out, the second factor, sessions, accounts, grants and tokens."""

from datetime import datetime, timedelta

from django.conf import settings

from unionhome.core.access.models import SignIn


def touch_sign_in(sign_in: SignIn, at: datetime) -> bool:
    """Note that a session is in use (at most once a minute); False when it stood idle too long and was ended."""
    idle = at - sign_in.seen_at
    limit = (
        settings.IDLE_MINUTES_DESK
        if sign_in.door == "desk"
        else settings.IDLE_MINUTES_MY
    )
    if idle > timedelta(minutes=limit):
        SignIn.objects.filter(pk=sign_in.pk, ended_at__isnull=True).update(
            ended_at=at, ended_why="idle"
        )
        return False
    if idle > timedelta(minutes=1):
        SignIn.objects.filter(pk=sign_in.pk).update(seen_at=at)
    return True
