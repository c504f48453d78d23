"""A need in the test world: a member of the express company complains about it."""

import pytest

from unionhome.services.helpdesk.actions import Need, report_need


@pytest.fixture
def need(world):
    """Open a need as the worker; keyword arguments change it."""

    def make(name="worker", **changes):
        facts = {"category": "wages", "text": "公司两个月没发工资。", "phone": "19900000009", "name": "何工"} | changes
        return report_need(world.actor(name), Need(**facts))[0]

    return make


@pytest.fixture
def case(need):
    """A need that the city has to dispatch: nothing is known of the worker but a phone."""
    return need("public")
