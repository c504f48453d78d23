"""Reviews that are being written, and numbers that came from outside."""

from unionhome.core.figures.models.reviews import OutsideNumber, Review

__all__ = ["OutsideNumber", "Review"]
