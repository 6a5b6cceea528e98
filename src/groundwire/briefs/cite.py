"""Candidates -> statements: the slice, its citation, and the citations of others who say the same."""

from __future__ import annotations

import re

from groundwire.briefs import quality
from groundwire.briefs.ledger import same
from groundwire.briefs.pool import Candidate, Pool
from groundwire.types import Article, Citation, Section, Statement

MAX_CITATIONS = 4

_NEGATION = re.compile(
    r"\b(?:not|no|never|without|deny|denied|denies|fail(?:s|ed)?)\b|n['’]t\b|不|未|没|无|非|否认", re.IGNORECASE
)


def citation(article: Article, start: int, end: int) -> Citation:
    """The exact words of an article between two offsets."""
    return Citation(version_id=article.id, start=start, end=end, quote=article.text[start:end])


def language_of(text: str, fallback: str) -> str:
    """The language a slice is in: Chinese if it has Chinese characters enough, else the article's if not Chinese."""
    han = sum("\u3400" <= c <= "\u9fff" for c in text)
    if han > 0.15 * len(text):
        return "zh"
    return "en" if fallback == "zh" else fallback


def state(section: Section, candidate: Candidate, pool: Pool, *, limit: int | None = None) -> Statement | None:
    """A candidate as a statement of a section, shortened at a clause boundary to ``limit``; None if that can't be done.

    Other independent sources that say the same (meaning, names, numbers and negation agree) are cited too.
    """
    end = quality.shorten(candidate.text, limit) if limit is not None else len(candidate.text)
    if end is None:
        return None
    first = citation(candidate.article, candidate.start, candidate.start + end)
    others = corroborating(pool, candidate) if end == len(candidate.text) else []
    return Statement(
        section=section,
        text=first.quote,
        citations=(first, *(citation(o.article, o.start, o.end) for o in others)),
        language=language_of(first.quote, candidate.article.language),
    )


def corroborating(pool: Pool, candidate: Candidate) -> list[Candidate]:
    """The best sentence of each other origin that supports all of ``candidate``'s numbers, names and polarity."""
    best: dict[int, Candidate] = {}
    for other in pool.candidates:
        if other.origin == candidate.origin or other.is_title or not _supports(pool, other, candidate):
            continue
        rival = best.get(other.origin)
        if rival is None or pool.similarity(candidate, other) > pool.similarity(candidate, rival):
            best[other.origin] = other
    ranked = sorted(best.values(), key=lambda o: (-pool.similarity(candidate, o), o.article.id))
    return ranked[: MAX_CITATIONS - 1]


def _supports(pool: Pool, other: Candidate, candidate: Candidate) -> bool:
    if bool(_NEGATION.search(other.text)) != bool(_NEGATION.search(candidate.text)):
        return False
    if not candidate.numbers <= other.numbers:
        return False
    if candidate.keys and len(candidate.keys & other.keys) < min(2, len(candidate.keys)):
        return False
    return same(pool, other, candidate) and (bool(candidate.numbers) or pool.similarity(other, candidate) > 0.78)
