"""Finding members: one box for names, initials, numbers and cards, quick in the register of a whole city.

A search finds ids first, at most a thousand and one, each way through the index made for it; the persons of one page are
read afterwards. What is beyond a thousand is neither counted nor listed: nobody looks through it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from unionhome.core.members.models import Membership, Person
from unionhome.core.members.rules import sealed
from unionhome.core.members.rules.codes import STANDING
from unionhome.core.registry import Actor, BadInput
from unionhome.core.tree.queries import scope, scope_parts
from unionhome.kit import codes
from unionhome.kit.pinyin import initials

VIEW = "members.view"
SHORTEST = 2
MOST_FOUND = 1000
"""Members that a search lists and counts."""
FEW = 300
"""Unions of a branch up to which a name is looked up union by union; beyond, in the whole register."""
LAST = "\U0010ffff"
KEY = ("name_initials", "name", "node", "pk")
"""The order of a list of members."""


@dataclass(frozen=True, slots=True)
class Found:
    """The members that a search found, in their order: `ids`, and whether there are more than those."""

    ids: tuple[int, ...]
    is_more: bool

    @property
    def total_text(self) -> str:
        """23, or 1,000+"""
        return f"{len(self.ids):,}" + ("+" if self.is_more else "")


def find_persons(actor: Actor, text: str, *, union_id: int | None = None) -> Found:
    """Persons of the actor's branches by beginning of name, pinyin initials, last four signs, phone, document or card.

    `union_id` narrows it to one union, where a single sign will do. Raises BadInput for a shorter search.
    """
    text = text.replace("\0", "").strip()
    if len(text) < (SHORTEST if union_id is None else 1):
        raise BadInput(
            "请至少输入两个字再查，或者先选一个工会。",
            "search-too-short",
            fields={"text": "请至少输入两个字"},
        )
    holders = _list_holders(text, timezone.localdate(actor.at))
    if holders is not None:
        # Whom a number fits is found first, by its index; only then, who of them may be seen.
        keys = _keys(_of_union(scope(_present().filter(pk__in=list(holders)), actor, VIEW), union_id))
    elif union_id is not None:
        keys = _keys(scope(_of_union(_begins(_present(), text), union_id), actor, VIEW))
    else:
        keys = _find_by_name(actor, text)
    ids = [key[-1] for key in sorted(set(keys))]
    return Found(tuple(ids[:MOST_FOUND]), len(ids) > MOST_FOUND)


def _present() -> QuerySet[Person]:
    return Person.objects.filter(merged_into__isnull=True)


def _of_union(persons: QuerySet[Person], union_id: int | None) -> QuerySet[Person]:
    return persons if union_id is None else persons.filter(node=union_id)


def _keys(persons: QuerySet[Person]) -> Iterable[tuple[Any, ...]]:
    return persons.values_list(*KEY)[: MOST_FOUND + 1]


def _list_holders(text: str, today: date) -> QuerySet[Any] | None:
    """Ids of those whom a number fits, in any branch; None for what is no number. Never for a page as it is."""
    if number := _document(text, today):
        return _present().filter(document_index__in=sealed.document_indexes(number)).values_list("pk", flat=True)
    if phone := _phone(text):
        return Person.objects.filter(phone_index=sealed.phone_index(phone)).values_list("pk", flat=True)
    if re.fullmatch(r"\d{3}[\dXx]", text):
        by_document = Person.objects.filter(document_tail_index=sealed.tail_index(text)).values_list("pk", flat=True)
        by_phone = Person.objects.filter(phone_tail_index=sealed.phone_tail_index(text)).values_list("pk", flat=True)
        return by_document.union(by_phone)
    if text.isascii() and text.isdigit():
        return Membership.objects.filter(card_no=text, status__in=STANDING).values_list("person", flat=True)
    return None


def is_private_text(actor: Actor, text: str) -> bool:
    """Whether a search holds a whole document number or phone, which no address and no log may keep."""
    return bool(_document(text, timezone.localdate(actor.at)) or _phone(text))


def _document(text: str, today: date) -> str:
    try:
        return codes.parse_identity(text, on=today).number
    except codes.CodeError:
        return ""


def _phone(text: str) -> str:
    try:
        return codes.parse_mobile(text)
    except codes.CodeError:
        return ""


# -- names -----------------------------------------------------------------------------------------------------------


def _find_by_name(actor: Actor, text: str) -> list[tuple[Any, ...]]:
    """Along the index of all names where the branch is wide; union by union where it is not."""
    inside, shared, is_few = scope_parts(_begins(_present(), text), actor, VIEW, few=FEW)
    return [*_keys(_apart(inside) if is_few else inside), *_keys(_apart(shared))]


def _begins(persons: QuerySet[Person], text: str) -> QuerySet[Person]:
    """Who is written so at the beginning. Letters are initials, and a name of letters has itself for initials; other
    names are looked up by their initials too, being read as names from their second sign on."""
    is_letters = text.isascii() and text.isalpha()
    low = text.lower() if is_letters else initials(text)
    if low and (is_letters or len(text) >= SHORTEST):
        persons = persons.filter(name_initials__gte=low, name_initials__lt=low + LAST)
    if not is_letters:
        persons = persons.filter(name__gte=text, name__lt=text + LAST)
    return persons.order_by(*KEY)


def _apart(persons: QuerySet[Person]) -> QuerySet[Person]:
    """In the same order, but so written that no index promises it: SQLite would rather sort nothing than seek little."""
    return persons.order_by(*(Coalesce(field, Value("")) for field in KEY[:2]), *KEY[2:])


# -- the lines of a page ---------------------------------------------------------------------------------------------


def list_persons(actor: Actor, union_id: int) -> QuerySet[Person]:
    """Everybody whose file one union of the actor's branches keeps."""
    return _with_standing(scope(_present(), actor, VIEW).filter(node=union_id)).order_by(*KEY)


def list_found(actor: Actor, ids: Sequence[int]) -> list[Person]:
    """The persons of one page of what `find_persons` found, in that order."""
    held = _with_standing(scope(_present(), actor, VIEW).filter(pk__in=list(ids))).in_bulk()
    return [held[pk] for pk in ids if pk in held]


def _with_standing(persons: QuerySet[Person]) -> QuerySet[Person]:
    first = Membership.objects.filter(person=OuterRef("person")).order_by("joined_on").values("joined_on")[:1]
    standing = (
        Membership.objects.filter(status__in=STANDING).annotate(first_on=Subquery(first)).select_related("employer")
    )
    return persons.select_related("node").prefetch_related(Prefetch("memberships", standing, to_attr="standing"))
