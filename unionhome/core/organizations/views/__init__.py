"""Pages of unions: the tree and one union on the desk, the finder in the open."""

from unionhome.core.organizations.views.browse import organization, tree
from unionhome.core.organizations.views.change import facts, found, move, rename
from unionhome.core.organizations.views.public import divisions, finder

__all__ = ["divisions", "facts", "finder", "found", "move", "organization", "rename", "tree"]
