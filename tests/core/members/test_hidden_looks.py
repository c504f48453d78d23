"""A look from above stays between the unions above and the person: the employer's union must not learn of it."""

import pytest

from unionhome.core.journal.queries import list_entries
from unionhome.core.members import queries
from unionhome.core.members.actions.privacy.looking import view_file

pytestmark = pytest.mark.django_db


def test_the_employers_union_does_not_see_that_the_town_looked(world, register):
    (person,) = register.enrol("union")
    world.grant("union", "auditadmin", "union")
    view_file(world.actor("town"), person.pk)
    own, town = world.actor("union"), world.actor("town")
    assert not queries.list_seen_access(own, person).exists()
    assert queries.list_seen_access(town, person).count() == 1
    assert queries.list_access(person).count() == 1
    assert not list_entries(own).filter(kind="members.file.viewed").exists()


def test_a_look_of_the_own_union_is_seen_by_both(world, register):
    (person,) = register.enrol("union")
    view_file(world.actor("union"), person.pk)
    assert queries.list_seen_access(world.actor("union"), person).count() == 1
    assert queries.list_seen_access(world.actor("town"), person).count() == 1
