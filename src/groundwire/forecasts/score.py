"""How good forecasts were: Brier score with its baseline, calibration, counts by source.

Only forecasts with a stated probability have a Brier score (G. W. Brier, Monthly Weather Review 78, 1950: the mean of
``(p - o)**2``, 0 best, 1 worst). Beside it stands what a forecaster who knows only how often things came true, and says
that each time, would have: ``o_mean * (1 - o_mean)``, the uncertainty of A. H. Murphy's partition (J. Applied
Meteorology 12, 1973). Voids count in neither. Shares carry Wilson's 95 % interval (JASA 22, 1927).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from groundwire.forecasts.record import Outcome, Registered

COIN = 0.25
"""Brier score of who always says 50 %."""
BINS = 5
"""Classes of stated probability in the calibration plot: words of estimative probability are no finer."""
_Z = 1.959964
"""Standard normal quantile for 95 %."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Forecasts with about the same stated probability."""

    stated: float
    """Mean of what was said."""
    came_true: float
    """Share that came true."""
    low: float
    high: float
    """Its 95 % interval."""
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How a set of forecasts did."""

    registered: int
    resolved: int
    """True or false: void ones are apart."""
    true: int
    void: int
    share: tuple[float, float, float] | None
    """Share of the resolved that came true, with its 95 % interval: (share, low, high); None if none is resolved."""
    stated: int
    """Resolved ones that stated a probability."""
    brier: float | None
    """Of those; None if there are none."""
    baseline: float | None
    """Of always saying their base rate."""
    bins: tuple[Bin, ...]


def score(entries: Iterable[tuple[Registered, Outcome | None]], base: float | None = None) -> Score:
    """Score forecasts with their outcomes (None: not resolved yet).

    Args:
        entries: The forecasts.
        base: Share that the baseline always says; None: that of these forecasts themselves.
    """
    listed = list(entries)
    decided = [(f, o.verdict == "true") for f, o in listed if o is not None and o.verdict != "void"]
    came = sum(happened for _, happened in decided)
    stated = [(f.probability.middle, happened) for f, happened in decided if f.probability is not None]
    if base is None:
        base = sum(happened for _, happened in stated) / len(stated) if stated else 0.0
    return Score(
        registered=len(listed),
        resolved=len(decided),
        true=came,
        void=sum(o is not None and o.verdict == "void" for _, o in listed),
        share=(came / len(decided), *wilson(came, len(decided))) if decided else None,
        stated=len(stated),
        brier=brier(stated) if stated else None,
        baseline=brier([(base, happened) for _, happened in stated]) if stated else None,
        bins=calibration(stated),
    )


def brier(pairs: Sequence[tuple[float, bool]]) -> float:
    """Mean squared distance of stated probability and outcome (1 or 0).

    Example:
        >>> brier([(0.75, True), (0.75, False)])  # (0.0625 + 0.5625) / 2
        0.3125
    """
    return sum((p - happened) ** 2 for p, happened in pairs) / len(pairs)


def calibration(pairs: Sequence[tuple[float, bool]]) -> tuple[Bin, ...]:
    """Classes of stated probability of equal width, empty ones left out."""
    classes: dict[int, list[tuple[float, bool]]] = {}
    for p, happened in pairs:
        classes.setdefault(min(int(p * BINS), BINS - 1), []).append((p, happened))
    bins = []
    for _, members in sorted(classes.items()):
        came, n = sum(happened for _, happened in members), len(members)
        low, high = wilson(came, n)
        bins.append(Bin(stated=sum(p for p, _ in members) / n, came_true=came / n, low=low, high=high, count=n))
    return tuple(bins)


def wilson(successes: int, n: int) -> tuple[float, float]:
    """95 % interval of a share; (0, 1) without observations.

    Example:
        >>> tuple(round(x, 3) for x in wilson(8, 10))
        (0.49, 0.943)
    """
    if not n:
        return 0.0, 1.0
    share, z2 = successes / n, _Z * _Z
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def by_source(entries: Iterable[tuple[Registered, Outcome | None]]) -> dict[str, Score]:
    """Scores by ``Registered.source``, those with most resolved forecasts first; the baseline says the base rate of all
    sources together: who has one forecast would know its outcome otherwise."""
    entries = list(entries)
    stated = [o.verdict == "true" for f, o in entries if f.probability and o is not None and o.verdict != "void"]
    base = sum(stated) / len(stated) if stated else 0.0
    groups: dict[str, list[tuple[Registered, Outcome | None]]] = {}
    for entry in entries:
        groups.setdefault(entry[0].source, []).append(entry)
    scores = {source: score(members, base) for source, members in groups.items()}
    return dict(sorted(scores.items(), key=lambda item: (-item[1].resolved, -item[1].registered, item[0])))
