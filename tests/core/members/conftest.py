"""The test world with divisions, unions and an employer, and helpers to make applicants and members."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.test import Client

from tests.worlds import World
from unionhome.core.members import actions
from unionhome.core.members.actions import EnrolRow
from unionhome.core.members.models import Application, Membership, Person
from unionhome.core.members.rules.joining import JoinInput
from unionhome.core.organizations.models import Division, Employer, Organization
from unionhome.kit.codes import make_identity

FORMS = {"city": "local", "county": "local", "town": "town", "village": "village", "grassroots": "single"}
DOCUMENT = make_identity("610502", date(1988, 5, 6), 121)
OTHER_DOCUMENT = make_identity("610503", date(1990, 1, 2), 342)


@dataclass
class Register:
    """The world of these tests."""

    world: World
    employer: Employer
    town_division: Division

    def given(self, **changed: Any) -> JoinInput:
        facts: dict[str, Any] = {
            "name": "王建国",
            "document_kind": "resident",
            "document": DOCUMENT,
            "group": "courier",
            "employer_text": self.employer.name,
            "agreed": True,
        }
        return JoinInput(**{**facts, **changed})

    def apply(self, who: str = "worker", **changed: Any) -> Application:
        joined = actions.apply_to_join(self.world.actor(who), self.given(**changed))
        assert joined.application is not None
        return joined.application

    def member(self, who: str = "worker", **changed: Any) -> Membership:
        """Apply and be approved by whichever union it went to."""
        application = self.apply(who, **changed)
        return actions.approve_application(self.world.actor("city"), application.pk)

    def enrol(self, node: str, count: int = 1, *, start: int = 0, **facts: Any) -> list[Person]:
        """Members of a union with made-up documents."""
        rows = [
            EnrolRow(
                node_id=self.world.nodes[node].pk,
                name=facts.get("name", "李小明"),
                document=make_identity("610502", date(1985, 1, 1 + number % 28), (start + number) % 1000),
                phone=f"1990001{start + number:04d}",
            )
            for number in range(count)
        ]
        outcomes = actions.enrol_many(self.world.actor("system"), rows)
        return [Person.objects.get(pk=outcome.person_id or 0) for outcome in outcomes]


@pytest.fixture
def register(world: World) -> Register:
    codes = [
        ("610500", "渭南市", "city", None),
        ("610502", "临渭区", "county", "610500"),
        ("610503", "华州区", "county", "610500"),
        ("610502001", "人民街道", "town", "610502"),
        ("610502002", "杜桥街道", "town", "610502"),
        ("610503001", "华州街道", "town", "610503"),
    ]
    divisions: dict[str, Division] = {}
    for code, name, level, parent in codes:
        divisions[code] = Division.objects.create(
            code=code.ljust(12, "0"), name=name, level=level, parent=divisions.get(parent or ""), prefix=code, year=2023
        )
    Organization.objects.bulk_create(
        Organization(
            node=node, form=FORMS[node.level], division=divisions.get(node.code[:9]) or divisions[node.code[:6]]
        )
        for node in world.nodes.values()
    )
    employer = Employer.objects.create(
        name="渭南示例速运有限公司", division=divisions["610502001"], union=world.nodes["union"], created_at=world.at
    )
    return Register(world, employer, divisions["610502001"])


@pytest.fixture
def moving(register: Register) -> Register:
    """The worker is a member of `union`, and the machine works has a union of its own."""
    register.member()
    machine = register.world.nodes["other_union"]
    Employer.objects.create(
        name="渭南示例机械有限公司", division=register.town_division, union=machine, created_at=register.world.at
    )
    return register


@pytest.fixture
def worker(register: Register) -> Client:
    return register.world.client("worker")


@pytest.fixture
def union(register: Register) -> Client:
    return register.world.client("union")


def text_of(answer: Any) -> str:
    """The page as text."""
    return str(answer.content.decode())
