"""What is checked, against what, and what comes out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Kind = Literal[
    "no_evidence",
    "form",
    "instruction",
    "number",
    "unit",
    "date",
    "name",
    "attachment",
    "negation",
    "modality",
    "direction",
    "role",
    "cause",
    "splice",
    "quotation",
    "support",
]
"""Why a statement is withheld: what does not agree with the cited sentences."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceSentence:
    """One cited sentence, as its source has it."""

    text: str
    language: str
    published_at: datetime
    """The article's publication time, which relative dates are seen from."""
    context: str = ""
    """Words of the same article that say whom "it" or "the company" means (its title, the sentence before): names that the
    cited sentence only refers to may come from here, nothing else may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing about a statement that its evidence does not bear out."""

    kind: Kind
    detail: str
    """For people: the words concerned, and what the evidence has instead."""
    start: int
    end: int
    """Span of those words in the statement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What speaks for and against a statement."""

    kept: bool
    """Whether nothing contradicts it."""
    findings: tuple[Finding, ...]
    support: float
    """Probability that the evidence supports the statement (its weakest sentence), by the fitted model. 0 to 1"""
    needed: float
    """Least ``support`` for publication; another for evidence of the other language. 0 to 1"""
    rests_on: tuple[int, ...]
    """Positions of the evidence sentences that the statement's words were found in."""

    @property
    def supported(self) -> bool:
        """Whether it is likely enough to be borne out."""
        return self.support >= self.needed

    @property
    def reasons(self) -> tuple[str, ...]:
        """The findings in words, for the record of what was withheld and for a request to repair it."""
        return tuple(f"{f.kind}: {f.detail}" for f in self.findings)
