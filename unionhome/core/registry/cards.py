"""What a room or service declares on its card (`apps.py`), and how the house finds it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import AppConfig, apps

from unionhome.core.registry.actor import Actor
from unionhome.core.registry.refusals import NEEDS_FACTOR, Forbidden


@dataclass(frozen=True, slots=True)
class Permission:
    """A right that a role may carry. `strong` asks for the second factor in the session. `in_person`: checking, approving
    or signing what another has done, which wants a second person, not a second key of the first. `is_duty`: whoever stands
    in for an absent holder must hold it on the same branches."""

    name: str
    label: str
    strong: bool = False
    in_person: bool = False
    is_duty: bool = False

    @property
    def is_for_programs(self) -> bool:
        """Whether a token may carry it."""
        return not (self.strong or self.in_person)


@dataclass(frozen=True, slots=True)
class Nav:
    """One entry of a shell's navigation: shown when the actor holds `permission`. Smaller `order` comes first.

    `shown_to` is a dotted path to a function (actor) -> bool that leaves the entry out for those whom it does not fit.
    `is_home`: where those begin who have no inbox. `is_main`: put forward as the one great act of its door instead of
    standing among the others.
    """

    label: str
    url_name: str
    icon: str
    door: str = "desk"
    permission: str = ""
    order: int = 100
    group: int = 1
    shown_to: str = ""
    is_home: bool = False
    is_main: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """A number or text that a province, a city or a year can change, with the value it starts from.

    `value` is JSON-ready; `unit` is the word people read; `source` names the document or practice it rests on.
    """

    key: str
    label: str
    value: Any
    unit: str
    source: str


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of another room's page. `render` is a dotted path to a function (actor, object) -> template, context.

    `slot` names the page it stands on, for instance "members.member". The template finds its context as `panel`.
    """

    slot: str
    render: str
    permission: str = ""
    order: int = 100


@dataclass(frozen=True, slots=True)
class Schedule:
    """Background work that comes round: `task` is a dotted path to a task without arguments, `label` what people read."""

    name: str
    task: str
    every_seconds: int
    label: str = ""


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """One kind of message to people, `name` being "<app>.<word>". An urgent one waits for no quiet hours; one that
    `wants_answer` goes out a day later where a number has had too many, instead of not at all."""

    name: str
    label: str
    is_urgent: bool = False
    wants_answer: bool = False


@dataclass(frozen=True, slots=True)
class Authority:
    """A kind of thing on which money may be paid, `code` being "<app>.<noun>".

    `resolve` is a dotted path to a function (actor, id, at) -> AuthorityFacts, called inside the transaction of the act.
    """

    code: str
    title: str
    resolve: str


@dataclass(frozen=True, slots=True)
class AuthorityFacts:
    """What an authority covers: whose money (path of the union), fund and purpose by code, `ceiling` in `unit` (fen),
    the last day it holds, and the day `since` which it does."""

    node_path: str
    fund: str
    purpose: str
    ceiling: int
    unit: str
    until: date | None
    title: str
    link: str
    since: date | None = None


@dataclass(frozen=True, slots=True)
class PublicList:
    """One kind of list that unions show to the public (公示), `code` being "<app>.<word>".

    `columns` are codes of `publicity.rules.COLUMNS`; `place` (workplace, community, online) where it hangs unless said;
    `days` the policy of its working days; `is_open`: everybody reads it on line while it runs, unless said."""

    code: str
    title: str
    columns: tuple[str, ...]
    place: str = "workplace"
    days: str = "publicity.days"
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """The face of a room: everything the rest of the house may know without importing it.

    `journal_words` are the labels of the keys that the room writes into the journal's data, `journal_objects` what
    people call the rows that its entries are about, by Django label.
    """

    title: str
    icon: str
    doors: tuple[str, ...] = ()
    nav: tuple[Nav, ...] = ()
    permissions: tuple[Permission, ...] = ()
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    policies: tuple[Policy, ...] = ()
    panels: tuple[Panel, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    notices: tuple[NoticeKind, ...] = ()
    authorities: tuple[Authority, ...] = ()
    public_lists: tuple[PublicList, ...] = ()
    journal_words: Mapping[str, str] = field(default_factory=dict)
    journal_objects: Mapping[str, str] = field(default_factory=dict)


class Room(AppConfig):
    """Base of every room's and service's AppConfig: names its card."""

    default = False
    default_auto_field = "django.db.models.BigAutoField"
    card: Card


@dataclass(frozen=True, slots=True)
class Role:
    """What a grant gives. Roles of one `exclusive` set can never be held by the same account."""

    name: str
    label: str
    shares_only: bool = False
    administers: bool = False


ROLES: Mapping[str, Role] = {
    role.name: role
    for role in (
        Role("cadre", "工会工作人员"),
        Role("chair", "主席、分管领导"),
        Role("finance", "财务"),
        Role("auditor", "经费审查"),
        Role("lawyer", "律师、调解员", shares_only=True),
        Role("sysadmin", "系统管理员", administers=True),
        Role("secadmin", "安全管理员", administers=True),
        Role("auditadmin", "审计管理员", administers=True),
    )
}


def rooms() -> Iterator[Room]:
    """Every installed room and service, in the order of the settings."""
    for config in apps.get_app_configs():
        if isinstance(config, Room):
            yield config


@cache
def all_permissions() -> Mapping[str, Permission]:
    """The labelled catalogue of permissions, by name."""
    return {permission.name: permission for room in rooms() for permission in room.card.permissions}


def require_strong(actor: Actor, permission: str) -> None:
    """Raise Forbidden where the permission wants the second factor and the session has not passed it.

    Doors answer it with the page of the second factor and keep what was being sent.
    """
    if all_permissions()[permission].strong and not (actor.strong or actor.is_system):
        raise Forbidden("这一步要先用动态口令确认是您本人。", NEEDS_FACTOR)


@cache
def permissions_of(role: str) -> frozenset[str]:
    """What a role may do: the union of what every card gives it.

    Raises KeyError for an unknown role and ValueError where a card names an undeclared permission.
    """
    ROLES[role]
    names = frozenset(name for room in rooms() for name in room.card.roles.get(role, ()))
    unknown = names - all_permissions().keys()
    if unknown:
        raise ValueError(f"role {role} names undeclared permissions: {sorted(unknown)}")
    return names


@cache
def discover(module: str, attribute: str) -> tuple[Any, ...]:
    """Collect `attribute` (a tuple) from the module of that name in every room that has one, in settings order."""
    found: list[Any] = []
    for room in rooms():
        name = f"{room.name}.{module}"
        if find_spec(name) is not None:
            found.extend(getattr(import_module(name), attribute, ()))
    return tuple(found)


def list_panels(actor: Actor, slot: str, row: Any = None) -> list[tuple[str, Any]]:
    """What other rooms put on a page: the template and the context of each panel of the slot, in order.

    A panel that names a permission is left out unless the actor holds it on the branch of the page's `row`. In the
    slot "members.export", which is no page, a panel is a title with rows.
    """
    path = row.node.path if row is not None else None
    panels = [panel for room in rooms() for panel in room.card.panels if panel.slot == slot]
    shown = [panel for panel in panels if not panel.permission or actor.may(panel.permission, path)]
    return [resolve(panel.render)(actor, row) for panel in sorted(shown, key=lambda panel: panel.order)]


def resolve(dotted: str) -> Any:
    """The object behind a dotted path "package.module.attribute"."""
    module, _, attribute = dotted.rpartition(".")
    return getattr(import_module(module), attribute)
