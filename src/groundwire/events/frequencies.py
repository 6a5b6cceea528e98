"""How common words and names are: document frequencies that grow as articles stream in.

Counts start from a background (``data/background.json``: how many of some thousand news articles use a word, as
hashes), so that the first article of an empty desk is weighed like the
ten-thousandth.
"""

from __future__ import annotations

import base64
import json
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from groundwire.events.text import Hashes

_SLOTS = 1 << 20
_COMMON = 0.4
"""Words in more than this share of all articles weigh nothing."""

_HABIT_SLOTS = 1 << 15
_HABIT_LIMIT = 512
_HABIT_PRIOR = 20
"""Articles without the term that a source is taken to have had before: five on one event are no habit."""
_HABIT_FREE = 0.5
"""Rarity within the source from which a term counts in full: it stands in about the square root of the articles."""


class DocumentFrequencies:
    """Document frequency by 32-bit hash, in a table of 2**20 slots (a collision only makes a word look more common)."""

    def __init__(self, documents: int = 0, known: Hashes | None = None, counts: npt.ArrayLike = 0) -> None:
        self._table = np.zeros(_SLOTS, dtype=np.float32)
        self._documents = documents
        if known is not None:
            np.add.at(self._table, known & (_SLOTS - 1), np.asarray(counts, dtype=np.float32))

    @property
    def documents(self) -> int:
        """Number of documents counted, the background's included."""
        return self._documents

    def count(self, terms: Hashes) -> None:
        """Count one document's distinct terms."""
        np.add.at(self._table, terms & (_SLOTS - 1), 1.0)
        self._documents += 1

    def weights(self, terms: Hashes) -> npt.NDArray[np.float32]:
        """Inverse document frequency of each term, scaled to 0 (in 40 % of all documents or more) to 1 (never seen)."""
        frequency = self._table[terms & (_SLOTS - 1)]
        rarity = np.log((self._documents + 1) / (frequency + 0.5)) / np.log(self._documents + 2)
        rarity[frequency > _COMMON * self._documents] = 0.0
        clipped: npt.NDArray[np.float32] = np.clip(rarity, 0.0, 1.0).astype(np.float32)
        return clipped


class Habits:
    """What each source says in many of its articles, whatever they tell of: its own document frequencies.

    Tags, section names, a field's jargon: rare in the news at large, they would make all articles of a source look
    alike. Counts halve when a source has many articles, so that old habits are forgotten.
    """

    def __init__(self) -> None:
        self._tables: dict[int, npt.NDArray[np.float32]] = {}
        self._documents: dict[int, float] = {}

    def count(self, source_id: int, terms: Hashes) -> None:
        """Count one article's distinct terms."""
        table = self._tables.setdefault(source_id, np.zeros(_HABIT_SLOTS, dtype=np.float32))
        table[np.unique(terms & (_HABIT_SLOTS - 1))] += 1.0
        self._documents[source_id] = self._documents.get(source_id, 0.0) + 1.0
        if self._documents[source_id] >= _HABIT_LIMIT:
            table /= 2
            self._documents[source_id] /= 2

    def novelty(self, source_id: int, terms: Hashes) -> npt.NDArray[np.float32]:
        """What each term is worth in an article of a source: 1 (news there) to 0 (said in every article)."""
        if source_id not in self._tables:
            return np.ones(terms.size, dtype=np.float32)
        frequency = self._tables[source_id][terms & (_HABIT_SLOTS - 1)]
        documents = self._documents[source_id] + _HABIT_PRIOR
        rarity = np.log((documents + 1) / (frequency + 0.5)) / np.log(documents + 2)
        clipped: npt.NDArray[np.float32] = np.clip(rarity / _HABIT_FREE, 0.0, 1.0).astype(np.float32)
        return clipped


@cache
def _background() -> dict[str, object]:
    loaded: dict[str, object] = json.loads(
        (files("groundwire.events") / "data" / "background.json").read_text(encoding="utf-8")
    )
    return loaded


def background(kind: str) -> DocumentFrequencies:
    """A fresh table with the background's counts; ``kind`` is "words" or "names"."""
    stored = _background()
    part = stored[kind]
    assert isinstance(part, dict)  # noqa: S101  our own file
    known = np.frombuffer(base64.b64decode(part["hashes"]), dtype="<u4").astype(np.uint32)
    counts = np.frombuffer(base64.b64decode(part["counts"]), dtype="<u2")
    return DocumentFrequencies(int(str(stored["documents"])), known, counts)
