"""Support across English and Chinese: no words in common, but figures, dates, names, meanings, and the nearness of both as wholes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from groundwire.briefs.grounding import lexicon
from groundwire.briefs.grounding.align import Pair
from groundwire.briefs.grounding.reading import Reading
from groundwire.briefs.grounding.support import Vouched
from groundwire.briefs.grounding.verdict import Finding
from groundwire.evidence.cues import stem, word_class

FEATURES = ("meaning", "known", "points", "against")
"""In order.

meaning
    Cosine of the embeddings of the statement and of the cited sentence (or of all together) that is nearest. -1 to 1
known
    Share of its content words that the evidence has, by letters or by the table of meanings.
points
    Figures, dates and names that the evidence has, 4 at most.
against
    Whether anything was found against it.
"""
SIGNS = (1, 1, 1, -1)
"""Which way each may speak."""
MOST_POINTS = 4
_BORDER = {
    "en": re.compile(
        r"[,;:—–]\s+|\s+(?=(?:that|which|who|while|because|after|before|and|but|as|amid|despite|although|though|if|when|so)\s)",
        re.IGNORECASE,
    ),
    "zh": re.compile(r"[，；：。！？]"),
}
_WINDOW = {"en": (6, 2), "zh": (12, 4)}
"""Words, or Chinese characters, of a stretch that a clause is held against, and how far one begins behind the other."""
LEAST_CONTENT = 2
"""Content words of a clause that says something of its own."""


class Embedder(Protocol):
    """Texts -> vectors of unit length in which near means alike, across languages."""

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Shape (n, d)."""
        ...


def features(
    pairs: Sequence[Pair], vouched: Vouched, findings: Collection[Finding], meaning: float
) -> tuple[float, ...]:
    """``FEATURES`` of one sentence of a statement against evidence of the other language."""
    statement = pairs[0].statement
    spans = {(start, end) for start, end, *_ in vouched}
    known = len(statement.content) - len(_strange(pairs, vouched))
    return (
        meaning, known / max(1, len(statement.content)), float(min(MOST_POINTS, len(spans))), float(bool(findings)),
    )  # fmt: skip


def _strange(pairs: Sequence[Pair], vouched: Vouched) -> set[int]:
    """Content words of a statement that the evidence has neither by letters nor by the table of meanings."""
    statement, spans = pairs[0].statement, {(start, end) for start, end, *_ in vouched}
    return {
        i
        for i in statement.content
        if not any(i in p.links for p in pairs)
        and not any(a < statement.tokens[i].end and statement.tokens[i].start < b for a, b in spans)
    }


def clauses(text: str, language: str) -> Iterator[tuple[int, int]]:
    """Spans of a sentence's clauses: what stands between commas, and what a word such as "that" or "because" opens."""
    start = 0
    for border in _BORDER[language].finditer(text):
        yield start, border.start()
        start = border.end()
    yield start, len(text)


def stretches(text: str, language: str) -> list[str]:
    """A sentence, its clauses, and overlapping stretches of it: what a clause of a translation may render."""
    parts = [text, *(text[a:b] for a, b in clauses(text, language))]
    units = text if language == "zh" else text.split()
    length, step = _WINDOW[language]
    joint = "" if language == "zh" else " "
    return parts + [joint.join(units[i : i + length]) for i in range(0, max(1, len(units) - length + 1), step)]


def added(pairs: Sequence[Pair], vouched: Vouched, embedder: Embedder) -> list[tuple[float, int, int]]:
    """How near each clause of a statement comes to anything in evidence of the other language, with its span.

    A statement may be near its evidence as a whole and yet hold a clause that nothing there says. Clauses of which every word
    is in the evidence, or that have too few words to say anything, are left out.
    """
    statement, strange = pairs[0].statement, _strange(pairs, vouched)
    own = []
    for start, end in clauses(statement.text, statement.language):
        held = [i for i in statement.content if start <= statement.tokens[i].start < end]
        if not strange.isdisjoint(held) and len(held) >= LEAST_CONTENT:
            own.append((start, end))
    if not own:
        return []
    there = [part for p in pairs for part in stretches(p.evidence.text, p.evidence.language)]
    vectors = embedder.encode([*(statement.text[a:b] for a, b in own), *there])
    nearness = (vectors[: len(own)] @ vectors[len(own) :].T).max(axis=1)
    return [(float(near), a, b) for near, (a, b) in zip(nearness, own, strict=True)]


def verbs(pairs: Sequence[Pair], vouched: Vouched, embedder: Embedder) -> list[tuple[float, int, int]]:
    """How near each verb that the evidence has not comes to any of its words, with its span.

    One other verb makes a true sentence false ("cancelled its campus" for "builds its campus") without moving it far as a whole.
    Verbs that say little (says, makes, 表示, 进行) are left out.
    """
    statement, strange = pairs[0].statement, _strange(pairs, vouched)
    own = [statement.tokens[i] for i in sorted(strange) if _is_verb(statement, i)]
    there = sorted({t.text for p in pairs for t in p.evidence.tokens if t.content and not t.number})
    if not own or not there:
        return []
    vectors = embedder.encode([*(t.text for t in own), *there])
    nearness = (vectors[: len(own)] @ vectors[len(own) :].T).max(axis=1)
    return [(float(near), t.start, t.end) for near, t in zip(nearness, own, strict=True)]


def _is_verb(statement: Reading, i: int) -> bool:
    token = statement.tokens[i]
    if token.number or token.key in lexicon.word_set(f"light_{statement.language}"):
        return False
    if statement.language == "zh":
        return token.tag == "v" and not token.text.isascii()
    lower = statement.text[token.start : token.end].islower()
    return lower and (token.past or token.modality != "" or stem(token.text) in word_class("verbs_en"))
