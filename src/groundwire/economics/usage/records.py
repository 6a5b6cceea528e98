"""One line of foreign usage data, in our words; and how its fields are read without believing them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from groundwire.errors import EconomicsError

__all__ = ["UsageRecord", "count", "field", "moment", "text"]

MOST_TOKENS = 1e15


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageRecord:
    """Calls of one model within a stretch of time (often one call)."""

    at: datetime
    """Start, aware UTC."""
    seconds: float
    """Length of the stretch; 0 for a single moment. [s]"""
    model: str
    provider: str
    """"" where the file does not say."""
    calls: float | None
    """None where the file does not count them (Anthropic's exports)."""
    input_tokens: float
    """All of the prompt, cached parts included."""
    cached_tokens: float
    """Of these, read from a prompt cache."""
    output_tokens: float
    written_tokens: float = 0.0
    """Of the input, written to a prompt cache: some charge more for it."""
    batch: bool = False
    user: str = ""
    cost_usd: float | None = None
    """As the file states it."""
    failed: bool = False


def field(row: Mapping[str, Any], *names: str) -> Any:
    """The first of several names that holds something; None if none does."""
    for name in names:
        value = row.get(name)
        if value is not None and value != "":
            return value
    return None


def count(row: Mapping[str, Any], where: str, *names: str, default: float | None = None) -> float:
    """A count that must be there (unless it has a default), finite and not negative.

    Raises:
        EconomicsError: names the line and the column.
    """
    value = field(row, *names)
    if value is None:
        if default is None:
            raise EconomicsError(where, f"{names[0]} is missing; export again with all columns")
        return default
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise EconomicsError(where, f"{names[0]} is {type(value).__name__}, must be a number")
    try:
        number = float(value)
    except ValueError as error:
        raise EconomicsError(where, f"{names[0]} is {value!r:.40}, must be a number") from error
    if not math.isfinite(number) or not 0 <= number <= MOST_TOKENS:
        raise EconomicsError(where, f"{names[0]} is {number:g}, must lie in 0 to {MOST_TOKENS:g}")
    return number


def text(row: Mapping[str, Any], *names: str) -> str:
    """Words, bounded; "" where there are none."""
    value = field(row, *names)
    return str(value)[:200].strip() if isinstance(value, (str, int)) else ""


def moment(row: Mapping[str, Any], where: str, *names: str) -> datetime:
    """A time: ISO 8601, or seconds, milliseconds or nanoseconds since 1970.

    Raises:
        EconomicsError: missing, or none of these.
    """
    value = field(row, *names)
    if value is None:
        raise EconomicsError(where, f"{names[0]} is missing; export again with all columns")
    if isinstance(value, str):
        plain = value.strip()
        try:
            found = datetime.fromisoformat(plain.replace("Z", "+00:00").replace(" UTC", "+00:00"))
        except ValueError:
            pass
        else:
            return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    try:
        stamp = float(value)
    except (TypeError, ValueError) as error:
        raise EconomicsError(where, f"{names[0]} is {value!r:.40}, must be a time in ISO 8601") from error
    for scale in (1.0, 1e3, 1e6, 1e9):
        if 9e8 <= stamp / scale <= 5e9:  # 1998 to 2128
            return datetime.fromtimestamp(stamp / scale, UTC)
    raise EconomicsError(where, f"{names[0]} is {stamp:g}, no time that makes sense")
