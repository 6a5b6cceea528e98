"""Made-up stories for the tests of recaps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from groundwire.editions.recap import Story, week_of
from groundwire.types import Article, Brief, Citation, Event, Member, Provenance, Section, Statement

WEEK = week_of(datetime(2026, 11, 18, tzinfo=UTC).date())
"""16 to 22 November 2026."""
MONDAY = WEEK.start_at


def article(number: int, text: str, hours: float, *, outlet: str = "Courier", language: str = "en") -> Article:
    """An article so many hours after the week's beginning."""
    at = MONDAY + timedelta(hours=hours)
    title = f"Title {number}"
    return Article(
        id=number, article_id=number, version=1, source_id=1, outlet=outlet, url=f"https://n.example/{number}",
        title=title, text=f"{title}\n\n{text}", author=None, published_at=at, published_evidence="feed",
        collected_at=at, language=language, text_hash="h",
    )  # fmt: skip


def said(source: Article, section: Section, words: str) -> Statement:
    start = source.text.index(words)
    quote = Citation(version_id=source.id, start=start, end=start + len(words), quote=words)
    return Statement(section=section, text=words, citations=(quote,), language=source.language)


def story(
    number: int,
    articles: list[Article],
    told: list[Statement],
    *,
    topics: tuple[str, ...] = ("chips",),
    copies: dict[int, int] | None = None,
) -> Story:
    """``copies``: article id -> the article that it copies."""
    origin = copies or {}
    members = tuple(
        Member(article_id=a.article_id, origin_id=origin.get(a.article_id, a.article_id), reasons=()) for a in articles
    )
    event = Event(
        id=number, slug=f"story-{number}", title=articles[0].title, language="en", members=members,
        first_published_at=min(a.published_at for a in articles),
        last_published_at=max(a.published_at for a in articles), topics=topics,
    )  # fmt: skip
    first = articles[0]
    brief = Brief(
        event_id=number, language="en", headline=said(first, "headline", first.title),
        hook=next((s for s in told if s.section == "hook"), None),
        what_changed=next((s for s in told if s.section == "what_changed"), None), why_it_matters=None,
        what_to_do=None, who_should_care=(), takeaways=tuple(s for s in told if s.section == "takeaways"),
        deep_dive=(), numbers=(), implications=(), timeline=(), related=(), action=None,
        provenance=Provenance(model=None, proposed=1, kept=1, dropped=0, build="b"),
    )  # fmt: skip
    return Story(event=event, brief=brief, articles=tuple(articles))
