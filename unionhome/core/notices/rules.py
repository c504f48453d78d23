"""When a message may go out, how long a failed one waits, and the words as they are sent. Pure functions."""

import re
from datetime import datetime, timedelta

from django.utils import timezone

from unionhome.kit.calendars import DutyHours
from unionhome.kit.codes import mask_phone

ADDRESS_FIELD = "notices.notice.address"
LINK_FIELD = "notices.notice.link"
LEASE = timedelta(minutes=5)
"""So long a message counts as being sent; then its sender is taken for dead. Longer than a round of sending lasts."""
MOST_WAIT = timedelta(hours=6)
_MOBILE = re.compile(r"1\d{10}")


def quiet_until(at: datetime, quiet: DutyHours) -> datetime:
    """The first moment from `at` on that lies in no quiet period; `at` itself where none is on. Half-open: a period that
    ends at 08:00 leaves 08:00 free. Periods that meet at midnight are one night."""
    moment = timezone.localtime(at)
    for _ in range(3):
        periods = quiet.on(moment.date(), timezone.get_default_timezone())
        end = next((period.end for period in periods if period.start <= moment < period.end), None)
        if end is None:
            break
        moment = end
    return moment


def wait_before(tries: int) -> timedelta:
    """The pause after so many tries: 1, 4, 16, 64, 256 minutes, at most six hours."""
    return min(timedelta(minutes=4 ** min(tries - 1, 8)), MOST_WAIT)


def is_mobile(phone: str) -> bool:
    """Whether a text message can reach the number."""
    return _MOBILE.fullmatch(phone) is not None


def mask_address(address: str) -> str:
    """A phone as everywhere; of a mail address its first letter and its server: z***@example.org."""
    name, mark, server = address.partition("@")
    return f"{name[:1]}***@{server}" if mark else mask_phone(address)


def whole_text(text: str, link: str) -> str:
    """The words as they are sent."""
    return f"{text}查看：{link}" if link else text
