"""How programs get in: a bearer token, and the permission that each operation names."""

import functools
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.http import HttpRequest
from ninja.security import HttpBearer

from unionhome.core.access import actions, queries
from unionhome.core.access.doors import Door
from unionhome.core.registry import Actor, Forbidden, all_permissions

F = TypeVar("F", bound=Callable[..., Any])


class TokenAuth(HttpBearer):
    """`Authorization: Bearer uh_…`. Hangs the token's Actor on the request and returns it as `request.auth`.

    The actor has the grants of the token's owner, narrowed to the token's permissions, and never the second factor.
    """

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """The actor of a token that holds, or None."""
        visitor: Actor = request.actor  # type: ignore[attr-defined]
        found = queries.find_token(token, visitor.at)
        if found is None:
            return None
        actions.touch_token(found, visitor.at)
        actor = queries.get_actor(
            found.user, "api", visitor.at, request_id=visitor.request_id, only=_for_programs(found.permissions)
        )
        request.actor = actor  # type: ignore[attr-defined]
        return actor


def _for_programs(names: Iterable[str]) -> frozenset[str]:
    """What of a token's permissions programs may do; one made earlier may name more."""
    known = all_permissions()
    return frozenset(name for name in names if name in known and known[name].is_for_programs)


def api_door(permission: str = "") -> Callable[[F], F]:
    """Put an API operation behind its door: below the router's decorator, so that `.door` stands on the operation.

    Raises Forbidden (403) where the token lacks the permission on every branch; rows are the queries' matter.
    """

    def put(operation: F) -> F:
        @functools.wraps(operation)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            actor: Actor = request.actor  # type: ignore[attr-defined]
            if actor.door != "api":
                raise Forbidden()
            if permission:
                actor.require(permission)
            return operation(request, *args, **kwargs)

        wrapped.door = Door("api", permission)  # type: ignore[attr-defined]
        return wrapped  # type: ignore[return-value]

    return put
