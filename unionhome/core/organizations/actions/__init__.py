"""Every change of unions, employers and divisions."""

from unionhome.core.organizations.actions.changes import (
    change_facts,
    move_union,
    rename_union,
)
from unionhome.core.organizations.actions.committees import end_officer, set_committee
from unionhome.core.organizations.actions.coverage import (
    settle_coverage,
)
from unionhome.core.organizations.actions.covering import change_employer, end_cover, enter_employer
from unionhome.core.organizations.actions.divisions import (
    found_division_unions,
    load_divisions,
)
from unionhome.core.organizations.actions.employers import (
    EmployerFacts,
    cover_employer,
    register_employer,
)
from unionhome.core.organizations.actions.ending import (
    Placing,
    Proposal,
    approve_dissolution,
    cancel_dissolution,
    file_dissolution,
    place_members,
    propose_dissolution,
)
from unionhome.core.organizations.actions.founding import (
    UnionFacts,
    appoint_officer,
    found_union,
)
from unionhome.core.organizations.actions.founding_ending import cancel_founding, complete_founding
from unionhome.core.organizations.actions.foundings import (
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
from unionhome.core.organizations.actions.gaps import (
    found_place_unions,
)
from unionhome.core.organizations.actions.grid import (
    CellFacts,
    assign_units,
    assign_worker,
    change_cell,
    create_cell,
    create_cells,
    end_cell,
    end_worker,
    open_worker_phone,
    release_unit,
)
from unionhome.core.organizations.actions.many import CoverRow, found_unions
from unionhome.core.organizations.actions.merging import (
    Merger,
    Plan,
    Split,
    merge_unions,
    plan_merger,
    plan_split,
    split_union,
)
from unionhome.core.organizations.actions.places import relocate_union
from unionhome.core.organizations.actions.sheet_entering import (
    apply_sheet,
    enter_sheet,
    erase_old_sheets,
    export_unions,
    note_download,
    resume_sheet,
    stall_sheet,
)
from unionhome.core.organizations.actions.sheet_intake import cancel_sheet, check_sheet, fail_check, hand_in_sheet
from unionhome.core.organizations.actions.terms import (
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
