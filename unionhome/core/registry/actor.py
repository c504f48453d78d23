"""Who acts, with which grants, through which door, when. Plain frozen facts: no tables behind them."""

from dataclasses import dataclass, field
from datetime import datetime

from unionhome.core.registry.refusals import Forbidden


@dataclass(frozen=True, slots=True)
class Grant:
    """A role held on one branch of the tree.

    `path` is the branch's indexed path; `shares_only` marks specialists, who see only what was shared with them.
    """

    role: str
    node_id: int
    path: str
    permissions: frozenset[str]
    shares_only: bool = False


@dataclass(frozen=True, slots=True)
class Actor:
    """The acting person, service or public visitor of one request or job.

    `at` is the moment of the act (aware); nothing below a door reads a clock.
    `strong` says that the second factor was passed in this session.
    """

    at: datetime
    door: str
    user_id: int | None = None
    person_id: int | None = None
    name: str = ""
    post: str = ""
    node_id: int | None = None
    node_name: str = ""
    node_path: str = ""
    grants: tuple[Grant, ...] = field(default=())
    request_id: str = ""
    strong: bool = False
    reason: str = ""

    @classmethod
    def system(cls, reason: str, at: datetime) -> "Actor":
        """The product itself, in a job or a handler; `reason` says why it acts."""
        return cls(at=at, door="system", name="系统", reason=reason)

    @classmethod
    def public(cls, at: datetime, request_id: str = "") -> "Actor":
        """A visitor who has not signed in."""
        return cls(at=at, door="open", request_id=request_id)

    @property
    def is_system(self) -> bool:
        return self.door == "system"

    @property
    def is_signed_in(self) -> bool:
        return self.user_id is not None

    def may(self, permission: str, path: str | None = None) -> bool:
        """Whether a grant carries the permission, on the branch that holds `path` where one is named.

        A specialist's grant is a branch for no row: what was shared with a specialist is found by `tree.queries.scope`.
        """
        if self.is_system:
            return True
        if path is None:
            return any(permission in grant.permissions for grant in self.grants)
        return any(path.startswith(branch) for branch in self.branches(permission))

    def require(self, permission: str, path: str | None = None) -> None:
        """Raise `Forbidden` unless `may` holds."""
        if not self.may(permission, path):
            raise Forbidden()

    def branches(self, permission: str) -> tuple[str, ...]:
        """Paths of the branches whose rows the permission opens; specialists have none."""
        return tuple(grant.path for grant in self.grants if permission in grant.permissions and not grant.shares_only)

    def paths(self) -> tuple[str, ...]:
        """Paths of every branch the actor holds any grant on."""
        return tuple(grant.path for grant in self.grants)
