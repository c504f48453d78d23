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
from unionhome.core.organizations.forms.elections import ElectionForm, initial_seats
from unionhome.core.organizations.forms.employers import CoverForm, EmployerFilterForm, EmployerForm
from unionhome.core.organizations.forms.filters import FilterForm, FinderForm
from unionhome.core.organizations.forms.foundings import CompleteForm, DraftForm, EmployerSearch, ReasonForm, StartForm
from unionhome.core.organizations.forms.grid import (
    BulkCellForm,
    CellChangeForm,
    CellEndForm,
    CellFilterForm,
    CellForm,
    DayForm,
    GapFilterForm,
    GridWorkerForm,
)
from unionhome.core.organizations.forms.sheets import SheetForm
from unionhome.core.organizations.forms.unions import FactsForm, FoundForm, MoveForm, RenameForm, take_refusal

__all__ = [
    "BulkCellForm",
    "CancelForm",
    "CellChangeForm",
    "CellEndForm",
    "CellFilterForm",
    "CellForm",
    "CompleteForm",
    "CoverForm",
    "DayForm",
    "DivisionField",
    "DraftForm",
    "ElectionForm",
    "EmployerFilterForm",
    "EmployerForm",
    "EmployerSearch",
    "EndCoverForm",
    "EndForm",
    "FactsForm",
    "FilterForm",
    "FinderForm",
    "FoundForm",
    "GapFilterForm",
    "GridWorkerForm",
    "MergeForm",
    "MoveForm",
    "OfficerForm",
    "PlaceForm",
    "ProposeForm",
    "ReasonForm",
    "RelocateForm",
    "RenameForm",
    "SeatsForm",
    "SheetForm",
    "SplitForm",
    "StartForm",
    "division_choice",
    "initial_seats",
    "place_query",
    "take_refusal",
]
