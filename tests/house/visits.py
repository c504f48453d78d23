"""Visiting addresses in every role: real requests, each undone afterwards, and what came of them in one word."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest import mock
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.template.backends.django import Template
from django.test import Client

from tests.house.addresses import Address
from tests.samples import Lot, Samples
from unionhome.core.access.actions import create_token
from unionhome.core.access.models import SignIn
from unionhome.core.files.queries import list_files
from unionhome.core.members.rules.sealed import card_code, public_id
from unionhome.core.registry import Actor, all_permissions
from unionhome.core.tree.actions import share_row

PLACES = ("city", "county", "other_county", "town", "other_town", "village", "other_village", "union", "other_union")
ROLES: dict[str, tuple[str, str, str]] = {
    "public": ("town", "", ""),
    "worker": ("union", "town", ""),
    "outsider": ("city", "", ""),
    "village": ("village", "other_village", "town"),
    "union": ("union", "other_union", "town"),
    "town": ("town", "other_town", "county"),
    "county": ("county", "other_county", "city"),
    "city": ("city", "", ""),
    "chair": ("town", "", ""),
    "finance": ("town", "", ""),
    "auditor": ("town", "", ""),
    "lawyer": ("town", "other_town", ""),
    "sysadmin": ("town", "", ""),
    "secadmin": ("town", "", ""),
    "auditadmin": ("town", "", ""),
    "county sysadmin": ("county", "other_county", "city"),
    "county secadmin": ("county", "other_county", "city"),
    "county auditadmin": ("county", "other_county", "city"),
}
"""Every role with the unions of its own, a sibling's and its parent's objects; empty where there is none to try."""
COLUMNS = tuple(
    f"{role} {relation}".strip()
    for role, places in ROLES.items()
    for relation, place in zip(("", "sibling", "parent"), places, strict=True)
    if place
)
SIGN_IN_PAGES = ("/desk/sign-in/", "/my/sign-in/")
SECOND_FACTOR = "/desk/second-factor/"

Argument = Callable[["Visitor", str, Lot], Any]
ARGUMENTS: dict[str, Argument] = {
    "api/cases/case_id": lambda visitor, role, lot: lot.case.pk,
    "api/published/public_id": lambda visitor, role, lot: lot.published.public_id,
    "api/figures/code": lambda visitor, role, lot: "helpdesk.opened",
    "api/foundings/founding_id": lambda visitor, role, lot: lot.founding.pk,
    "api/members/member_id": lambda visitor, role, lot: public_id(lot.person.pk),
    "api/transfers/number": lambda visitor, role, lot: lot.transfer.number,
    "api/organizations/code": lambda visitor, role, lot: lot.node.code,
    "api/reelections/reelection_id": lambda visitor, role, lot: lot.reelection.pk,
    "absences/absence_id": lambda visitor, role, lot: lot.told.absence.pk,
    "absences/user_id": lambda visitor, role, lot: lot.clerk.pk,
    "applications/pk": lambda visitor, role, lot: lot.application.pk,
    "calendar/year": lambda visitor, role, lot: 2026,
    "cards/code": lambda visitor, role, lot: card_code(lot.membership.card_no),
    "escalation/rule_id": lambda visitor, role, lot: lot.late.rule.pk,
    "checks/code": lambda visitor, role, lot: "evidence",
    "cases/case_id": lambda visitor, role, lot: lot.case.pk,
    "caller/person_id": lambda visitor, role, lot: lot.person.pk,
    "covers/cover_id": lambda visitor, role, lot: lot.cover.pk,
    "corrections/pk": lambda visitor, role, lot: lot.correction.pk,
    "api/deeds/deed_id": lambda visitor, role, lot: lot.kept.deed.pk,
    "deeds/deed_id": lambda visitor, role, lot: lot.kept.deed.pk,
    "accounts/account_id": lambda visitor, role, lot: lot.money.account.pk,
    "transfers/transfer_id": lambda visitor, role, lot: lot.money.transfer.pk,
    "reversals/reversal_id": lambda visitor, role, lot: lot.money.reversal.pk,
    "decisions/item_id": lambda visitor, role, lot: lot.council.item.pk,
    "meetings/meeting_id": lambda visitor, role, lot: lot.council.meeting.pk,
    "item/act": lambda visitor, role, lot: "drop",
    "opinion/side": lambda visitor, role, lot: "finance",
    "meeting/act": lambda visitor, role, lot: "cancel",
    "judge/act": lambda visitor, role, lot: "send_back",
    "do/verb": lambda visitor, role, lot: "list",
    "from/case_id": lambda visitor, role, lot: lot.case.pk,
    "needs/case_id": lambda visitor, role, lot: lot.case.pk,
    "dissolutions/dissolution_id": lambda visitor, role, lot: lot.dissolution.pk,
    "employers/employer_id": lambda visitor, role, lot: lot.cover.employer_id,
    "duplicates/pk": lambda visitor, role, lot: lot.alike.duplicate.pk,
    "expulsions/pk": lambda visitor, role, lot: lot.expulsion.pk,
    "export/form": lambda visitor, role, lot: "json",
    "figures/code": lambda visitor, role, lot: "helpdesk.opened",
    "frozen/public_id": lambda visitor, role, lot: lot.published.public_id,
    "files/file_id": lambda visitor, role, lot: lot.file.pk,
    "foundings/pk": lambda visitor, role, lot: lot.founding.pk,
    "grants/grant_id": lambda visitor, role, lot: lot.grant.pk,
    "hazards/case_id": lambda visitor, role, lot: lot.hazard.pk,
    "hazards/receipt": lambda visitor, role, lot: lot.hazard_receipt,
    "grid/cell_id": lambda visitor, role, lot: lot.cell.pk,
    "jobs/job_id": lambda visitor, role, lot: visitor.samples.job.pk,
    "import/pk": lambda visitor, role, lot: lot.sheet.pk,
    "keys/code": lambda visitor, role, lot: lot.node.code,
    "mass/matter_id": lambda visitor, role, lot: lot.late.mass.pk,
    "move/verb": lambda visitor, role, lot: "take",
    "unname/user_id": lambda visitor, role, lot: lot.clerk.pk,
    "moves/verb": lambda visitor, role, lot: "check",
    "published/pk": lambda visitor, role, lot: lot.publication.pk,
    "periods/pk": lambda visitor, role, lot: lot.closing.pk,
    "verify/public_id": lambda visitor, role, lot: lot.published.public_id,
    "journal/entry_id": lambda visitor, role, lot: lot.entry.pk,
    "leavings/pk": lambda visitor, role, lot: lot.leaving.pk,
    "matters/act": lambda visitor, role, lot: "material",
    "matters/case_id": lambda visitor, role, lot: lot.case.pk,
    "matters/receipt": lambda visitor, role, lot: lot.receipt,
    "members/pk": lambda visitor, role, lot: lot.person.pk,
    "act/verb": lambda visitor, role, lot: "withdraw",
    "letters/letter_id": lambda visitor, role, lot: lot.shown.letter.pk,
    "notices/notice": lambda visitor, role, lot: lot.shown.notice.public_id,
    "objections/objection_id": lambda visitor, role, lot: lot.shown.objection.pk,
    "objections/receipt": lambda visitor, role, lot: lot.shown.objection.receipt,
    "photos/photo_id": lambda visitor, role, lot: lot.shown.photo.pk,
    "publicity/publicity_id": lambda visitor, role, lot: lot.shown.notice.pk,
    "handover/handover_id": lambda visitor, role, lot: lot.late.handover.pk,
    "notes/note_id": lambda visitor, role, lot: lot.sealed_note.pk,
    "notices/notice_id": lambda visitor, role, lot: lot.told.own.pk,
    "sent/notice_id": lambda visitor, role, lot: lot.told.sent.pk,
    "officers/officer_id": lambda visitor, role, lot: lot.organization.officers.get().pk,
    "merges/pk": lambda visitor, role, lot: lot.alike.merge.pk,
    "national/pk": lambda visitor, role, lot: lot.alike.national.pk,
    "open/part": lambda visitor, role, lot: "phone",
    "organizations/node_id": lambda visitor, role, lot: lot.node.pk,
    "papers/pk": lambda visitor, role, lot: lot.paper.pk,
    "person/person_id": lambda visitor, role, lot: lot.person.pk,
    "policies/key": lambda visitor, role, lot: "cases.arrive_minutes",
    "reelections/pk": lambda visitor, role, lot: lot.reelection.pk,
    "document/form": lambda visitor, role, lot: "pdf",
    "files/place": lambda visitor, role, lot: 1,
    "outside/pk": lambda visitor, role, lot: lot.written.outside.pk,
    "reviews/public_id": lambda visitor, role, lot: lot.written.signed.public_id,
    "file/form": lambda visitor, role, lot: "json",
    "reviews/pk": lambda visitor, role, lot: lot.written.review.pk,
    "sections/key": lambda visitor, role, lot: "service",
    "table/form": lambda visitor, role, lot: "pdf",
    "review/year": lambda visitor, role, lot: 2026,
    "rosters/pk": lambda visitor, role, lot: lot.roster.pk,
    "scans/place": lambda visitor, role, lot: 1,
    "scans/file_id": lambda visitor, role, lot: list_files(lot.expulsion)[0].pk,
    "sheets/pk": lambda visitor, role, lot: lot.hotline.sheet.pk,
    "sessions/sign_in_id": lambda visitor, role, lot: visitor.sign_in_of(role, lot),
    "show/part": lambda visitor, role, lot: "phone",
    "311/form": lambda visitor, role, lot: "json",
    "v2/form": lambda visitor, role, lot: "json",
    "services/code": lambda visitor, role, lot: "wages",
    "services/form": lambda visitor, role, lot: "xml",
    "requests/number": lambda visitor, role, lot: lot.hazard.number,
    "requests/form": lambda visitor, role, lot: "json",
    "tokens/receipt": lambda visitor, role, lot: lot.receipt,
    "tokens/form": lambda visitor, role, lot: "xml",
    "stamp/clock": lambda visitor, role, lot: "arrive",
    "step/verb": lambda visitor, role, lot: "accept",
    "take/verb": lambda visitor, role, lot: "dismiss",
    "transfers/pk": lambda visitor, role, lot: lot.transfer.pk,
    "templates/template_id": lambda visitor, role, lot: lot.late.template.pk,
    "tokens/token_id": lambda visitor, role, lot: visitor.token_of(role, lot),
    "units/unit_id": lambda visitor, role, lot: lot.unit.pk,
    "users/user_id": lambda visitor, role, lot: lot.clerk.pk,
}
"""The value of an argument, by the part of the path before it: "cases/<int:case_id>/" is "cases/case_id".

