"""An event's pages before and after its sources changed: which cited words are gone, and what became of what they bore."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from groundwire.briefs import statements
from groundwire.evidence import sentences
from groundwire.types import Article, Brief, Citation, Statement

LIKE = 0.5
"""Share of letters in common (``difflib``) from which a sentence is the cited one, changed."""

Kind = Literal["changed", "vanished", "retracted"]
Fate = Literal["stands", "revised", "withdrawn"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """One cited passage that its publisher changed, and what became of the statement on it."""

    article_id: int
    version_id: int
    """The version that was cited."""
    newer_id: int | None
    """The version that no longer says so; None where the article was taken down."""
    section: str
    statement: str
    """As it was on the page."""
    language: str
    start: int
    end: int
    quote: str
    now_says: str
    """The changed sentence; "" where nothing like it is left."""
    now_start: int
    """Where that stands in the newer version."""
    kind: Kind
    fate: Fate
    """stands: other sources bear it; revised: the page says what the source says now; withdrawn: it is off the page."""


def compare(
    before: Sequence[Brief],
    after: Sequence[Brief],
    versions: Mapping[int, Article],
    current: Mapping[int, Article],
    retracted: Mapping[int, str],
) -> list[Correction]:
    """What to tell the readers of an event that was told anew.

    Args:
        before: Its pages as they were, one in each language: each may rest on words that no other cites.
        after: As they are now; none if nothing is left to cite.
        versions: Every version that ``before`` cites, by id.
        current: The current version of the event's articles, by article id.
        retracted: Article id -> what says that it is retracted.
    """
    now = [statement for page in after for statement in statements(page)]
    said_now, cited_now = {s.text for s in now}, [c for s in now for c in s.citations]
    found: list[Correction] = []
    for statement in (statement for page in before for statement in statements(page)):
        for citation in statement.citations:
            old = versions.get(citation.version_id)
            if old is None or _noted(found, citation):
                continue
            correction = _correction(statement, citation, old, current.get(old.article_id), retracted)
            if correction is not None:
                found.append(_with_fate(correction, still_said=statement.text in said_now, cited_now=cited_now))
    return found


def _noted(found: list[Correction], citation: Citation) -> bool:
    """Whether the same words, or words that hold them, are on the list: a sentence serves several sections."""
    return any(
        c.version_id == citation.version_id and c.start <= citation.start and citation.end <= c.end for c in found
    )


def _correction(
    statement: Statement, citation: Citation, old: Article, new: Article | None, retracted: Mapping[int, str]
) -> Correction | None:
    gone = old.article_id in retracted
    if not gone and (new is None or new.id == old.id or citation.quote in new.text):
        return None
    nearest, start = ("", 0) if gone or new is None else _nearest(citation.quote, new)
    return Correction(
        article_id=old.article_id,
        version_id=old.id,
        newer_id=new.id if new is not None and new.id != old.id else None,
        section=statement.section,
        statement=statement.text,
        language=statement.language,
        start=citation.start,
        end=citation.end,
        quote=citation.quote,
        now_says=nearest,
        now_start=start,
        kind="retracted" if gone else "changed" if nearest else "vanished",
        fate="withdrawn",
    )


def _with_fate(correction: Correction, *, still_said: bool, cited_now: list[Citation]) -> Correction:
    c = correction
    revised = bool(c.now_says) and any(
        now.version_id == c.newer_id and now.start < c.now_start + len(c.now_says) and c.now_start < now.end
        for now in cited_now
    )
    fate: Fate = "stands" if still_said else "revised" if revised else "withdrawn"
    values = {name: getattr(c, name) for name in Correction.__slots__}
    return Correction(**values | {"fate": fate})


def _nearest(quote: str, article: Article) -> tuple[str, int]:
    """The sentence most like the quote, and where it is; "" if none is like it."""
    best, found = LIKE, ("", 0)
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(quote)
    for sentence in sentences.of_article(article):
        matcher.set_seq1(sentence.text)
        if matcher.real_quick_ratio() > best and matcher.quick_ratio() > best and (share := matcher.ratio()) > best:
            best, found = share, (sentence.text, sentence.start)
    return found
