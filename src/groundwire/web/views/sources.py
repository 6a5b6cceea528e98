"""The sources and how they fare."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from groundwire.storage.sources import SourceHealth
from groundwire.web.views.proof import web_address


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceView:
    """One source."""

    id: int
    title: str
    url: str
    homepage: str
    language: str | None
    topics: tuple[str, ...]
    health: str
    """One word: new, ok, slow, failing, gone, paused."""
    paused: bool
    articles: int
    articles_per_week: float
    """Over the last four weeks. [1/week]"""
    latency_s: float | None
    """Median from publication to collection. [s]"""
    last_success_at: datetime | None
    last_error: str | None
    failures: int
    next_poll_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceList:
    """All sources, by title."""

    sources: tuple[SourceView, ...]


def source_list(health: Iterable[SourceHealth]) -> SourceList:
    """All sources."""
    return SourceList(
        sources=tuple(
            SourceView(
                id=h.source.id,
                title=h.source.title,
                url=web_address(h.source.url),
                homepage=web_address(h.source.homepage or ""),
                language=h.source.language,
                topics=h.source.topics,
                health=h.word,
                paused=h.source.paused,
                articles=h.articles,
                articles_per_week=h.articles_per_week,
                latency_s=h.latency_s,
                last_success_at=h.state.last_success_at,
                last_error=h.state.last_error,
                failures=h.state.failures,
                next_poll_at=h.state.next_poll_at,
            )
            for h in health
        )
    )
