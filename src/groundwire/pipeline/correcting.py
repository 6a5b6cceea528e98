"""Looking again at cited articles, and telling readers what their publishers changed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from groundwire.briefs import from_json, statements
from groundwire.collect.fetch import ACCEPT_PAGE, PAGE_BYTES, Fetcher
from groundwire.collect.robots import Robots
from groundwire.collect.workers import Workers
from groundwire.corrections import GONE_LOOKS, compare, next_look, retraction_notice
from groundwire.corrections.schedule import BUSY_AGAIN, GONE_AGAIN
from groundwire.errors import FetchError, ParseError
from groundwire.extract import extract_article
from groundwire.pipeline.report import Clock, Progress, Report
from groundwire.storage import Store
from groundwire.storage.briefs import StoredBrief
from groundwire.storage.corrections import Watched
from groundwire.types import Article, Brief, Entry, Extracted, RawPage

RECHECK_BATCH = 200
"""Articles looked at in one round: old ones wait while there is much news."""
GONE = (404, 410)


@dataclass(frozen=True, slots=True)
class _Look:
    """What a look at an article found."""

    watched: Watched
    found: Extracted | None = None
    gone: int | None = None
    """The HTTP status that says so."""
    failed: bool = False
    etag: str | None = None
    last_modified: str | None = None


async def recheck(
    store: Store,
    fetcher: Fetcher,
    robots: Robots,
    workers: Workers,
    now: Clock,
    progress: Progress,
    report: Report,
    only: Collection[int] | None = None,
) -> None:
    """Fetch the cited articles (of some, by id) that are due for another look.

    A changed one becomes a new version, and its event due.
    """
    due = store.corrections.due(now(), RECHECK_BATCH, only=only)
    if not due:
        return
    progress.start("recheck", len(due))
    looks = [_look(w, store.entries.of_article(w.article_id), fetcher, robots, workers, now()) for w in due]
    for finished in asyncio.as_completed(looks):
        _save(store, await finished, now())
        report.rechecked += 1
        progress.advance("recheck")


async def _look(
    watched: Watched, entry: Entry | None, fetcher: Fetcher, robots: Robots, workers: Workers, now: datetime
) -> _Look:
    async def ask(hop: str) -> float:
        return await robots.permission(hop, now)

    try:
        response = await fetcher.get(
            watched.url,
            now=now,
            etag=watched.etag,
            last_modified=watched.last_modified,
            max_bytes=PAGE_BYTES,
            accept=ACCEPT_PAGE,
            before_hop=ask,
        )
        etag, last_modified = response.etag, response.last_modified
        if response.not_modified:
            return _Look(watched, etag=etag or watched.etag, last_modified=last_modified or watched.last_modified)
        page = RawPage(url=response.url, body=response.body, content_type=response.content_type, fetched_at=now)
        found = await workers.run(extract_article, page, entry)
    except FetchError as failed:
        return _Look(watched, gone=failed.status) if failed.status in GONE else _Look(watched, failed=True)
    except ParseError:
        return _Look(watched, failed=True)
    # it is the article that we cite, whatever the page calls itself today
    return _Look(
        watched, found=replace(found, canonical_url=watched.canonical_url), etag=etag, last_modified=last_modified
    )


def _save(store: Store, look: _Look, now: datetime) -> None:
    watched = look.watched
    if look.gone is not None:
        misses = watched.misses + 1
        if look.gone == 410 or misses >= GONE_LOOKS:
            event_id = store.corrections.retract(watched.article_id, f"taken down (HTTP {look.gone})", now)
            if event_id is not None:
                store.events.touch([event_id], now)
            return
        store.corrections.looked(watched.article_id, due_at=now + GONE_AGAIN, now=now, misses=misses)
        return
    if look.failed:
        store.corrections.looked(watched.article_id, due_at=now + BUSY_AGAIN, now=now)
        return
    due_at = next_look(watched.step + 1, watched.cited_at, now)
    with store.database.write() as connection:
        if look.found is not None and _same_kind(store, watched, look.found):
            store.articles.save(connection, watched.source_id, watched.url, look.found, now)
            store.search.index(connection, watched.article_id, f"{look.found.title}\n{look.found.body}")
        store.corrections.looked(
            watched.article_id,
            due_at=due_at,
            now=now,
            step=watched.step + 1,
            misses=0,
            etag=look.etag,
            last_modified=look.last_modified,
        )


def _same_kind(store: Store, watched: Watched, found: Extracted) -> bool:
    """Whether a page is still an article: a wall before it, or an error page served as a success, corrects nothing."""
    kept = store.articles.history(watched.article_id)[-1]
    notice = replace(kept, title=found.title, text=f"{found.title}\n\n{found.body}")
    return len(found.body) >= 0.3 * (len(kept.text) - kept.body_start) or bool(retraction_notice(notice))


def standing_articles(store: Store, articles: Sequence[Article]) -> tuple[list[Article], Mapping[int, str]]:
    """The articles that are not retracted; and of the others, by article id, what says so."""
    retracted = dict(store.corrections.retracted([a.article_id for a in articles]))
    retracted |= {a.article_id: notice for a in articles if (notice := retraction_notice(a))}
    return [a for a in articles if a.article_id not in retracted], retracted


def log_corrections(
    store: Store,
    event_id: int,
    before: Sequence[StoredBrief],
    after: Sequence[Brief],
    articles: Sequence[Article],
    retracted: Mapping[int, str],
    now: datetime,
) -> int:
    """Note what an event's pages, in whichever language, said that a publisher took back; returns how many notes are new.

    A forecast whose words are gone is void: its source stands by it no longer.
    """
    if not before:
        return 0
    old = [from_json(json.loads(stored.document)) for stored in before]
    cited = {c.version_id for page in old for s in statements(page) for c in s.citations}
    current = {a.article_id: a for a in articles}
    if cited <= {a.id for a in articles} and not retracted:
        return 0
    versions = {a.id: a for a in store.articles.versions(sorted(cited))}
    found = compare(old, after, versions, current, retracted)
    for kept in store.forecasts.of_articles({c.article_id for c in found}):
        newest = current.get(kept.forecast.article_id)
        gone = newest is None or newest.article_id in retracted or kept.forecast.text not in newest.text
        if gone and kept.outcome is None:
            note = "the publisher changed or withdrew these words"
            store.forecasts.resolve(kept.id, "void", note=note, decided_by="correction", now=now)
    return store.corrections.log(event_id, found, now)
