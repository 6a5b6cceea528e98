"""When to poll which source again: pure decisions over PollState.

The interval follows how often a source publishes, between 15 minutes and a day; whatever the publisher asks for
(max-age, ttl, skipHours, skipDays, Retry-After) can only make it longer. Failures back off exponentially.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from urllib.parse import urlsplit

from groundwire.errors import FetchError, GroundwireError
from groundwire.types import PollState

MIN_INTERVAL_S = 900.0
MAX_INTERVAL_S = 86_400.0
MAX_RETRY_AFTER_S = 7 * 86_400.0
"""A publisher can send us away for so long at most. [s]"""

LOOKS_PER_ENTRY = 4
"""Polls in the time in which a source is expected to publish once: an entry then waits an eighth of that on average."""

JITTER = 0.1
"""Intervals are lengthened by up to this share, so that sources added together drift apart."""

_RATE_WINDOW = timedelta(days=30)
_RATE_ENTRIES = 20
_GONE_FAILURES = 10
_GONE_SILENCE = timedelta(days=14)
_MOVE_POLLS = 3
_MOVE_PROBATION = timedelta(days=7)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_EARLIEST_CLOCK = datetime(2024, 1, 1, tzinfo=UTC)
_CLOCK_BACK = timedelta(days=1)
_CLOCK_AHEAD = timedelta(days=5 * 365)

Item = TypeVar("Item")


class ClockError(GroundwireError):
    """The system's clock can't be right: nothing is scheduled or deleted by it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What a publisher asks of those who poll."""

    max_age_s: float | None = None
    ttl_s: float | None = None
    skip_hours: frozenset[int] = frozenset()
    """Hours of the day, GMT, 0 to 23."""
    skip_days: frozenset[str] = frozenset()
    """English names of days."""


def after_success(
    state: PollState,
    *,
    source_id: int,
    now: datetime,
    published: Sequence[datetime | None] = (),
    hints: Hints | None = None,
    etag: str | None = None,
    last_modified: str | None = None,
    validated_url: str | None = None,
    body_hash: str | None = None,
) -> PollState:
    """A feed was read: remember its validators, follow its pace.

    Args:
        state: As it was before.
        source_id: Decides the jitter.
        now: Time of the poll.
        published: When its entries were published, as far as they say.
        hints: What the publisher asks for.
        etag: Verbatim.
        last_modified: Verbatim.
        validated_url: Whose validators these are, if not the source's own address.
        body_hash: SHA-256 of the body.
    """
    interval = observed_interval_s(published, now)
    if interval is None:  # no dates to go by: closer after news, wider (after_not_modified) without
        interval = state.interval_s / 2
    interval = min(max(interval, MIN_INTERVAL_S), MAX_INTERVAL_S)
    return replace(
        state,
        etag=etag,
        last_modified=last_modified,
        validated_url=validated_url,
        body_hash=body_hash,
        interval_s=interval,
        next_poll_at=next_poll(interval, hints or Hints(), source_id=source_id, now=now),
        failures=0,
        last_success_at=now,
        last_error=None,
        gone=False,
    )


def after_not_modified(
    state: PollState,
    *,
    source_id: int,
    now: datetime,
    hints: Hints | None = None,
    etag: str | None = None,
    last_modified: str | None = None,
) -> PollState:
    """Nothing new: wait a little longer each time; validators that came with the answer replace the old ones."""
    interval = min(max(state.interval_s * 1.25, MIN_INTERVAL_S), MAX_INTERVAL_S)
    return replace(
        state,
        etag=etag or state.etag,
        last_modified=last_modified or state.last_modified,
        interval_s=interval,
        next_poll_at=next_poll(interval, hints or Hints(), source_id=source_id, now=now),
        failures=0,
        last_success_at=now,
        last_error=None,
        gone=False,
    )


def after_failure(state: PollState, error: GroundwireError, *, source_id: int, now: datetime) -> PollState:
    """It failed: 15 minutes, then twice as long each time up to a day; longer if the publisher says so; 410 ends it."""
    status = error.status if isinstance(error, FetchError) else None
    asked = error.retry_after_s if isinstance(error, FetchError) else None
    reason = error.reason if isinstance(error, FetchError) else str(error)
    failures = state.failures + 1
    silent = state.last_success_at is None or now - state.last_success_at >= _GONE_SILENCE
    gone = status == 410 or (status == 404 and failures >= _GONE_FAILURES and silent)
    wait = min(MIN_INTERVAL_S * 2.0 ** min(failures - 1, 30), MAX_INTERVAL_S)
    wait *= 1 + JITTER * jitter(source_id)
    wait = max(wait, min(asked or 0.0, MAX_RETRY_AFTER_S))
    return replace(
        state,
        failures=failures,
        last_error=reason,
        gone=gone,
        next_poll_at=None if gone else now + timedelta(seconds=wait),
    )


def after_deferral(state: PollState, error: FetchError, *, source_id: int, now: datetime) -> PollState:
    """Its host rests and nothing was sent: no failure of this source; its turn comes when the host's rest is over."""
    wait = min(error.retry_after_s or MIN_INTERVAL_S, MAX_INTERVAL_S) + 60.0 * jitter(source_id)
    return replace(state, last_error=error.reason, next_poll_at=now + timedelta(seconds=wait))


