"""Acts let go at the same moment, each on a database connection of its own."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection

from unionhome.core.registry import Refused

WAIT_SECONDS = 60


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """The results, or the refusals, of the calls, all let go at the same moment."""
    gate, results = threading.Barrier(len(calls)), [None] * len(calls)

    def run(place: int) -> None:
        gate.wait()
        try:
            results[place] = calls[place]()
        except Refused as refusal:
            results[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT_SECONDS)
    return results
