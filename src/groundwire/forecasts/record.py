"""What the ledger holds: a forecast as registered, evidence proposed for it, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from groundwire.forecasts.probability import Probability
from groundwire.forecasts.rule import Rule
from groundwire.types import Grain

Verdict = Literal["true", "false", "void"]
VERDICTS: tuple[Verdict, ...] = ("true", "false", "void")
State = Literal["overdue", "due", "open", "resolved", "unresolvable"]
DUE_SOON = timedelta(days=14)
"""So long before its last day an open forecast is due soon."""

Unresolvable = Literal["no_date", "past", "conditional", "possibility", "after_only", "nothing_named"]
"""Why code can't say when, or of what, a forecast would be false."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A forecast as it was when its page was published; never changed afterwards."""

    key: str
    """Identity: the article and the words (``forecast_key``)."""
    article_id: int
    version_id: int
    start: int
    end: int
    text: str
    """Verbatim: ``version.text[start:end]``."""
    language: str
    who: str
    """Who says it, verbatim; "" if the outlet itself."""
    source: str
    """Under whose name it counts: the organisation or person named, else the outlet."""
    hedge: str
    horizon: str
    """By when, verbatim; "" if no date is given."""
    first: date | None
    last: date | None
    grain: Grain | None
    reason: str
    """Verbatim; "" if none is given."""
    probability: Probability | None
    rule: Rule | None
    """None where ``unresolvable`` says why."""
    unresolvable: Unresolvable | None
    said_at: datetime
    registered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a forecast, and who says so; a later one replaces an earlier one."""

    verdict: Verdict
    note: str
    decided_by: str
    """"person", "model", or "correction" (the source took the words back)."""
    decided_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A later passage that bears on a forecast: for a person to look at, never a verdict by itself."""

    version_id: int
    start: int
    end: int
    quote: str
    why: str
    """For people: the shared names, the figure, the similarity."""
    suggests: Literal["true", "false", ""]
    """What the rule makes of the passage's figure; "" where it takes a person."""


def state_of(forecast: Registered, outcome: Outcome | None, today: date) -> State:
    """Where a forecast stands on a day."""
    if outcome is not None:
        return "resolved"
    if forecast.rule is None:
        return "unresolvable"
    if forecast.rule.until < today:
        return "overdue"
    return "due" if forecast.rule.until <= today + DUE_SOON else "open"
