"""Errors on what the fit has not seen: leaving out models, devices, families or single rows, and intervals from these errors.

The fit starts from the one to all rows and goes on without the rows that are left out, so their own effects fall back to
zero; what is then predicted for them is what an unseen model or device would get.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from groundwire.economics.calibration import UNSTATED, Calibration
from groundwire.economics.fitting import Layout, Rows, calibration_of, fit, fit_power, predict_rows, rows_of
from groundwire.economics.measurements import Measurement
from groundwire.economics.validation import PREDICTED, unstated
from groundwire.errors import EconomicsError

__all__ = ["calibrate", "fold_keys", "folds", "intervals_of", "leave_out"]

Array = npt.NDArray[np.float64]
LARGE: Final = 80
"""A group of at least this many rows is left out alone; smaller ones share a fold with others."""
SHARED: Final = 5
ROUNDS: Final = 4
LEVEL: Final = 0.8


def fold_keys(rows: Rows) -> dict[str, list[str]]:
    """By what rows can be left out: name -> group of every row."""
    found: dict[str, list[str]] = {
        "model": [m.deployment.model.name for m in rows.measurements],
        "device": [m.deployment.accelerator.name for m in rows.measurements],
        "family": [m.deployment.accelerator.family for m in rows.measurements],
        "row": [str(i % SHARED) for i in np.random.default_rng(7).permutation(len(rows))],
    }
    return found


def folds(keys: Sequence[str]) -> list[set[str]]:
    """Groups to leave out together: large ones alone, small ones dealt into a few folds."""
    counts = Counter(keys).most_common()
    shared: list[set[str]] = [set() for _ in range(SHARED)]
    small = [key for key, count in counts if count < LARGE]
    for i, key in enumerate(small):
        shared[i % SHARED].add(key)
    return [{key} for key, count in counts if count >= LARGE] + [s for s in shared if s]


def leave_out(rows: Rows, keys: Sequence[str], start: Array, *, rounds: int = ROUNDS) -> dict[str, Array]:
    """Predictions of every row from a fit that has not seen its group.

    Args:
        rows: What was run and measured.
        keys: The group of every row.
        start: The unknowns of the fit to all rows, as where to begin.
        rounds: Steps of each fit.
    """
    groups = np.array(keys)
    out = {name: np.full(len(rows), np.nan) for name in PREDICTED.values()}
    for fold in folds(keys):
        left = np.isin(groups, list(fold))
        weights = np.where(left, 0.0, 1.0)
        layout, theta, _ = fit(rows, start=start, rounds=rounds, weights=weights)
        p = layout.parameters(theta)
        predicted = predict_rows(rows, p, fit_power(rows, p, weights))
        for name, values in out.items():
            values[left] = predicted[name][left]
    return out


def intervals_of(
    rows: Rows, left_out: Mapping[str, Mapping[str, Array]], use: npt.NDArray[np.bool_] | None = None
) -> dict[str, dict[str, tuple[float, float]]]:
    """Factors on predictions between which 80 % of left-out measurements lay, by tier and metric (split conformal).

    Args:
        rows: What was run and measured.
        left_out: Predictions by what was left out: keys of ``fold_keys``; tiers that rest on absent ones get none.
        use: Rows to learn from; None: all.
    """
    keep = np.ones(len(rows), bool) if use is None else use
    vague = np.array([unstated(m) for m in rows.measurements])
    tiers = {
        "calibrated on this pair": (("row",), ~vague),
        "calibrated on neighbours": (("model", "device"), ~vague),
        "data sheets only": (("family",), ~vague),
        UNSTATED: (("model", "device"), vague),
    }
    found: dict[str, dict[str, tuple[float, float]]] = {}
    for tier, (kinds, which) in tiers.items():
        for metric, name in PREDICTED.items():
            measured = np.array([m.values.get(metric, np.nan) for m in rows.measurements])
            seen = [(measured / left_out[kind][name])[which & keep] for kind in kinds if kind in left_out]
            ratios = np.concatenate([np.empty(0), *seen])
            ratios = ratios[np.isfinite(ratios)]
            if len(ratios) >= 10:
                low, high = np.quantile(ratios, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
                found.setdefault(tier, {})[name] = (float(low), float(high))
    return _filled(found)


def _filled(found: dict[str, dict[str, tuple[float, float]]]) -> dict[str, dict[str, tuple[float, float]]]:
    """Metrics without own left-out rows take the nearest tier's interval, and no tier is surer than the one before."""
    before: dict[str, tuple[float, float]] = {}
    for metrics in found.values():
        for name, (low, high) in before.items():
            own = metrics.get(name, (low, high))
            metrics[name] = (min(own[0], low), max(own[1], high))
        before = dict(metrics)
    return found


def calibrate(measurements: Sequence[Measurement], *, start: Calibration | None = None) -> Calibration:
    """Fit all parameters, and take intervals from what is left out in turn: some minutes for some thousand rows.

    Args:
        measurements: What was run and measured.
        start: A calibration to start from; None: from the assumptions.

    Raises:
        EconomicsError: too few measurements to fit.
    """
    if len(measurements) < 30:
        raise EconomicsError("measurements", f"only {len(measurements)} usable rows; a fit needs 30 or more")
    rows = rows_of(measurements)
    layout, theta, deviation = fit(rows, rounds=60, start=Layout(rows).start(start) if start else None)
    power = fit_power(rows, layout.parameters(theta))
    left_out = {kind: leave_out(rows, keys, theta) for kind, keys in fold_keys(rows).items()}
    return calibration_of(rows, layout, theta, deviation, power, intervals_of(rows, left_out))
