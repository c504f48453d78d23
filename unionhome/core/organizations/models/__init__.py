"""Unions, the employers they organise, places, posts, and every dated change of the tree."""

from unionhome.core.organizations.models.committees import Committee
from unionhome.core.organizations.models.employers import CoveredUnit, Employer
from unionhome.core.organizations.models.endings import Dissolution
from unionhome.core.organizations.models.founding import Founding
from unionhome.core.organizations.models.grid import (
    Coverage,
    GridCell,
    GridUnit,
    GridWorker,
)
from unionhome.core.organizations.models.places import Division, Place
from unionhome.core.organizations.models.sheets import UnionSheet
from unionhome.core.organizations.models.terms import Election, Reelection
from unionhome.core.organizations.models.unions import Officer, Organization, OrganizationChange, UnionSpan

__all__ = [
    "Committee",
    "Coverage",
    "CoveredUnit",
    "Dissolution",
    "Division",
    "Election",
    "Employer",
    "Founding",
    "GridCell",
    "GridUnit",
    "GridWorker",
    "Officer",
    "Organization",
    "OrganizationChange",
    "Place",
    "Reelection",
    "UnionSheet",
    "UnionSpan",
]
