"""Every write to messages."""

from unionhome.core.notices.actions.reading import mark_all_read, mark_read
from unionhome.core.notices.actions.sending import send_again, send_due, tidy_notices
from unionhome.core.notices.actions.standing import tell_of_absence
from unionhome.core.notices.actions.telling import Message, Receiver, notify

__all__ = [
    "Message",
    "Receiver",
    "mark_all_read",
    "mark_read",
    "notify",
    "send_again",
    "send_due",
    "tell_of_absence",
    "tidy_notices",
]
