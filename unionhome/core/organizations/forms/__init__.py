"""Forms of unions, and the field by which every room lets people choose a division."""

from unionhome.core.organizations.forms.divisions import DivisionField, division_choice, place_query
from unionhome.core.organizations.forms.filters import FilterForm, FinderForm
from unionhome.core.organizations.forms.unions import FactsForm, FoundForm, MoveForm, RenameForm, take_refusal

__all__ = [
    "DivisionField",
    "FactsForm",
    "FilterForm",
    "FinderForm",
    "FoundForm",
    "MoveForm",
    "RenameForm",
    "division_choice",
    "place_query",
    "take_refusal",
]
