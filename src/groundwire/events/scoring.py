"""Whether two groups of articles tell of one event: a fitted linear score in the scale of log odds.

For two groups A and B the score adds up

- the *mean* over all pairs across the groups of each channel of ``similarity.CHANNELS``, weighted;
- how these compare with the similarity *inside* the groups: ``log(across / sqrt(inside A * inside B))`` for some
  channels. Two reports of one event are as near to each other as reports of it are among themselves; two earthquakes in
  one country are not, however many words they share. This *relative closeness* (Karypis et al., "Chameleon", 1999) is
  what tells similar events apart; for lone articles, whose inside is unknown, an expected value stands in;
- the best and the worst link, and the groups' sizes.

Pairs in two languages have weights of their own, since they share names, numbers and meaning but no words.
The weights are data (``data/event_model.json``, fitted by ``python -m benchmarks.event_fit``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from groundwire.events.similarity import CHANNELS, INDEX, Block

Floats = npt.NDArray[np.float64]

RATIO_CHANNELS = ("text", "names", "lead", "meaning", "coverage")
"""Channels whose relative closeness counts."""
RATIO_FLOOR = np.array([0.0, 0.0, 0.0, 0.25, 0.0])
"""What unrelated texts have in each of them."""
RATIO_EXPECTED = np.array([0.38, 0.48, 0.38, 0.41, 0.50])
"""Expected similarity inside an event, above the floor (means over labelled events): stands in for lone articles."""
RATIO_PRIOR = 3.0
"""How many pairs the expectation is worth."""
_TINY = 0.02
_AFFINITY = tuple(INDEX[name] for name in ("text", "names", "meaning"))

GROUP_FEATURES = (
    *CHANNELS,
    "best_link",
    "worst_link",
    *(f"{name}_ratio" for name in RATIO_CHANNELS),
    *(f"{name}_ratio_sure" for name in RATIO_CHANNELS),
    "log_smaller",
    "log_larger",
)
"""What the score of two groups is made of, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventModel:
    """Weights of the score, and where it says yes."""

    same: Floats
    """Weights of ``GROUP_FEATURES`` for pairs of one language, shape (n,)."""
    same_intercept: float
    cross: Floats
    """Weights of ``CHANNELS`` for pairs of two languages."""
    cross_intercept: float
    threshold: float
    """Groups with a score above belong together."""
    gap_free_days: float
    """Days between two groups that speak neither for nor against."""
    gap_per_day: float
    """What each further day takes off the score."""
    gap_limit_days: float
    """Groups further apart are never joined, only related."""

    def gap_penalty(self, days: Floats) -> Floats:
        """What the time between two groups takes off their score; NaN (unknown) takes nothing, too long everything."""
        known = np.nan_to_num(days, nan=0.0)
        penalty = np.maximum(known - self.gap_free_days, 0) * self.gap_per_day
        return np.where(known > self.gap_limit_days, np.inf, penalty)


def load_model(raw: Mapping[str, object] | None = None) -> EventModel:
    """The fitted model that ships, or one from its JSON form; weights that are not listed are 0."""
    data = dict(raw) if raw is not None else _shipped()

    def vector(name: str, order: tuple[str, ...]) -> Floats:
        given = data[name]
        assert isinstance(given, Mapping)  # noqa: S101  our own file
        return np.array([float(given.get(key, 0.0)) for key in order])

    def number(name: str) -> float:
        return float(str(data[name]))

    return EventModel(
        same=vector("same", GROUP_FEATURES),
        same_intercept=number("same_intercept"),
        cross=vector("cross", CHANNELS),
        cross_intercept=number("cross_intercept"),
        threshold=number("threshold"),
        gap_free_days=number("gap_free_days"),
        gap_per_day=number("gap_per_day"),
        gap_limit_days=number("gap_limit_days"),
    )


@cache
def _shipped() -> dict[str, object]:
    loaded: dict[str, object] = json.loads(
        (files("groundwire.events") / "data" / "event_model.json").read_text(encoding="utf-8")
    )
    return loaded


def affinity(block: Block) -> Block:
    """A plain measure of nearness for best and worst links: words, names and meaning added; shape (n, m)."""
    total: Block = block[..., _AFFINITY[0]] + block[..., _AFFINITY[1]] + block[..., _AFFINITY[2]]
    return total


