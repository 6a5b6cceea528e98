"""One sentence read for checking: words with their meanings and clauses, what negates them, how sure the text is of them.

No parser: a cue ("not", "may", 尚未, 计划) governs the next content word of its clause, which is where English and Chinese
news put the predicate. Figures, dates and names come from the evidence room.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from groundwire.briefs.grounding import certainty, words
from groundwire.briefs.grounding.words import LEVELS, Modality, Token
from groundwire.evidence import dates, entities, fold, quantities
from groundwire.evidence.cues import has_chinese
from groundwire.types import DateMention, Mention, Quantity

__all__ = ["LEVELS", "MAX_TEXT", "Modality", "Reading", "Token", "is_chinese", "level", "read"]

MAX_TEXT = 3000
"""Characters of one sentence that are read; longer ones are tables or attacks."""

_HAN = re.compile(r"[\u3400-\u9fff]")
_DOLLARS = re.compile(r"\$(US|A|AU|NZ|C|CA|HK|S)(?=\d)")
"""$US5 is US$5; the length stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All that the checks need to know of one sentence; offsets are in ``text``."""

    text: str
    folded: str
    language: str
    published_at: datetime
    tokens: tuple[Token, ...]
    content: tuple[int, ...]
    """Positions of content words in ``tokens``, numbers included."""
    negations: tuple[int, ...]
    """Clause of each negation."""
    quantities: tuple[Quantity, ...]
    dates: tuple[DateMention, ...]
    mentions: tuple[Mention, ...]


def is_chinese(text: str, language: str) -> bool:
    """Whether to read a text as Chinese: said to be, or full of Han characters."""
    return language == "zh" or (has_chinese(text) and 3 * len(_HAN.findall(text)) > len(text))


@lru_cache(maxsize=8192)
def read(text: str, language: str, published_at: datetime) -> Reading:
    """Read one sentence (or a short text). Dates without a year are seen from ``published_at``."""
    text = _DOLLARS.sub(r"\1$", text[:MAX_TEXT])
    chinese = is_chinese(text, language)
    language = "zh" if chinese else "en"
    folded = fold.fold(text, language)
    lowered = fold.lower(folded)
    tokens = tuple(words.chinese(lowered) if chinese else words.english(lowered))
    mentions = entities.find(text, language)
    tokens = words.mark_asides(tokens, lowered)
    tokens, negations = (certainty.mark_chinese if chinese else certainty.mark_english)(tokens, folded, mentions)
    found = dates.find(text, language, published_at)
    amounts = quantities.find(text, language)
    money = [(q.start, q.end) for q in amounts if q.kind == "currency"]
    mentions = tuple(m for m in mentions if not any(a < m.end and m.start < b for a, b in money))  # the US of US$5
    return Reading(
        text=text, folded=lowered, language=language, published_at=published_at, tokens=tokens,
        content=tuple(i for i, t in enumerate(tokens) if t.content), negations=negations,
        quantities=amounts, dates=found, mentions=mentions,
    )  # fmt: skip


def level(token: Token) -> int:
    """How sure the text is of a predicate: 1 possible, 2 planned or to come, 3 so; 0 if its form doesn't say."""
    if token.modality:
        return LEVELS[token.modality]
    return 3 if token.past else 0
