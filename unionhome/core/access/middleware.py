"""Reads the clock once, finds who acts, and hangs the frozen Actor on the request."""

import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from unionhome.core.access import actions, clock, queries
from unionhome.core.registry import Actor


class ActorMiddleware:
    """Sets `request.actor`, and `request.last_user_id` where a session has ended.

    A session that stood idle too long is ended here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request_id = uuid.uuid4().hex
        request.last_user_id = None  # type: ignore[attr-defined]
        request.actor = _find_actor(request, request_id)  # type: ignore[attr-defined]
        answer = self.get_response(request)
        answer["X-Request-Id"] = request_id
        return answer


def _find_actor(request: HttpRequest, request_id: str) -> Actor:
    at = clock.now()
    nobody = Actor.public(at, request_id)
    key = request.session.session_key if settings.SESSION_COOKIE_NAME in request.COOKIES else None
    if not key:
        return nobody
    sign_in = queries.find_sign_in(key)
    if sign_in is None or not actions.touch_sign_in(sign_in, at):
        request.last_user_id = queries.find_last_user_id(key)  # type: ignore[attr-defined]
        return nobody
    return queries.get_actor(
        sign_in.user, sign_in.door, at, request_id=request_id, strong=sign_in.strong_at is not None
    )