class Groups:
    """Groups of articles under agglomeration, with the sums that scores are made of.

    Starts with each article alone; ``merge`` adds sums up, so that no pair is looked at twice.

    Args:
        block: Channels of all pairs, shape (n, n, channels).
        languages: Number of each article's language, shape (n,).
        first: Publication day of each, NaN if unknown.
    """

    def __init__(self, block: Block, languages: npt.NDArray[np.int64], days: Floats) -> None:
        n = block.shape[0]
        same = languages[:, None] == languages[None, :]
        off = ~np.eye(n, dtype=bool)
        own = (same & off)[..., None]
        self.sums = np.moveaxis(np.where(own, block, 0), -1, 0).astype(np.float64)  # (channels, n, n)
        self.pairs = (same & off).astype(np.float64)
        self.cross_sums = np.moveaxis(np.where(~same[..., None], block, 0), -1, 0).astype(np.float64)
        self.cross_pairs = (~same).astype(np.float64)
        near = affinity(block).astype(np.float64)
        self.best = np.where(same, near, -np.inf)
        self.worst = np.where(same, near, np.inf)
        self.sizes = np.ones(n)
        self.first, self.last = days.copy(), days.copy()
        self.members: list[list[int]] = [[i] for i in range(n)]
        self.bilingual = bool((~same).any())

    def merge(self, a: int, b: int) -> None:
        """Put group b into group a."""
        for sums in (self.sums, self.cross_sums) if self.bilingual else (self.sums,):
            sums[:, a, :] += sums[:, b, :]
            sums[:, :, a] += sums[:, :, b]
        for counts in (self.pairs, self.cross_pairs):
            counts[a, :] += counts[b, :]
            counts[:, a] += counts[:, b]
        self.best[a] = np.maximum(self.best[a], self.best[b])
        self.best[:, a] = self.best[a]
        self.worst[a] = np.minimum(self.worst[a], self.worst[b])
        self.worst[:, a] = self.worst[a]
        self.sizes[a] += self.sizes[b]
        self.first[a] = np.fmin(self.first[a], self.first[b])
        self.last[a] = np.fmax(self.last[a], self.last[b])
        self.members[a] += self.members[b]
        self.members[b] = []

    def features(self, a: npt.NDArray[np.int64], b: npt.NDArray[np.int64]) -> Floats:
        """``GROUP_FEATURES`` of group pairs (a[i], b[i]), over their pairs of one language; shape (m, features)."""
        count = np.maximum(self.pairs[a, b], 1)
        mean = self.sums[:, a, b] / count
        which = [INDEX[name] for name in RATIO_CHANNELS]
        floor, expected = RATIO_FLOOR[:, None], RATIO_EXPECTED[:, None]

        def inside(g: npt.NDArray[np.int64]) -> Floats:
            number = self.pairs[g, g]
            within = (RATIO_PRIOR * expected + self.sums[:, g, g][which] - floor * number) / (RATIO_PRIOR + number)
            result: Floats = np.maximum(within, 0.05)
            return result

        across = np.maximum(mean[which] - floor, 0)
        ratio = np.log((across + _TINY) / (np.sqrt(inside(a) * inside(b)) + _TINY))
        smaller = np.minimum(self.sizes[a], self.sizes[b])
        larger = np.maximum(self.sizes[a], self.sizes[b])
        sure = (smaller - 1) / (smaller + 1)
        best = np.where(np.isfinite(self.best[a, b]), self.best[a, b], 0)
        worst = np.where(np.isfinite(self.worst[a, b]), self.worst[a, b], 0)
        return np.concatenate(
            [mean, best[None], worst[None], ratio, ratio * sure, np.log(smaller)[None], np.log(larger)[None]]
        ).T

    def scores(self, a: npt.NDArray[np.int64], b: npt.NDArray[np.int64], model: EventModel) -> Floats:
        """Log odds that groups a[i] and b[i] tell of one event, time counted; shape (m,)."""
        score = self.features(a, b) @ model.same + model.same_intercept
        if self.bilingual:
            cross = self.cross_pairs[a, b]
            mean = (self.cross_sums[:, a, b] / np.maximum(cross, 1)).T
            share = cross / (cross + self.pairs[a, b])
            score = (1 - share) * score + share * (mean @ model.cross + model.cross_intercept)
        with np.errstate(invalid="ignore"):
            gap = np.maximum(np.maximum(self.first[a], self.first[b]) - np.minimum(self.last[a], self.last[b]), 0)
        return score - model.gap_penalty(gap)


def pair_scores(block: Block, same_language: npt.NDArray[np.bool_], days_apart: Floats, model: EventModel) -> Floats:
    """Log odds that two lone articles tell of one event, for a whole block; shape (n, m).

    Equals ``Groups.scores`` of groups of one.
    """
    which = [INDEX[name] for name in RATIO_CHANNELS]
    across = np.maximum(block[..., which].astype(np.float64) - RATIO_FLOOR, 0)
    ratio = np.log((across + _TINY) / (np.maximum(RATIO_EXPECTED, 0.05) + _TINY))
    n = len(CHANNELS)
    near = affinity(block)
    same = (
        block @ model.same[:n]
        + near * (model.same[n] + model.same[n + 1])
        + ratio @ model.same[n + 2 : n + 2 + len(RATIO_CHANNELS)]
        + model.same_intercept
    )
    cross = block @ model.cross + model.cross_intercept
    return np.where(same_language, same, cross) - model.gap_penalty(days_apart)
