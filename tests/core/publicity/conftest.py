"""A notice of the town, as far along as a test wants it."""

import pytest

from tests.sample_notices import PHOTO, issue_and_seal
from unionhome.core.publicity import actions
from unionhome.core.publicity.actions import Hanging, PublicDraft

COLUMNS = ("name", "union", "category", "amount")
ROWS = (("王小明", "示例速运工会", "困难帮扶", "2,000.00"), ("李雷", "示例机械工会", "临时救助", "1200.5"))
GIVEN = PublicDraft("publicity.relief", "关于帮扶名单的公示", COLUMNS, ROWS)


@pytest.fixture
def notice(world):
    """A notice drawn up by the town; `until` posted it hangs at the workplace since today."""

    def make(until="posted", given=GIVEN, name="town", **changes):
        actor = world.actor(name)
        row = actions.draft_notice(actor, world.nodes[name], given, **changes)
        if until in ("sealed", "posted"):
            issue_and_seal(actor, row)
        if until == "posted":
            row = actions.post_notice(actor, row.pk, Hanging("workplace", world.today, photos=(PHOTO,)))
        return row

    return make
