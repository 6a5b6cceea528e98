"""Written statement + what it cites -> why it may not be published; nothing if it may."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from groundwire.briefs.grounding import Embedder, EvidenceSentence, check
from groundwire.briefs.grounding.align import match
from groundwire.briefs.grounding.reading import read
from groundwire.briefs.written import sentence
from groundwire.briefs.written.accusation import unattributed
from groundwire.evidence.cues import has_chinese
from groundwire.types import Article, Citation, Statement


def reasons(
    text: str,
    language: str,
    citations: Sequence[Citation],
    articles: Mapping[int, Article],
    embedder: Embedder | None = None,
) -> list[str]:
    """Everything that speaks against a statement, in words.

    Args:
        text: The statement.
        language: The language that it should be in.
        citations: What it cites.
        articles: Every cited version by its id.
        embedder: Needed where a statement cites sentences of the other language; without it such a one is withheld.
    """
    cited = [
        EvidenceSentence(text=c.quote, language=a.language, published_at=a.published_at, context=a.title)
        for c in citations
        for a in (articles[c.version_id],)
    ]
    verdict = check(text, language, cited, embedder=embedder)
    found = [*verdict.reasons, *sentence.problems(text, language)]
    if verdict.kept and not verdict.supported:
        strange = _unmatched(text, language, cited)
        words = f"; they have no word for “{'”, “'.join(strange)}”" if strange else ""
        found.append(f"support: {verdict.support:.2f} by the cited sentences, {verdict.needed:.2f} is needed{words}")
    if accusing := unattributed(text, language, [(e.text, e.language) for e in cited]):
        found.append(f"attribution: “{accusing}” of a person, without who says so")
    if has_chinese(text) != (language == "zh"):
        found.append("form: not in the reader's language")
    return found


def unsupported(statement: Statement, articles: Mapping[int, Article], embedder: Embedder | None = None) -> list[str]:
    """The same for a published statement; an extracted one is its own proof."""
    if statement.made_by != "model":
        return []
    return reasons(statement.text, statement.language, statement.citations, articles, embedder)


def _unmatched(text: str, language: str, cited: Sequence[EvidenceSentence]) -> list[str]:
    """Words that no word of the evidence means: what to change where support is wanting."""
    known = [token for e in cited for token in read(e.text, e.language, e.published_at).tokens]
    reading = read(text, language, max(e.published_at for e in cited))
    own = (reading.tokens[i] for i in reading.content if not reading.tokens[i].number)
    return [token.text for token in own if not any(match(token, other) > 0 for other in known)][:3]
