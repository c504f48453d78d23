"""Every change of unions, employers and divisions."""

from unionhome.core.organizations.actions.changes.dissolve import (
    Placing,
    Proposal,
    approve_dissolution,
    cancel_dissolution,
    file_dissolution,
    place_members,
    propose_dissolution,
)
from unionhome.core.organizations.actions.changes.facts import change_facts
from unionhome.core.organizations.actions.changes.following import Following
from unionhome.core.organizations.actions.changes.leaving import Plan
from unionhome.core.organizations.actions.changes.merge import Merger, merge_unions, plan_merger
from unionhome.core.organizations.actions.changes.move import move_union
from unionhome.core.organizations.actions.changes.relocate import relocate_union
from unionhome.core.organizations.actions.changes.rename import rename_union
from unionhome.core.organizations.actions.changes.split import Split, plan_split, split_union
from unionhome.core.organizations.actions.divisions import load_divisions
from unionhome.core.organizations.actions.employers.covers import cover_employer, end_cover
from unionhome.core.organizations.actions.employers.register import (
    EmployerFacts,
    change_employer,
    enter_employer,
    register_employer,
)
from unionhome.core.organizations.actions.foundings.enter import UnionFacts, found_union
from unionhome.core.organizations.actions.foundings.federations import found_division_unions, found_place_unions
from unionhome.core.organizations.actions.foundings.finish import cancel_founding, complete_founding
from unionhome.core.organizations.actions.foundings.many import CoverRow, found_unions
from unionhome.core.organizations.actions.foundings.stages import (
    apply_founding,
    approve_founding,
    issue_founding_paper,
    prepare_founding,
    record_founding_election,
    report_founding,
    return_founding,
    return_founding_election,
    start_founding,
    write_founding,
)
from unionhome.core.organizations.actions.grid.cells import CellFacts, change_cell, create_cell, create_cells, end_cell
from unionhome.core.organizations.actions.grid.coverage import settle_coverage
from unionhome.core.organizations.actions.grid.units import assign_units, release_unit
from unionhome.core.organizations.actions.grid.workers import assign_worker, end_worker, open_worker_phone
from unionhome.core.organizations.actions.sheets.entry import (
    apply_sheet,
    enter_sheet,
    erase_old_sheets,
    export_unions,
    note_download,
    resume_sheet,
    stall_sheet,
)
from unionhome.core.organizations.actions.sheets.intake import cancel_sheet, check_sheet, fail_check, hand_in_sheet
from unionhome.core.organizations.actions.terms.committees import set_committee
from unionhome.core.organizations.actions.terms.officers import appoint_officer, end_officer
from unionhome.core.organizations.actions.terms.reelections import (
    announce_terms,
    approve_reelection,
    begin_reelection,
    issue_term_paper,
    open_reelection,
    record_term_election,
    report_reelection,
    return_term_election,
)

__all__ = [
    "CellFacts",
    "CoverRow",
    "EmployerFacts",
    "Following",
    "Merger",
    "Placing",
    "Plan",
    "Proposal",
    "Split",
    "UnionFacts",
    "announce_terms",
    "apply_founding",
    "apply_sheet",
    "appoint_officer",
    "approve_dissolution",
    "approve_founding",
    "approve_reelection",
    "assign_units",
    "assign_worker",
    "begin_reelection",
    "cancel_dissolution",
    "cancel_founding",
    "cancel_sheet",
    "change_cell",
    "change_employer",
    "change_facts",
    "check_sheet",
    "complete_founding",
    "cover_employer",
    "create_cell",
    "create_cells",
    "end_cell",
    "end_cover",
    "end_officer",
    "end_worker",
    "enter_employer",
    "enter_sheet",
    "erase_old_sheets",
    "export_unions",
    "fail_check",
    "file_dissolution",
    "found_division_unions",
    "found_place_unions",
    "found_union",
    "found_unions",
    "hand_in_sheet",
    "issue_founding_paper",
    "issue_term_paper",
    "load_divisions",
    "merge_unions",
    "move_union",
    "note_download",
    "open_reelection",
    "open_worker_phone",
    "place_members",
    "plan_merger",
    "plan_split",
    "prepare_founding",
    "propose_dissolution",
    "record_founding_election",
    "record_term_election",
    "register_employer",
    "release_unit",
    "relocate_union",
    "rename_union",
    "report_founding",
    "report_reelection",
    "resume_sheet",
    "return_founding",
    "return_founding_election",
    "return_term_election",
    "set_committee",
    "settle_coverage",
    "split_union",
    "stall_sheet",
    "start_founding",
    "write_founding",
]
