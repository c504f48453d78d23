"""Recruit first (先发展会员): employers without a union of which many people have applied."""

from dataclasses import dataclass

from django.db.models import Count, Exists, Min, OuterRef, Q
from django.utils import timezone

from unionhome.core.members.models import Application
from unionhome.core.organizations.models import Employer
from unionhome.core.policy.queries import get_value
from unionhome.core.registry import Actor
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import scope

VIEW = "members.view"
WANTING = ("submitted", "returned", "joined")
MOST = 20


@dataclass(frozen=True, slots=True)
class Recruited:
    """An employer without a union and how many people of it applied. `employer_id` is None for a name as written.

    `least` is the number that prompts, `node` the federation to found under; `may_found` says that the actor founds
    there.
    """

    name: str
    employer_id: int | None
    count: int
    least: int
    node: Node
    may_found: bool


def list_recruited(actor: Actor) -> list[Recruited]:
    """Employers of the actor's branches with as many applicants as policy asks for, most first; at most twenty.

    工会法第十一条: with 25 members a committee must be formed. Applicants who were taken as members meanwhile count.
    """
    own = (
        Node(pk=actor.node_id, path=actor.node_path) if actor.node_id else None
    )  # the path is all that policy asks for
    least = int(get_value("members.recruit_first_count", timezone.localdate(actor.at), own))
    organized = Employer.objects.filter(name=OuterRef("employer_text"), union__isnull=False)
    rows = (
        scope(Application.objects.filter(state__in=WANTING), actor, VIEW)
        .filter(Q(employer__isnull=False, employer__union__isnull=True) | Q(employer=None) & ~Q(employer_text=""))
        .exclude(Q(employer=None) & Exists(organized))
        .order_by()
        .values("employer", "employer__name", "employer_text")
        .annotate(count=Count("user", distinct=True), first=Min("node"))
        .filter(count__gte=least)
        .order_by("-count", "employer_text")[:MOST]
    )
    found = list(rows)
    nodes = Node.objects.in_bulk([row["first"] for row in found]) if found else {}
    return [
        Recruited(
            row["employer__name"] or row["employer_text"],
            row["employer"],
            row["count"],
            least,
            nodes[row["first"]],
            actor.may("organizations.found", nodes[row["first"]].path),
        )
        for row in found
    ]
