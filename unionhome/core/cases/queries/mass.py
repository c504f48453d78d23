"""Mass matters: what belongs together, who sees them, who was named."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from unionhome.core.access.models import User
from unionhome.core.access.queries import get_actor
from unionhome.core.cases.models import Case, MassMatter
from unionhome.core.cases.queries.kinds import get_kind
from unionhome.core.cases.rules import UnionFacts, choose_mass_path, count_apart
from unionhome.core.cases.workflow import MASS
from unionhome.core.organizations.models import Employer
from unionhome.core.organizations.queries import find_employer_by_name
from unionhome.core.policy.queries import get_value
from unionhome.core.registry import Actor, NotFound
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import find_hidden, list_local_above, list_shares, scope

OPEN = tuple(state.name for state in MASS.states if not state.is_end)
LABEL = "cases.massmatter"
VIEW = "cases.view"


def list_mass(actor: Actor) -> QuerySet[MassMatter]:
    """Mass matters of the actor's branches and those the actor is named for, what is open first."""
    found = scope(MassMatter.objects.all(), actor, VIEW).select_related("node", "division", "handler")
    return found.order_by("-opened_at", "-pk")


def get_mass(actor: Actor, pk: int) -> MassMatter:
    """Raises NotFound."""
    found = list_mass(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def find_mass(actor: Actor, case: Case) -> MassMatter | None:
    """The mass matter of a case, if the actor may see it."""
    return list_mass(actor).filter(pk=case.mass_id).first() if case.mass_id else None


def find_open_mass(case: Case) -> MassMatter | None:
    """The open mass matter that a case belongs to already."""
    return MassMatter.objects.filter(pk=case.mass_id or 0, state__in=OPEN).select_related("node").first()


def find_mass_refusal(case: Case, node: Node) -> str:
    """Why a case cannot go to a union: of an open mass matter only upwards. Empty where it can."""
    matter = find_open_mass(case)
    if matter is None or matter.node.path.startswith(node.path):
        return ""
    return f"这件在群体性事项里，只留在{matter.node.name}。要别的工会一起办，请在群体性事项里点名。"


def list_mass_cases(actor: Actor, matter: MassMatter) -> list[Case]:
    """Its cases, as far as the actor sees them, the oldest first."""
    found = scope(Case.objects.filter(mass=matter), actor, VIEW)
    return list(found.select_related("node").order_by("opened_at", "pk"))


def list_named(matter: MassMatter, at: datetime) -> list[User]:
    """Who was named for it. The caller has scoped the matter."""
    ids = [share.user_id for share in list_shares(LABEL, matter.pk, at) if share.user_id]
    return list(User.objects.filter(pk__in=ids).select_related("node").order_by("name", "pk"))


def is_kept_from(matter: MassMatter, user: User, at: datetime) -> bool:
    """Whether an account works where the employer's union is, which must never see the matter."""
    return bool(find_hidden(get_actor(user, "desk", at), MassMatter, [matter.pk]))


def may_report(case: Case) -> bool:
    """Whether a case can be reported as a mass matter: of the usual kinds, under way, no appeal, in none yet."""
    usual = not get_kind(case.kind).step_url and case.appeal_of_id is None
    return usual and case.ended_on is None and find_open_mass(case) is None


def get_people_limit(case: Case, at: datetime) -> int:
    """From how many people on one matter is a mass matter."""
    return int(get_value("cases.mass_people", timezone.localdate(at), case.node))


def find_own_employer(case: Case) -> Employer | None:
    """The employer of a case in the register, also where it was only written down."""
    return case.employer or (find_employer_by_name(case.employer_text) if case.employer_text else None)


def _ground_q(case: Case) -> dict[str, Q]:
    """By what a case can belong with others, of its kind and category: its employer, its place."""
    found: dict[str, Q] = {}
    if case.employer_id is not None:
        found[MassMatter.Ground.EMPLOYER] = Q(employer=case.employer_id)
    elif case.employer_text:
        found[MassMatter.Ground.EMPLOYER] = Q(employer=None, employer_text=case.employer_text)
    if case.division_id is not None and case.place_text:
        found[MassMatter.Ground.PLACE] = Q(division=case.division_id, place_text=case.place_text)
    return {ground: same & Q(kind=case.kind, category=case.category) for ground, same in found.items()}


def find_matching_mass(case: Case) -> MassMatter | None:
    """The open mass matter that a new case belongs to: by employer or place, of its kind and category."""
    for ground, same in _ground_q(case).items():
        grounds = [ground, MassMatter.Ground.PEOPLE]
        found = MassMatter.objects.filter(same, ground__in=grounds, state__in=OPEN).select_related("node")
        if matter := found.order_by("pk").first():
            return matter
    return None


def find_mass_group(case: Case) -> tuple[str, list[Case], int] | None:
    """Why a new case is one of a mass matter, its cases and how many people stand behind them; None where too few have
    said the same within the days of the policies."""
    day = case.opened_on
    least, days = (int(get_value(f"cases.mass_{what}", day, case.node)) for what in ("cases", "days"))
    for ground, same in _ground_q(case).items():
        rows = Case.objects.filter(same, opened_on__gt=day - timedelta(days=days), mass=None, appeal_of=None)
        cases = list(rows.filter(withdrawn_at=None).select_related("node").order_by("pk"))
        people = count_apart((each.pk, each.person_id, each.account_id, each.phone_index) for each in cases)
        if people >= least:
            return ground, cases, people
    return None


def count_mass_people(matter: MassMatter) -> int:
    """How many people stand behind the cases of a mass matter."""
    return count_apart(matter.cases.values_list("pk", "person_id", "account_id", "phone_index"))


def find_mass_union(nodes: list[Node], hidden_path: str) -> Node:
    """The federation that handles what came to some unions; that of the first where there is none over all."""
    first = nodes[0]
    above = list_local_above([first])[first.pk]
    near = [first, *above] if first.is_local else above
    facts = [UnionFacts(each.pk, each.name, each.path, each.is_local, each.level) for each in near]
    chosen = choose_mass_path(facts, [node.path for node in nodes], hidden_path)
    return next((each for each in near if chosen and each.pk == chosen.id), first)
