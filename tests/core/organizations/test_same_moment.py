"""One form that founds a union, sent many times at the same moment, founds one, and every send leads to it."""

import pytest
from django.db import connection

from tests.core.access.test_same_moment import at_once, post_at_once
from tests.core.organizations.test_pages import FOUND, TREE
from tests.worlds import World
from unionhome.core.organizations import actions
from unionhome.core.organizations.models import Employer, GridCell, Organization

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="threads share no database in memory"),
]


def test_one_form_is_one_union(org_world: World) -> None:
    url = f"{TREE}found/?parent={org_world.nodes['town'].pk}"
    answers = post_at_once(org_world, "town", url, FOUND)
    assert [answer.status_code for answer in answers] == [302] * 4
    assert len({answer["Location"] for answer in answers}) == 1
    assert Organization.objects.filter(submit_key=FOUND["submit_key"]).count() == 1


def test_cells_of_a_town_and_of_a_village_share_no_serial(org_world: World) -> None:
    """One for each village, and at the same moment one for a village alone."""
    today, actor = org_world.today, org_world.actor("system")
    facts = actions.CellFacts("610502001001", today)
    for _ in range(3):
        GridCell.objects.all().delete()
        calls = [lambda: actions.create_cells(actor, "610502001000", on=today)] * 2
        calls += [
            lambda: actions.create_cells(actor, "610502000000", on=today),
            lambda: actions.create_cell(actor, facts).pk,
        ]
        results = at_once(*calls)
        assert all(isinstance(result, int) for result in results), results
        cells = GridCell.objects.filter(division="610502001001")
        assert sorted(cells.values_list("serial", flat=True)) == list(range(1, cells.count() + 1))


def test_one_employer_named_at_once_is_one(org_world: World) -> None:
    actor = org_world.actor("system")
    facts = actions.EmployerFacts("渭南示例早餐店", "610502001001")
    found = at_once(*[lambda: actions.register_employer(actor, facts)] * 4)
    assert len({employer.pk for employer in found}) == 1
    assert Employer.objects.filter(name=facts.name).count() == 1
