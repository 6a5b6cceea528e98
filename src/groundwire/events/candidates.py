"""Which stored articles a new one must be compared with: a bounded number, found without looking at all of them.

Two nets: an inverted index of rare keys (names, words of the opening, versions, links, MinHash bands), where each key
remembers only its latest articles; and nearness of meaning among the latest articles, by vectors cut to 64 dimensions.
What one article costs is bounded by the constants below, not by how many are stored.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from groundwire.events import near_duplicates
from groundwire.events.similarity import Profile

KEYS_PER_KIND = 14
"""Rarest names, and rarest words of the opening, by which an article is found."""
POSTINGS = 64
"""Latest articles that a key remembers."""
BY_KEYS = 20
BY_MEANING = 12
"""Candidates from each net."""
NEAR_WINDOW = 8_192
"""Latest articles among which nearness of meaning is looked at."""
_DIMENSIONS = 64
_KINDS = {"name": 1, "word": 2, "link": 3, "copy": 4, "version": 5}
_LINK_WORTH = 4.0
_COPY_WORTH = 2.0


class Candidates:
    """The nets, filled as articles come."""

    def __init__(self, dimension: int) -> None:
        self._postings: dict[int, list[int]] = defaultdict(list)
        # a fixed random projection keeps cosines within about 0.1: enough for a net
        self._projection = (
            np.random.default_rng(7).standard_normal((dimension, _DIMENSIONS)).astype(np.float32) / _DIMENSIONS**0.5
        )
        self._near = np.zeros((NEAR_WINDOW, _DIMENSIONS), dtype=np.float32)
        self._near_ids = np.full(NEAR_WINDOW, -1, dtype=np.int64)
        self._written = 0

    def add(self, profile: Profile) -> None:
        """Make an article findable."""
        article_id = profile.fingerprint.article_id
        for key, _ in _keys(profile):
            posting = self._postings[key]
            posting.append(article_id)
            if len(posting) > 2 * POSTINGS:
                del posting[:-POSTINGS]
        slot = self._written % NEAR_WINDOW
        self._near[slot] = self._cut(profile)
        self._near_ids[slot] = article_id
        self._written += 1

    def __len__(self) -> int:
        """Articles that were made findable."""
        return self._written

    def find(self, profile: Profile) -> list[int]:
        """Ids of at most 32 articles that may tell of the same event, likeliest first; its own id is left out."""
        found: dict[int, float] = defaultdict(float)
        for key, worth in _keys(profile):
            for article_id in self._postings.get(key, ())[-POSTINGS:]:
                found[article_id] += worth
        found.pop(profile.fingerprint.article_id, None)
        ranked = sorted(found, key=lambda i: (-found[i], -i))[:BY_KEYS]
        known = set(ranked)
        known.add(profile.fingerprint.article_id)
        filled = min(self._written, NEAR_WINDOW)
        if filled:
            nearness = self._near[:filled] @ self._cut(profile)
            wanted = min(BY_MEANING + BY_KEYS, filled)
            top = np.argpartition(-nearness, wanted - 1)[:wanted]
            top = top[np.argsort(-nearness[top], kind="stable")]
            fresh = [int(i) for i in self._near_ids[top] if int(i) not in known]
            ranked += fresh[:BY_MEANING]
        return ranked

    def _cut(self, profile: Profile) -> npt.NDArray[np.float32]:
        vector: npt.NDArray[np.float32] = profile.mean_vector @ self._projection
        return vector


def _keys(profile: Profile) -> Iterator[tuple[int, float]]:
    """The keys of an article with what sharing one is worth."""
    f = profile.fingerprint
    rarity = f.name_rarity.astype(np.float32) / 255
    standing = rarity * (1 + 0.3 * np.log(np.maximum(f.name_counts, 1).astype(np.float32)) + 0.5 * f.name_in_title)
    for i in np.argsort(-standing, kind="stable")[:KEYS_PER_KIND]:
        yield (_KINDS["name"] << 32) | int(f.names[i]), float(rarity[i]) ** 2
    opening = np.flatnonzero(f.term_lead_counts)
    worth = f.term_rarity[opening].astype(np.float32) / 255
    strength = worth * (1 + 0.5 * f.term_in_title[opening])
    for i in np.argsort(-strength, kind="stable")[:KEYS_PER_KIND]:
        yield (_KINDS["word"] << 32) | int(f.terms[opening[i]]), float(worth[i]) ** 2
    for product, version in zip(f.products, f.versions, strict=True):
        yield (_KINDS["version"] << 32) | (int(product) ^ int(version)), 1.0
    for link in f.links:
        yield (_KINDS["link"] << 32) | int(link), _LINK_WORTH
    if f.shingles >= near_duplicates.MIN_SHINGLES:
        for band in near_duplicates.bands(f.signature):
            yield (_KINDS["copy"] << 32) | band, _COPY_WORTH
