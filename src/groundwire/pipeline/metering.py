"""Processor seconds of the stages, for the desk's own bill."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime

from groundwire.storage import Store

Seconds = Callable[[], float]
"""Processor seconds since some moment, never less than before. [s]"""


class Meter:
    """Books every processor second once, to the stage that ends next and had something to do.

    Sums are exact. Where one process does several jobs at a time, a second may be booked to the wrong one of them.

    Args:
        store: Where it is booked.
        counters: Whose seconds: this process's by default, and others that work for it.
    """

    def __init__(self, store: Store, *counters: Seconds) -> None:
        self._store, self._counters = store, (time.process_time, *counters)
        self._lock, self._booked = threading.Lock(), self._read()

    def book(self, stage: str, number: int, now: datetime, event_id: int | None = None) -> None:
        """What was used since the last booking; a stage that had nothing to do leaves it to the next one."""
        if not number:
            return
        with self._lock:
            before, self._booked = self._booked, self._read()
            used = self._booked - before
        self._store.work.book(stage, used, number, now, event_id)

    def _read(self) -> float:
        return sum(counter() for counter in self._counters)
