"""The fourth stage: compose, check and publish the briefs of events that changed."""

from __future__ import annotations

import json
from collections import OrderedDict, deque
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from threading import Lock

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
from groundwire.pipeline.ledger import propose_earlier_evidence, propose_evidence, register_forecasts
from groundwire.pipeline.metering import Meter
from groundwire.pipeline.report import Clock, Progress, Report
from groundwire.pipeline.writing import Edition, Writer, Writers
from groundwire.settings import LANGUAGES, Settings
from groundwire.storage import Store
from groundwire.storage.briefs import StoredBrief
from groundwire.storage.events import EventFacts
from groundwire.types import Article, Brief, Event, Evidence, RelatedEvent

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

    Threads may share it.

    Args:
        embedder: Asked for what is not remembered.
        keep: Most sentences remembered; 2 kB each.
    """

    def __init__(self, embedder: Embedder, keep: int = 20_000) -> None:
        self._embedder, self._keep = embedder, keep
        self._known: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = Lock()
        self.name, self.dimension = embedder.name, embedder.dimension

    def encode(self, texts: Sequence[str]) -> Vectors:
        """See ``Embedder.encode``."""
        with self._lock:
            return self._encode(texts)

    def _encode(self, texts: Sequence[str]) -> Vectors:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafts:
    """What extraction makes of an event, and all that it rests on."""

    event: Event
    articles: Sequence[Article]
    evidence: Mapping[int, Evidence]
    briefs: Sequence[Brief]
    """In the reader's own language, then in others."""
    known: Mapping[int, Article]
    """Those articles and every version that the briefs cite, by version id."""


def _written(writer: Writer, drafts: Drafts) -> list[Edition]:
    """The same with a model's help."""
    own, *others = drafts.briefs
    first = writer.write(own, drafts.articles, drafts.evidence, drafts.known)
    return [first, *(writer.translate(other, drafts.known) for other in others)]


