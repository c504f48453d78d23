"""Pages of the register: the desk's, the worker's own, and its part of other rooms' pages."""

from unionhome.core.members.views.panels import panel_of_union, recruited_employers

__all__ = ["panel_of_union", "recruited_employers"]
