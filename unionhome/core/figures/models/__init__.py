"""Reviews that are being written, numbers that came from outside, and what was published and signed."""

from unionhome.core.figures.models.published import (
    KEY_FIELD,
    ROWS_FIELD,
    FrozenRows,
    Publication,
    PublishedFigure,
    SigningKey,
)
from unionhome.core.figures.models.reviews import OutsideNumber, Review

__all__ = [
    "KEY_FIELD",
    "ROWS_FIELD",
    "FrozenRows",
    "OutsideNumber",
    "Publication",
    "PublishedFigure",
    "Review",
    "SigningKey",
]