Addresses of the API have their own, beginning with "api/".
"""
QUERIES: dict[str, Argument] = {
    "api:": lambda visitor, role, lot: {"organization": lot.node.code},
    "figures:": lambda visitor, role, lot: {"node": lot.node.code},
    "organizations:cell_new": lambda visitor, role, lot: {"division": lot.cell.division_id},
    "organizations:cells_bulk": lambda visitor, role, lot: {"division": lot.cell.division_id},
    "organizations:found": lambda visitor, role, lot: {"parent": lot.node.pk},
    "organizations:new_founding": lambda visitor, role, lot: {"parent": lot.node.pk},
    "organizations:place_found": lambda visitor, role, lot: {"division": lot.cell.division_id},
    "organizations:tree": lambda visitor, role, lot: {"node": lot.node.pk},
}
"""What stands behind the question mark where that, and no argument, says which row is meant, by the beginning of the address's name."""


@contextmanager
def undone() -> Iterator[None]:
    """Take back whatever is written inside."""
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)


@contextmanager
def unrendered() -> Iterator[None]:
    """Answers without their pages: who may do what is decided before anything is drawn."""
    with mock.patch.object(Template, "render", return_value=""):
        yield


@dataclass(frozen=True)
class Answer:
    """What came back: the status, where it leads, and all of its bytes."""

    status: int
    location: str
    body: bytes
    headers: dict[str, str]

    @property
    def outcome(self) -> str:
        """ok, sign-in, second-factor, or the number of a refusal."""
        if self.status == 401 or self.location.startswith(SIGN_IN_PAGES):
            return "sign-in"
        if self.location.startswith(SECOND_FACTOR):
            return "second-factor"
        return "ok" if self.status < 400 else str(self.status)


