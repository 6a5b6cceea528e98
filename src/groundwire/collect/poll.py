"""Polling sources: fetch, read, and say what follows for the source. One bad source never stops the others."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol
from urllib.parse import urlsplit

from groundwire.collect import schedule
from groundwire.collect.fetch import Fetcher, HostResting, Response
from groundwire.errors import FetchError, GroundwireError, ParseError
from groundwire.types import Entry, PollState, Source

MAX_ENTRIES = 500
"""The newest so many of one poll are taken: a flood drowns only itself."""

MAX_BACKLOG = 5000
"""So many of a source's first poll: a whole archive is no flood, and what is left out then would never come again."""


class ReadFeed(Protocol):
    """What polling needs to know of a feed that was read (``feed.ParsedFeed``)."""

    @property
    def title(self) -> str | None:
        """The feed's name."""

    @property
    def homepage(self) -> str | None:
        """The site that it belongs to."""

    @property
    def language(self) -> str | None:
        """BCP 47, as far as it says."""

    @property
    def ttl_s(self) -> float | None:
        """How long it may be kept. [s]"""

    @property
    def skip_hours(self) -> frozenset[int]:
        """Hours (GMT) in which it is not updated."""

    @property
    def skip_days(self) -> frozenset[str]:
        """English names of days on which it is not updated."""

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Its entries, in its order."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """What was wrong with it though it could be read."""


Parse = Callable[[bytes, str, str | None], Awaitable[ReadFeed]]
"""``(body, url, content_type)`` to a feed; raises ParseError. In a worker, as the bytes are foreign."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollResult:
    """What one poll brought and what follows from it."""

    source: Source
    state: PollState
    """The new state, to be stored with the entries in one transaction."""
    polled_at: datetime
    entries: tuple[Entry, ...] = ()
    feed: ReadFeed | None = None
    """The feed's own words about itself; None if it did not change or failed."""
    url: str | None = None
    """The address that answered: the source's, or one of its alternatives; None if none did."""
    moved_to: str | None = None
    """Poll this address from now on."""
    error: str | None = None
    """Why it failed, in words; None if it did not."""
    warnings: tuple[str, ...] = ()
    """What a person might want to know though it worked."""
    not_modified: bool = False
    deferred: bool = False
    """Nothing was asked, as its host rests; no failure of this source."""
    status: int | None = None
    bytes_read: int = 0
    """Of bodies, decoded. [byte]"""
    elapsed_s: float = 0.0


async def poll(
    source: Source, state: PollState, fetcher: Fetcher, parse: Parse, now: datetime, *, max_entries: int = MAX_ENTRIES
) -> PollResult:
    """Poll one source; where its address fails, its alternatives in order.

    Never raises for what publishers do: failures are in the result, and the new state says when to try again.
    """
    failures: list[tuple[str, GroundwireError]] = []
    bytes_read = 0
    for url in (source.url, *source.alternatives):
        try:
            response = await _fetch(url, source, state, fetcher, now)
            bytes_read += len(response.body)
            result = await _digest(url, source, state, response, parse, max_entries)
        except (FetchError, ParseError) as error:
            failures.append((url, error))
            continue
        warnings = tuple(f"{failed}: {_words(error)}" for failed, error in failures)
        return replace(result, warnings=warnings + result.warnings, bytes_read=bytes_read)
    return _failed(source, state, failures, now, bytes_read)


async def poll_all(
    due: Iterable[tuple[Source, PollState]],
    fetcher: Fetcher,
    parse: Parse,
    clock: Callable[[], datetime],
    *,
    per_second: float = 50.0,
    concurrency: int = 64,
    max_entries: int = MAX_ENTRIES,
) -> AsyncGenerator[PollResult, None]:
    """Poll sources side by side; yield each result as it comes.

    Args:
        due: What to poll (see ``schedule.is_due``).
        fetcher: Keeps each host's limits.
        parse: As for ``poll``.
        clock: The time, aware UTC.
        per_second: Polls started per second at most: after days off everything is due at once. Hosts that the owner
            allowed by name are not rationed. [1/s]
        concurrency: Polls under way at once.
        max_entries: As for ``poll``.
    """
    ours: list[tuple[Source, PollState]] = []
    others: list[tuple[Source, PollState]] = []
    for item in due:
        (ours if fetcher.is_allowed_by_name(item[0].url) else others).append(item)
    plan = [(item, 0.0) for item in ours]
    plan += schedule.spread(others, host=lambda item: _host(item[0].url), per_second=per_second)
    results: asyncio.Queue[PollResult] = asyncio.Queue(maxsize=concurrency)
    queue = iter(plan)
    loop = asyncio.get_running_loop()
    begun = loop.time()

    async def work() -> None:
        for (source, state), start in queue:
            if (wait := begun + start - loop.time()) > 0:
                await asyncio.sleep(wait)
            await results.put(await _poll_safely(source, state, fetcher, parse, clock(), max_entries))

    workers = [asyncio.create_task(work()) for _ in range(min(concurrency, len(plan)))]
    try:
        for _ in plan:
            yield await results.get()
    finally:
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)


async def _poll_safely(
    source: Source, state: PollState, fetcher: Fetcher, parse: Parse, now: datetime, max_entries: int
) -> PollResult:
    try:
        return await poll(source, state, fetcher, parse, now, max_entries=max_entries)
    except Exception as error:  # a fault of ours on one source's bytes must not cost us all others
        words = f"an unforeseen fault ({type(error).__name__}: {error})"[:300]
        following = schedule.after_failure(state, GroundwireError(words), source_id=source.id, now=now)
        return PollResult(source=source, state=following, polled_at=now, error=words)


