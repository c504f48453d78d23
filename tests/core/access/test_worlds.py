"""The test world itself: everybody has the grants that their name says."""


def test_cadres_hold_their_role_on_their_branch(world, actor):
    town = actor("town")
    assert [(grant.role, grant.path) for grant in town.grants] == [("cadre", world.nodes["town"].path)]
    assert town.door == "desk" and town.at == world.at
    assert actor("worker").door == "my" and actor("worker").grants == ()


def test_time_passes_for_actors_and_requests(world, actor):
    before = actor("town").at
    world.wait(hours=2)
    assert (actor("town").at - before).total_seconds() == 7200
