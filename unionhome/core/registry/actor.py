"""Who acts, with which grants, through which door, when. Plain frozen facts: no tables behind them."""

from dataclasses import dataclass, field
from datetime import date, datetime

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
class Away:
    """Who is absent on the day of an act, who stands in, and the day of coming back."""

    user_id: int
    name: str
    stand_in_id: int
    stand_in_name: str
    back_on: date


@dataclass(frozen=True, slots=True)
class Actor:
    """The acting person, service or public visitor of one request or job.

    `at` is the moment of the act (aware); nothing below a door reads a clock.
    `strong` says that the second factor was passed in this session. `away` are those absent on that day whose stand-in
    the actor may be: who named the actor, and who belongs to the same unions; the actor too. `acts_for` names whom the
    actor stands in for in this very act, where the row acted on does not say it.
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
    away: tuple[Away, ...] = field(default=())
    acts_for: str = ""

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

    @property
    def is_away(self) -> bool:
        return any(each.user_id == self.user_id for each in self.away)

    def for_whom(self, handler_id: int | None, stand_in_id: int | None = None) -> str:
        """The absent colleague for whom the actor stands in on a row of that handler; "" where on nobody's behalf.

        `stand_in_id` was chosen for the row by hand and goes before the one of the absence, unless away as well.
        """
        absent = {each.user_id: each for each in self.away}
        if handler_id not in absent or self.user_id is None or self.user_id in absent:
            return ""
        chosen = stand_in_id if stand_in_id not in absent else None
        return absent[handler_id].name if (chosen or absent[handler_id].stand_in_id) == self.user_id else ""

    def said_for(self, row: object) -> str:
        """The same of the row an act is about, which names its `handler_id` or not: "（代周明）", or nothing."""
        name = self.acts_for or self.for_whom(getattr(row, "handler_id", None), getattr(row, "stand_in_id", None))
        return f"（代{name}）" if name else ""

    def paths(self) -> tuple[str, ...]:
        """Paths of every branch the actor holds any grant on."""
        return tuple(grant.path for grant in self.grants)
