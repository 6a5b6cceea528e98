"""Which blocks of a page an extractor's output consists of: the heaviest chain of equal texts in equal order."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from typing import Final

from groundwire.extract.blocks import Block, words_of

_SHORT: Final = 8
"""Keys below this length occur inside other words: they count only as a whole line or cell."""
_MAX_PLACES: Final = 20


def voted(blocks: Sequence[Block], output: str) -> set[int]:
    """Indices of the blocks that make up ``output``, lines of text in document order.

    A text that stands on the page twice (a teaser and the article) is matched where its neighbours are.
    """
    lines = [words for words in (words_of(line) for line in output.replace("|", "\n").split("\n")) if words]
    joined = "".join(lines)
    starts: dict[str, list[int]] = {}
    at = 0
    for line in lines:
        starts.setdefault(line, []).append(at)
        at += len(line)
    repeated = Counter(block.key for block in blocks)
    shared = Counter(block.path for block in blocks if len(block.key) >= _SHORT and block.key in joined)
    matches: list[tuple[int, int, int, float]] = []  # block, start and end in joined, gain
    for block in blocks:
        if not block.key or repeated[block.key] > _MAX_PLACES:  # so common on the page that it says nothing
            continue
        gain = len(block.key) + min(0.5, shared[block.path] / 100)  # on a tie, where more of the output stands
        matches += [(block.index, place, place + len(block.key), gain) for place in _places(block.key, joined, starts)]
    return _heaviest_chain(matches)


def _places(key: str, joined: str, starts: dict[str, list[int]]) -> list[int]:
    if len(key) < _SHORT:
        return starts.get(key, [])[:_MAX_PLACES]
    found: list[int] = []
    place = joined.find(key)
    while place >= 0 and len(found) < _MAX_PLACES:
        found.append(place)
        place = joined.find(key, place + len(key))
    return found


def _heaviest_chain(matches: list[tuple[int, int, int, float]]) -> set[int]:
    """Blocks of the chain with the greatest gain in which blocks and places both advance (n log n)."""
    places = sorted({end for _, _, end, _ in matches})
    best: list[tuple[float, int]] = [(0.0, -1)] * (len(places) + 1)  # Fenwick tree of (gain, match) maxima over ends
    before = [-1] * len(matches)
    pending: list[tuple[int, tuple[float, int]]] = []
    current = -1
    top = (0.0, -1)
    for number, (block, start, end, gain) in enumerate(matches):
        if block != current:  # matches of one block must not follow each other
            for place, entry in pending:
                _raise(best, place, entry)
            pending, current = [], block
        total, before[number] = _maximum(best, bisect_right(places, start))
        entry = (total + gain, number)
        pending.append((bisect_right(places, end), entry))
        top = max(top, entry)
    chain: set[int] = set()
    number = top[1]
    while number >= 0:
        chain.add(matches[number][0])
        number = before[number]
    return chain


def _raise(tree: list[tuple[float, int]], place: int, entry: tuple[float, int]) -> None:
    while place < len(tree):
        tree[place] = max(tree[place], entry)
        place += place & -place


def _maximum(tree: list[tuple[float, int]], place: int) -> tuple[float, int]:
    found = (0.0, -1)
    while place > 0:
        found = max(found, tree[place])
        place -= place & -place
    return found
