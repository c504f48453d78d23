"""Founding many unions at once: parents in any order, employers, covers, chairs, and one entry of the journal."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from unionhome.core.journal.models import Entry
from unionhome.core.organizations import actions
from unionhome.core.organizations.models import (
    CoveredUnit,
    Employer,
    Officer,
    Organization,
    OrganizationChange,
)
from unionhome.core.organizations.rules.rows import UnionRow
from unionhome.core.registry import Actor, BadInput, Forbidden
from unionhome.core.tree.models import Node
from unionhome.kit.codes import make_uscc

CODE = make_uscc("91", "610502", 77)


def row(number: int, **given: object) -> UnionRow:
    values: dict[str, object] = {
        "number": number,
        "code": f"610502001-Q{number:04d}",
        "name": f"渭南示例第{number}食品有限公司工会",
        "parent_code": "610502001",
        "level": "grassroots",
        "form": "single",
        "division_code": "610502001001",
        "employer_name": f"渭南示例第{number}食品有限公司",
        "founded_on": "2020-03-01",
        **given,
    }
    return UnionRow(**values)  # type: ignore[arg-type]


def test_a_union_stands_with_its_employer_term_and_chair(system: Actor, tree: dict[str, Node]) -> None:
    given = row(
        1, employer_uscc=CODE, term_starts_on="2020-03-01", term_ends_on="2025-02-28", term_no=1, chair_name="王示例"
    )
    (node,) = actions.found_unions(system, [given])
    union = Organization.objects.select_related("employer").get(node=node)
    assert (union.term_years, union.term_ends_on, union.founded_on) == (5, date(2025, 2, 28), date(2020, 3, 1))
    assert union.employer is not None and union.employer.union_id == node.pk
    assert (node.path[: len(tree["610502001"].path)], node.is_local) == (tree["610502001"].path, False)
    assert Officer.objects.get(organization=union, post="主席").name == "王示例"
    assert CoveredUnit.objects.get(node=node).employer_id == union.employer_id
    entry = Entry.objects.get(kind="organizations.unions.founded", summary="按组织名册建立工会 1 个")
    assert OrganizationChange.objects.get(node=node, kind="founded").entry_id == entry.pk


def test_a_branch_may_come_before_its_union(system: Actor, tree: dict[str, Node]) -> None:
    branch = row(
        2, code="610502001-F0001", form="branch", parent_code="610502001-Q0001", employer_name="", name="一车间分会"
    )
    actions.found_unions(system, [branch, row(1)])
    assert Node.objects.get(code="610502001-F0001").parent == Node.objects.get(code="610502001-Q0001")


def test_a_joint_union_covers_its_employers_and_known_ones_stay_one(system: Actor, tree: dict[str, Node]) -> None:
    employer = actions.register_employer(system, actions.EmployerFacts("渭南示例小店", "610502001001", uscc=CODE))
    joint = row(1, form="joint", code="610502001-L0001", employer_name="")
    covers = [
        actions.CoverRow(joint.code, "渭南示例小店", "610502001001", CODE),
        actions.CoverRow(joint.code, "渭南示例大店", "610502001001"),
    ]
    (node,) = actions.found_unions(system, [joint], covers)
    assert CoveredUnit.objects.filter(node=node).count() == 2
    assert Employer.objects.get(uscc=CODE).pk == employer.pk
    assert Employer.objects.filter(union=node).count() == 2


@pytest.mark.parametrize(
    "given", [{"parent_code": "610502999"}, {"division_code": "610502999999"}, {"code": "610502001"}]
)
def test_what_cannot_stand_founds_nothing(system: Actor, tree: dict[str, Node], given: dict[str, str]) -> None:
    with pytest.raises(BadInput):
        actions.found_unions(system, [row(1), row(2, **given)])
    assert Node.objects.count() == len(tree)


def test_only_beneath_ones_own_branch(cadre: Callable[..., Actor]) -> None:
    with pytest.raises(Forbidden):
        actions.found_unions(cadre("610503"), [row(1)])
    with pytest.raises(Forbidden):
        actions.found_unions(cadre("610502001001"), [row(1, parent_code="610502001001")])


def test_statements_do_not_grow_with_rows(system: Actor, tree: dict[str, Node]) -> None:
    with CaptureQueriesContext(
        connection,
    ) as few:
        actions.found_unions(system, [row(number) for number in range(1, 4)])
    with CaptureQueriesContext(connection) as many:
        actions.found_unions(system, [row(number) for number in range(4, 24)])
    assert len(many) <= len(few) + 2
