"""What the date grammars share while they read one text: the text, the point of view, and results already found."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from groundwire.evidence.timespans import Convention, Moment

Found = tuple[Moment, int]
"""A moment and where its words end."""
Rule = Callable[["Context", int], Found | None]
_MAX_DEPTH = 24


@dataclass(slots=True)
class Context:
    """One text being read. ``text`` is folded and in lower case; ``reference`` is naive local time of publication."""

    text: str
    reference: datetime
    convention: Convention
    memo: dict[tuple[str, int], Found | None] = field(default_factory=dict)
    depth: int = 0

    def parse(self, rule: Rule, start: int) -> Found | None:
        """The result of a rule at a place, worked out once; None while it is being worked out (left recursion)."""
        key = (rule.__qualname__, start)
        if key in self.memo:
            return self.memo[key]
        if self.depth >= _MAX_DEPTH:
            return None
        self.memo[key] = None
        self.depth += 1
        try:
            result = rule(self, start)
        finally:
            self.depth -= 1
        self.memo[key] = result
        return result

    def match(self, pattern: re.Pattern[str], start: int) -> re.Match[str] | None:
        """The pattern at a place."""
        return pattern.match(self.text, start)

    def longest(self, rules: Iterable[Rule], start: int) -> Found | None:
        """The longest result of several rules; the first of equals."""
        best: Found | None = None
        for rule in rules:
            found = self.parse(rule, start)
            if found is not None and (best is None or found[1] > best[1]):
                best = found
        return best
