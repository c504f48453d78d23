"""One matter of one person: the case, its timeline, its clocks and their pauses."""

from unionhome.core.cases.models.clocks import Clock, DaySerial, Escalation, EscalationRule, Pause, Term
from unionhome.core.cases.models.handovers import Handover, Referral
from unionhome.core.cases.models.mass import MassMatter
from unionhome.core.cases.models.matters import Case, CheckTick, Difficulty, Entry, Rating
from unionhome.core.cases.models.templates import ReplyTemplate

__all__ = [
    "Case",
    "CheckTick",
    "Clock",
    "DaySerial",
    "Difficulty",
    "Entry",
    "Escalation",
    "EscalationRule",
    "Handover",
    "MassMatter",
    "Pause",
    "Rating",
    "Referral",
    "ReplyTemplate",
    "Term",
]
