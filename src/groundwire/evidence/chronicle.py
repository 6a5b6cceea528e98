"""Many dated documents -> the dates that mattered and, for each, the sentences that tell it.

A date matters that is still spoken of later: every document that names it counts once, the more the longer after the
day it was written, and double where it names the calendar day rather than "Tuesday". Days that are hardly ever named
are told apart by how much was published on them. For each date the sentences nearest to the centre of all that
is said of it are chosen.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from groundwire.evidence.cues import stem, word_class
from groundwire.types import DateMention

Array = npt.NDArray[np.float64]

PUBLISHED = 0.01
"""Weight of a day's share of publications beside its share of mentions: it only breaks ties."""
LEAD = 4
"""First sentences of a document that tell of its own day."""
MOST_CANDIDATES = 600
"""Sentences considered for one date."""

_BUCKETS = 4096
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]+|\d+(?:[.,]\d+)*|[\u3400-\u9fff]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedSentence:
    """A sentence and the dates it names."""

    text: str
    dates: tuple[DateMention, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What one document says, and when it was published."""

    published: date
    sentences: tuple[DatedSentence, ...]


def weigh(documents: Sequence[Document], first: date, last: date) -> dict[date, float]:
    """How much each day of ``[first, last]`` matters: 0 to about 1."""
    spoken: dict[date, float] = defaultdict(float)
    published: Counter[date] = Counter()
    for document in documents:
        if first <= document.published <= last:
            published[document.published] += 1
        named: dict[date, float] = {}
        for mention in (m for sentence in document.sentences for m in sentence.dates):
            if mention.grain in ("day", "time") and first <= mention.first <= last:
                after = max((document.published - mention.first).days, 0)
                weight = (1.0 if mention.relative else 2.0) * (0.5 + float(np.log1p(after)))
                named[mention.first] = max(named.get(mention.first, 0.0), weight)
        for day, weight in named.items():
            spoken[day] += weight
    most_spoken, most_published = max(spoken.values(), default=1.0), max(published.values(), default=1)
    days = (first + timedelta(n) for n in range((last - first).days + 1))
    return {
        day: round(spoken.get(day, 0.0) / most_spoken + PUBLISHED * published[day] / most_published, 9) for day in days
    }


def chronicle(
    documents: Sequence[Document], first: date, last: date, *, dates: int, sentences: int
) -> dict[date, tuple[str, ...]]:
    """The days that matter most, oldest first, each with the sentences that tell it best.

    Args:
        documents: In any order; the result does not depend on it.
        first: No day before this.
        last: No day after this.
        dates: How many days.
        sentences: How many sentences a day, at most.
    """
    weights = weigh(documents, first, last)
    chosen = sorted(sorted(weights, key=lambda day: (-weights[day], day))[:dates])
    offered = _offered(documents, frozenset(chosen))
    frequency = _document_frequency(documents)
    told: set[str] = set()
    result: dict[date, tuple[str, ...]] = {}
    for day in chosen:
        result[day] = _central([s for s in offered.get(day, ()) if s not in told], frequency, sentences)
        told.update(result[day])
    return result


def _offered(documents: Sequence[Document], days: frozenset[date]) -> Mapping[date, list[str]]:
    """For each day the sentences that name it, then the leads of what was published on it; no sentence twice."""
    naming: dict[date, dict[str, None]] = defaultdict(dict)
    leads: dict[date, dict[str, None]] = defaultdict(dict)
    for document in sorted(documents, key=lambda d: (d.published, d.sentences[0].text if d.sentences else "")):
        for position, sentence in enumerate(document.sentences):
            if not 6 <= len(sentence.text.split()) <= 60 and not re.search(r"[\u3400-\u9fff]", sentence.text):
                continue
            for mention in sentence.dates:
                if mention.grain in ("day", "time") and mention.first in days:
                    naming[mention.first][sentence.text] = None
            if position < LEAD and document.published in days and not sentence.dates:
                leads[document.published][sentence.text] = None
    return {day: [*naming[day], *(s for s in leads[day] if s not in naming[day])][:MOST_CANDIDATES] for day in days}


def _document_frequency(documents: Sequence[Document]) -> Array:
    """Inverse document frequency of hashed words over all sentences; shape (buckets,)."""
    count, total = np.zeros(_BUCKETS), 0
    for document in documents:
        for sentence in document.sentences:
            total += 1
            count[list(set(_words(sentence.text)))] += 1
    inverse: Array = np.log((total + 1) / (count + 1)) + 1
    return inverse


def _words(text: str) -> list[int]:
    stop = word_class("phrase_end_en") | word_class("not_a_name")
    return [zlib.crc32(stem(w).encode()) % _BUCKETS for w in _WORD.findall(text) if w.lower() not in stop]


def _central(candidates: Sequence[str], frequency: Array, wanted: int) -> tuple[str, ...]:
    """Greedily the sentences whose sum points nearest to the centre of all candidates (centroid optimisation)."""
    if not candidates:
        return ()
    vectors = np.zeros((len(candidates), _BUCKETS))
    for row, text in enumerate(candidates):
        for word in _words(text):
            vectors[row, word] += frequency[word]
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors = np.divide(vectors, norms, out=np.zeros_like(vectors), where=norms > 0)
    centre = vectors.sum(axis=0)
    centre /= max(float(np.linalg.norm(centre)), 1e-12)
    chosen: list[int] = []
    total = np.zeros(_BUCKETS)
    alike = vectors @ vectors.T
    for _ in range(min(wanted, len(candidates))):
        sums = total + vectors
        merit = (sums @ centre) / np.maximum(np.linalg.norm(sums, axis=1), 1e-12)
        merit[chosen] = -1.0
        if chosen:
            merit[alike[:, chosen].max(axis=1) > 0.7] = -1.0
        best = int(np.argmax(np.round(merit, 9)))
        if merit[best] < 0:
            break
        chosen.append(best)
        total = total + vectors[best]
    return tuple(candidates[i] for i in sorted(chosen))
