"""Written statement + what it cites -> why it may not be published; nothing if it may."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from groundwire.briefs.grounding import EvidenceSentence, check
from groundwire.evidence.cues import has_chinese
from groundwire.types import Article, Citation, Statement


def reasons(text: str, language: str, citations: Sequence[Citation], articles: Mapping[int, Article]) -> list[str]:
    """Everything that speaks against a statement, in words.

    Args:
        text: The statement.
        language: The language that it should be in.
        citations: What it cites.
        articles: Every cited version by its id.
    """
    cited = [
        EvidenceSentence(text=c.quote, language=a.language, published_at=a.published_at, context=a.title)
        for c in citations
        for a in (articles[c.version_id],)
    ]
    found = list(check(text, language, cited).reasons)
    if has_chinese(text) != (language == "zh"):
        found.append("form: not in the reader's language")
    return found


def unsupported(statement: Statement, articles: Mapping[int, Article]) -> list[str]:
    """The same for a published statement; an extracted one is its own proof."""
    if statement.made_by != "model":
        return []
    return reasons(statement.text, statement.language, statement.citations, articles)
