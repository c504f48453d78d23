"""Applications to join: sent, added to and taken back by the worker; agreed to, returned or passed on by a union."""

from unionhome.core.members.actions.applications.joining import (
    Joined,
    apply_to_join,
    approve_application,
    cancel_application,
    decline_application,
    forward_application,
    resubmit_application,
    return_application,
)

__all__ = [
    "Joined",
    "apply_to_join",
    "approve_application",
    "cancel_application",
    "decline_application",
    "forward_application",
    "resubmit_application",
    "return_application",
]
