"""The real-name register: persons, memberships, applications, and who looked at what."""

from unionhome.core.members.models.counts import StandingMark, StandingMonth, StandingOverlap, StandingTotal
from unionhome.core.members.models.duplicates import Duplicate, Merge
from unionhome.core.members.models.matters import Application, Correction, Leaving
from unionhome.core.members.models.national import NationalDifference, NationalImport, NationalMapping
from unionhome.core.members.models.persons import Membership, Person
from unionhome.core.members.models.privacy import AccessRecord, Consent
from unionhome.core.members.models.rosters import RosterImport, RosterLot
from unionhome.core.members.models.transfers import Expulsion, Transfer

__all__ = [
    "AccessRecord",
    "Application",
    "Consent",
    "Correction",
    "Duplicate",
    "Expulsion",
    "Leaving",
    "Membership",
    "Merge",
    "NationalDifference",
    "NationalImport",
    "NationalMapping",
    "Person",
    "RosterImport",
    "RosterLot",
    "StandingMark",
    "StandingMonth",
    "StandingOverlap",
    "StandingTotal",
    "Transfer",
]
