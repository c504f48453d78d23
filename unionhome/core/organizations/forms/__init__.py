"""Forms of unions, and the field by which every room lets people choose a division."""

from unionhome.core.organizations.forms.changes import (
    CancelForm,
    EndCoverForm,
    EndForm,
    MergeForm,
    PlaceForm,
    ProposeForm,
    RelocateForm,
    SplitForm,
)
from unionhome.core.organizations.forms.committees import OfficerForm, SeatsForm
from unionhome.core.organizations.forms.divisions import DivisionField, division_choice, place_query
from unionhome.core.organizations.forms.employers import CoverForm, EmployerFilterForm, EmployerForm
from unionhome.core.organizations.forms.filters import FilterForm, FinderForm
from unionhome.core.organizations.forms.unions import FactsForm, FoundForm, MoveForm, RenameForm, take_refusal

__all__ = [
    "CancelForm",
    "CoverForm",
    "DivisionField",
    "EmployerFilterForm",
    "EmployerForm",
    "EndCoverForm",
    "EndForm",
    "FactsForm",
    "FilterForm",
    "FinderForm",
    "FoundForm",
    "MergeForm",
    "MoveForm",
    "OfficerForm",
    "PlaceForm",
    "ProposeForm",
    "RelocateForm",
    "RenameForm",
    "SeatsForm",
    "SplitForm",
    "division_choice",
    "place_query",
    "take_refusal",
]