def observed_interval_s(published: Sequence[datetime | None], now: datetime) -> float | None:
    """How long to wait, by how often a source has published of late; None if its entries say too little. [s]

    The mean gap of the newest entries, counted up to now (so that a source that falls silent is asked less often),
    divided by ``LOOKS_PER_ENTRY``. Entries dated in the future say nothing.

    Example:
        >>> noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
        >>> observed_interval_s([noon - timedelta(hours=h) for h in (4, 8, 12)], noon)  # one every 4 h -> hourly
        3600.0
    """
    known = sorted((at for at in published if at is not None and at <= now), reverse=True)
    if not known:
        return None
    recent = [at for at in known[:_RATE_ENTRIES] if now - at <= _RATE_WINDOW]
    if not recent:
        return MAX_INTERVAL_S
    gap = max((now - recent[-1]).total_seconds(), 1.0) / len(recent)
    return min(max(gap / LOOKS_PER_ENTRY, MIN_INTERVAL_S), MAX_INTERVAL_S)


def next_poll(interval_s: float, hints: Hints, *, source_id: int, now: datetime) -> datetime:
    """The time of the next poll: our interval, or later if the publisher asks for it (a day and a skip at most)."""
    asked = max(hints.max_age_s or 0.0, hints.ttl_s or 0.0)
    wait = max(interval_s, min(asked, MAX_INTERVAL_S), MIN_INTERVAL_S)
    at = now + timedelta(seconds=wait * (1 + JITTER * jitter(source_id)))
    return _out_of_skips(at, hints, source_id)


def _out_of_skips(at: datetime, hints: Hints, source_id: int) -> datetime:
    hours = {hour % 24 for hour in hints.skip_hours}  # RSS 0.91 wrote midnight as 24
    days = {day.strip().lower() for day in hints.skip_days} & set(_DAYS)
    if len(hours) >= 24 or len(days) >= 7:  # "never" is no schedule
        return at
    moved = at.astimezone(UTC)
    for _ in range(7 * 24):
        if moved.hour not in hours and _DAYS[moved.weekday()] not in days:
            break
        moved = moved.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    if moved == at:
        return at
    return moved + timedelta(minutes=10 * jitter(source_id))  # not everyone on the stroke of the hour


def note_move(state: PollState, *, asked: str, permanent_url: str, now: datetime) -> tuple[PollState, bool]:
    """Weigh a publisher's word that a feed has moved for good; return the new state and whether to believe it.

    A move within one host, or from http to https, is believed at once. A move to another host is believed when it
    was said in three polls in a row over a week: expired domains are bought for their readers.

    Args:
        state: As it was before.
        asked: The address that was polled.
        permanent_url: Where 301 and 308 led (``Response.permanent_url``).
        now: Time of the poll.
    """
    settled = replace(state, moved_to=None, moved_since=None, moved_count=0)
    if permanent_url == asked:
        return settled, False
    if _host(permanent_url) == _host(asked):
        return settled, True
    if state.moved_to != permanent_url or state.moved_since is None:
        return replace(state, moved_to=permanent_url, moved_since=now, moved_count=1), False
    noted = replace(state, moved_count=state.moved_count + 1)
    return noted, noted.moved_count >= _MOVE_POLLS and now - state.moved_since >= _MOVE_PROBATION


def is_due(state: PollState, now: datetime) -> bool:
    """Whether to poll now. A time further ahead than we ever schedule was set by a wrong clock and counts as past."""
    if state.gone:
        return False
    at = state.next_poll_at
    return at is None or at <= now or at - now > timedelta(seconds=MAX_RETRY_AFTER_S + 2 * MAX_INTERVAL_S)


def spread(due: Iterable[Item], *, host: Callable[[Item], str], per_second: float) -> list[tuple[Item, float]]:
    """Order what is due so that no host and no second gets it all at once; return each with its start. [s]

    After days off everything is overdue: hosts take turns, and starts are ``1 / per_second`` apart.
    """
    by_host: dict[str, list[Item]] = defaultdict(list)
    for item in due:
        by_host[host(item)].append(item)
    rounds = max(map(len, by_host.values()), default=0)
    ordered = [items[turn] for turn in range(rounds) for items in by_host.values() if turn < len(items)]
    return [(item, place / per_second) for place, item in enumerate(ordered)]


def check_clock(now: datetime, last_seen_at: datetime | None = None) -> None:
    """Refuse to schedule by a clock that can't be right (a board without a battery boots in 1970 or 2038).

    Args:
        now: What the clock says.
        last_seen_at: The newest time that was recorded before, such as the last successful poll.

    Raises:
        ClockError: Says what is wrong and what to do.
    """
    remedy = "; set the system's clock and start again"
    if now < _EARLIEST_CLOCK:
        raise ClockError(f"the system's clock says {now:%Y-%m-%d}, before this program existed{remedy}")
    if last_seen_at is None:
        return
    if now < last_seen_at - _CLOCK_BACK:
        raise ClockError(
            f"the clock says {now:%Y-%m-%d %H:%M}, before the last poll ({last_seen_at:%Y-%m-%d %H:%M}){remedy}"
        )
    if now > last_seen_at + _CLOCK_AHEAD:
        raise ClockError(
            f"the system's clock says {now:%Y-%m-%d}, years after the last poll on {last_seen_at:%Y-%m-%d}{remedy}"
        )


def jitter(source_id: int) -> float:
    """A number in [0, 1) that stays the same for a source: the same input gives the same schedule."""
    digest = hashlib.blake2b(source_id.to_bytes(16, "big", signed=True), digest_size=8).digest()
    return int.from_bytes(digest) / 2**64


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
