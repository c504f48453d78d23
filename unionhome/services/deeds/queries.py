"""Reading deeds: those of a branch, the open list of a year, what a worker may rate, and the needs beneath them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from unionhome.core.cases.models import Case
from unionhome.core.cases.queries import list_cases, list_own_cases
from unionhome.core.files.models import Kind, SealedFile
from unionhome.core.members.queries import get_membership
from unionhome.core.registry import Actor, Forbidden, NotFound
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import find_local_above, scope
from unionhome.core.tree.rules import prefixes
from unionhome.core.workflow.rules import overdue_q
from unionhome.kit import crypto
from unionhome.services.deeds.models import Deed, DeedNeed, DeedRating, Evidence, Score, Stage
from unionhome.services.deeds.rules import TEXT_FIELD

VIEW = "deeds.view"
MOST_WORDS = 30
MOST_OFFERED = 30
PHASES: Mapping[str, tuple[str, ...]] = {
    "collected": ("collected",),
    "listed": ("listed",),
    "taken": ("taken",),
    "done": ("done", "checked"),
    "rated": ("struck_off", "rated"),
    "ended": ("published", "kept"),
    "dropped": ("dropped",),
}
STRUCK = ("struck_off", "rated", "published", "kept")
"""The states of a deed that counts as done."""
PROMISED = ("listed", "taken")
AWAITS_CHECK = "done"
OPEN = Q(is_open=True, listed_on__isnull=False)
"""What everybody may read of: it stands on a list, and whoever listed it opened it."""


def list_deeds(actor: Actor, *, phase: str = "", year: int | None = None, text: str = "") -> QuerySet[Deed]:
    """Deeds of the actor's branches, the newest first. `phase` is one of PHASES or late: the next step's day is past."""
    deeds = scope(Deed.objects.all(), actor, VIEW).select_related("node", "owner").order_by("-opened_on", "-pk")
    if year is not None:
        deeds = deeds.filter(_of_year(year))
    if text:
        deeds = deeds.filter(Q(number__iexact=text) | Q(title__contains=text) | Q(node__name__contains=text))
    if phase == "late":
        return deeds.filter(_late_q(actor.at))
    return deeds.filter(state__in=PHASES[phase]) if phase in PHASES else deeds


def _late_q(at: datetime) -> Q:
    """Whose next step is late. One that is done and waits for its check is the checker's: the inbox tells those."""
    return overdue_q(at) & ~Q(state=AWAITS_CHECK)


def _of_year(year: int) -> Q:
    """What stands on the list of a year, and what was collected in it and stands on none."""
    return Q(year=year) | Q(year=None, opened_on__year=year)


def count_deeds(actor: Actor, year: int | None = None) -> dict[str, int]:
    """Deeds by phase, all of them, and those late, in one query."""
    deeds = scope(Deed.objects.all(), actor, VIEW).order_by()
    counts = {phase: Count("pk", filter=Q(state__in=states)) for phase, states in PHASES.items()}
    counts |= {"late": Count("pk", filter=_late_q(actor.at)), "all": Count("pk")}
    return (deeds if year is None else deeds.filter(_of_year(year))).aggregate(**counts)


def list_years(actor: Actor) -> list[int]:
    """The years of which the actor sees a list, the newest first."""
    deeds = scope(Deed.objects.filter(year__isnull=False), actor, VIEW).order_by()
    return sorted({int(year) for year in deeds.values_list("year", flat=True).distinct() if year}, reverse=True)


def list_unions(actor: Actor, year: int) -> QuerySet[Any, Any]:
    """What each union has on the lists of a year: listed, being done, done, late, people and fen; the latest first."""
    deeds = scope(Deed.objects.filter(year=year), actor, VIEW).order_by()
    done = Q(state__in=STRUCK)
    late = Q(state__in=PROMISED) & overdue_q(actor.at)
    return (
        deeds.values("node_id", "node__name")
        .annotate(
            listed_count=Count("pk"),
            taken_count=Count("pk", filter=Q(state__in=("taken", "done", "checked"))),
            done_count=Count("pk", filter=done),
            late_count=Count("pk", filter=late),
            dropped_count=Count("pk", filter=Q(state="dropped")),
            served=Sum("people_count", filter=done),
            spent_fen=Sum("cost_fen", filter=done),
        )
        .order_by("-late_count", "-listed_count", "node__path")
    )


