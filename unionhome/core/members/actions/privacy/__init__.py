"""Opening what is masked, consents, and what a download leaves behind."""

from unionhome.core.members.actions.privacy.consents import (
    give_consent,
    withdraw_consent,
)
from unionhome.core.members.actions.privacy.downloads import (
    note_reconcile_download,
)
from unionhome.core.members.actions.privacy.looking import (
    export_own_file,
    open_application,
    open_file,
    open_own_file,
    probe,
    view_file,
)

__all__ = [
    "export_own_file",
    "give_consent",
    "note_reconcile_download",
    "open_application",
    "open_file",
    "open_own_file",
    "probe",
    "view_file",
    "withdraw_consent",
]
