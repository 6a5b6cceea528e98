"""Made-up forecasts for the tests of the ledger."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from groundwire.evidence.analyse import analyse
from groundwire.forecasts import Outcome, Registered, Verdict, register
from groundwire.types import Article, Brief, Citation, Implication, Provenance, Statement

SAID = datetime(2026, 11, 10, 9, tzinfo=UTC)


def article(text: str, *, number: int = 1, language: str = "en", at: datetime = SAID, title: str = "Title") -> Article:
    return Article(
        id=number,
        article_id=number,
        version=1,
        source_id=1,
        outlet="Ferrule Courier",
        url=f"https://news.example/{number}",
        title=title,
        text=f"{title}\n\n{text}",
        author=None,
        published_at=at,
        published_evidence="feed",
        collected_at=at + timedelta(minutes=5),
        language=language,
        text_hash="h",
    )


def entries(text: str, *, language: str = "en", title: str = "Title") -> list[Registered]:
    """The ledger's entries for a page that shows every forecast of an article."""
    source = article(text, language=language, title=title)
    evidence = analyse(source)
    shown = []
    for found in evidence.sentences:
        if found.forecast is None:
            continue
        span = found.sentence
        quote = Citation(version_id=source.id, start=span.start, end=span.end, quote=span.text)
        said = Statement(section="implications", text=span.text, citations=(quote,), language=language)
        forecast = found.forecast
        shown.append(Implication(statement=said, who=forecast.who, horizon=forecast.horizon, reason=None))
    return list(register(page(shown), {source.id: source}, {source.id: evidence}, SAID + timedelta(hours=1)))


def page(implications: list[Implication]) -> Brief:
    words = Citation(version_id=1, start=0, end=5, quote="Title")
    return Brief(
        event_id=1,
        language="en",
        headline=Statement(section="headline", text="Title", citations=(words,), language="en"),
        hook=None,
        what_changed=None,
        why_it_matters=None,
        what_to_do=None,
        who_should_care=(),
        takeaways=(),
        deep_dive=(),
        numbers=(),
        implications=tuple(implications),
        timeline=(),
        related=(),
        action=None,
        provenance=Provenance(model=None, proposed=1, kept=1, dropped=0, build="b"),
    )


def outcome(verdict: Verdict) -> Outcome:
    return Outcome(verdict=verdict, note="", decided_by="person", decided_at=SAID + timedelta(days=60))
