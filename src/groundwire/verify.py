"""Re-checking everything published against the stored text: what `groundwire verify` runs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from groundwire.briefs import check_citations, from_json, statements
from groundwire.briefs.written import unsupported
from groundwire.events import UniversalSentenceEncoder
from groundwire.storage import Store
from groundwire.types import Article

_ENCODER = UniversalSentenceEncoder()
"""Loads when a written statement cites the other language, not before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Falsehood:
    """One thing that is published and not true."""

    event: str
    section: str
    statement: str
    reason: str


@dataclass(slots=True)
class Verification:
    """What was checked and what is false."""

    checked: int = 0
    """Citations compared with the stored text, character for character."""
    events: int = 0
    versions: int = 0
    """Article versions whose text was compared with its hash."""
    false: list[Falsehood] = field(default_factory=list)


def verify(store: Store) -> Verification:
    """Check every published citation, every statement of every page, and the hash of every cited text.

    Three independent looks, as a lie may be planted anywhere: the citation records, the documents that pages show,
    and the article texts themselves.
    """
    result = Verification()
    for citation in store.briefs.all_citations():
        result.checked += 1
        if not citation.holds:
            reason = f"quotes {citation.quote!r}, but version {citation.version_id} says {citation.stored!r}"
            result.false.append(
                Falsehood(
                    event=citation.event_slug, section=citation.section, statement=citation.statement, reason=reason
                )
            )
    for event, section, text in store.briefs.uncited():
        result.false.append(Falsehood(event=event, section=section, statement=text, reason="has no citation"))
    hashed: dict[int, bool] = {}
    slugs: set[str] = set()
    for slug, document, recorded in store.briefs.documents():
        slugs.add(slug)
        result.false += _check_document(store, slug, document, recorded, hashed)
    result.events, result.versions = len(slugs), len(hashed)
    return result


def _check_document(
    store: Store, slug: str, document: str, recorded: set[tuple[str, str]], hashed: dict[int, bool]
) -> Iterator[Falsehood]:
    """Check one page: its statements are those on record, and each says what its cited text says."""
    try:
        brief = from_json(json.loads(document))
    except ValueError as error:
        yield Falsehood(event=slug, section="", statement="", reason=f"the stored page can't be read: {error}")
        return
    shown = list(statements(brief))
    cited = {citation.version_id for statement in shown for citation in statement.citations}
    articles = {article.id: article for article in store.articles.versions(sorted(cited))}
    for article in articles.values():
        if article.id not in hashed:
            hashed[article.id] = _hash_holds(article)
        if not hashed[article.id]:
            reason = f"article version {article.id} is no longer the text that was collected (its hash differs)"
            yield Falsehood(event=slug, section="", statement="", reason=reason)
    for problem in check_citations(brief, articles):
        yield Falsehood(event=slug, section=problem.section, statement=problem.text, reason=problem.reason)
    for statement in shown:
        known = all(citation.version_id in articles for citation in statement.citations)
        for reason in unsupported(statement, articles, _ENCODER) if known else ():
            yield Falsehood(event=slug, section=statement.section, statement=statement.text, reason=reason)
        if (statement.section, statement.text) not in recorded:
            reason = "is on the page but not among the statements on record"
            yield Falsehood(event=slug, section=statement.section, statement=statement.text, reason=reason)


def _hash_holds(article: Article) -> bool:
    return hashlib.sha256(article.text.encode()).hexdigest() == article.text_hash
