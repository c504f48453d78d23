"""Every write to a deed: proposing and listing it, doing it, checking it, needs, and what workers say of it."""

from unionhome.services.deeds.actions.doing import Done, add_evidence, finish_deed, take_deed
from unionhome.services.deeds.actions.ending import (
    check_deed,
    drop_deed,
    keep_deed,
    publish_deed,
    send_back_deed,
    strike_off_deed,
)
from unionhome.services.deeds.actions.listing import Listing, Proposal, edit_deed, list_deed, propose_deed
from unionhome.services.deeds.actions.locking import Proof
from unionhome.services.deeds.actions.rating import close_ratings, rate_deed
from unionhome.services.deeds.actions.telling import tell_of_deed
from unionhome.services.deeds.actions.tying import tie_needs, untie_need

__all__ = [
    "Done",
    "Listing",
    "Proof",
    "Proposal",
    "add_evidence",
    "check_deed",
    "close_ratings",
    "drop_deed",
    "edit_deed",
    "finish_deed",
    "keep_deed",
    "list_deed",
    "propose_deed",
    "publish_deed",
    "rate_deed",
    "send_back_deed",
    "strike_off_deed",
    "take_deed",
    "tell_of_deed",
    "tie_needs",
    "untie_need",
]
