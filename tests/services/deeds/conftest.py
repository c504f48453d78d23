"""A deed of the town, on the county's list, as far along as a test wants it."""

from datetime import timedelta

import pytest

from tests.moves import picture
from tests.sample_places import enter_divisions, enter_unions
from unionhome.services.deeds import actions
from unionhome.services.deeds.actions import Done, Listing, Proof, Proposal

GIVEN = Proposal("给六个工地送饮水机", "夏天工地上喝不到热水。", "workers", 240, "南门工地")
PHOTO = Proof("办成.jpg", picture())


@pytest.fixture(autouse=True)
def _places(world):
    enter_divisions()
    enter_unions(world)


def done_of(world, **changes):
    """What the town says it did."""
    facts = {
        "on": world.today,
        "text": "装了六台。",
        "people_count": 240,
        "cost_fen": 360_000,
        "cost_source": "工会经费",
    }
    return Done(**(facts | changes))


def listing_of(world, **changes):
    """The county's list of this year, done by the town."""
    facts = {"owner": world.nodes["county"], "year": 2026, "listed_on": world.today, "node": world.nodes["town"]}
    return Listing(**(facts | changes))


def walk(world, deed, until, *, promised=30, listing=None, done=None):
    """Take the deed as far as `until`: the county lists and checks it, the town does it."""
    town, county = world.actor("town"), world.actor("county")
    steps = {
        "list": lambda: actions.list_deed(county, deed.pk, listing or listing_of(world)),
        "take": lambda: actions.take_deed(
            town, deed.pk, taken_on=world.today, due_on=world.today + timedelta(days=promised)
        ),
        "finish": lambda: actions.finish_deed(town, deed.pk, done or done_of(world), proofs=(PHOTO,)),
        "check": lambda: actions.check_deed(county, deed.pk, text="到工地看了，能用。"),
        "strike_off": lambda: actions.strike_off_deed(county, deed.pk),
        "rate": lambda: _end_rating(world),
        "publish": lambda: actions.publish_deed(world.actor("county"), deed.pk, shows_nobody=True),
    }
    for verb, act in steps.items():
        act()
        if verb == until:
            break
    deed.refresh_from_db()
    return deed


def _end_rating(world):
    world.wait(days=16)
    actions.close_ratings(world.actor("system"))


@pytest.fixture
def deed(world):
    """Propose a deed at the town; keyword arguments are of the action."""

    def make(name="town", given=GIVEN, **changes):
        actor = world.actor(name)
        return actions.propose_deed(actor, world.nodes[name], given, **changes)

    return make
