"""Taking figures out of the house: as workbooks, and as publications that are frozen and signed."""

from unionhome.core.figures.actions.exporting import Export, export_figure, export_frozen
from unionhome.core.figures.actions.keys import Signature, ensure_key, renew_key, sign
from unionhome.core.figures.actions.proving import Proof, export_proof, make_public_proof
from unionhome.core.figures.actions.publishing import (
    draft_publication,
    drafting_actor,
    fail_reading,
    read_rows,
    step_publication,
)

__all__ = [
    "Export",
    "Proof",
    "Signature",
    "draft_publication",
    "drafting_actor",
    "ensure_key",
    "export_figure",
    "export_frozen",
    "export_proof",
    "fail_reading",
    "make_public_proof",
    "read_rows",
    "renew_key",
    "sign",
    "step_publication",
]