def get_deed(actor: Actor, deed_id: int) -> Deed:
    """The deed, if the actor may see it. Raises NotFound."""
    found = scope(Deed.objects.filter(pk=deed_id), actor, VIEW).select_related("node", "owner").first()
    if found is None:
        raise NotFound()
    return found


def get_handled_deed(actor: Actor, deed_id: int, permission: str = "deeds.handle") -> Deed:
    """The deed, to act on. Raises NotFound where the actor cannot see it, Forbidden where it may only be read."""
    deed = get_deed(actor, deed_id)
    if not actor.may(permission, deed.node.path):
        raise Forbidden(f"这件实事由{deed.node.name}办，您可以看，不能办。")
    return deed


def find_checker(deed: Deed) -> Node:
    """The union that checks it: the one on whose list it stands where that is above, else the federation above; the
    city's own are checked by another person of the city."""
    if deed.owner is not None and deed.owner_id != deed.node_id:
        return deed.owner
    return find_local_above(deed.node) or deed.node


def get_facts(actor: Actor, deed: Deed) -> dict[str, Any]:
    """What the guards of the table look at."""
    owner = deed.owner or deed.node
    return {
        "is_owners": actor.may("deeds.list", owner.path),
        "is_above": deed.state == "done" and actor.may("deeds.check", find_checker(deed).path),
    }


def list_evidence(deed: Deed) -> dict[str, list[SealedFile]]:
    """Pictures before and after and papers, by stage, the oldest first. The caller has scoped the deed."""
    found: dict[str, list[SealedFile]] = {stage: [] for stage in Stage.values}
    for row in Evidence.objects.filter(deed=deed, file__erased_at=None).select_related("file").order_by("pk"):
        found[row.stage].append(row.file)
    return found


def get_file(deed: Deed, file_id: int, *, is_public: bool = False) -> SealedFile:
    """A file of the deed that the caller has scoped; to everybody only a picture that was opened. Raises NotFound."""
    rows = Evidence.objects.filter(deed=deed, file_id=file_id, file__erased_at=None).select_related("file")
    if is_public:
        seen = deed.state == "published" and deed.has_open_pictures
        rows = rows.filter(file__kind=Kind.IMAGE, stage__in=(Stage.BEFORE, Stage.AFTER)) if seen else rows.none()
    row = rows.first()
    if row is None:
        raise NotFound()
    return row.file


# -- needs ---------------------------------------------------------------------------------------------------------------


def _open_needs() -> QuerySet[DeedNeed]:
    """Needs under deeds, without those that came to be kept from an employer after they were put there."""
    return DeedNeed.objects.filter(case__hidden_path="")


def count_needs(deed: Deed) -> int:
    """How many needs became part of the deed."""
    return _open_needs().filter(deed=deed).count()


def list_needs(actor: Actor, deed: Deed) -> list[Case]:
    """The needs beneath a deed that the actor may read, the oldest first."""
    ids = _open_needs().filter(deed=deed).values("case_id")
    return list(list_cases(actor).filter(pk__in=ids).order_by("pk")[:MOST_OFFERED])


def list_told(deed: Deed) -> list[Case]:
    """The cases beneath a deed whose applicants are told of it."""
    ids = _open_needs().filter(deed=deed).values("case_id")
    return list(Case.objects.filter(pk__in=ids).select_related("node").order_by("pk"))


def find_deed_of(case: Case) -> Deed | None:
    """The deed that a need became part of; none for a matter that is kept from an employer."""
    if case.hidden_path:
        return None
    return Deed.objects.select_related("node", "owner").filter(needs__case=case).first()


def list_ready(actor: Actor) -> list[Deed]:
    """Deeds of the actor's branches that needs can still be put under, the newest first."""
    deeds = scope(Deed.objects.filter(state__in=("collected", "listed", "taken")), actor, "deeds.handle")
    return list(deeds.select_related("node", "owner").order_by("-opened_on", "-pk")[:MOST_OFFERED])


# -- what everybody reads ------------------------------------------------------------------------------------------------


