"""Papers of the actor's branches, those of one row, and numbers that repeat."""

from dataclasses import dataclass

from django.db.models import Count, Model, Q, QuerySet

from unionhome.core.files.models import SealedFile
from unionhome.core.files.queries import list_files
from unionhome.core.papers.models import Paper
from unionhome.core.papers.workflow import PAPER
from unionhome.core.registry import Actor, NotFound, State
from unionhome.core.tree.queries import scope
from unionhome.core.workflow.models import Step
from unionhome.core.workflow.queries import NextStep, list_next_steps, list_steps

VIEW = "papers.view"


def get_paper(actor: Actor, pk: int, permission: str = VIEW) -> Paper:
    """A paper of the actor's branches, or one that was sent to its union. Raises NotFound."""
    found = scope(Paper.objects.select_related("node", "to_node"), actor, permission).filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def list_papers(actor: Actor, state: str = "") -> QuerySet[Paper]:
    """Papers the actor may see, the newest first."""
    rows = scope(Paper.objects.select_related("node"), actor, VIEW)
    return (rows.filter(state=state) if state else rows).order_by("-created_at", "-pk")


@dataclass(frozen=True, slots=True)
class Counts:
    """Papers by state, and all of them."""

    to_print: int
    to_seal: int
    sealed: int
    void: int
    total: int


def count_papers(actor: Actor) -> Counts:
    """One query."""
    states = {state.name: Count("pk", filter=Q(state=state.name)) for state in PAPER.states}
    return Counts(**scope(Paper.objects.all(), actor, VIEW).order_by().aggregate(**states, total=Count("pk")))


def find_paper(about: Model, kind: str) -> Paper | None:
    """The standing paper of that kind about a row the caller has scoped."""
    rows = Paper.objects.select_related("node").exclude(state="void").filter(is_withdrawn=False)
    return rows.filter(model=about._meta.label_lower, object_id=about.pk, kind=kind).first()


def list_papers_about(about: Model) -> list[Paper]:
    """Every standing paper about a row the caller has scoped, oldest first."""
    rows = Paper.objects.exclude(state="void").filter(model=about._meta.label_lower, object_id=about.pk)
    return list(rows.select_related("node").order_by("pk"))


def has_sealed(about: Model, kind: str) -> bool:
    """Whether the sealed copy of that paper came back."""
    paper = find_paper(about, kind)
    return paper is not None and paper.state == "sealed"


def _count_same_number(paper: Paper, number: str) -> int:
    """Other standing papers of the same union with that number: a hint only, the office numbers its papers."""
    if not number:
        return 0
    return Paper.objects.filter(node=paper.node_id, number=number).exclude(state="void").exclude(pk=paper.pk).count()


@dataclass(frozen=True, slots=True)
class PaperPage:
    """One paper with what its page shows."""

    state: State
    steps: tuple[Step, ...]
    next_steps: tuple[NextStep, ...]
    scans: tuple[SealedFile, ...]
    repeats: int


def get_page(actor: Actor, paper: Paper) -> PaperPage:
    """The page of a paper the caller has scoped."""
    facts = {"number_missing": is_number_missing(paper), "scan_missing": False}
    return PaperPage(
        state=PAPER.state(paper.state),
        steps=tuple(list_steps(paper)),
        next_steps=tuple(list_next_steps(actor, PAPER, paper, facts)),
        scans=tuple(list_files(paper)),
        repeats=_count_same_number(paper, paper.number),
    )


def is_number_missing(paper: Paper) -> bool:
    """A paper under a union's red heading wants a number; others may do without."""
    return bool(paper.letter.get("organ")) and not paper.number


def get_scan(paper: Paper, place: int) -> SealedFile:
    """A page of the sealed copy by its place, counted from 1. Raises NotFound."""
    scans = list(list_files(paper))
    if not 1 <= place <= len(scans):
        raise NotFound()
    return scans[place - 1]
