"""An employer is found by its code, else by name and place, whichever door asks."""

import pytest

from unionhome.core.journal.models import Entry
from unionhome.core.organizations import actions, queries
from unionhome.core.organizations.models import Employer
from unionhome.core.organizations.rules.employers import EmployerKey, KnownEmployers, name_key
from unionhome.core.registry import Actor, BadInput
from unionhome.kit.codes import make_uscc

ONE, TWO = make_uscc("91", "610502", 11), make_uscc("91", "610502", 12)
HERE, THERE = "610502001001", "610502001002"
NAME, ALIKE = "渭南示例（集团）有限公司", "渭南示例(集团) 有限公司"


@pytest.mark.parametrize(
    ("uscc", "name", "place", "found"),
    [
        (ONE, NAME, HERE, "coded"),
        (ONE, "别的名称", THERE, "coded"),
        ("", NAME, HERE, "coded"),
        ("", ALIKE, HERE, "coded"),
        (TWO, NAME, HERE, None),
        ("", NAME, THERE, None),
        (TWO, "渭南示例商店", HERE, "plain"),
        ("", "渭南示例　商店", HERE, "plain"),
    ],
)
def test_the_one_rule(uscc: str, name: str, place: str, found: str | None) -> None:
    known = KnownEmployers([(EmployerKey(ONE, NAME, HERE), "coded"), (EmployerKey("", "渭南示例商店", HERE), "plain")])
    assert known.find(EmployerKey(uscc, name, place)) == found


@pytest.mark.django_db
@pytest.mark.usefixtures("tree")
def test_every_door_finds_the_one_that_is_known(system: Actor) -> None:
    made = actions.register_employer(system, actions.EmployerFacts(NAME, HERE))
    assert actions.register_employer(system, actions.EmployerFacts(ALIKE, HERE)) == made
    assert queries.find_employer_by_name(ALIKE) == made
    coded = actions.register_employer(system, actions.EmployerFacts(ALIKE, HERE, uscc=ONE))
    assert (coded.pk, coded.uscc) == (made.pk, ONE)
    assert Entry.objects.get(kind="organizations.employer.changed").data["new"] == {"uscc": ONE}
    assert actions.register_employer(system, actions.EmployerFacts(NAME, HERE, uscc=TWO)).pk != made.pk
    with pytest.raises(BadInput) as refused:
        actions.register_employer(system, actions.EmployerFacts("别的名称", HERE, uscc=ONE))
    assert refused.value.code == "uscc-taken"


@pytest.mark.django_db
@pytest.mark.usefixtures("tree")
@pytest.mark.parametrize("name", [NAME, ALIKE, " 渭南 示例　商店 "])
def test_the_database_compares_names_as_the_rule_does(system: Actor, name: str) -> None:
    made = actions.register_employer(system, actions.EmployerFacts(name, HERE))
    assert Employer.objects.get(pk=made.pk).name_key == name_key(made.name)
