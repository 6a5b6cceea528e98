"""The target of a citation: the quote highlighted in its paragraph, and where the whole article is to be read.

Never the whole article: its rights are its publisher's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from groundwire.types import Article
from groundwire.web.views.parts import Report, report
from groundwire.web.views.proof import anchor, paragraph

MAX_QUOTE = 2_000
"""Longest passage that is highlighted. [characters]"""
MAX_AROUND = 600
"""Shown of a paragraph before and after what is highlighted. [characters]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A run of a paragraph."""

    text: str
    quoted: bool
    """Whether it is highlighted."""
    anchors: tuple[str, ...]
    """Ids of the quotes that begin with it ("q340-412")."""


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


def article_page(
    article: Article, spans: Iterable[tuple[int, int]], *, newer_version: int | None, event: str | None
) -> ArticlePage:
    """The paragraphs that hold the spans, each span highlighted; spans that are no passage of the text are left out."""
    passages, last = _passages(article, _usable(article, spans))
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
    """Those within the text, in order; they may overlap, as one statement's quote may lie within another's."""
    return [
        (start, end)
        for start, end in sorted(set(spans))
        if 0 <= start < end <= len(article.text) and end - start <= MAX_QUOTE
    ]


def _passages(article: Article, spans: Sequence[tuple[int, int]]) -> tuple[tuple[Passage, ...], int]:
    text = article.text
    groups: list[tuple[int, int, list[tuple[int, int]]]] = []
    for start, end in spans:
        first, last = paragraph(text, start, end)
        if end <= article.body_start < len(text):  # a headline says more beside the paragraph that it heads
            last = paragraph(text, article.body_start, article.body_start)[1]
        first, last = max(first, _cut_back(text, start)), min(last, _cut_on(text, end))
        if groups and first <= groups[-1][1]:
            before = groups.pop()
            groups.append((min(before[0], first), max(before[1], last), [*before[2], (start, end)]))
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
    edges = sorted({first, last, *(edge for span in spans for edge in span)})
    return tuple(
        Piece(
            text=text[left:right],
            quoted=any(start <= left and right <= end for start, end in spans),
            anchors=tuple(anchor(start, end) for start, end in spans if start == left),
        )
        for left, right in pairwise(edges)
    )


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
