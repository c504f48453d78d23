"""Background work of the files room."""

from unionhome.core.files.actions import sweep_files
from unionhome.core.registry import Actor


def sweep(actor: Actor) -> None:
    """Remove sealed files that no row holds."""
    sweep_files()
