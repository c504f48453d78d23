"""Everything that changes the register or opens what it masks."""

from unionhome.core.members.actions.consents import give_consent, withdraw_consent
from unionhome.core.members.actions.enrolling import EnrolOutcome, EnrolRow, enrol_many
from unionhome.core.members.actions.facts import (
    accept_correction,
    cancel_correction,
    correct_facts,
    decline_correction,
    request_correction,
)
from unionhome.core.members.actions.joining import (
    Joined,
    apply_to_join,
    approve_application,
    cancel_application,
    decline_application,
    forward_application,
    resubmit_application,
    return_application,
)
from unionhome.core.members.actions.leaving import (
    cancel_leaving,
    confirm_leaving,
    request_leaving,
)
from unionhome.core.members.actions.looking import (
    export_own_file,
    open_application,
    open_file,
    open_own_file,
    probe,
    view_file,
)

__all__ = [
    "EnrolOutcome",
    "EnrolRow",
    "Joined",
    "accept_correction",
    "apply_to_join",
    "approve_application",
    "cancel_application",
    "cancel_correction",
    "cancel_leaving",
    "confirm_leaving",
    "correct_facts",
    "decline_application",
    "decline_correction",
    "enrol_many",
    "export_own_file",
    "forward_application",
    "give_consent",
    "open_application",
    "open_file",
    "open_own_file",
    "probe",
    "request_correction",
    "request_leaving",
    "resubmit_application",
    "return_application",
    "view_file",
    "withdraw_consent",
]
