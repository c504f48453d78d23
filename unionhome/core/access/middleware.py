"""Reads the clock once, finds who acts, and hangs the frozen Actor on the request."""

import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from unionhome.core.access import actions, queries
from unionhome.core.access.clock import now
from unionhome.core.registry import Actor

SESSION_DOOR = "door"


class ActorMiddleware:
    """Sets `request.actor`. A session that stood idle too long is ended here."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request_id = uuid.uuid4().hex
        request.actor = _find_actor(request, request_id)  # type: ignore[attr-defined]
        answer = self.get_response(request)
        answer["X-Request-Id"] = request_id
        return answer


def _find_actor(request: HttpRequest, request_id: str) -> Actor:
    at = now()
    nobody = Actor.public(at, request_id)
    key = (
        request.session.session_key
        if settings.SESSION_COOKIE_NAME in request.COOKIES
        else None
    )
    sign_in = queries.find_sign_in(key) if key else None
    if sign_in is None:
        return nobody
    if not actions.touch_sign_in(sign_in, at):
        request.session.flush()
        return nobody
    return queries.build_actor(
        sign_in.user,
        sign_in.door,
        at,
        request_id=request_id,
        strong=sign_in.strong_at is not None,
    )
