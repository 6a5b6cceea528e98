"""Topics of an event: by what its reports mean and by words that speak for a topic, English and Chinese."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from groundwire.events.embeddings import Embedder
from groundwire.events.features import Fingerprint
from groundwire.events.text import hashes, normalise, words

MOST = 3
"""Topics an event has at most."""
_MEANING_FLOOR = 0.15
"""Cosine to a topic's sentence that unrelated news has."""
_KEYWORD_WORTH = 0.16
_TITLE_BONUS = 2.0
_ENOUGH = 0.38
"""Score from which a topic is given: one clear keyword in the headlines and a related meaning, or several keywords."""
_OF_BEST = 0.6
"""A further topic must reach this share of the best one's score."""


class Topics:
    """Classifier over the topics of ``data/topics.json``; its sentences are embedded once.

    Args:
        embedder: The one that the fingerprints were made with.
    """

    def __init__(self, embedder: Embedder) -> None:
        table = json.loads((files("groundwire.events") / "data" / "topics.json").read_text(encoding="utf-8"))["topics"]
        self.names: tuple[str, ...] = tuple(table)
        sentences = [(row, s) for row, name in enumerate(self.names) for s in table[name]["prototypes"]]
        self._sentence_topic = np.array([row for row, _ in sentences])
        self._sentences = embedder.encode([s for _, s in sentences])
        self._keywords = [
            [hashes(words(normalise(keyword))) for keyword in table[name]["keywords"]] for name in self.names
        ]

    def scores(self, fingerprints: Sequence[Fingerprint]) -> dict[str, float]:
        """How much an event's reports speak for each topic, mean over reports: nearness of meaning plus keywords."""
        total = np.zeros(len(self.names))
        for fingerprint in fingerprints:
            total += self._meaning(fingerprint) + self._words(fingerprint)
        return dict(zip(self.names, (total / max(len(fingerprints), 1)).tolist(), strict=True))

    def of(self, fingerprints: Sequence[Fingerprint]) -> tuple[str, ...]:
        """Topics of an event with these reports, strongest first, at most three; none where nothing speaks for one."""
        scores = self.scores(fingerprints)
        ranked = sorted(scores, key=lambda name: (-scores[name], name))
        best = scores[ranked[0]]
        return tuple(name for name in ranked[:MOST] if scores[name] >= max(_ENOUGH, _OF_BEST * best))

    def _meaning(self, fingerprint: Fingerprint) -> npt.NDArray[np.float64]:
        vector = fingerprint.title.astype(np.float64)
        vector = vector / max(float(np.linalg.norm(vector)), 1e-9)
        lead = fingerprint.lead.astype(np.float64)
        vector = vector + lead / max(float(np.linalg.norm(lead)), 1e-9)
        nearness = self._sentences @ (vector / max(float(np.linalg.norm(vector)), 1e-9))
        best = np.zeros(len(self.names))
        np.maximum.at(best, self._sentence_topic, nearness - _MEANING_FLOOR)
        return best

    def _words(self, fingerprint: Fingerprint) -> npt.NDArray[np.float64]:
        present = dict(zip(fingerprint.terms.tolist(), range(len(fingerprint.terms)), strict=True))
        found = np.zeros(len(self.names))
        for row, keywords in enumerate(self._keywords):
            for parts in keywords:
                at = [present.get(int(h)) for h in parts]
                if not at or None in at:
                    continue
                places = [i for i in at if i is not None]
                if all(fingerprint.term_in_title[i] for i in places):
                    found[row] += _KEYWORD_WORTH * _TITLE_BONUS
                elif all(fingerprint.term_lead_counts[i] for i in places):
                    found[row] += _KEYWORD_WORTH
        return np.minimum(found, 4 * _KEYWORD_WORTH)
