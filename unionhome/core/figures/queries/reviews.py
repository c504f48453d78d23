"""Reviews that are being written, what their numbers are called, and the documents that give some of them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from unionhome.core.figures.models import OutsideNumber, Publication, Review
from unionhome.core.figures.queries.catalog import list_figures
from unionhome.core.figures.queries.review import BoundReview, get_review, get_said, list_standing_outside
from unionhome.core.figures.queries.values import PERMISSION
from unionhome.core.figures.rules.editing import to_typed
from unionhome.core.figures.rules.prose import Section, from_data
from unionhome.core.figures.rules.published import PUBLISHED
from unionhome.core.registry import Actor, NotFound
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import scope
from unionhome.kit.dates import Period

EDITABLE = ("returned", "cancelled")
"""States of its publication in which the words of a review may change."""


WAITS = Q(statement="", publication__isnull=False) & ~Q(publication__state__in=EDITABLE)
REVIEW_STATES = {
    "draft": Q(statement="") & ~WAITS,
    "waiting": WAITS,
    "signed": ~Q(statement="") & Q(is_superseded=False),
    "superseded": ~Q(statement="") & Q(is_superseded=True),
}
"""How far a review is; each is in exactly one of them."""


def list_reviews(actor: Actor, state: str = "") -> QuerySet[Review]:
    """Reviews of the actor's branches, the newest period first, those of one of `REVIEW_STATES` if it is named."""
    rows = _reviews(actor).select_related("node", "changed_by", "publication", "corrects")
    return rows.filter(REVIEW_STATES.get(state, Q())).order_by("-end_on", "-pk")


def count_reviews(actor: Actor) -> Mapping[str, int]:
    """How many are how far, and `all`; one query."""
    counted = {name: Count("pk", filter=condition) for name, condition in REVIEW_STATES.items()}
    return _reviews(actor).order_by().aggregate(all=Count("pk"), **counted)


def _reviews(actor: Actor) -> QuerySet[Review]:
    newer = Review.objects.exclude(statement="").filter(corrects=OuterRef("pk"))
    return scope(Review.objects.annotate(is_superseded=Exists(newer)), actor, PERMISSION)


def get_review_state(review: Review) -> str:
    """How far a review of `list_reviews` is, one of `REVIEW_STATES`."""
    if review.statement:
        return "superseded" if getattr(review, "is_superseded", False) else "signed"
    return "waiting" if is_review_under_way(review) else "draft"


def get_draft(actor: Actor, pk: int) -> Review:
    """A review of the actor's branches. Raises NotFound."""
    found = list_reviews(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def find_draft(actor: Actor, node: Node, period: Period) -> Review | None:
    """The newest review of a union about exactly this stretch of time."""
    return list_reviews(actor).filter(node=node, start_on=period.start_on, end_on=period.end_on).first()


def get_period(review: Review) -> Period:
    """The stretch of time a review is about."""
    return Period(review.start_on, review.end_on)


def list_sections(review: Review) -> tuple[Section, ...]:
    """The words of a review."""
    return from_data(review.sections)


def get_bound_draft(actor: Actor, review: Review, sections: tuple[Section, ...] | None = None) -> BoundReview:
    """A review the caller has scoped, with its numbers as they are now."""
    taken = list_sections(review) if sections is None else sections
    return get_review(actor, review.node, get_period(review), review.title, taken)


def get_newest_review(actor: Actor, node: Node, period: Period) -> BoundReview:
    """The review written for a union and stretch of time, else the form every union may start from."""
    draft = find_draft(actor, node, period)
    return get_bound_draft(actor, draft) if draft else get_review(actor, node, period)


def get_written(actor: Actor, review: Review) -> dict[str, Any]:
    """What a review the caller has scoped says: as it was signed or frozen, else with the numbers of now."""
    if review.statement:
        said: dict[str, Any] = json.loads(review.statement)["review"]
        return said
    if is_review_under_way(review) and review.frozen:
        frozen: dict[str, Any] = review.frozen
        return frozen
    return get_said(get_bound_draft(actor, review))


def is_review_under_way(review: Review) -> bool:
    """Whether a review goes from hand to hand to be signed, so that its words stand still."""
    return review.publication is not None and not review.statement and review.publication.state not in EDITABLE


def find_review_of(publication: Publication) -> Review | None:
    """The review whose numbers a publication holds."""
    return Review.objects.filter(publication=publication).first()


def get_newest_written(actor: Actor, node: Node, period: Period) -> dict[str, Any]:
    """The same for the newest review of a union and stretch of time, else for the form every union may start from."""
    draft = find_draft(actor, node, period)
    return get_written(actor, draft) if draft else get_said(get_review(actor, node, period))


def get_signed(public_id: str) -> Review:
    """A signed review, for everybody. Raises NotFound."""
    found = Review.objects.exclude(statement="").select_related("node", "key").filter(public_id=public_id).first()
    if found is None:
        raise NotFound("没有这篇综述。")
    return found


def find_correction(review: Review) -> Review | None:
    """The version that took the place of a signed one, once it is signed itself."""
    return Review.objects.exclude(statement="").filter(corrects=review).first()


@dataclass(frozen=True, slots=True)
class Names:
    """What the editor calls figures: by code, and back. Of two with the same name the second bears its code."""

    by_code: Mapping[str, str]
    by_name: Mapping[str, str]


def get_names(node: Node, period: Period) -> Names:
    """Declared figures, printed numbers nobody declares yet, and those of documents for this union and time."""
    found = [(figure.code, figure.name) for figure in list_figures()]
    found += [(each.code, each.name) for each in PUBLISHED]
    found += [(each.code, each.name) for each in list_standing_outside(node, period)]
    by_code: dict[str, str] = {}
    by_name: dict[str, str] = {}
    for code, name in found:
        if code in by_code:
            continue
        plain = name.replace("#", "").replace("/", "每")
        chosen = plain if plain not in by_name else f"{plain}（{code}）"
        by_code[code], by_name[chosen] = chosen, code
    return Names(by_code, by_name)


def get_typed(section: Section, names: Names) -> str:
    """One section as its editor shows it."""
    return to_typed(section.paragraphs, names.by_code)


def list_outside(actor: Actor) -> QuerySet[OutsideNumber]:
    """Numbers of documents of the actor's branches, the newest first, withdrawn ones included."""
    rows = OutsideNumber.objects.select_related("node", "entered_by")
    return scope(rows, actor, PERMISSION).order_by("-entered_at", "-pk")


def get_outside(actor: Actor, pk: int, permission: str = PERMISSION) -> OutsideNumber:
    """A number of a document. Raises NotFound."""
    found = scope(OutsideNumber.objects.select_related("node"), actor, permission).filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def list_undeclared() -> list[tuple[str, str, str]]:
    """Code, name and unit of the printed numbers that no room gives yet."""
    known = {figure.code for figure in list_figures()}
    return [(each.code, each.name, each.unit) for each in PUBLISHED if each.code not in known]
