"""The fourth stage: compose, check and publish the briefs of events that changed."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

import numpy as np

from groundwire.briefs import check_citations, compose, statements, to_json
from groundwire.errors import GroundingError
from groundwire.events.embeddings import Embedder, Vectors
from groundwire.events.rank import importance, standing
from groundwire.events.relate import Relation
from groundwire.events.topics import Topics
from groundwire.evidence.analyse import analyse
from groundwire.llm import LanguageModel
from groundwire.pipeline.correcting import log_corrections, standing_articles
from groundwire.pipeline.landscape import Landscape
from groundwire.pipeline.ledger import propose_evidence, register_forecasts
from groundwire.pipeline.metering import Meter
from groundwire.pipeline.report import Clock, Progress, Report
from groundwire.pipeline.writing import Writer, Writers
from groundwire.settings import Settings
from groundwire.storage import Store
from groundwire.storage.briefs import StoredBrief
from groundwire.storage.events import EventFacts
from groundwire.types import Article, Brief, Evidence

BRIEF_BATCH = 256
OFF_BEAT = 0.25
"""What the importance of news on none of the desk's topics counts."""


class Analyst:
    """Evidence of article versions, kept for the versions that were asked for last: related events ask again."""

    def __init__(self, keep: int = 2_000) -> None:
        self._analyse = lru_cache(maxsize=keep)(analyse)

    def of(self, articles: Sequence[Article]) -> dict[int, Evidence]:
        """Evidence by version id."""
        return {article.id: self._analyse(article) for article in articles}


class Remembering:
    """An embedder that knows the sentences of lately told events again: an event grows, and is told anew, often.

    Args:
        embedder: Asked for what is not remembered.
        keep: Most sentences remembered; 2 kB each.
    """

    def __init__(self, embedder: Embedder, keep: int = 20_000) -> None:
        self._embedder, self._keep = embedder, keep
        self._known: OrderedDict[str, Vectors] = OrderedDict()
        self.name, self.dimension = embedder.name, embedder.dimension

    def encode(self, texts: Sequence[str]) -> Vectors:
        """See ``Embedder.encode``."""
        missing = list(dict.fromkeys(text for text in texts if text not in self._known))
        if missing:
            self._known.update(zip(missing, self._embedder.encode(missing), strict=True))
        vectors: Vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            vectors[row] = self._known[text]
            self._known.move_to_end(text)
        while len(self._known) > self._keep:
            self._known.popitem(last=False)
        return vectors


class BriefWriter:
    """Composes, checks and publishes the briefs of due events.

    Args:
        store: Where events come from and briefs go.
        settings: The reader's language.
        embedder: Meaning of sentences.
        meter: Books what each brief took.
        model: Writes in place of the one that the settings name.
    """

    def __init__(
        self, store: Store, settings: Settings, embedder: Embedder, meter: Meter, model: LanguageModel | None = None
    ) -> None:
        self._writers = Writers(store, settings, model)
        self._store, self._settings, self._embedder = store, settings, Remembering(embedder)
        self._topics, self._meter = Topics(embedder), meter
        self._analyst = Analyst()

    def run(self, landscape: Landscape, now: Clock, progress: Progress, report: Report) -> None:
        """Brief every due event, each in one transaction; an event stays due until its brief is stored."""
        writer = self._writers.start(now, progress)
        progress.start("briefs", self._store.events.count_due())
        while due := self._store.events.due(BRIEF_BATCH):
            for event_id, due_at in due:
                self.write(event_id, due_at, landscape, now, report, writer)
                progress.advance("briefs")

    def write(
        self,
        event_id: int,
        due_at: datetime,
        landscape: Landscape,
        now: Clock,
        report: Report,
        writer: Writer | None = None,
    ) -> None:
        """Brief one event that has been due since ``due_at``; without a ``writer`` by extraction alone."""
        store = self._store
        near = landscape.related(event_id) if event_id in landscape else ()
        if event_id in landscape:
            store.events.save_related(event_id, near)
        event, members = store.events.get(event_id), store.articles.of_event(event_id)
        articles, retracted = standing_articles(store, members)
        before = store.briefs.get(event_id)
        related = store.events.related(event_id)
        earlier = {
            other.event_id: tuple(self._analyst.of(self._standing(other.event_id)).values())
            for other in related
            if other.relation == "earlier"
        }
        evidence = self._analyst.of(articles)
        try:
            brief = compose(event, articles, evidence, related, earlier, self._embedder, self._settings.language)
        except ValueError:  # no article of it has any text to cite
            with store.database.write(alone=True):
                report.corrections += log_corrections(store, event_id, before, None, members, retracted, now())
                store.briefs.withdraw(event_id)
            report.withheld += 1
            return
        written = writer.write(brief, articles, evidence) if writer is not None else None
        if written is not None:
            brief = written.brief
        cited = {citation.version_id for statement in statements(brief) for citation in statement.citations}
        quoted = {article.id: article for article in store.articles.versions(sorted(cited))}
        problems = check_citations(brief, quoted)
        if problems:
            raise GroundingError(f"event {event.slug}: {problems[0].section}: {problems[0].reason}")
        facts = self._facts(event_id, brief, articles, near, landscape) if event_id in landscape else None
        stored = StoredBrief(
            event_id=event_id,
            language=brief.language,
            document=json.dumps(to_json(brief), ensure_ascii=False, sort_keys=True, separators=(",", ":")),
            build=brief.provenance.build,
            made_at=now(),
        )
        with store.database.write(alone=True):
            if not store.articles.of_event(event_id):  # another process has merged it into another event meanwhile
                return
            if facts is not None:
                store.events.save_facts(facts)
            register_forecasts(store, brief, quoted, evidence, now())
            news = [a.id for a in articles if before is None or a.collected_at >= before.made_at]
            propose_evidence(store, [evidence[version] for version in news], self._embedder, now())
            report.corrections += log_corrections(store, event_id, before, brief, members, retracted, now())
            store.corrections.watch({article.article_id for article in quoted.values()}, now())
            store.briefs.save(stored, list(statements(brief)), due_at)
            if writer is not None and written is not None:
                writer.save(event_id, written)
            self._meter.book("brief", 1, now(), event_id)
            for other in near:  # their pages now lead here
                store.events.save_related(other.event_id, landscape.related_again(other.event_id, event_id))
        report.briefs += 1

    def _standing(self, event_id: int) -> list[Article]:
        """An event's articles but those that were retracted."""
        return standing_articles(self._store, self._store.articles.of_event(event_id))[0]

    def _facts(
        self, event_id: int, brief: Brief, articles: Sequence[Article], near: Sequence[Relation], landscape: Landscape
    ) -> EventFacts:
        outlines = (landscape.outline(other.event_id) for other in near if other.relation == "earlier")
        last = max(article.published_at for article in articles)
        topics = self._topics.of(landscape.fingerprints(event_id))
        worth = importance(landscape.outline(event_id), outlines) * (1.0 if topics else OFF_BEAT)
        return EventFacts(
            event_id=event_id,
            title=brief.headline.text,
            language=brief.headline.language,
            first_published_at=min(article.published_at for article in articles),
            last_published_at=last,
            topics=topics,
            importance=standing(worth, last),
        )
