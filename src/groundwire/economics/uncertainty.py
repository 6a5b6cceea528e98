"""Ranges in, P10/P50/P90 out: a seeded, vectorised Monte Carlo; and which range moves the answer most.

A range (low, mid, high) means that 80 % of what may come lies between low and high and half below mid. It is drawn as a
two-piece normal in the logarithm (positive quantities) or, where low is 0 or below, in the value itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from statistics import NormalDist
from typing import Final

import numpy as np
import numpy.typing as npt

from groundwire.errors import EconomicsError

__all__ = ["P10", "Bar", "Range", "Spread", "quantiles", "sample", "tornado"]

Array = npt.NDArray[np.float64]
P10: Final = -1.2815515655446004
"""Standard normal deviate that 10 % lie below. [1]"""


@dataclass(frozen=True, slots=True)
class Range:
    """What a quantity may be: 10 % below ``low``, half below ``mid``, 10 % above ``high``; all the same when exact."""

    low: float
    mid: float
    high: float

    def __post_init__(self) -> None:
        if not (np.isfinite(self.low) and np.isfinite(self.mid) and np.isfinite(self.high)):
            raise EconomicsError("range", f"{self.low}, {self.mid}, {self.high} must be finite numbers")
        if not self.low <= self.mid <= self.high:
            raise EconomicsError("range", f"low {self.low:g}, mid {self.mid:g}, high {self.high:g} must be in order")

    @classmethod
    def exact(cls, value: float) -> Range:
        """A quantity that is known."""
        return cls(value, value, value)

    @property
    def certain(self) -> bool:
        """Whether there is nothing to draw."""
        return self.low == self.high

    def scaled(self, factor: float) -> Range:
        """The same in another unit (``factor`` > 0)."""
        return Range(self.low * factor, self.mid * factor, self.high * factor)

    def at(self, deviates: npt.ArrayLike) -> Array:
        """The quantity at standard normal deviates: ``low`` at -1.28, ``mid`` at 0, ``high`` at 1.28.

        Example:
            >>> Range(1.0, 2.0, 8.0).at([P10, 0.0, -P10]).round(6).tolist()
            [1.0, 2.0, 8.0]
        """
        z = np.asarray(deviates, float) / -P10
        if self.low > 0:
            below, above = np.log(self.mid / self.low), np.log(self.high / self.mid)
            return np.asarray(self.mid * np.exp(z * np.where(z < 0, below, above)))
        return np.asarray(self.mid + z * np.where(z < 0, self.mid - self.low, self.high - self.mid))


@dataclass(frozen=True, slots=True)
class Spread:
    """What came out: deciles of an answer."""

    p10: float
    p50: float
    p90: float


def sample(
    ranges: Mapping[str, Range], count: int, seed: int, bounds: Mapping[str, tuple[float, float]] | None = None
) -> dict[str, Array]:
    """Independent draws of every uncertain quantity; exact ones stay single numbers.

    Deviates are stratified (Latin hypercube: one draw from each of ``count`` equally likely slices, shuffled), so that
    a few hundred suffice; they depend on the seed and the name only, so that two scenarios that differ in one value
    share all other draws.

    Args:
        ranges: By name.
        count: Draws.
        seed: Same seed, same draws.
        bounds: By name, limits that physics sets (a share lies in 0 to 1); draws beyond are moved to them.

    Returns:
        Arrays of shape (count,), or () for exact quantities.
    """
    found: dict[str, Array] = {}
    for name, r in ranges.items():
        if r.certain:
            found[name] = np.asarray(r.mid)
            continue
        low, high = (bounds or {}).get(name, (-np.inf, np.inf))
        found[name] = np.clip(r.at(_shuffled(name, count, seed)), low, high)
    return found


@lru_cache(maxsize=256)
def _shuffled(name: str, count: int, seed: int) -> Array:
    """Deviates of one quantity, in an order that is its own; kept, since all ways of a scenario share them."""
    return _deviates(count)[np.random.default_rng([seed, *name.encode()]).permutation(count)]


@cache
def _deviates(count: int) -> Array:
    """Middle of each of ``count`` equally likely slices of a standard normal, ascending."""
    normal = NormalDist()
    return np.array([normal.inv_cdf((i + 0.5) / count) for i in range(count)])


def quantiles(values: npt.ArrayLike) -> Spread:
    """P10, P50, P90 of draws; one number is its own spread."""
    v = np.asarray(values, float)
    if v.ndim == 0:
        return Spread(float(v), float(v), float(v))
    # between a number and infinity lies nothing: then one of the draws is taken, not a mean of two
    a, b, c = np.quantile(v, [0.1, 0.5, 0.9], method="inverted_cdf" if np.isinf(v).any() else "linear")
    return Spread(float(a), float(b), float(c))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """How far one quantity alone moves the answer from its low to its high end."""

    name: str
    low_value: float
    high_value: float
    answer_at_low: float
    answer_at_high: float

    @property
    def swing(self) -> float:
        """Distance between the two answers."""
        return abs(self.answer_at_high - self.answer_at_low)


def tornado(
    ranges: Mapping[str, Range], answer: Callable[[Mapping[str, Array]], Array], names: Sequence[str] | None = None
) -> tuple[Bar, ...]:
    """Vary one quantity at a time between its P10 and P90, the others at their middle; widest first.

    Args:
        ranges: Every quantity of the scenario.
        answer: From values (each an array of one length, or a single number) to the answer's array.
        names: Which to vary; None: all that are uncertain.
    """
    varied = [n for n in (names if names is not None else sorted(ranges)) if not ranges[n].certain]
    if not varied:
        return ()
    width = 2 * len(varied)
    values: dict[str, Array] = {}
    for name, r in ranges.items():
        column = np.full(width, r.mid) if name in varied else np.asarray(r.mid)
        if name in varied:
            at = varied.index(name)
            column[2 * at], column[2 * at + 1] = r.low, r.high
        values[name] = column
    out = np.broadcast_to(answer(values), (width,))
    bars = [
        Bar(
            name=name,
            low_value=ranges[name].low,
            high_value=ranges[name].high,
            answer_at_low=float(out[2 * i]),
            answer_at_high=float(out[2 * i + 1]),
        )
        for i, name in enumerate(varied)
    ]
    return tuple(sorted(bars, key=lambda b: -b.swing))
