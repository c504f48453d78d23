"""Taking figures out of the house, writing reviews, and publishing what is frozen and signed."""

from unionhome.core.figures.actions.exporting import Export, export_figure, export_frozen, export_table
from unionhome.core.figures.actions.keys import Signature, ensure_key, renew_key, sign
from unionhome.core.figures.actions.outside import Outside, enter_outside, withdraw_outside
from unionhome.core.figures.actions.proving import Proof, export_proof, make_public_proof
from unionhome.core.figures.actions.publishing import (
    draft_publication,
    drafting_actor,
    fail_reading,
    read_rows,
    step_publication,
)
from unionhome.core.figures.actions.reviews import (
    add_section,
    arrange_section,
    begin_review,
    correct_review,
    drop_number,
    export_review,
    freeze_review,
    retitle,
    write_section,
)

__all__ = [
    "Export",
    "Outside",
    "Proof",
    "Signature",
    "add_section",
    "arrange_section",
    "begin_review",
    "correct_review",
    "draft_publication",
    "drafting_actor",
    "drop_number",
    "ensure_key",
    "enter_outside",
    "export_figure",
    "export_frozen",
    "export_proof",
    "export_review",
    "export_table",
    "fail_reading",
    "freeze_review",
    "make_public_proof",
    "read_rows",
    "renew_key",
    "retitle",
    "sign",
    "step_publication",
    "withdraw_outside",
    "write_section",
]
