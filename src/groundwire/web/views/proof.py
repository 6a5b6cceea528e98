"""The proof of a statement: the quote, the words around it, the numbers that the statement rests on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Final
from urllib.parse import urlsplit

from groundwire.types import Article, Citation, Quantity, Statement

CONTEXT: Final = 60
"""Characters shown of what stands before and after a short quote, in its own paragraph."""
SHORT: Final = 90
"""Quotes up to so many characters are shown with what stands around them: few words prove little by themselves."""
SNIPPET: Final = 70
"""Characters shown on each side of a number in the table of numbers."""

_NUMBER = re.compile(
    r"(?:(?:US\$|[$€£¥])|(?<![A-Za-z\d.,])(?<![^\W\d_]-))\d+(?:,\d+)*(?:\.\d+)?"  # no names: T9, Quay-5
    r"(?:\s?(?:%|percent\b|per cent\b|million\b|billion\b|trillion\b|bn\b|m\b|k\b|[KMGT]?Wh?\b|亿|万亿|万|千|百万)"
    r"(?:\s?(?:美元|元|千瓦时|兆瓦|吉瓦|瓦))?)?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CitationView:
    """One citation, ready to stand in the margin."""

    note: int
    """Its number on the page, from 1."""
    version_id: int
    start: int
    end: int
    quote: str
    before: str
    """What stands before a short quote in its paragraph, shortened; "" for a long one."""
    after: str
    marks: tuple[tuple[int, int], ...]
    """Spans of ``quote`` that hold the numbers that the statement rests on."""
    same_as: int | None
    """The note of this statement that holds the same words already (copies of one report); None: its own words."""
    verbatim: bool
    """Whether the statement is the quote, word for word."""
    outlet: str
    author: str | None
    language: str
    published_at: datetime
    url: str
    """The passage here, highlighted in its paragraph."""
    original_url: str
    """The article at its publisher; "" if its address is no web address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementView:
    """One published sentence with its proof."""

    text: str
    language: str
    made_by: str
    citations: tuple[CitationView, ...]
    translated_from: str | None
    """The language of its sources, where a model wrote it in another; None: it is in the language of one of them."""


class Notes:
    """Hands out the notes of a page in order of appearance."""

    def __init__(self, versions: Mapping[int, Article]) -> None:
        self._versions = versions
        self._numbers: Iterator[int] = count(1)

    def statement(self, statement: Statement) -> StatementView:
        """A statement with its citations numbered; citations of versions that are not there are left out."""
        citations: list[CitationView] = []
        for cited in statement.citations:
            if cited.version_id in self._versions:
                same = next((c.note for c in citations if c.quote == cited.quote and c.same_as is None), None)
                citations.append(self._citation(cited, statement.text, same))
        return StatementView(
            text=statement.text,
            language=statement.language,
            made_by=statement.made_by,
            citations=tuple(citations),
            translated_from=_foreign(statement, citations),
        )

    def optional(self, statement: Statement | None) -> StatementView | None:
        """The same, where there may be none."""
        return None if statement is None else self.statement(statement)

    def _citation(self, citation: Citation, text: str, same_as: int | None) -> CitationView:
        article = self._versions[citation.version_id]
        before = after = ""
        if len(citation.quote) <= SHORT:
            before, after = surroundings(article.text, citation.start, citation.end)
        return CitationView(
            note=next(self._numbers),
            version_id=citation.version_id,
            start=citation.start,
            end=citation.end,
            quote=citation.quote,
            before=before,
            after=after,
            marks=number_marks(citation.quote, text),
            same_as=same_as,
            verbatim=citation.quote.strip() == text.strip(),
            outlet=article.outlet,
            author=article.author,
            language=article.language,
            published_at=article.published_at,
            url=passage_url(citation.version_id, citation.start, citation.end),
            original_url=web_address(article.url),
        )


def _foreign(statement: Statement, citations: Sequence[CitationView]) -> str | None:
    spoken = {c.language for c in citations}
    if statement.made_by != "model" or not spoken or statement.language in spoken:
        return None
    return citations[0].language


def passage_url(version_id: int, start: int, end: int) -> str:
    """The permanent address of a passage."""
    return f"/articles/{version_id}?start={start}&end={end}#{anchor(start, end)}"


def anchor(start: int, end: int) -> str:
    """The id of a passage on its article's page."""
    return f"q{start}-{end}"


def web_address(url: str) -> str:
    """The address if a reader may follow it (http, https), else "": feeds may hold any scheme."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.netloc else ""


def number_marks(quote: str, statement: str) -> tuple[tuple[int, int], ...]:
    """Where ``quote`` states a number that ``statement`` states too (12,000 and 12000 are the same)."""
    wanted = {_digits(m.group()) for m in _NUMBER.finditer(statement)}
    return tuple(m.span() for m in _NUMBER.finditer(quote) if _digits(m.group()) in wanted)


def paragraph(text: str, start: int, end: int) -> tuple[int, int]:
    """The paragraph(s) that hold a span: from one line break to the next."""
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    return first, len(text) if last < 0 else last


def surroundings(text: str, start: int, end: int, width: int = CONTEXT) -> tuple[str, str]:
    """What stands around a span in its paragraph: at most ``width`` characters on each side, cut between words."""
    first, last = paragraph(text, start, end)
    before, after = text[first:start], text[end:last]
    if len(before) > width:
        cut = before[-width:]
        space = cut.find(" ")
        before = "…" + (cut[space + 1 :] if 0 <= space < width // 2 else cut)
    if len(after) > width:
        cut = after[:width]
        space = cut.rfind(" ")
        after = (cut[:space] if space > width // 2 else cut) + "…"
    return before, after


def snippet(statement: Statement, quantity: Quantity) -> tuple[str, str, str]:
    """The number as the source writes it, and the words before and after it within the first citation's quote."""
    citation = statement.citations[0]
    at, to = quantity.start - citation.start, quantity.end - citation.start
    if not (0 <= at < to <= len(citation.quote)) or citation.quote[at:to] != quantity.text:
        at = citation.quote.find(quantity.text)
        if at < 0:
            return citation.quote, "", ""
        to = at + len(quantity.text)
    before, after = surroundings(citation.quote, at, to, SNIPPET)
    return before, quantity.text, after


def _digits(number: str) -> str:
    found = re.search(r"\d+(?:,\d+)*(?:\.\d+)?", number)
    return found.group().replace(",", "") if found else number
