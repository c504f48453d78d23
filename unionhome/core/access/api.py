"""How a program proves who it is."""

from django.http import HttpRequest
from ninja.security import HttpBearer

from unionhome.core.access import queries
from unionhome.core.access.actions.tokens import touch_token
from unionhome.core.registry import Actor


class TokenAuth(HttpBearer):
    """A token in the Authorization header. From then on the request acts as its owner, within the token's permissions."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """The actor, also set on the request; None for a token that does not hold."""
        visitor: Actor = request.actor  # type: ignore[attr-defined]
        row = queries.find_token(token, visitor.at)
        if row is None:
            return None
        touch_token(row, visitor.at)
        only = frozenset(row.permissions)
        actor = queries.build_actor(row.user, "api", visitor.at, request_id=visitor.request_id, only=only)
        request.actor = actor  # type: ignore[attr-defined]
        return actor
