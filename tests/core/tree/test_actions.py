"""Adding, moving, renaming, closing nodes; sharing rows."""

from datetime import date, timedelta

import pytest

from tests.worlds import OPENED
from unionhome.core.registry import BadInput, Refused
from unionhome.core.tree import actions, queries
from unionhome.core.tree.actions import NewNode
from unionhome.core.tree.models import Node, NodePath, Share

DAY = date(2026, 3, 10)


def new(code, parent, level="town", **more):
    return NewNode(code, f"工会 {code}", level, parent, OPENED, **more)


def test_children_follow_their_parents_path(world):
    town = world.nodes["town"]
    assert town.path.startswith(world.nodes["county"].path)
    assert (world.nodes["city"].depth, town.depth, world.nodes["union"].depth) == (1, 3, 4)
    assert NodePath.objects.get(node=town).starts_on == OPENED


def test_add_nodes_takes_any_order_and_counts_serials_on(world):
    made = actions.add_nodes(world.actor("system"), [new("x2", "x1", "village"), new("x1", "610502")])
    by_code = {node.code: node for node in made}
    assert by_code["x2"].parent == by_code["x1"]
    assert by_code["x1"].serial == 2 and by_code["x2"].serial == 0


@pytest.mark.parametrize(
    ("node", "code"),
    [
        (new("y", "nowhere"), "unknown-parent"),
        (new("610502001", "610502"), "code-taken"),
        (new("y", "", "city"), "second-root"),
    ],
)
def test_bad_nodes_are_refused(world, node, code):
    with pytest.raises(BadInput) as refusal:
        actions.add_node(world.actor("system"), node)
    assert refusal.value.code == code


def test_move_takes_the_branch_along_and_keeps_the_old_paths(world):
    town, village, far = world.nodes["town"], world.nodes["village"], world.nodes["other_county"]
    old_town, old_village = town.path, village.path
    moved = actions.move_node(world.actor("system"), town, far, on=DAY)
    village.refresh_from_db()
    assert moved.path.startswith(far.path) and moved.parent == far
    assert village.path == moved.path + old_village[len(old_town) :]
    for node, old in ((moved, old_town), (village, old_village)):
        assert queries.get_path_on(node, DAY - timedelta(days=1)) == old
        assert queries.get_path_on(node, DAY) == node.path
    assert queries.get_path_on(village, date(2000, 1, 1)) == village.path


def test_moved_twice_on_one_day_the_last_stands(world):
    town = world.nodes["town"]
    actions.move_node(world.actor("system"), town, world.nodes["other_county"], on=DAY)
    back = actions.move_node(world.actor("system"), town, world.nodes["county"], on=DAY)
    assert queries.get_path_on(back, DAY) == back.path
    assert NodePath.objects.filter(node=town, ends_on__isnull=True).count() == 1


def test_moving_where_it_stands_changes_nothing(world):
    town = world.nodes["town"]
    assert actions.move_node(world.actor("system"), town, world.nodes["county"], on=DAY).path == town.path
    assert NodePath.objects.filter(node=town).count() == 1


@pytest.mark.parametrize(
    ("node", "parent", "code"),
    [("county", "village", "cycle"), ("county", "county", "cycle"), ("city", "town", "cycle")],
)
def test_no_cycles(world, node, parent, code):
    with pytest.raises(Refused) as refusal:
        actions.move_node(world.actor("system"), world.nodes[node], world.nodes[parent], on=DAY)
    assert refusal.value.code == code


def test_move_is_not_backdated_before_the_last_one(world):
    actions.move_node(world.actor("system"), world.nodes["town"], world.nodes["other_county"], on=DAY)
    with pytest.raises(BadInput):
        actions.move_node(world.actor("system"), world.nodes["town"], world.nodes["county"], on=DAY - timedelta(days=1))


def test_no_more_than_sixteen_levels(world):
    system, parent = world.actor("system"), "610502001001"
    for depth in range(5, 17):
        actions.add_node(system, new(f"d{depth}", parent, "group"))
        parent = f"d{depth}"
    with pytest.raises(Refused) as refusal:
        actions.move_node(system, world.nodes["county"], Node.objects.get(code="610503001"), on=DAY)
    assert refusal.value.code == "too-deep"


def test_closing(world):
    system = world.actor("system")
    with pytest.raises(Refused) as refusal:
        actions.close_node(system, world.nodes["town"], on=DAY)
    assert refusal.value.code == "has-children"
    with pytest.raises(BadInput):
        actions.close_node(system, world.nodes["village"], on=OPENED - timedelta(days=1))
    closed = actions.close_node(system, world.nodes["village"], on=DAY)
    assert closed.closed_on == DAY
    with pytest.raises(Refused):
        actions.move_node(system, world.nodes["union"], closed, on=DAY)


def test_renaming(world):
    assert actions.rename_node(world.actor("system"), world.nodes["town"], "新名").name == "新名"


def test_a_share_is_opened_once_and_ended(world):
    town, system = world.nodes["town"], world.actor("system")
    first = actions.share_row(system, "journal.Entry", 7, reason="转办", node=town)
    assert actions.share_row(system, "journal.entry", 7, reason="转办", node=town) == first
    assert actions.end_share(system, "journal.entry", 7, node=town) == 1
    assert actions.end_share(system, "journal.entry", 7, node=town) == 0
    assert actions.share_row(system, "journal.entry", 7, reason="再转", node=town) != first
    assert Share.objects.count() == 2


def test_a_serial_is_never_given_twice(world):
    """A new union must not stand on the path that a moved one had: the past would mix them up."""
    system, town, other = world.actor("system"), world.nodes["town"], world.nodes["other_town"]
    first = actions.add_node(system, actions.NewNode("X1", "甲工会", "grassroots", town.code, world.today))
    old = first.path
    actions.move_node(system, first, other, on=world.today)
    second = actions.add_node(system, actions.NewNode("X2", "乙工会", "grassroots", town.code, world.today))
    assert second.path != old