class BriefWriter:
    """Composes, checks and publishes the briefs of due events.

    Args:
        store: Where events come from and briefs go.
        settings: The reader's language.
        embedder: Meaning of sentences.
        meter: Books what each brief took.
        model: Writes in place of the one that the settings name.
        judge: Judges in place of the one that the settings name.
    """

    def __init__(
        self,
        store: Store,
        settings: Settings,
        embedder: Embedder,
        meter: Meter,
        model: LanguageModel | None = None,
        judge: LanguageModel | None = None,
    ) -> None:
        self._store, self._settings, self._embedder = store, settings, Remembering(embedder)
        self._writers = Writers(store, settings, self._embedder, model, judge)
        self._topics, self._meter = Topics(embedder), meter
        self._analyst = Analyst()

    def wake(self, now: Clock) -> int:
        """Make the briefs due that wait for a model; return how many."""
        return self._writers.wake(now)

    def run(self, landscape: Landscape, now: Clock, progress: Progress, report: Report) -> None:
        """Brief every due event, each in one transaction; an event stays due until its brief is stored."""
        writer = self._writers.start(now, progress)
        progress.start("briefs", self._store.events.count_due())
        while due := self._store.events.due(BRIEF_BATCH):
            if writer is not None:
                self._ask_ahead([event_id for event_id, _ in due], writer)
            for event_id, due_at in due:
                self.write(event_id, due_at, landscape, now, report, writer)
                progress.advance("briefs")

    def share(
        self, event_id: int, due_at: datetime, landscape: Landscape, now: Clock, progress: Progress, report: Report
    ) -> None:
        """Brief one event as one of several workers."""
        self.write(event_id, due_at, landscape, now, report, self._writers.share(now, progress))

    def _ask_ahead(self, event_ids: Sequence[int], writer: Writer) -> None:
        """Have several questions answered at once, for the record alone.

        The briefs are made afterwards, one after the other, from the record: in whatever order the answers come in,
        the pages are the same.
        """
        at_once = self._settings.model_concurrency
        if at_once == 1 or len(event_ids) == 1:
            return
        threads = ThreadPoolExecutor(at_once, thread_name_prefix="model")
        waiting: deque[Future[list[Edition]]] = deque()
        try:
            for event_id in event_ids:
                try:
                    drafts = self._drafts(event_id, self._store.events.related(event_id), writer.languages)
                except ValueError:  # no article of it has any text to cite
                    continue
                waiting.append(threads.submit(_written, writer, drafts))
                if len(waiting) > 2 * at_once:  # few drafts are held in memory
                    waiting.popleft().result()
            for future in waiting:
                future.result()
        finally:
            threads.shutdown(cancel_futures=True)  # whoever interrupts waits for what is under way, not for what waits

    def _drafts(self, event_id: int, related: Sequence[RelatedEvent], languages: Sequence[str]) -> Drafts:
        """What extraction makes of an event: in the reader's own language, and in others.

        Besides those asked for, it is told in each language of pages that a source of it is written in.

        Raises:
            ValueError: No article of it has any text to cite.
        """
        store = self._store
        event, members = store.events.get(event_id), store.articles.of_event(event_id)
        articles = standing_articles(store, members)[0]
        earlier = {
            other.event_id: tuple(self._analyst.of(self._standing(other.event_id)).values())
            for other in related
            if other.relation == "earlier"
        }
        evidence = self._analyst.of(articles)
        spoken = {article.language for article in articles}
        told_in = dict.fromkeys((self._settings.language, *languages, *(code for code in LANGUAGES if code in spoken)))
        briefs = [
            compose(event, articles, evidence, related, earlier, self._embedder, language) for language in told_in
        ]
        cited = {c.version_id for brief in briefs for statement in statements(brief) for c in statement.citations}
        known = {article.id: article for article in (*articles, *store.articles.versions(sorted(cited)))}
        return Drafts(event=event, articles=articles, evidence=evidence, briefs=briefs, known=known)

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
        members = store.articles.of_event(event_id)
        retracted = standing_articles(store, members)[1]
        before = store.briefs.in_all_languages(event_id)
        try:
            drafts = self._drafts(event_id, store.events.related(event_id), writer.languages if writer else ())
        except ValueError:  # no article of it has any text to cite
            with store.database.write(alone=True):
                report.corrections += log_corrections(store, event_id, before, (), members, retracted, now())
                store.briefs.withdraw(event_id)
            report.withheld += 1
            return
        editions = _written(writer, drafts) if writer is not None else []
        briefs = [edition.brief for edition in editions] or drafts.briefs
        for told in briefs:
            if problems := check_citations(told, drafts.known):
                raise GroundingError(f"event {drafts.event.slug}: {problems[0].section}: {problems[0].reason}")
        brief, articles = briefs[0], drafts.articles
        published = [statement for told in briefs for statement in statements(told)]
        cited = {drafts.known[c.version_id].article_id for statement in published for c in statement.citations}
        facts = self._facts(event_id, brief, articles, near, landscape) if event_id in landscape else None
        stored = [
            StoredBrief(
                event_id=event_id,
                language=told.language,
                document=json.dumps(to_json(told), ensure_ascii=False, sort_keys=True, separators=(",", ":")),
                build=told.provenance.build,
                made_at=now(),
            )
            for told in briefs
        ]
        with store.database.write(alone=True):
            if not store.articles.of_event(event_id):  # another process has merged it into another event meanwhile
                return
            if facts is not None:
                store.events.save_facts(facts)
            entered = register_forecasts(store, brief, drafts.known, drafts.evidence, now())
            news = [a.id for a in articles if not before or a.collected_at >= before[0].made_at]
            propose_evidence(store, [drafts.evidence[version] for version in news], self._embedder, now())
            report.corrections += log_corrections(store, event_id, before, briefs, members, retracted, now())
            store.corrections.watch(cited, now())
            store.briefs.save(stored[0], published, due_at, stored[1:])
            if writer is not None:
                writer.save(event_id, editions)
            self._meter.book("brief", 1, now(), event_id)
            for other in near:  # their pages now lead here
                store.events.save_related(other.event_id, landscape.related_again(other.event_id, event_id))
        propose_earlier_evidence(store, entered, self._analyst.of, self._embedder, now())
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
