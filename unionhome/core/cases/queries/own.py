"""A worker's own cases: by account, by the register, by receipt."""

from django.db.models import Q, QuerySet

from unionhome.core.access.models import User
from unionhome.core.access.queries import find_account, find_own_phone
from unionhome.core.cases.models import Case, Entry
from unionhome.core.cases.rules import OUTSIDE, PHONE_FIELD, RECEIPT_FIELD
from unionhome.core.registry import Actor, NotFound
from unionhome.kit import crypto

UNVERIFIED = ("phone", OUTSIDE)
"""Origins of what was sent from the public page or by another system, where nobody has checked the number."""


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
        own |= Q(phone_index=phone_index) & ~Q(origin__in=UNVERIFIED)
    return Case.objects.filter(own).select_related("node", "handler").order_by("-opened_at", "-id")


def is_keepable(actor: Actor, case: Case) -> bool:
    """Whether a case found by its receipt can become the signed-in worker's own: sent without an account, with the
    number that the worker has meanwhile proved to own."""
    free = case.account_id is None and case.person_id is None and case.origin in UNVERIFIED
    return free and bool(case.phone_index) and case.phone_index == _own_phone_index(actor)


def _own_phone_index(actor: Actor) -> str:
    phone = find_own_phone(actor)
    return crypto.blind(phone, field=PHONE_FIELD) if phone else ""


def find_applicant_account(case: Case, phone: str) -> User | None:
    """The account in whose own matters the case stands, by the rules of `list_own_cases`; `phone` is the case's."""
    if case.account_id is not None:
        return User.objects.filter(pk=case.account_id, is_active=True).first()
    return find_account(person_id=case.person_id, phone="" if case.origin in UNVERIFIED else phone)


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


def get_holder(actor: Actor, case: Case) -> Actor:
    """Who comes by a receipt to a matter that names nobody stays nobody, signed in or not: what was sent without a name
    must not get one by the next word or tap."""
    is_named = case.account_id is not None or case.person_id is not None
    return actor if is_named else Actor.public(actor.at, actor.request_id)


def list_own_news(actor: Actor) -> QuerySet[Entry]:
    """Public lines on the signed-in worker's own cases that unions wrote, newest first."""
    own = list_own_cases(actor).order_by().values("pk")
    lines = Entry.objects.filter(case__in=own, is_public=True).exclude(kind__in=["opened", "material", "rated"])
    return lines.select_related("case__node").order_by("-at", "-id")
