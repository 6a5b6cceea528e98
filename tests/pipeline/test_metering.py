"""Every processor second is booked once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from groundwire.pipeline import Meter
from groundwire.storage import Store

NOW = datetime(2026, 11, 20, 23, 59, tzinfo=UTC)


class Counter:
    """Seconds that a test sets."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def test_seconds_go_to_the_stage_that_ends_next_and_had_something_to_do(store: Store) -> None:
    counter = Counter()
    meter = Meter(store, counter)
    own = sum(w.processor_s for w in store.work.done())
    counter.seconds += 30.0
    meter.book("collect", 0, NOW)  # nothing was due: its seconds stay unbooked
    counter.seconds += 12.0
    meter.book("read", 3, NOW)
    counter.seconds += 5.0
    meter.book("events", 3, NOW)
    done = {w.stage: w for w in store.work.done()}
    assert own == 0 and set(done) == {"read", "events"}
    assert done["read"].number == 3
    # this process's own seconds come on top of the counter's
    assert done["read"].processor_s == pytest.approx(42.0, abs=2.0)
    assert done["events"].processor_s == pytest.approx(5.0, abs=2.0)


def test_a_day_of_a_stage_is_one_record_and_the_next_day_another(store: Store) -> None:
    for now in (NOW, NOW, datetime(2026, 11, 21, tzinfo=UTC)):
        store.work.book("collect", 1.5, 2, now)
    assert [(w.day.day, w.number, w.processor_s) for w in store.work.done()] == [(20, 4, 3.0), (21, 2, 1.5)]
