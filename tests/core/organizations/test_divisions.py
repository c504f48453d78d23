import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.db.models import Count

from tests.core.organizations.small_city import AT, ROWS
from unionhome.core.journal.models import Entry
from unionhome.core.organizations import actions
from unionhome.core.organizations.models import (
    Division,
    Organization,
    OrganizationChange,
)
from unionhome.core.registry import Actor, BadInput, Forbidden
from unionhome.core.tree.models import Node

pytestmark = pytest.mark.django_db
CITY = Path(settings.BUILD_DIR) / "data" / "divisions-610500.csv"


def test_loading_twice_changes_nothing(system: Actor, edition: Path) -> None:
    first = actions.load_divisions(system, edition, 2023)
    assert (first.added, first.renamed, first.ended) == (11, 0, 0)
    again = actions.load_divisions(system, edition, 2023)
    assert (again.added, again.renamed, again.ended) == (0, 0, 0)
    assert Entry.objects.filter(kind="organizations.divisions.loaded").count() == 1
    village = Division.objects.get(code="610502001001")
    assert (village.level, village.parent_id, village.year) == (
        "village",
        "610502001000",
        2023,
    )


def test_a_later_edition_merges_and_renames(system: Actor, edition: Path) -> None:
    actions.load_divisions(system, edition, 2023)
    edition.write_text(
        ROWS.replace("610502001002,南塘社区居民委员会,village,610502001000\n", "").replace("赵村委会", "赵家村委会"),
        encoding="utf-8",
    )
    later = actions.load_divisions(system, edition, 2025)
    assert (later.added, later.renamed, later.ended) == (0, 1, 1)
    assert Division.objects.get(code="610502001002").ended_year == 2025
    assert Division.objects.get(code="610502100200").name == "赵家村委会"
    with pytest.raises(BadInput) as older:
        actions.load_divisions(system, edition, 2023)
    assert older.value.code == "older-edition"
    edition.write_text(ROWS, encoding="utf-8")
    assert actions.load_divisions(system, edition, 2026).renamed == 2
    assert Division.objects.get(code="610502001002").ended_year is None


@pytest.mark.parametrize(
    "row",
    [
        "610502001009,无上级,village,610502009000",
        "610502001001,重复,village,610502001000",
        "61050200100,短码,village,610502001000",
        "610502001009,,village,610502001000",
        "610502001009,怪层级,hamlet,610502001000",
    ],
)
def test_bad_rows_are_refused_whole(system: Actor, edition: Path, row: str) -> None:
    edition.write_text(ROWS + row + "\n", encoding="utf-8")
    with pytest.raises(BadInput):
        actions.load_divisions(system, edition, 2023)
    assert not Division.objects.exists()


def test_an_empty_file_is_refused(system: Actor, edition: Path) -> None:
    edition.write_text("code12,name,level,parent_code12\n", encoding="utf-8")
    with pytest.raises(BadInput):
        actions.load_divisions(system, edition, 2023)


def test_only_the_city_loads(cadre: Callable[..., Actor], edition: Path) -> None:
    actions.load_divisions(cadre("610500"), edition, 2024)
    with pytest.raises(Forbidden):
        actions.load_divisions(cadre("610502"), edition, 2024)


def test_the_small_city_stands(tree: dict[str, Node]) -> None:
    assert len(tree) == 11
    village = tree["610502100201"]
    assert village.name == "李家村工会"
    assert village.level == "village"
    assert village.is_local
    assert village.parent == tree["610502100"]
    assert tree["610502001"].parent == tree["610502"]
    organization = Organization.objects.get(pk=village.pk)
    assert (organization.form, organization.status) == ("village", "active")
    assert organization.founded_on == date(2015, 1, 1)
    change = OrganizationChange.objects.get(node=village)
    assert (change.kind, change.on) == ("founded", date(2015, 1, 1))
    assert Entry.objects.get(pk=change.entry_id).kind == "organizations.unions.founded"


def test_founding_again_founds_nothing(system: Actor, tree: dict[str, Node]) -> None:
    assert actions.found_division_unions(system, "610500") == 0
    assert Node.objects.count() == len(tree)


def test_a_branch_at_a_time(system: Actor, edition: Path) -> None:
    actions.load_divisions(system, edition, 2023)
    assert actions.found_division_unions(system, "610500", deepest="county") == 3
    assert actions.found_division_unions(system, "610500", only_counties=["610503"], deepest="village") == 2
    assert actions.found_division_unions(system, "610502001", deepest="village") == 3
    assert not Node.objects.filter(code="610502100").exists()


def test_roots_that_cannot_be(system: Actor, edition: Path) -> None:
    actions.load_divisions(system, edition, 2023)
    with pytest.raises(BadInput) as unknown:
        actions.found_division_unions(system, "619999")
    assert unknown.value.code == "unknown-division"
    with pytest.raises(BadInput) as hanging:
        actions.found_division_unions(system, "610502")
    assert hanging.value.code == "unknown-parent"


def test_a_second_city_is_refused(system: Actor, tree: dict[str, Node]) -> None:
    Division.objects.create(code="610400000000", name="示例市", level="city", prefix="6104", year=2023)
    with pytest.raises(BadInput) as second:
        actions.found_division_unions(system, "610400")
    assert second.value.code == "second-root"


def test_only_the_union_above_founds(cadre: Callable[..., Actor]) -> None:
    assert actions.found_division_unions(cadre("610500"), "610502") == 0
    with pytest.raises(Forbidden):
        actions.found_division_unions(cadre("610503"), "610502")
    with pytest.raises(Forbidden):
        actions.found_division_unions(cadre("610502001"), "610502001")
    with pytest.raises(Forbidden):
        actions.found_division_unions(cadre("610500", "chair"), "610502")


def test_the_whole_city_in_seconds(system: Actor) -> None:
    started = time.perf_counter()
    loaded = actions.load_divisions(system, CITY, 2023)
    founded = actions.found_division_unions(system, "610500")
    assert time.perf_counter() - started < 10
    assert loaded.added == founded == Organization.objects.count() == 2491
    names = Node.objects.values_list("name", flat=True)
    assert not [name for name in names if "委员会" in name or "委会" in name]
    levels = dict(Node.objects.values_list("level").annotate(Count("pk")))
    assert levels == {"city": 1, "county": 11, "town": 136, "village": 2343}


def test_a_future_founding_day_is_refused(system: Actor, edition: Path) -> None:
    actions.load_divisions(system, edition, 2023)
    with pytest.raises(BadInput):
        actions.found_division_unions(replace(system, at=AT), "610500", founded_on=date(2030, 1, 1))
