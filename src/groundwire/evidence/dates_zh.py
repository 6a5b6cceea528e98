"""Dates in Chinese."""

from __future__ import annotations

from collections.abc import Iterator

from groundwire.evidence.dates_context import Context
from groundwire.evidence.timespans import Moment


def scan(context: Context) -> Iterator[tuple[int, int, Moment]]:
    """Moments."""
    yield from ()
