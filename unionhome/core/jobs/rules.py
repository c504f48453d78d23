"""How long a lease holds, when a failed job is tried again, and how an error is told without its data."""

import traceback
from datetime import timedelta
from pathlib import Path

from unionhome.core.registry import Refused

LEASE = timedelta(seconds=4)
BEAT_SECONDS = 1.3
MOST_WAIT = timedelta(hours=1)


def wait_before(tries: int) -> timedelta:
    """The pause before the next try: 2, 4, 8 … seconds, at most an hour."""
    return min(timedelta(seconds=2 ** min(tries, 12)), MOST_WAIT)


def sentence_of(error: BaseException) -> str:
    """Why a job failed, for the administrator's page.

    A refusal tells its sentence. Of any other error only its class and place are kept: messages of databases and
    parsers quote the values they choked on, and those may be personal.
    """
    if isinstance(error, Refused):
        return error.sentence[:300]
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return type(error).__name__
    last = next((frame for frame in reversed(frames) if "/lib/python" not in frame.filename), frames[-1])
    place = "/".join(Path(last.filename).parts[-3:])
    return f"程序出错：{type(error).__name__}，{place} 第 {last.lineno} 行"[:300]
