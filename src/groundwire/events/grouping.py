"""Which articles of a small neighbourhood belong together: best-first agglomeration under a person's constraints."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import numpy.typing as npt

from groundwire.events.scoring import EventModel, Floats, Groups
from groundwire.events.similarity import Block


def agglomerate(
    block: Block,
    languages: npt.NDArray[np.int64],
    days: Floats,
    model: EventModel,
    *,
    together: Collection[tuple[int, int]] = (),
    apart: Collection[tuple[int, int]] = (),
) -> npt.NDArray[np.int64]:
    """Group articles: the best-scoring pair of groups is merged until no pair scores above the model's threshold.

    The score is computed anew from all members after every merge, so one chance link does not chain two events.

    Args:
        block: Channels of all pairs, shape (n, n, channels).
        languages: Each article's language as a number, shape (n,).
        days: Each article's publication day, NaN if unknown, shape (n,).
        model: The fitted score.
        together: Pairs of positions that must share a group; wins over ``apart``.
        apart: Pairs of positions that must not.

    Returns:
        Group number of each article, shape (n,); equal numbers mean one event. Numbers are positions of members.
    """
    n = len(languages)
    groups = Groups(block, languages, days)
    forbidden = np.zeros((n, n), dtype=bool)
    for i, j in apart:
        forbidden[i, j] = forbidden[j, i] = True
    alive = np.ones(n, dtype=bool)
    labels = np.arange(n)

    def join(a: int, b: int) -> None:
        groups.merge(a, b)
        labels[labels == b] = a
        alive[b] = False
        forbidden[a] |= forbidden[b]
        forbidden[:, a] = forbidden[a]

    for i, j in together:
        a, b = int(labels[i]), int(labels[j])
        if a != b:
            join(min(a, b), max(a, b))
    scores = np.full((n, n), -np.inf)
    rows, columns = np.triu_indices(n, 1)
    scores[rows, columns] = groups.scores(rows, columns, model)
    scores = np.maximum(scores, scores.T)
    scores[forbidden] = -np.inf
    scores[~alive] = -np.inf
    scores[:, ~alive] = -np.inf
    best = scores.argmax(axis=1) if n else np.zeros(0, dtype=np.int64)
    while n > 1:
        heights = scores[np.arange(n), best]
        a = int(heights.argmax())
        if not heights[a] > model.threshold:
            break
        b = int(best[a])
        a, b = min(a, b), max(a, b)
        join(a, b)
        scores[b] = scores[:, b] = -np.inf
        others = np.flatnonzero(alive & ~forbidden[a])
        others = others[others != a]
        scores[a] = scores[:, a] = -np.inf
        if others.size:
            fresh = groups.scores(np.full(others.size, a), others, model)
            scores[a, others] = scores[others, a] = fresh
        best = scores.argmax(axis=1)
    return labels
