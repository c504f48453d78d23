"""The one row filter of the house: branches, shares, specialists, hidden rows."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection

from unionhome.core.access.models import User
from unionhome.core.journal.actions import record
from unionhome.core.journal.models import Entry
from unionhome.core.registry import Actor, Grant
from unionhome.core.tree import actions, queries
from unionhome.core.tree.models import Node

VIEW = "thing.view"


@pytest.fixture
def rows(world):
    """One row at every union, by the name of the union."""
    return {name: record(world.actor("system"), "test.done", node=node) for name, node in world.nodes.items()}


def actor_on(world, *names, permission=VIEW, shares_only=False, user="town"):
    grants = tuple(
        Grant("cadre", world.nodes[name].pk, world.nodes[name].path, frozenset({permission}), shares_only)
        for name in names
    )
    return Actor(at=world.at, door="desk", user_id=world.users[user].pk, grants=grants)


def seen(world, rows, actor):
    visible = set(queries.scope(Entry.objects.all(), actor, VIEW).values_list("pk", flat=True))
    return {name for name, row in rows.items() if row.pk in visible}


TOWN = {"town", "village", "other_village", "union"}


def test_branch_opens_its_rows_and_no_others(world, rows):
    assert seen(world, rows, actor_on(world, "town")) == TOWN
    assert seen(world, rows, actor_on(world, "village")) == {"village"}
    assert seen(world, rows, actor_on(world, "city")) == set(rows)
    assert seen(world, rows, actor_on(world, "village", "other_union")) == {"village", "other_union"}


def test_a_branch_named_union_by_union_is_one_value_for_postgresql(world):
    parts = queries.scope_parts(User.objects.all(), actor_on(world, "town"), VIEW, few=50)
    assert parts.is_few and set(parts.inside) == set(
        User.objects.filter(node__code__in=[world.nodes[n].code for n in TOWN])
    )
    marks = parts.inside.query.get_compiler(connection=connection).as_sql()[0].count("%s")
    assert marks == (1 if connection.vendor == "postgresql" else len(TOWN))
    assert not queries.scope_parts(User.objects.all(), world.actor("public"), VIEW, few=50).inside.exists()


def test_without_the_permission_nothing_is_seen(world, rows):
    assert seen(world, rows, actor_on(world, "city", permission="other.view")) == set()
    assert seen(world, rows, world.actor("public")) == set()
    assert seen(world, rows, world.actor("worker")) == set()


def test_the_product_itself_sees_everything(world, rows):
    assert seen(world, rows, world.actor("system")) == set(rows)


def share(world, row, **whom):
    return actions.share_row(world.actor("system"), "journal.entry", row.pk, reason="转办", **whom)


def test_row_shared_with_a_union_is_seen_on_its_branch_and_above(world, rows):
    share(world, rows["far_town"], node=world.nodes["village"])
    assert seen(world, rows, actor_on(world, "village")) == {"village", "far_town"}
    assert seen(world, rows, actor_on(world, "town")) == TOWN | {"far_town"}
    assert "far_town" not in seen(world, rows, actor_on(world, "other_village"))


def test_row_shared_with_a_person_is_seen_by_that_person_only(world, rows):
    share(world, rows["far_town"], user_id=world.users["lawyer"].pk)
    assert seen(world, rows, actor_on(world, "village", user="lawyer")) == {"village", "far_town"}
    assert seen(world, rows, actor_on(world, "village", user="town")) == {"village"}
    unpermitted = actor_on(world, "village", permission="other.view", user="lawyer")
    assert seen(world, rows, unpermitted) == set()


def test_specialists_see_shared_rows_only(world, rows):
    specialist = actor_on(world, "city", shares_only=True, user="lawyer")
    assert seen(world, rows, specialist) == set()
    share(world, rows["town"], user_id=world.users["lawyer"].pk)
    share(world, rows["village"], node=world.nodes["city"])
    assert seen(world, rows, specialist) == {"town"}


def test_share_holds_from_its_start_to_its_end(world, rows):
    share(world, rows["far_town"], node=world.nodes["village"], ends_at=world.at + timedelta(days=1))
    village = actor_on(world, "village")
    assert "far_town" in seen(world, rows, village)
    world.wait(days=1)
    assert "far_town" not in seen(world, rows, actor_on(world, "village"))
    early = replace(village, at=village.at - timedelta(minutes=1))
    assert "far_town" not in seen(world, rows, early)


def test_a_share_opens_to_look_and_only_where_it_says_so_to_act(world, rows):
    system, far = world.actor("system"), rows["far_town"]
    actions.share_row(system, "journal.entry", far.pk, reason="转办", node=world.nodes["village"])
    actions.share_row(system, "journal.entry", far.pk, reason="协办", user_id=world.users["lawyer"].pk, can_act=True)
    for user, names in (("town", {"village"}), ("lawyer", {"village", "far_town"})):
        actor = actor_on(world, "village", permission="thing.handle", user=user)
        visible = queries.scope(Entry.objects.all(), actor, "thing.handle")
        assert {name for name, row in rows.items() if row in set(visible)} == names


def test_a_specialists_grant_is_no_branch(world):
    specialist = actor_on(world, "city", shares_only=True, user="lawyer")
    assert specialist.may(VIEW)
    assert not specialist.may(VIEW, world.nodes["town"].path)
    assert actor_on(world, "city").may(VIEW, world.nodes["town"].path)


def test_share_of_another_model_opens_nothing(world, rows):
    actions.share_row(
        world.actor("system"), "other.thing", rows["far_town"].pk, reason="转办", node=world.nodes["village"]
    )
    assert seen(world, rows, actor_on(world, "village")) == {"village"}


def hide(row, node):
    Entry.objects.filter(pk=row.pk).update(hidden_path=node.path)


def test_hidden_row_is_not_seen_inside_the_hidden_branch(world, rows):
    """A matter about one's own employer, handled by the town, must not be seen by the employer's union."""
    hide(rows["town"], world.nodes["union"])
    assert "town" in seen(world, rows, actor_on(world, "town"))
    assert "town" in seen(world, rows, actor_on(world, "county"))
    share(world, rows["town"], node=world.nodes["union"])
    share(world, rows["town"], user_id=world.users["union"].pk)
    assert "town" not in seen(world, rows, actor_on(world, "union", user="union"))


def test_hidden_branch_hides_from_everything_below_it(world, rows):
    hide(rows["village"], world.nodes["town"])
    assert "village" not in seen(world, rows, actor_on(world, "town"))
    assert "village" not in seen(world, rows, actor_on(world, "village"))
    assert "village" in seen(world, rows, actor_on(world, "county"))


def test_whoever_holds_any_grant_inside_sees_no_hidden_row(world, rows):
    """Two posts at once, one of them at the employer: the hidden row stays hidden."""
    hide(rows["town"], world.nodes["union"])
    assert "town" not in seen(world, rows, actor_on(world, "county", "union"))


def test_scope_follows_a_move(world):
    row = world.users["town"]
    from_far = actor_on(world, "other_county")
    users = lambda: queries.scope(type(row).objects.all(), from_far, VIEW)  # noqa: E731
    assert not users().filter(pk=row.pk).exists()
    actions.move_node(world.actor("system"), world.nodes["town"], world.nodes["other_county"], on=world.today)
    assert users().filter(pk=row.pk).exists()


def test_finding_nodes(world):
    assert queries.find_node("610502001") == world.nodes["town"]
    assert queries.find_node("none") is None
    assert queries.find_root() == world.nodes["city"]
    names = ["city", "county", "town", "union"]
    assert list(queries.list_ancestors(world.nodes["union"])) == [world.nodes[name] for name in names]


def test_the_union_of_a_division_above(world):
    assert queries.find_local_above(world.nodes["union"]) == world.nodes["town"]
    assert queries.find_local_above(world.nodes["village"]) == world.nodes["town"]
    assert queries.find_local_above(world.nodes["city"]) is None
    Node.objects.filter(pk=world.nodes["town"].pk).update(closed_on=world.today)
    assert queries.find_local_above(world.nodes["union"]) == world.nodes["county"]
