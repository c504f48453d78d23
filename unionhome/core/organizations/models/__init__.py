"""Unions, the employers they organise, places, posts, and every dated change of the tree."""

from unionhome.core.organizations.models.employers import CoveredUnit, Employer
from unionhome.core.organizations.models.places import Division, Place
from unionhome.core.organizations.models.unions import Officer, Organization, OrganizationChange

__all__ = [
    "CoveredUnit",
    "Division",
    "Employer",
    "Officer",
    "Organization",
    "OrganizationChange",
    "Place",
]
