"""Moving a membership from one union to another."""

from unionhome.core.members.actions.transfers.moving import (
    cancel_transfer,
    hold_transfer,
    raise_silent_transfers,
    receive_transfer,
    refuse_transfer,
    release_transfer,
    request_transfer,
    send_transfer,
)
from unionhome.core.members.actions.transfers.proposing import (
    Proposed,
    Wanted,
    propose_from_roster,
    propose_transfer,
)

__all__ = [
    "Proposed",
    "Wanted",
    "cancel_transfer",
    "hold_transfer",
    "propose_from_roster",
    "propose_transfer",
    "raise_silent_transfers",
    "receive_transfer",
    "refuse_transfer",
    "release_transfer",
    "request_transfer",
    "send_transfer",
]
