"""How a run is watched, and what it did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

Clock = Callable[[], datetime]
"""The time, aware UTC."""


class Progress(Protocol):
    """Told how a stage goes."""

    def start(self, stage: str, total: int) -> None:
        """A stage begins, with so many items as far as is known."""

    def advance(self, stage: str, count: int = 1) -> None:
        """So many more items are done."""

    def problem(self, stage: str, words: str) -> None:
        """Something went wrong with one item; the others go on."""


@dataclass(slots=True)
class Report:
    """What a run did."""

    polled: int = 0
    not_modified: int = 0
    failed_sources: int = 0
    new_entries: int = 0
    articles: int = 0
    unread_pages: int = 0
    placed: int = 0
    merged: int = 0
    briefs: int = 0
    withheld: int = 0
    rechecked: int = 0
    corrections: int = 0
