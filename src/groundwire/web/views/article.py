"""The target of a citation: the quote highlighted in its paragraph, and where the whole article is to be read.

Never the whole article: its rights are its publisher's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from groundwire.types import Article
from groundwire.web.views.parts import Report, report
from groundwire.web.views.proof import paragraph

MAX_QUOTE = 2_000
"""Longest passage that is highlighted. [characters]"""
MAX_AROUND = 600
"""Shown of a paragraph before and after what is highlighted. [characters]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A run of a paragraph."""

    text: str
    anchor: str
    """Id of a highlighted run ("q340-412"), "" for the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A paragraph, or what of it stands around the quotes."""

    pieces: tuple[Piece, ...]
    gap_before: bool
    """Whether text was left out before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticlePage:
    """What the desk shows of one article version."""

    report: Report
    published_evidence: str
    text_hash: str
    passages: tuple[Passage, ...]
    gap_after: bool
    newer_version: int | None
    """Id of the current version if this is not it."""
    event: str | None
    """Slug of the event that it is in."""


def anchor(start: int, end: int) -> str:
    """The id of a passage on its article's page."""
    return f"q{start}-{end}"


def article_page(
    article: Article, spans: Iterable[tuple[int, int]], *, newer_version: int | None, event: str | None
) -> ArticlePage:
    """The paragraphs that hold the spans, each span highlighted; spans that are no passage of the text are left out."""
    passages, last = _passages(article.text, _usable(article, spans))
    return ArticlePage(
        report=report(article),
        published_evidence=article.published_evidence,
        text_hash=article.text_hash,
        passages=passages,
        gap_after=bool(passages) and last < len(article.text.rstrip()),
        newer_version=newer_version,
        event=event,
    )


def _usable(article: Article, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """In order, within the text, not overlapping: of overlapping spans the first and, at one place, the longest."""
    usable: list[tuple[int, int]] = []
    for start, end in sorted(set(spans), key=lambda s: (s[0], -s[1])):
        inside = 0 <= start < end <= len(article.text) and end - start <= MAX_QUOTE
        if inside and (not usable or start >= usable[-1][1]):
            usable.append((start, end))
    return usable


def _passages(text: str, spans: Sequence[tuple[int, int]]) -> tuple[tuple[Passage, ...], int]:
    groups: list[tuple[int, int, list[tuple[int, int]]]] = []
    for start, end in spans:
        first, last = paragraph(text, start, end)
        first, last = max(first, _cut_back(text, start)), min(last, _cut_on(text, end))
        if groups and first <= groups[-1][1]:
            before = groups.pop()
            groups.append((before[0], max(before[1], last), [*before[2], (start, end)]))
        else:
            groups.append((first, last, [(start, end)]))
    passages = []
    shown = 0
    for first, last, inside in groups:
        gap = bool(text[shown:first].strip())
        passages.append(Passage(pieces=_pieces(text, first, last, inside), gap_before=gap))
        shown = last
    return tuple(passages), shown


def _pieces(text: str, first: int, last: int, spans: Sequence[tuple[int, int]]) -> tuple[Piece, ...]:
    pieces = []
    at = first
    for start, end in spans:
        pieces.append(Piece(text=text[at:start], anchor=""))
        pieces.append(Piece(text=text[start:end], anchor=anchor(start, end)))
        at = end
    pieces.append(Piece(text=text[at:last], anchor=""))
    return tuple(piece for piece in pieces if piece.text)


def _cut_back(text: str, start: int) -> int:
    if start <= MAX_AROUND:
        return 0
    at = text.find(" ", start - MAX_AROUND, start)
    return at + 1 if at >= 0 else start - MAX_AROUND


def _cut_on(text: str, end: int) -> int:
    if end + MAX_AROUND >= len(text):
        return len(text)
    at = text.rfind(" ", end, end + MAX_AROUND)
    return at if at >= 0 else end + MAX_AROUND
