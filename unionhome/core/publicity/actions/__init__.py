"""Acts on public notices and on what people say against them."""

from unionhome.core.publicity.actions.answering import Finding, answer_objection
from unionhome.core.publicity.actions.drafting import (
    PublicDraft,
    draft_notice,
    issue_notice,
    open_whole,
    reissue_notice,
)
from unionhome.core.publicity.actions.locking import Photo
from unionhome.core.publicity.actions.objecting import Complaint, enter_objection, object_online
from unionhome.core.publicity.actions.posting import (
    Hanging,
    add_posting,
    close_notice,
    extend_notice,
    post_notice,
    withdraw_notice,
)

__all__ = [
    "Complaint",
    "Finding",
    "Hanging",
    "Photo",
    "PublicDraft",
    "add_posting",
    "answer_objection",
    "close_notice",
    "draft_notice",
    "enter_objection",
    "extend_notice",
    "issue_notice",
    "object_online",
    "open_whole",
    "post_notice",
    "reissue_notice",
    "withdraw_notice",
]
