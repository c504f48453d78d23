"""The tests of one group run in one process: what they share is made once, and browsers do not compete."""

import pytest


@pytest.mark.xdist_group("groups")
def test_a_group_is_known_to_whoever_hands_out_tests(request: pytest.FixtureRequest, worker_id: str) -> None:
    assert worker_id == "master" or request.node.nodeid.endswith("@groups")