def _failed(
    source: Source, state: PollState, failures: Sequence[tuple[str, GroundwireError]], now: datetime, bytes_read: int
) -> PollResult:
    # an alternative that may come back keeps the source alive even when its main address is gone for good
    cause = next((error for _, error in failures if getattr(error, "status", None) != 410), failures[0][1])
    if isinstance(cause, HostResting):
        following = schedule.after_deferral(state, cause, source_id=source.id, now=now)
    else:
        following = schedule.after_failure(state, cause, source_id=source.id, now=now)
    return PollResult(
        source=source,
        state=following,
        polled_at=now,
        error="; ".join(dict.fromkeys(_words(error) for _, error in failures)),
        deferred=isinstance(cause, HostResting),
        status=getattr(cause, "status", None),
        bytes_read=bytes_read,
    )


async def _fetch(url: str, source: Source, state: PollState, fetcher: Fetcher, now: datetime) -> Response:
    ours = url == (state.validated_url or source.url)  # a validator only goes back to the address that gave it
    return await fetcher.get(
        url, now=now, etag=state.etag if ours else None, last_modified=state.last_modified if ours else None
    )


async def _digest(
    url: str, source: Source, state: PollState, response: Response, parse: Parse, max_entries: int
) -> PollResult:
    now = response.fetched_at
    validated_url = None if url == source.url else url
    if response.not_modified:
        following = schedule.after_not_modified(
            state,
            source_id=source.id,
            now=now,
            hints=schedule.Hints(max_age_s=response.max_age_s),
            etag=response.etag,
            last_modified=response.last_modified,
        )
        return _moved(url, source, following, response, None)
    body_hash = hashlib.sha256(response.body).hexdigest()
    if body_hash == state.body_hash:  # a new validator on the same bytes
        unchanged = schedule.after_not_modified(
            state, source_id=source.id, now=now, hints=schedule.Hints(max_age_s=response.max_age_s)
        )
        following = replace(
            unchanged, etag=response.etag, last_modified=response.last_modified, validated_url=validated_url
        )
        return _moved(url, source, following, response, None)
    feed = await parse(response.body, response.url, response.content_type)
    following = schedule.after_success(
        state,
        source_id=source.id,
        now=now,
        published=[entry.published_at or entry.updated_at for entry in feed.entries],
        hints=schedule.Hints(
            max_age_s=response.max_age_s,
            ttl_s=feed.ttl_s,
            skip_hours=frozenset(feed.skip_hours),
            skip_days=frozenset(feed.skip_days),
        ),
        etag=response.etag,
        last_modified=response.last_modified,
        validated_url=validated_url,
        body_hash=body_hash,
    )
    result = _moved(url, source, following, response, feed)
    entries = _newest(feed.entries, max_entries if state.last_success_at else max(max_entries, MAX_BACKLOG))
    dropped = len(feed.entries) - len(entries)
    flood = (f"{len(feed.entries)} entries at once: the newest {len(entries)} were taken",) if dropped else ()
    return replace(result, entries=entries, warnings=result.warnings + tuple(feed.warnings) + flood)


def _moved(url: str, source: Source, state: PollState, response: Response, feed: ReadFeed | None) -> PollResult:
    result = PollResult(
        source=source,
        state=state,
        polled_at=response.fetched_at,
        feed=feed,
        url=url,
        not_modified=feed is None,
        status=response.status,
        elapsed_s=response.elapsed_s,
    )
    if url != source.url:
        return result
    following, believed = schedule.note_move(
        state, asked=url, permanent_url=response.permanent_url, now=response.fetched_at
    )
    if not believed:
        warnings: tuple[str, ...] = ()
        if following.moved_to is not None:
            warnings = (f"its address says that it moved to {following.moved_to}; watching before we believe it",)
        return replace(result, state=following, warnings=warnings)
    if feed is not None and not _looks_the_same(source, feed):
        words = f"its address says that it moved to {response.permanent_url}, where another feed is: change it by hand"
        return replace(result, state=following, warnings=(words,))
    settled = replace(following, moved_to=None, moved_since=None, moved_count=0)
    return replace(result, state=settled, moved_to=response.permanent_url)


def _looks_the_same(source: Source, feed: ReadFeed) -> bool:
    """Whether a feed at a new address is the one we knew: same title or same site, where we knew either."""
    known = "" if source.title == source.url else _plain(source.title)
    if not known or not feed.title or known == _plain(feed.title):
        return True
    return bool(source.homepage and feed.homepage) and _host(source.homepage or "") == _host(feed.homepage or "")


def _newest(entries: Sequence[Entry], most: int) -> tuple[Entry, ...]:
    if len(entries) <= most:
        return tuple(entries)
    dated = [(entry.published_at or entry.updated_at, place) for place, entry in enumerate(entries)]
    if all(at is not None for at, _ in dated):
        places = sorted(place for _, place in sorted(dated, key=lambda item: item[0], reverse=True)[:most])  # type: ignore[arg-type,return-value]  # none is None here
        return tuple(entries[place] for place in places)
    return tuple(entries[:most])


def _plain(title: str) -> str:
    return " ".join(title.split()).casefold()


def _words(error: GroundwireError) -> str:
    return error.reason if isinstance(error, FetchError | ParseError) else str(error)


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or url).removeprefix("www.")
    except ValueError:
        return url
