"""Reading cases: every list, count and page goes through the one row scope; applicants read their own."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from unionhome.core.access.models import User
from unionhome.core.access.queries import find_own_phone
from unionhome.core.cases.models import Case, Entry, EscalationRule, Pause
from unionhome.core.cases.rules import (
    BODY_FIELD,
    ENTRY_TEXT_FIELD,
    OUTCOME_FIELD,
    PHONE_FIELD,
    RECEIPT_FIELD,
    CaseKind,
    Category,
    rating_end,
)
from unionhome.core.files.models import SealedFile
from unionhome.core.files.queries import list_files_of
from unionhome.core.policy.queries import get_value
from unionhome.core.registry import Actor, Forbidden, NotFound, discover
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import scope
from unionhome.core.tree.rules import prefixes
from unionhome.kit import crypto
from unionhome.kit.codes import mask_name, mask_numbers, mask_phone

WORDS_SHOWN = 24
"""So many signs of a matter's first words stand in a list."""
RAISED = "raised"
UNVERIFIED = "phone"
"""Origin of what was sent from the public page, where nobody has checked the number."""


def _list_kinds() -> tuple[CaseKind, ...]:
    """Every kind that a service registered."""
    return discover("workflow", "CASE_KINDS")


def get_kind(code: str) -> CaseKind:
    """The registered kind. Raises NotFound."""
    kind = next((kind for kind in _list_kinds() if kind.code == code), None)
    if kind is None:
        raise NotFound()
    return kind


def list_categories() -> list[Category]:
    """The categories of every kind, in order."""
    return [category for kind in _list_kinds() for category in kind.categories]


def list_cases(actor: Actor, *, text: str = "", state: str = "", category: str = "", phase: str = "") -> QuerySet[Case]:
    """Newest first. `text` finds a number, a name's beginning or an employer; `phase` groups states of all kinds, or is
    raised: what went up because a clock ran out and is still open."""
    cases = (
        scope(Case.objects.all(), actor, "cases.view").select_related("node", "handler").order_by("-opened_at", "-id")
    )
    if text:
        cases = cases.filter(
            Q(number__icontains=text) | Q(applicant_name__startswith=text) | Q(employer_text__contains=text)
        )
    if category:
        cases = cases.filter(category=category)
    if state:
        cases = cases.filter(state=state)
    if phase == RAISED:
        cases = cases.filter(raised_to__isnull=False)
    elif phase:
        cases = cases.filter(state__in=_states_in(phase))
    return cases


def _states_in(phase: str) -> list[str]:
    """Names of the states of every kind that stand in a phase."""
    return sorted({state.name for kind in _list_kinds() for state in kind.table.states if state.phase == phase})


def list_in_force() -> QuerySet[EscalationRule]:
    """The escalation rules in force anywhere."""
    return EscalationRule.objects.filter(state="on", ended_at=None).select_related("node")


def find_rule(node: Node) -> EscalationRule | None:
    """The escalation rule in force for a union: of its own and those of the unions above, the quickest. Who is watched
    may promise more, never give itself more time."""
    return list_in_force().filter(node__path__in=prefixes(node.path)).order_by("step_minutes", "pk").first()


def list_rules(actor: Actor) -> QuerySet[EscalationRule]:
    """Rules of the actor's branches, the newest first."""
    return scope(EscalationRule.objects.all(), actor, "cases.view").select_related("node").order_by("-pk")


