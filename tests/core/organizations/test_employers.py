"""Employers at the desk: entered, changed, covered from a day to a day, counted apart."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.core.organizations.following import LAST_YEAR, ON, employers_of, joint, read_figures
from tests.worlds import World
from unionhome.core.journal.models import Entry
from unionhome.core.organizations import actions, queries
from unionhome.core.organizations.models import CoveredUnit, Employer, Organization
from unionhome.core.registry import Refused
from unionhome.kit.codes import make_uscc

pytestmark = pytest.mark.django_db
SHOP = actions.EmployerFacts(name="渭南示例书店", division_code="610502001001")


@pytest.fixture
def shops(org_world: World) -> World:
    joint(org_world)
    return org_world


ENTRIES: dict[str, tuple[dict[str, Any], str, str, str]] = {
    "no name": ({"name": " "}, "town", "no-name", "employer_name"),
    "a wrong code": ({"uscc": "91350100M000100Y44"}, "town", "bad-uscc", "employer_uscc"),
    "a union's code": ({"uscc": make_uscc("81", "610502", 7)}, "town", "union-code", "employer_uscc"),
    "an unknown place": ({"division_code": "999999"}, "town", "unknown-division", "division_code"),
    "more women than workers": ({"workers_count": 1, "women_count": 2}, "town", "bad-count", "women_count"),
    "outside the area": ({"division_code": "610503100"}, "town", "forbidden", ""),
    "an employer's own union": ({}, "union", "forbidden", ""),
    "a reader": ({}, "chair", "forbidden", ""),
}


@pytest.mark.parametrize("name", ENTRIES)
def test_employers_that_cannot_be_entered(shops: World, name: str) -> None:
    given, who, code, field = ENTRIES[name]
    count = Employer.objects.count()
    with pytest.raises(Refused) as refused:
        actions.enter_employer(shops.actor(who), replace(SHOP, **given))
    assert (refused.value.code, "".join(refused.value.fields)) == (code, field)
    assert Employer.objects.count() == count


def test_an_employer_is_entered_once_and_changed(shops: World) -> None:
    village = shops.actor("village")
    made = actions.enter_employer(village, SHOP)
    assert actions.enter_employer(village, SHOP).pk == made.pk
    changed = actions.change_employer(
        village, made.pk, replace(SHOP, name="渭南示例新书店", party_organization="中共示例书店支部", nature="170")
    )
    assert (changed.name, changed.party_organization) == ("渭南示例新书店", "中共示例书店支部")
    entry = Entry.objects.get(kind="organizations.employer.changed")
    assert entry.data["old"]["name"] == "渭南示例书店"
    actions.change_employer(
        village, made.pk, replace(SHOP, name="渭南示例新书店", party_organization="中共示例书店支部", nature="170")
    )
    assert Entry.objects.filter(kind="organizations.employer.changed").count() == 1


def test_who_keeps_an_employer(shops: World) -> None:
    shop = employers_of(Organization.objects.get(pk=shops.nodes["joint"].pk))[0]
    for who in ("town", "county", "city"):
        actions.change_employer(shops.actor(who), shop.pk, replace(SHOP, name=f"渭南示例店{who}"))
    with pytest.raises(Refused) as refused:
        actions.change_employer(shops.actor("other_town"), shop.pk, SHOP)
    assert refused.value.code == "not-found"
    taken = make_uscc("91", "610502", 77)
    actions.enter_employer(shops.actor("town"), replace(SHOP, name="渭南示例茶庄", uscc=taken))
    with pytest.raises(Refused) as refused:
        actions.change_employer(shops.actor("town"), shop.pk, replace(SHOP, uscc=taken))
    assert (refused.value.code, list(refused.value.fields)) == ("uscc-taken", ["employer_uscc"])


def test_sight_is_the_branch_and_the_area(shops: World) -> None:
    free = actions.enter_employer(shops.actor("town"), SHOP)
    far = actions.enter_employer(
        shops.actor("other_county"), replace(SHOP, name="华州示例书店", division_code="610503100")
    )

    def seen(who: str, **given: str) -> set[str]:
        return {row.name for row in queries.list_employers_by(shops.actor(who), queries.EmployerFilters(**given))}

    assert free.name in seen("town") and far.name not in seen("town")
    assert free.name in seen("county", union="without") and far.name in seen("city", union="without")
    assert seen("union") == {"渭南示例速运有限公司"}
    assert free.name not in seen("other_town") and far.name not in seen("other_town")
    assert len(seen("town", union="joint")) == 3
    counts = queries.count_employers(shops.actor("town"))
    assert (counts.total, counts.without_union, counts.joint) == (5, 1, 3)
    with pytest.raises(Refused):
        queries.get_employer(shops.actor("other_town"), free.pk)


def test_a_joint_union_covers_from_a_day_to_a_day(shops: World) -> None:
    last_year = read_figures(shops)
    node = shops.nodes["joint"]
    cover = actions.cover_employer(shops.actor("town"), node, SHOP, on=date(2026, 1, 5))
    cover = actions.end_cover(shops.actor("town"), cover.pk, on=ON, reason="单位搬走")
    assert (cover.starts_on, cover.ends_on) == (date(2026, 1, 5), ON)
    employer = Employer.objects.get(pk=cover.employer_id)
    assert employer.union is None
    again = actions.cover_employer(shops.actor("town"), node, SHOP, on=ON)
    assert [row.pk for row in queries.list_coverings(employer)] == [again.pk, cover.pk]
    assert read_figures(shops, LAST_YEAR) == last_year


COVERS: dict[str, tuple[str, date, str, str, str]] = {
    "future-day": ("joint", date(2026, 3, 11), "town", "future-day", "on"),
    "before the founding": ("joint", date(2019, 1, 1), "town", "before-founding", "on"),
    "a single union": ("union", ON, "town", "single-employer", ""),
    "itself": ("union", ON, "union", "forbidden", ""),
    "a reader": ("joint", ON, "chair", "forbidden", ""),
    "another branch": ("joint", ON, "other_town", "forbidden", ""),
}


@pytest.mark.parametrize("name", COVERS)
def test_covers_that_cannot_be(shops: World, name: str) -> None:
    place, on, who, code, field = COVERS[name]
    with pytest.raises(Refused) as refused:
        actions.cover_employer(shops.actor(who), shops.nodes[place], SHOP, on=on)
    assert (refused.value.code, "".join(refused.value.fields)) == (code, field)


ENDS: dict[str, tuple[dict[str, Any], str, str, str]] = {
    "future-day": ({"on": date(2026, 3, 11)}, "town", "future-day", "on"),
    "before the cover": ({"on": date(2020, 12, 31)}, "town", "before-cover", "on"),
    "no reason": ({"reason": " "}, "town", "no-reason", "reason"),
    "a reader": ({}, "chair", "forbidden", ""),
    "another branch": ({}, "other_town", "not-found", ""),
}


@pytest.mark.parametrize("name", ENDS)
def test_covers_that_cannot_end(shops: World, name: str) -> None:
    given, who, code, field = ENDS[name]
    cover = CoveredUnit.objects.filter(node=shops.nodes["joint"]).first()
    assert cover is not None
    with pytest.raises(Refused) as refused:
        actions.end_cover(shops.actor(who), cover.pk, **{"on": ON, "reason": "搬走", **given})
    assert (refused.value.code, "".join(refused.value.fields)) == (code, field)
    own = CoveredUnit.objects.get(node=shops.nodes["union"])
    with pytest.raises(Refused, match="独立基层工会只有这一家单位"):
        actions.end_cover(shops.actor("town"), own.pk, on=ON, reason="搬走")


RELOCATIONS: dict[str, tuple[str, dict[str, Any], str, str, str]] = {
    "future-day": ("union", {"on": date(2026, 3, 11)}, "town", "future-day", "on"),
    "before the founding": ("union", {"on": date(2014, 1, 1)}, "town", "before-founding", "on"),
    "an unknown place": ("union", {"division_code": "999999"}, "town", "unknown-division", "division_code"),
    "a federation": ("village", {}, "county", "local-fixed", ""),
    "itself": ("union", {}, "union", "forbidden", ""),
    "another branch": ("union", {}, "other_town", "not-found", ""),
}


@pytest.mark.parametrize("name", RELOCATIONS)
def test_places_that_cannot_be(shops: World, name: str) -> None:
    place, given, who, code, field = RELOCATIONS[name]
    asked = {"division_code": "610503100", "address": "工地一号", "source": "项目部", "on": ON, **given}
    with pytest.raises(Refused) as refused:
        actions.relocate_union(shops.actor(who), shops.nodes[place].pk, **asked)
    assert (refused.value.code, "".join(refused.value.fields)) == (code, field)


def test_a_place_may_lie_outside_the_parents_division(shops: World) -> None:
    moved = actions.relocate_union(
        shops.actor("town"), shops.nodes["union"].pk, division_code="610503100", address="工地一号", source="项目部", on=ON
    )  # fmt: skip
    assert (moved.division_id, moved.node.parent_id) == ("610503100000", shops.nodes["town"].pk)
    assert moved.sources["division"] == ["项目部", "2026-03-02"]
    change = queries.list_changes(moved, kind="relocated").get()
    assert change.new == "华州区赤水镇，工地一号"
    assert queries.count_changes(moved) == ({"relocated": 1}, {"2026": 1})


def test_a_certificate_is_valid_after_its_issue(shops: World) -> None:
    town, pk = shops.actor("town"), shops.nodes["union"].pk
    facts = {"legal_no": "示例001号", "legal_issued_on": date(2024, 1, 1), "legal_ends_on": date(2024, 1, 1)}
    with pytest.raises(Refused) as refused:
        actions.change_facts(town, pk, facts=facts, source="证书", on=ON)
    assert list(refused.value.fields) == ["legal_ends_on"]
    changed = actions.change_facts(
        town, pk, facts={**facts, "legal_ends_on": date(2029, 1, 1), "account_on": ON}, source="证书", on=ON
    )
    assert changed.sources["legal_no"] == ["证书", "2026-03-02"]
    assert {"法人资格证书号", "银行开户日期"} <= {fact.label for fact in queries.list_facts(changed)}
