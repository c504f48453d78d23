"""One form that founds a union, sent many times at the same moment, founds one, and every send leads to it."""

import pytest
from django.db import connection

from tests.core.access.test_same_moment import post_at_once
from tests.core.organizations.test_pages import FOUND, TREE
from tests.worlds import World
from unionhome.core.organizations.models import Organization

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