def get_rule(actor: Actor, pk: int) -> EscalationRule:
    """Raises NotFound."""
    found = list_rules(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def find_own_union(actor: Actor) -> Node | None:
    """The actor's own union."""
    return Node.objects.filter(pk=actor.node_id or 0).first()


def count_cases(actor: Actor) -> dict[str, int]:
    """Cases by phase, in one query."""
    phases = {
        phase: Count("id", filter=Q(state__in=_states_in(phase))) for phase in ("new", "working", "waiting", "closed")
    }
    phases[RAISED] = Count("id", filter=Q(raised_to__isnull=False))
    return scope(Case.objects.all(), actor, "cases.view").order_by().aggregate(**phases)


def get_case(actor: Actor, case_id: int) -> Case:
    """The case, if the actor may see it. Raises NotFound."""
    found = (
        scope(Case.objects.filter(pk=case_id), actor, "cases.view")
        .select_related("node", "handler", "stand_in", "employer", "division", "person", "raised_to")
        .first()
    )
    if found is None:
        raise NotFound()
    return found


def is_handled(actor: Actor, case: Case, permission: str = "cases.handle") -> bool:
    """Whether the actor may act on a case found by `get_case`, by branch or by a share to act; who has sent it on
    only looks."""
    return actor.may(permission, case.node.path) or scope(Case.objects.filter(pk=case.pk), actor, permission).exists()


def get_handled_case(actor: Actor, case_id: int, permission: str = "cases.handle") -> Case:
    """The case, to act on. Raises NotFound where the actor cannot see it, Forbidden where it may only be read."""
    case = get_case(actor, case_id)
    if not is_handled(actor, case, permission):
        raise Forbidden(f"这件事由{case.node.name}办理，您可以看，不能办。")
    return case


def list_own_cases(actor: Actor) -> QuerySet[Case]:
    """The cases of the signed-in worker: by account, by person in the register, or where a union wrote down the phone.

    A number that somebody typed without signing in proves nothing: it may be mistyped, or another's. Such a case is
    read by its receipt, until its sender takes it to the own ones (`is_keepable`).
    """
    if actor.user_id is None:
        return Case.objects.none()
    own = Q(account_id=actor.user_id)
    if actor.person_id is not None:
        own |= Q(person_id=actor.person_id) | Q(person__merged_into_id=actor.person_id)
    phone_index = _own_phone_index(actor)
    if phone_index:
        own |= Q(phone_index=phone_index) & ~Q(origin=UNVERIFIED)
    return Case.objects.filter(own).select_related("node", "handler").order_by("-opened_at", "-id")


def is_keepable(actor: Actor, case: Case) -> bool:
    """Whether a case found by its receipt can become the signed-in worker's own: sent without an account, with the
    number that the worker has meanwhile proved to own."""
    free = case.account_id is None and case.person_id is None and case.origin == UNVERIFIED
    return free and bool(case.phone_index) and case.phone_index == _own_phone_index(actor)


def _own_phone_index(actor: Actor) -> str:
    phone = find_own_phone(actor)
    return crypto.blind(phone, field=PHONE_FIELD) if phone else ""


def get_own_case(actor: Actor, case_id: int) -> Case:
    """One of the signed-in worker's own cases. Raises NotFound."""
    found = list_own_cases(actor).filter(pk=case_id).first()
    if found is None:
        raise NotFound()
    return found


def get_case_by_receipt(receipt: str) -> Case:
    """The case behind a receipt code, which its holder got when sending. Raises NotFound."""
    index = crypto.blind(receipt, field=RECEIPT_FIELD)
    found = Case.objects.select_related("node", "handler").filter(receipt_index=index).first()
    if found is None:
        raise NotFound()
    return found


def find_case_by_submit(submit_key: str) -> Case | None:
    """The case that an earlier send of the same form opened."""
    return Case.objects.filter(submit_key=submit_key).first() if submit_key else None


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line of the timeline, opened for a reader who may read it."""

    id: int
    at: datetime
    kind: str
    title: str
    text: str
    clock: str
    is_public: bool
    who: str
    files: tuple[SealedFile, ...]


def list_timeline(case: Case, *, public_only: bool) -> list[TimelineEntry]:
    """Newest first, in two queries. The caller has scoped the case."""
    entries = Entry.objects.filter(case=case).order_by("-at", "-id")
    if public_only:
        entries = entries.filter(is_public=True)
    rows = list(entries)
    files = list_files_of("cases.entry", [row.pk for row in rows])
    return [
        TimelineEntry(
            id=row.pk,
            at=row.at,
            kind=row.kind,
            title=row.title,
            text=_open_text(row.text_sealed, ENTRY_TEXT_FIELD),
            clock=row.clock,
            is_public=row.is_public,
            who=_who(row, case, public_only),
            files=tuple(files.get(row.pk, ())),
        )
        for row in rows
    ]


def get_file(case: Case, file_id: int, *, public_only: bool) -> SealedFile:
    """A file of the case's timeline. Raises NotFound; the caller has scoped the case."""
    entries = Entry.objects.filter(case=case)
    if public_only:
        entries = entries.filter(is_public=True)
    ids = list(entries.values_list("pk", flat=True))
    files = list_files_of("cases.entry", ids)
    file = next((file for of_entry in files.values() for file in of_entry if file.pk == file_id), None)
    if file is None:
        raise NotFound()
    return file


SYSTEM_NAME = "系统"


def _who(row: Entry, case: Case, public_only: bool) -> str:
    """To the applicant a union and a post; to the desk also a colleague's name, while the applicant's stays masked."""
    if public_only:
        return " ".join(part for part in (row.actor_union, row.actor_post) if part)
    if row.actor_union or row.actor_post or row.actor_name == SYSTEM_NAME:
        return " ".join(part for part in (row.actor_union, row.actor_post, row.actor_name) if part)
    return mask_name(row.actor_name) if row.actor_name else get_masked_applicant(case)


def _open_text(sealed: bytes | memoryview | None, field: str) -> str:
    """Sealed text in clear; empty for none."""
    return crypto.open_sealed(bytes(sealed), field=field) if sealed else ""


def get_body(case: Case) -> str:
    """What the applicant wrote. The caller has scoped the case."""
    return _open_text(case.body_sealed, BODY_FIELD)


def list_first_words(actor: Actor, case_ids: Iterable[int]) -> dict[int, str]:
    """The beginning of what was asked, numbers masked, by case: of the cases that the actor sees."""
    found = scope(Case.objects.filter(pk__in=list(case_ids)), actor, "cases.view").only("body_sealed")
    return {case.pk: _first_words(get_body(case)) for case in found}


def _first_words(text: str) -> str:
    words = " ".join(mask_numbers(text).split())
    return words if len(words) <= WORDS_SHOWN else f"{words[:WORDS_SHOWN]}…"


def get_outcome(case: Case) -> str:
    """How the matter ended, in the handler's words."""
    return _open_text(case.outcome_sealed, OUTCOME_FIELD)


def get_masked_phone(case: Case) -> str:
    """The applicant's phone for a screen."""
    return mask_phone(_open_text(case.phone_sealed, PHONE_FIELD)) if case.phone_sealed else ""


def get_masked_applicant(case: Case) -> str:
    """The applicant's name for a screen."""
    return mask_name(case.applicant_name) if case.applicant_name else "未留姓名"


def find_rating_end(case: Case, at: datetime) -> date | None:
    """The day on which a case that waits for its rating closes of itself; None for any other case."""
    if case.state != "proposed" or case.proposed_at is None:
        return None
    return rating_end(case.proposed_at, get_rating_days(at))


def get_rating_days(at: datetime) -> int:
    """For how many days a proposed case waits for its rating, by the policy in force."""
    return int(get_value("cases.rating_days", timezone.localdate(at)))


def list_colleagues(node_id: int) -> QuerySet[User]:
    """Active accounts of the union that handles a case: who can be its handler."""
    return User.objects.filter(node_id=node_id, is_active=True, username__isnull=False).order_by("name")


def find_open_pause(case: Case) -> Pause | None:
    """The pause that runs now."""
    return Pause.objects.filter(case=case, ends_at__isnull=True).first()


def list_referral_choices(case: Case) -> list[tuple[str, str]]:
    """Federations a case can be sent to: those above it, its neighbours under the same parent, and those below."""
    node = case.node
    near = Q(path__in=prefixes(node.path)) | Q(parent_id=node.parent_id) | Q(parent_id=node.pk)
    nodes = Node.objects.filter(near, is_local=True, closed_on__isnull=True).exclude(pk=node.pk)
    nodes = nodes.exclude(level="village").order_by("path")[:300]
    return [(str(each.pk), each.name) for each in nodes]


def get_referral_node(case: Case, node_id: int) -> Node:
    """One of the unions a case can be sent to. Raises NotFound."""
    node = Node.objects.filter(pk=node_id, is_local=True, closed_on__isnull=True).first()
    if node is None:
        raise NotFound()
    return node


def list_own_news(actor: Actor) -> QuerySet[Entry]:
    """Public lines on the signed-in worker's own cases that unions wrote, newest first."""
    own = list_own_cases(actor).order_by().values("pk")
    lines = Entry.objects.filter(case__in=own, is_public=True).exclude(kind__in=["opened", "material", "rated"])
    return lines.select_related("case__node").order_by("-at", "-id")
