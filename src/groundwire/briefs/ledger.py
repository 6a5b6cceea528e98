"""What a brief has already told, so that no section says it again, in whichever language."""

from __future__ import annotations

from dataclasses import dataclass, field

from groundwire.briefs import words
from groundwire.briefs.pool import Candidate, Pool
from groundwire.evidence.cues import has_chinese

SAME_LANGUAGE = 0.86
"""Cosine above which two sentences of one language say the same."""
CROSS_LANGUAGE = 0.62
"""The same for an English and a Chinese one that share a name: translations score 0.55 to 0.76."""
NEAR = 0.5
"""Cosine from which a sentence made mostly of words already told is a retelling (paraphrases score 0.5 to 0.65)."""


def same(pool: Pool, a: Candidate, b: Candidate) -> bool:
    """Whether two candidates tell a reader the same thing."""
    cosine = pool.similarity(a, b)
    if has_chinese(a.text) != has_chinese(b.text):
        named = bool(a.keys & b.keys) or not (a.keys and b.keys)
        if named and a.numbers and (a.numbers <= b.numbers or b.numbers <= a.numbers):
            return cosine > CROSS_LANGUAGE - 0.2
        return cosine > (CROSS_LANGUAGE if named else CROSS_LANGUAGE + 0.1)
    overlap = max(words.contained(a.content, b.content), words.contained(b.content, a.content))
    return cosine > SAME_LANGUAGE or overlap > 0.75 or (cosine > 0.68 and overlap > 0.5)


@dataclass(slots=True)
class Ledger:
    """Candidates already printed, in the order of printing."""

    pool: Pool
    told: list[Candidate] = field(default_factory=list)

    def tell(self, candidate: Candidate) -> None:
        """Note that it has been printed."""
        self.told.append(candidate)

    def repeats(self, candidate: Candidate) -> bool:
        """Whether printing it would repeat something; a fuller sentence is no repetition of the headline."""
        if self._translates(candidate) or any(
            adds_nothing(self.pool, candidate, t) if t.is_title else same(self.pool, candidate, t) for t in self.told
        ):
            return True
        return self._retells(candidate)

    def news(self, candidate: Candidate) -> float:
        """Share of its words that no told sentence has, 0 to 1."""
        known = frozenset[str]().union(*(t.content for t in self.told))
        return 1.0 - words.contained(candidate.content, known)

    def near_headline(self, candidate: Candidate) -> float:
        """Similarity to the headline, 0 before there is one."""
        return self.pool.similarity(candidate, self.told[0]) if self.told else 0.0

    def _translates(self, candidate: Candidate) -> bool:
        """Whether it gives, in another language than the reader's, figures of which most have been told."""
        if candidate.article.language == self.pool.language or not candidate.numbers:
            return False
        near = max((self.pool.similarity(candidate, t) for t in self.told), default=0.0)
        figures = frozenset[tuple[str, float]]().union(*(t.numbers for t in self.told))
        known = len(candidate.numbers & figures) / len(candidate.numbers)
        return (near > NEAR - 0.1 and known == 1.0) or (near > NEAR - 0.25 and known >= 0.5)

    def _retells(self, candidate: Candidate) -> bool:
        """Whether it is near something told and most of its words, and all its figures, have been told."""
        body = [t for t in self.told if not t.is_title]
        if not body or max(self.pool.similarity(candidate, t) for t in body) < NEAR:
            return False
        known = frozenset[str]().union(*(t.content for t in self.told))
        figures = frozenset[tuple[str, float]]().union(*(t.numbers for t in self.told))
        return candidate.numbers <= figures and words.contained(candidate.content, known) >= 0.5


def adds_nothing(pool: Pool, candidate: Candidate, title: Candidate) -> bool:
    """Whether a sentence says no more than a title does."""
    if has_chinese(candidate.text) != has_chinese(title.text):
        return pool.similarity(candidate, title) > CROSS_LANGUAGE + 0.14 and not candidate.numbers - title.numbers
    new = len(candidate.content - title.content)
    return words.contained(candidate.content, title.content) > 0.7 or (
        pool.similarity(candidate, title) > 0.9 and new < 4 and not candidate.numbers - title.numbers
    )
