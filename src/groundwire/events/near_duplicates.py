"""Copies of one text: wire copies, with paragraphs added or cut, digits or names altered.

A copy never counts as an independent report, whatever was changed in it. Texts are compared as sets of shingles (four
words; four characters in Chinese) with digits masked, by MinHash: Jaccard similarity, and from it containment, the
share of the shorter text that stands in the longer one. Independent reports of one event share few shingles.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt
from rensa import RMinHash  # type: ignore[import-untyped]  # ships no types

PERMUTATIONS = 128
BANDS = 16
_ROWS = PERMUTATIONS // BANDS
_SEED = 1
_MAX_CHARACTERS = 20_000
_WORD = re.compile(r"[^\W\d_]+|\d+")
_HAN = re.compile(r"[㐀-鿿豈-﫿]")
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")

COPY = 0.5
"""Containment from which a text is a copy: independent reports of one event stay below 0.3 (quotations of the same
statement), copies with an altered name in every sentence stay above 0.55."""
MIN_SHINGLES = 8
"""Shorter texts (bare headlines) are never called copies of longer ones: agreeing in a headline proves nothing."""

Signature = npt.NDArray[np.uint32]


def shingles(text: str) -> set[str]:
    """The shingles of a normalised text, digits masked: four words, or four characters where it is Chinese."""
    text = _DIGITS.sub("0", text[:_MAX_CHARACTERS].lower())
    if len(_HAN.findall(text)) * 4 > len(text):
        letters = "".join(c for c in text if c.isalnum())
        return {letters[i : i + 4] for i in range(len(letters) - 3)}
    words = _WORD.findall(text)
    return {" ".join(words[i : i + 4]) for i in range(len(words) - 3)}


def signatures(texts: Iterable[str]) -> tuple[Signature, npt.NDArray[np.int64]]:
    """MinHash signatures, shape (n, 128), and the number of shingles of each text, shape (n,)."""
    sets = [shingles(text) for text in texts]
    if not sets:
        return np.zeros((0, PERMUTATIONS), dtype=np.uint32), np.zeros(0, dtype=np.int64)
    digests = RMinHash.digests_from_token_sets([sorted(s) or [""] for s in sets], PERMUTATIONS, _SEED)
    return np.asarray(digests, dtype=np.uint32), np.array([len(s) for s in sets], dtype=np.int64)


def bands(signature: Signature) -> Iterator[int]:
    """Locality-sensitive keys: two texts of Jaccard similarity 0.8 share one of 16 with a probability of 0.95."""
    raw = np.ascontiguousarray(signature).tobytes()
    for band in range(BANDS):
        yield zlib.crc32(raw[band * _ROWS * 4 : (band + 1) * _ROWS * 4], band)


def containment(
    a: Signature, size_a: npt.NDArray[np.int64] | int, b: Signature, size_b: npt.NDArray[np.int64] | int
) -> npt.NDArray[np.float64]:
    """Estimated share of the shorter text's shingles that stand in the longer one, 0 to 1.

    From the Jaccard similarity J, estimated as the share of equal signature slots less its standard error (so that a
    chance match with a much longer text makes no copy): intersection = J (a + b) / (1 + J). Texts of fewer than eight
    shingles get 0.

    Args:
        a: Signatures, shape (..., 128).
        size_a: Their numbers of shingles, shape (...).
        b: Other signatures; all shapes broadcast.
        size_b: Their numbers of shingles.
    """
    equal = (a == b).mean(axis=-1)
    jaccard = np.maximum(equal - np.sqrt(equal * (1 - equal) / PERMUTATIONS), 0)
    shared = jaccard * (np.asarray(size_a) + np.asarray(size_b)) / (1 + jaccard)
    shorter = np.minimum(size_a, size_b)
    share = np.clip(shared / np.maximum(shorter, 1), 0, 1)
    return np.where(shorter >= MIN_SHINGLES, share, 0.0)
