"""Coverage gaps: which places and employers lack their union or grid worker, counted and listed."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Substr

from unionhome.core.organizations.models import Coverage, GridCell
from unionhome.core.organizations.queries.unions import VIEW
from unionhome.core.organizations.rules import COVERAGES
from unionhome.core.registry import Actor
from unionhome.core.tree.queries import scope
from unionhome.kit.codes import CodeError, division_prefix


@dataclass(frozen=True, slots=True)
class GapFilters:
    """What narrows the gaps. `kind` is one of `rules.COVERAGES`, `division` any code."""

    kind: str = ""
    division: str = ""
    text: str = ""

    def __bool__(self) -> bool:
        return any((self.kind, self.division, self.text))


@dataclass(frozen=True, slots=True)
class Covered:
    """How many stand under one question, and how many of them are gaps."""

    kind: str
    label: str
    total: int
    gaps: int

    @property
    def share(self) -> float | None:
        """Covered, per cent of all; None where there is nothing to cover."""
        return 100 * (self.total - self.gaps) / self.total if self.total else None


def _open(actor: Actor, division: str) -> QuerySet[Coverage]:
    found = scope(Coverage.objects.filter(ends_on=None), actor, VIEW)
    try:
        return found.filter(division__prefix__startswith=division_prefix(division)) if division else found
    except CodeError:
        return found


def list_gaps(actor: Actor, filters: GapFilters) -> QuerySet[Coverage]:
    """The actor's gaps that match, county by county and town by town."""
    found = _open(actor, filters.division).filter(is_covered=False)
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.text:
        text = filters.text.replace("\x00", "").strip()
        found = found.filter(Q(employer__name__contains=text) | Q(division__name__contains=text))
    return found.select_related("division__parent__parent", "employer", "node").order_by(
        "division__code", "kind", "employer__name", "pk"
    )


def count_coverage(actor: Actor, division: str = "") -> list[Covered]:
    """All and gaps under each question, in one query."""
    rows = _open(actor, division).order_by().values_list("kind")
    found = {
        kind: (total, gaps)
        for kind, total, gaps in rows.annotate(total=Count("pk"), gaps=Count("pk", filter=Q(is_covered=False)))
    }
    return [Covered(kind, label, *found.get(kind, (0, 0))) for kind, label in COVERAGES]


def count_coverage_by_path(actor: Actor, kind: str, width: int) -> dict[str, tuple[int, int]]:
    """All and gaps under one question by the first `width` signs of the path, in one query."""
    rows = scope(Coverage.objects.filter(ends_on=None, kind=kind), actor, VIEW).order_by()
    grouped = rows.annotate(top=Substr("node__path", 1, width)).values_list("top")
    return {
        top: (total, gaps)
        for top, total, gaps in grouped.annotate(total=Count("pk"), gaps=Count("pk", filter=Q(is_covered=False)))
    }


def list_cells_of_places(codes: set[str]) -> dict[str, int]:
    """The first standing cell of each place, by the place's code: where a worker is still to be named."""
    rows = GridCell.objects.filter(division__in=codes, ends_on=None).order_by("-serial")
    return dict(rows.values_list("division", "pk"))
