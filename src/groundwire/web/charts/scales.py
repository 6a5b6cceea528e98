"""From values to positions on a chart, and round values along an axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """From values to positions."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def __call__(self, value: float) -> float:
        """Where a value stands; clipped to the ends."""
        if self.log:
            share = math.log(max(value, 1e-300) / self.low) / math.log(self.high / self.low)
        else:
            share = (value - self.low) / (self.high - self.low)
        return self.start + min(max(share, 0.0), 1.0) * (self.end - self.start)

    def ticks(self, count: int = 5) -> list[float]:
        """Round values along the scale."""
        return _log_ticks(self.low, self.high, count) if self.log else _ticks(self.low, self.high, count)


def _ticks(low: float, high: float, count: int) -> list[float]:
    rough = (high - low) / max(count, 1)
    power = 10.0 ** math.floor(math.log10(rough)) if rough > 0 else 1.0
    step = next((m * power for m in (1, 2, 2.5, 5, 10) if m * power >= rough), 10 * power)
    first = math.ceil(low / step - 1e-9)
    return [i * step for i in range(first, math.floor(high / step + 1e-9) + 1)]


def _log_ticks(low: float, high: float, count: int) -> list[float]:
    decades = math.log10(high / low)
    marks = (1, 2, 5) if decades < 2.2 else (1, 3) if decades < 3.5 else (1,)
    found = [
        m * 10.0**e
        for e in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
        for m in marks
        if low * 0.999 <= m * 10.0**e <= high * 1.001
    ]
    while len(found) > count + 2:
        found = found[::2]
    return found


def log_range(values: Sequence[float], margin: float = 1.25) -> tuple[float, float]:
    """Ends of a logarithmic axis around values; the whole of it spans at least a factor of four."""
    known = [v for v in values if math.isfinite(v) and v > 0]
    low, high = (min(known), max(known)) if known else (1.0, 10.0)
    low, high = low / margin, high * margin
    if high / low < 4:
        middle = math.sqrt(low * high)
        low, high = middle / 2, middle * 2
    return low, high
