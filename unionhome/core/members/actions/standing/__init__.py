"""What becomes of a membership: retained, resumed, ended by leaving, death or expulsion, moved with its union."""

from unionhome.core.members.actions.standing.changing import (
    record_death,
    resume_member,
    retain_member,
)
from unionhome.core.members.actions.standing.expelling import (
    decide_expulsion,
    drop_expulsion,
    file_expulsion,
    open_expulsion,
    read_scan,
    send_back_expulsion,
)
from unionhome.core.members.actions.standing.leaving import (
    cancel_leaving,
    confirm_leaving,
    request_leaving,
)
from unionhome.core.members.actions.standing.resting import mend_leavings

__all__ = [
    "cancel_leaving",
    "confirm_leaving",
    "decide_expulsion",
    "drop_expulsion",
    "file_expulsion",
    "mend_leavings",
    "open_expulsion",
    "read_scan",
    "record_death",
    "request_leaving",
    "resume_member",
    "retain_member",
    "send_back_expulsion",
]
