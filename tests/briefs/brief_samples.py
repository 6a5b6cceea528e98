"""What tests of briefs share: articles in three lines, events, and the sample wire's pages."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from groundwire import sample
from groundwire.briefs import compose
from groundwire.events.embeddings import UniversalSentenceEncoder
from groundwire.evidence import analyse
from groundwire.types import Article, Brief, Event, Member

NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)

MakeArticle = Callable[..., Article]
MakeBrief = Callable[..., Brief]


def article(
    number: int,
    title: str,
    body: str,
    *,
    language: str = "en",
    outlet: str = "Outlet",
    hours: float = 0.0,
    article_id: int | None = None,
    version: int = 1,
) -> Article:
    """An article of one version; ``hours`` after noon of 10 November 2026."""
    text = f"{title}\n\n{body}"
    at = NOON + timedelta(hours=hours)
    return Article(
        id=number, article_id=article_id or number, version=version, source_id=number, outlet=outlet,
        url=f"https://example.com/{number}", title=title, text=text, author=None, published_at=at,
        published_evidence="feed", collected_at=at, language=language,
        text_hash=hashlib.sha256(text.encode()).hexdigest(),
    )  # fmt: skip


def event_of(articles: Sequence[Article], origins: Mapping[int, int] | None = None) -> Event:
    """An event whose members are these articles, each its own origin unless said otherwise."""
    return Event(
        id=1,
        slug="event",
        title=articles[0].title,
        language=articles[0].language,
        members=tuple(
            Member(article_id=a.article_id, origin_id=(origins or {}).get(a.article_id, a.article_id), reasons=())
            for a in articles
        ),
        first_published_at=min(a.published_at for a in articles),
        last_published_at=max(a.published_at for a in articles),
    )


class SamplePages:
    """Every sample event with its articles and its brief in English."""

    def __init__(self, encoder: UniversalSentenceEncoder) -> None:
        self.articles: dict[str, list[Article]] = {}
        self.briefs: dict[str, Brief] = {}
        self.gold = {event.key: event for event in sample.events()}
        wire = sample.articles()
        ids = {a.key: number for number, a in enumerate(wire, 1)}
        for key in self.gold:
            mine = [a for a in wire if a.event == key]
            made = []
            for a in mine:
                text = f"{a.title}\n\n{a.body}"
                made.append(
                    Article(
                        id=ids[a.key],
                        article_id=ids[a.key],
                        version=1,
                        source_id=1,
                        outlet=a.outlet.title,
                        url=a.path,
                        title=a.title,
                        text=text,
                        author=a.author,
                        published_at=a.published_at,
                        published_evidence="feed",
                        collected_at=a.published_at,
                        language=a.outlet.language,
                        text_hash=hashlib.sha256(text.encode()).hexdigest(),
                    )
                )
            origins = {ids[a.key]: ids[a.copy_of] for a in mine if a.copy_of}
            event = replace(event_of(made, origins), id=len(self.articles) + 1)
            evidence = {a.id: analyse(a) for a in made}
            self.articles[key] = made
            self.briefs[key] = compose(event, made, evidence, [], {}, encoder, "en")
