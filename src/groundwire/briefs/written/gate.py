"""Written statement + what it cites -> why it may not be published; nothing if it may."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from groundwire.briefs.grounding import EvidenceSentence, check
from groundwire.briefs.grounding.align import match
from groundwire.briefs.grounding.reading import read
from groundwire.briefs.written import sentence
from groundwire.briefs.written.accusation import unattributed
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
    found += sentence.problems(text, language)
    if strange := _unmatched(text, language, cited):
        found.append(f"support: the cited sentences have no word for “{'”, “'.join(strange)}”")
    if accusing := unattributed(text, language, [(e.text, e.language) for e in cited]):
        found.append(f"attribution: “{accusing}” of a person, without who says so")
    if has_chinese(text) != (language == "zh"):
        found.append("form: not in the reader's language")
    return found


def unsupported(statement: Statement, articles: Mapping[int, Article]) -> list[str]:
    """The same for a published statement; an extracted one is its own proof."""
    if statement.made_by != "model":
        return []
    return reasons(statement.text, statement.language, statement.citations, articles)


def _unmatched(text: str, language: str, cited: Sequence[EvidenceSentence]) -> list[str]:
    """Words that no word of the evidence means: a claim of its own may stand on one (bankrupt, recalled).

    Stricter than the checks for contradiction: what it withholds wrongly costs a paraphrase, what it let through a lie.
    """
    if not cited:
        return []
    known = [token for e in cited for token in read(e.text, e.language, e.published_at).tokens]
    reading = read(text, language, max(e.published_at for e in cited))
    own = (reading.tokens[i] for i in reading.content if not reading.tokens[i].number)
    return [token.text for token in own if not any(match(token, other) > 0 for other in known)][:3]
