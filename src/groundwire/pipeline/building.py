"""The third stage: articles into events, and what the reports tell of each event."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from groundwire.events.cluster import EventIndex
from groundwire.events.embeddings import Embedder
from groundwire.events.records import Constraints, Document, Stored
from groundwire.pipeline.landscape import Landscape
from groundwire.pipeline.report import Clock, Progress, Report
from groundwire.settings import Settings
from groundwire.storage import Store
from groundwire.storage.events import Decision, Placement
from groundwire.types import Article

EVENT_BATCH = 256
PLACED = "placed"
"""Under this name storage keeps the mark of the last placement: who does not know it has an index that is stale."""


class EventBuilder:
    """Puts articles into events; keeps the index of living events in memory between rounds.

    Args:
        store: Where articles come from and decisions go.
        settings: How long events live.
        embedder: Meaning of texts.
    """

    def __init__(self, store: Store, settings: Settings, embedder: Embedder) -> None:
        self._store, self._settings, self.embedder = store, settings, embedder
        self._index: EventIndex | None = None
        self._landscape = Landscape()
        self._decided = -1
        self._mark: str | None = None

    def run(self, now: Clock, progress: Progress, report: Report) -> None:
        """Place every due article; each batch is stored in one transaction."""
        progress.start("events", self._store.articles.count(due=True))
        while self.place_batch(now, progress, report):
            pass

    def place_batch(self, now: Clock, progress: Progress, report: Report) -> bool:
        """Place some due articles, in one transaction; returns whether there were any."""
        batch = self._store.articles.due(EVENT_BATCH)
        if not batch:
            return False
        index = self._current_index(now())
        # an edited article stays where it is: its event is told anew from the new version
        fresh = self._store.events.keep_edited([article.article_id for article in batch], now())
        update = index.add([_document(article) for article in batch if article.article_id in fresh])
        placements = [
            Placement(
                article_id=assigned.article_id,
                event_id=assigned.event_id,
                origin_id=assigned.origin_id,
                reasons=assigned.reasons,
                fingerprint=assigned.fingerprint,
            )
            for assigned in update.assignments
        ]
        merges = [(merge.survivor_id, merge.absorbed_id) for merge in update.merges]
        with self._store.database.write(alone=True) as connection:
            if self._store.leases.marked(connection, PLACED) != self._mark:
                self._index = None  # another process placed articles meanwhile: decide anew, knowing them
                return True
            self._mark = uuid4().hex
            self._store.leases.mark(connection, PLACED, self._mark, now())
            self._store.events.place(placements, merges, self.embedder.name, now())
        for survivor_id, absorbed_id in merges:
            self._landscape.merge(survivor_id, absorbed_id)
        for placed in placements:
            self._landscape.place(placed.article_id, placed.event_id, placed.origin_id, placed.fingerprint)
        report.placed += len(batch)
        report.merged += len(merges)
        progress.advance("events", len(batch))
        return True

    def landscape(self, now: datetime) -> Landscape:
        """The living events side by side."""
        self._current_index(now)
        self._landscape.forget(now - timedelta(days=self._settings.window_days))
        return self._landscape

    def _current_index(self, now: datetime) -> EventIndex:
        """The index in memory, or one restored from storage: at first, and after a person or a process changed it."""
        decisions = self._store.events.decisions()
        with self._store.database.read() as connection:
            mark = self._store.leases.marked(connection, PLACED)
        if self._index is None or len(decisions) != self._decided or mark != self._mark:
            since = now - timedelta(days=self._settings.window_days)
            stored = [
                Stored(article_id=article, event_id=event, origin_id=origin, fingerprint=data, pinned=pinned)
                for article, event, origin, data, pinned in self._store.articles.fingerprints(self.embedder.name, since)
            ]
            self._index = EventIndex(
                embedder=self.embedder,
                next_event_id=self._store.events.next_id(),
                constraints=constraints(decisions),
            )
            self._index.restore(stored)
            self._landscape = Landscape()
            for row in stored:
                self._landscape.place(row.article_id, row.event_id, row.origin_id, row.fingerprint)
            self._decided, self._mark = len(decisions), mark
        return self._index


def constraints(decisions: Sequence[Decision]) -> Constraints:
    """What a person decided, as pairs of articles; a later decision on a pair replaces an earlier one."""
    last: dict[tuple[int, int], bool] = {}
    for decision in decisions:
        if decision.kind in ("pin", "merge", "split") and decision.second_id is not None:
            pair = (min(decision.first_id, decision.second_id), max(decision.first_id, decision.second_id))
            last[pair] = decision.kind != "split"
    return Constraints.of(
        together=[pair for pair, joined in last.items() if joined],
        apart=[pair for pair, joined in last.items() if not joined],
    )


def _document(article: Article) -> Document:
    known = article.published_evidence != "fetched"
    return Document(
        article_id=article.article_id,
        source_id=article.source_id,
        language=article.language,
        title=article.title,
        text=article.text,
        published_at=article.published_at if known else None,
        links=(article.url,),
    )
