"""Nothing of another branch shows: not in lists, counts, searches, exports, the API, nor by a guessed address.

What somebody reads must be the same, letter for letter, whether or not rows exist in a branch of others.
"""

from typing import Any

import pytest
from django.db.models import QuerySet

from tests.house.addresses import addresses
from tests.house.snapshots import Pages, differences, read_all, showing
from tests.house.test_models import SCOPED
from tests.house.visits import Visitor, undone
from tests.samples import Samples, build_samples
from tests.worlds import World
from unionhome.core.registry import Actor, Grant
from unionhome.core.tree.models import Share
from unionhome.core.tree.queries import scope
from unionhome.core.tree.rules import prefixes

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("scopes")]
VIEWERS = {
    "other_town": ("other_town", ("cadre", "chair", "finance", "auditor", "lawyer")),
    "other_county": ("other_county", ("cadre", "sysadmin", "secadmin", "auditadmin")),
    "other_union": ("other_union", ("cadre",)),
}
"""Who looks, from where, with which roles."""
INTRUDED = ("town", "village", "union")
"""Unions outside of every viewer's branch, where rows come and go."""


def enter(world: World, visitor: Visitor) -> None:
    for name, (place, roles) in VIEWERS.items():
        if name not in world.users:
            world.cadre(name, place, roles[0])
        for role in roles[1:]:
            world.grant(name, role, place)
        visitor.enter(name, place)


def read(visitor: Visitor, searches: tuple[str, ...]) -> dict[str, Pages]:
    return {
        name: read_all(visitor, name, place, searches=searches, figures=name == "other_town")
        for name, (place, _) in VIEWERS.items()
    }


@pytest.fixture(scope="module")
def others(
    empty_world: World,
) -> tuple[dict[str, Pages], dict[str, Pages], tuple[str, ...]]:
    """What every viewer reads without and with rows at INTRUDED, and the words that only those rows hold."""
    world = empty_world
    with undone():
        samples = build_samples(world, tuple(dict.fromkeys(place for place, _ in VIEWERS.values())))
        visitor = Visitor(samples)
        enter(world, visitor)
        with undone():
            lots = [samples.add(place) for place in INTRUDED]
            markers = tuple(marker for lot in lots for marker in lot.markers)
            first = lots[0]
            searches = (
                first.person.name,
                first.phone,
                first.case.number,
                first.clerk.name,
                first.organization.node.name,
            )
            after = read(visitor, searches)
        before = read(visitor, searches)
    return before, after, markers


@pytest.mark.once
@pytest.mark.parametrize("viewer", VIEWERS)
def test_no_page_shows_a_word_of_another_branch(viewer: str, others: Any) -> None:
    _, after, markers = others
    found = showing(after[viewer], markers)
    assert not found, found


@pytest.mark.once
@pytest.mark.parametrize("viewer", VIEWERS)
def test_no_page_changes_with_the_rows_of_another_branch(viewer: str, others: Any) -> None:
    before, after, _ = others
    found = differences(before[viewer], after[viewer])
    assert not found, "\n\n".join(found)


@pytest.mark.once
@pytest.mark.parametrize("viewer", VIEWERS)
def test_the_viewers_see_their_own(viewer: str, others: Any) -> None:
    """A test that nothing shows is worth something only where something could."""
    before, _, _ = others
    opened = [url for url, text in before[viewer].items() if text.startswith("200")]
    assert len(opened) > 5, f"{viewer} opens nothing: {opened}"


@pytest.mark.parametrize("model", SCOPED, ids=[model._meta.label_lower for model in SCOPED])
def test_every_scoped_model_has_samples_and_is_filtered(model: Any, house: Samples) -> None:
    """The one row filter, asked directly: exactly the rows of the branch, hidden ones left out, none without a grant."""
    branch, other = house.world.nodes["town"].path, house.world.nodes["other_town"].path
    rows: QuerySet[Any] = model.objects.all()
    paths = dict(rows.values_list("pk", model.SCOPE))
    inside = {pk for pk, path in paths.items() if path and path.startswith(branch)}
    outside = {pk for pk, path in paths.items() if path and path.startswith(other)}
    assert inside and outside, f"tests/samples.py makes no {model._meta.label} at every union"
    hidden = hidden_from(model, branch)
    actor = looker(house.world, branch)
    assert (
        set(scope(rows, actor, "tests.view").values_list("pk", flat=True)) - (shared(model) - inside) == inside - hidden
    )
    assert (
        not set(scope(rows, looker(house.world, branch, shares_only=True), "tests.view").values_list("pk", flat=True))
        & outside
    )
    assert not scope(rows, Actor.public(house.world.at), "tests.view").exists()
    assert not scope(rows, actor, "tests.other").exists()


def hidden_from(model: Any, branch: str) -> set[Any]:
    field = getattr(model, "SCOPE_HIDDEN", None)
    return (
        set(model.objects.filter(**{f"{field}__in": prefixes(branch)}).values_list("pk", flat=True)) if field else set()
    )


def shared(model: Any) -> set[int]:
    return set(Share.objects.filter(model=model._meta.label_lower).values_list("object_id", flat=True))


def looker(world: World, path: str, *, shares_only: bool = False) -> Actor:
    grant = Grant("cadre", 0, path, frozenset({"tests.view"}), shares_only)
    return Actor(at=world.at, door="desk", user_id=0, grants=(grant,))


@pytest.mark.once
def test_pages_are_asked_for(others: Any) -> None:
    """Every desk address was read by somebody, and every search box was used."""
    before, _, _ = others
    read = {url for pages in before.values() for url in pages}
    lists = {
        f"/{each.pattern}" for each in addresses() if each.door and each.door.name == "desk" and not each.arguments
    }
    assert not lists - {url.partition("?")[0] for url in read}
    assert any("/desk/members/?text=" in url for url in read) and any("/desk/cases/?q=" in url for url in read)
