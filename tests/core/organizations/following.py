"""Members, employers and sub-unions for the tests of mergers, splits and dissolutions."""

from datetime import date

from tests.worlds import World
from unionhome.core.figures import queries as figures
from unionhome.core.members import actions as members
from unionhome.core.members.models import Membership
from unionhome.core.members.rules.codes import STANDING
from unionhome.core.organizations import actions
from unionhome.core.organizations.models import CoveredUnit, Employer, Organization
from unionhome.kit.codes import make_identity
from unionhome.kit.dates import Period

ON = date(2026, 3, 2)
LAST_YEAR = Period(date(2025, 1, 1), date(2025, 12, 31))
THIS_YEAR = Period(date(2026, 1, 1), date(2026, 3, 10))
CODES = (
    "organizations.unions", "organizations.grassroots_unions", "organizations.employers",
    "organizations.joint_employers", "members.members", "members.women", "members.joined", "members.left",
)  # fmt: skip


def enrol(world: World, node: str, count: int, *, start: int = 0, employer: Employer | None = None) -> None:
    """Members of a union who joined in 2024, every second a woman."""
    rows = [
        members.EnrolRow(
            node_id=world.nodes[node].pk,
            name="李小明",
            document=make_identity("610502", date(1985, 1, 1 + number % 28), start + number),
            joined_on=date(2024, 5, 1),
        )
        for number in range(count)
    ]
    outcomes = members.enrol_many(world.actor("system"), rows)
    people = [outcome.person_id for outcome in outcomes]
    assert all(people)
    if employer is not None:
        Membership.objects.filter(person__in=people).update(employer=employer)


def standing(world: World, node: str) -> int:
    return Membership.objects.filter(node=world.nodes[node], status__in=STANDING).count()


def joint(world: World, *, employers: int = 3, name: str = "人民街道商户联合工会") -> Organization:
    """A joint union of the town, with so many employers, registered as `joint` among the world's nodes."""
    system = world.actor("system")
    facts = actions.UnionFacts(name=name, form="joint", division_code="610502001001", founded_on=date(2020, 1, 6))
    union = actions.found_union(system, parent_code="610502001", facts=facts, chair_name="孔会")
    world.nodes["joint"] = union.node
    for number in range(employers):
        shop = actions.EmployerFacts(name=f"渭南示例第{number + 1}商店", division_code="610502001001")
        actions.cover_employer(system, union.node, shop, on=date(2021, 1, 1))
    return union


def employers_of(union: Organization) -> list[Employer]:
    covers = CoveredUnit.objects.filter(node=union.pk, ends_on=None).select_related("employer")
    return [cover.employer for cover in covers.order_by("pk")]


def read_figures(world: World, period: Period = LAST_YEAR) -> dict[tuple[str, str], int]:
    """Every figure of unions and members at every union of the tests."""
    actor = world.actor("system")
    return {
        (code, name): int(figures.get_value(actor, code, node, period).raw or 0)
        for code in CODES
        for name, node in world.nodes.items()
    }