def list_open(year: int, owner_id: int | None = None) -> QuerySet[Deed]:
    """The open list of a year, of one union or of all: in the order of decision."""
    deeds = (
        Deed.objects.filter(OPEN, year=year).select_related("node", "owner").order_by("owner__path", "listed_on", "pk")
    )
    return deeds if owner_id is None else deeds.filter(owner_id=owner_id)


@dataclass(frozen=True, slots=True)
class Standing:
    """How far an open list is: how many stand on it, how many were done, how many people those served."""

    total: int
    done: int
    people: int


def count_open(deeds: QuerySet[Deed]) -> Standing:
    """One query."""
    done = Q(state__in=STRUCK)
    found = deeds.order_by().aggregate(
        total=Count("pk"), done=Count("pk", filter=done), people=Sum("people_count", filter=done)
    )
    return Standing(found["total"], found["done"], found["people"] or 0)


def list_open_years() -> list[int]:
    """The years that have an open list, the newest first."""
    years = Deed.objects.filter(OPEN).order_by().values_list("year", flat=True).distinct()
    return sorted((year for year in years if year), reverse=True)


def list_open_owners(year: int) -> list[Node]:
    """The unions that have an open list of that year, from the top."""
    owners = Deed.objects.filter(OPEN, year=year).order_by().values("owner_id")
    return list(Node.objects.filter(pk__in=owners).order_by("path"))


def get_open_deed(deed_id: int) -> Deed:
    """A deed that everybody may read of. Raises NotFound."""
    found = Deed.objects.filter(OPEN, pk=deed_id).select_related("node", "owner").first()
    if found is None:
        raise NotFound()
    return found


# -- rating ----------------------------------------------------------------------------------------------------------------


def list_mine(actor: Actor) -> QuerySet[Deed]:
    """The open deeds of the lists that are the worker's: of the unions above the own one, and those that an own need
    became part of. The newest list first."""
    own = Q(pk__in=_open_needs().filter(case__in=list_own_cases(actor).order_by().values("pk")).values("deed_id"))
    membership = get_membership(actor.person_id)
    if membership is not None:
        own |= Q(owner__path__in=prefixes(membership.node.path))
    return Deed.objects.filter(OPEN & own).select_related("node", "owner").order_by("-year", "listed_on", "pk")


def get_rated_deed(actor: Actor, deed_id: int) -> Deed:
    """A deed that the worker may rate or has rated. Raises NotFound for one of another branch."""
    found = list_mine(actor).filter(pk=deed_id).first()
    if found is None:
        raise NotFound()
    return found


def is_rateable(deed: Deed, day: date) -> bool:
    """Whether its days of rating run."""
    return deed.state == "struck_off" and deed.rating_ends_on is not None and day <= deed.rating_ends_on


def list_rated_ids(actor: Actor, deeds: Iterable[Deed]) -> set[int]:
    """Which of those deeds the worker has rated."""
    mine = DeedRating.objects.filter(account_id=actor.user_id, deed__in=list(deeds))
    return set(mine.values_list("deed_id", flat=True))


def count_ratings(deed: Deed) -> dict[str, int]:
    """How many said what, by score."""
    rows = DeedRating.objects.filter(deed=deed).order_by().values_list("score").annotate(number=Count("pk"))
    return dict.fromkeys(Score.values, 0) | dict(rows)


def list_words(deed: Deed) -> list[tuple[str, str]]:
    """The newest scores with words, without whose they are. The caller has scoped the deed."""
    rows = DeedRating.objects.filter(deed=deed, text_sealed__isnull=False).order_by("-pk")[:MOST_WORDS]
    sealed = [(row.get_score_display(), row.text_sealed) for row in rows]
    return [(score, crypto.open_sealed(bytes(blob), field=TEXT_FIELD)) for score, blob in sealed if blob]


def list_owners(actor: Actor, deed: Deed) -> list[Node]:
    """The unions on whose list the actor may put a deed: the one that proposed it and the federations above it."""
    above = Node.objects.filter(path__in=prefixes(deed.node.path), closed_on__isnull=True).order_by("-path")
    return [node for node in above if actor.may("deeds.list", node.path)]
