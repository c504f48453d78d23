"""An item of the city, and a meeting with what it decided, as far along as a test wants it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from unionhome.core.decisions import actions
from unionhome.core.decisions.actions import Draft, Held, Result, Upload
from unionhome.core.decisions.rules import Roll

SMALL = Draft(
    kind="money",
    title="送温暖慰问困难职工",
    purpose="relief",
    purpose_text="春节前慰问建档的困难职工。",
    department="权益保障部",
    standard="每人2000元",
    fund="专项帮扶资金",
    ceiling_fen=1_600_000,
)
LARGE = replace(
    SMALL, title="建设职工服务中心", purpose="project", standard="按合同", fund="本级工会经费", ceiling_fen=9_000_000
)
PLAIN = Draft("matter", "调整全年工作安排", "office", "把技能竞赛提前到四月。", "办公室")
PDF = Upload("纪要.pdf", b"%PDF-1.4\n%%EOF\n")
ROLL = Roll(("卫主席", "孙城", "蒋财"), ("沈审",), ("韩律",))


class Room:
    """The city's office: `city` prepares and convenes, `chair` confirms."""

    def __init__(self, world):
        self.world = world

    def actor(self, name="city"):
        return self.world.actor(name)

    def propose(self, given=SMALL, name="city", **more):
        return actions.propose_item(
            self.actor(name), self.world.nodes.get(name, self.world.nodes["city"]), given, **more
        )

    def opine(self, item, *roles, stance="agree", text=""):
        for role in roles:
            name = {"finance": "finance", "legal": "lawyer", "audit": "auditor"}[role]
            if role == "legal":
                actions.ask_lawyer(self.actor(), item.pk, self.world.users["lawyer"].pk)
            actions.give_opinion(
                self.actor(name), item.pk, role=role, stance=stance, text=text, given_on=self.world.today
            )

    def ready(self, given=SMALL, **more):
        """An item that waits for a meeting."""
        item = self.propose(given, **more)
        fen = given.ceiling_fen
        roles = () if fen is None else ("finance",) if fen < 5_000_000 else ("finance", "legal", "audit")
        self.opine(item, *roles)
        return actions.submit_item(self.actor(), item.pk)

    def meet(self, items, until="notify", *, ahead=4):
        """A meeting `ahead` days from today with those items, taken as far as `until`."""
        held_on = self.world.today + timedelta(days=ahead)
        meeting = actions.call_meeting(self.actor(), self.world.nodes["city"], body="chairs", held_on=held_on)
        actions.set_agenda(self.actor(), meeting.pk, [item.pk for item in items])
        if until == "notify":
            actions.notify_meeting(self.actor(), meeting.pk, notified_on=self.world.today)
            self.world.wait(days=ahead)
        meeting.refresh_from_db()
        return meeting

    def enter(self, meeting, results, *, roll=ROLL, name="city", **more):
        held = Held(self.world.today, roll)
        return actions.enter_outcomes(self.actor(name), meeting.pk, held, results, **more)

    def minute(self, meeting, scans=(PDF,)):
        return actions.keep_minutes(self.actor(), meeting.pk, number="渭工纪要〔2026〕8号", scans=scans)

    def decide(self, given=SMALL, result=None):
        """An item that was agreed to."""
        item = self.ready(given)
        meeting = self.meet([item])
        self.enter(meeting, {item.pk: result or Result("agreed")})
        self.minute(meeting)
        actions.confirm_meeting(self.actor("chair"), meeting.pk)
        item.refresh_from_db()
        return item


@pytest.fixture
def room(world):
    return Room(world)