@dataclass
class Visitor:
    """Everybody of the test world with a browser and, where they may have one, a token."""

    samples: Samples
    sessions: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    sign_ins: dict[str, int] = field(default_factory=dict)
    token_ids: dict[str, int] = field(default_factory=dict)
    homes: dict[str, str] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    browser: Client = field(default_factory=Client)
    """One for all: a new one would look through every static file again."""

    @classmethod
    def of(cls, samples: Samples) -> "Visitor":
        """Sign everybody in."""
        visitor = cls(samples)
        for role in ROLES:
            if role.startswith("county "):
                samples.world.cadre(role, "county", role.removeprefix("county "))
            visitor.enter(role, ROLES[role][0])
        lawyer = samples.world.users["lawyer"]
        shared = samples.at(ROLES["lawyer"][0]).case
        share_row(samples.world.actor("system"), "cases.case", shared.pk, user_id=lawyer.pk, reason="请律师办")
        return visitor

    def enter(self, role: str, home: str) -> None:
        """Sign an account in, which has its own rows at the union called `home`."""
        self.homes[role] = home
        if role == "public":
            return
        world = self.samples.world
        client = world.client(role)
        self.sessions[role] = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.sign_ins[role] = SignIn.objects.filter(user=world.users[role]).latest("pk").pk
        actor = world.actor(role)
        known = all_permissions()
        plain = {name for grant in actor.grants for name in grant.permissions if known[name].is_for_programs}
        if plain:
            token, self.tokens[role] = create_token(actor, label="样例", permissions=plain, days=30)
            self.token_ids[role] = token.pk

    def sign_in_of(self, role: str, lot: Lot) -> int:
        """The role's own session at its own place, another account's elsewhere."""
        if self.homes[role] == lot.place:
            return self.sign_ins.get(role, 0)
        return next(pk for other, pk in self.sign_ins.items() if other != role)

    def token_of(self, role: str, lot: Lot) -> int:
        if self.homes[role] == lot.place and role in self.token_ids:
            return self.token_ids[role]
        return lot.token.pk

    def url(self, address: Address, role: str, place: str) -> str:
        """The address with the arguments of the objects at a place. Raises KeyError for an argument nobody knows."""
        lot = self.samples.outsider if role == "outsider" else self.samples.at(place)
        url = address.url(**{name: ARGUMENTS[key](self, role, lot) for name, key in keys_of(address).items()})
        query = query_of(address)
        return f"{url}?{urlencode(query(self, role, lot))}" if query else url

    def may_pass(self, role: str, permission: str) -> bool:
        """Whether the door lets the role in, whatever row it asks for."""
        if role not in self.actors:
            self.actors[role] = self.samples.world.actor(role)
        return not permission or self.actors[role].may(permission)

    def visit(self, role: str, method: str, url: str, data: dict[str, Any] | None = None, **headers: str) -> Answer:
        """One request, undone."""
        with undone():
            return self.act(role, method, url, data, **headers)

    def act(self, role: str, method: str, url: str, data: dict[str, Any] | None = None, **headers: str) -> Answer:
        """One request, kept."""
        self.browser.cookies.clear()
        kind = {}
        if url.startswith("/api/"):
            if role in self.tokens:
                headers["Authorization"] = f"Bearer {self.tokens[role]}"
            if method != "GET":
                kind["content_type"] = "application/json"
        elif role in self.sessions:
            self.browser.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[role]
        with mock.patch("django.test.client.store_rendered_templates"):
            return read(getattr(self.browser, method.lower())(url, data or {}, headers=headers, **kind))


def query_of(address: Address) -> Argument | None:
    """What the address needs behind its question mark."""
    return next((query for name, query in QUERIES.items() if address.name.startswith(name)), None)


def keys_of(address: Address) -> dict[str, str]:
    """The key of ARGUMENTS for each argument of the address."""
    parts = [part for part in address.pattern.split("/") if part]
    found: dict[str, str] = {}
    for number, part in enumerate(parts):
        for name in address.arguments:
            if f":{name}>" in part or part == f"<{name}>":
                plain = [before for before in parts[:number] if not before.startswith("<")]
                found[name] = f"{'api/' if parts[0] == 'api' else ''}{plain[-1]}/{name}"
    return found


def read(answer: HttpResponse) -> Answer:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    return Answer(answer.status_code, answer.headers.get("Location", ""), body, dict(answer.headers))
