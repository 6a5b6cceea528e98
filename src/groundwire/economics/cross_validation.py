"""Errors on what the fit has not seen: leaving out models, devices, families or single rows, and intervals from these errors.

The fit starts from the one to all rows and goes on without the rows that are left out, so their own effects fall back to
zero; what is then predicted for them is what an unseen model or device would get.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from typing import Final, get_args

import numpy as np
import numpy.typing as npt

from groundwire.economics.calibration import UNSTATED, Basis, Calibration, engine_release, interval_key
from groundwire.economics.fitting import Layout, Rows, calibration_of, fit, fit_power, predict_rows, rows_of
from groundwire.economics.measurements import Measurement
from groundwire.economics.validation import PREDICTED, unstated
from groundwire.errors import EconomicsError

__all__ = ["calibrate", "fold_keys", "folds", "intervals_of", "leave_out"]

Array = npt.NDArray[np.float64]
LARGE: Final = 80
"""A group of at least this many rows is left out alone; smaller ones share a fold with others."""
SHARED: Final = 5
ROUNDS: Final = 12
LEVEL: Final = 0.8
FEW: Final = 6
"""Groups that an interval needs: with fewer, a new one may well lie outside all."""


def fold_keys(rows: Rows) -> dict[str, list[str]]:
    """By what rows can be left out: name -> group of every row."""
    found: dict[str, list[str]] = {
        "model": [m.deployment.model.name for m in rows.measurements],
        "device": [m.deployment.accelerator.name for m in rows.measurements],
        "family": [m.deployment.accelerator.family for m in rows.measurements],
        "release": [engine_release(m.deployment.engine, m.deployment.campaign) for m in rows.measurements],
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
    """Factors on predictions between which 80 % of left-out measurements lay, by ``interval_key`` and metric.

    Rows of one model (device) err alike, and a new one is drawn from the groups, not from the rows (hierarchical conformal
    prediction: Dunn, Wasserman and Ramdas 2022, arXiv:1809.07441): a group counts by the square root of its rows, halfway
    between counting rows and counting groups. Where fewer than six groups tell, or a setting is not stated, a new one may
    err to either side: the interval is made even and no narrower than another model's. One group alone tells nothing: the
    power of a release can't be learned where no other release has any.

    Args:
        rows: What was run and measured.
        left_out: Predictions by what was left out: keys of ``fold_keys``; bases that rest on absent ones get none.
        use: Rows to learn from; None: all.
    """
    keep = np.ones(len(rows), bool) if use is None else use
    vague = np.array([unstated(m) for m in rows.measurements])
    mixture = np.array([m.deployment.model.mixture for m in rows.measurements])
    keys = fold_keys(rows)
    pairs = [f"{a}/{b}" for a, b in zip(keys["model"], keys["device"], strict=True)]
    found: dict[str, dict[str, tuple[float, float]]] = {}
    no_surer: set[tuple[str, str]] = set()
    sources: Mapping[Basis, tuple[str, npt.NDArray[np.bool_]]] = {
        "this pair": ("row", ~vague), "another release": ("release", ~vague), "another device": ("device", ~vague), "another model": ("model", ~vague),
        "another family": ("family", ~vague), "settings not stated": ("model", vague),
    }  # fmt: skip
    for basis, (left, which) in sources.items():
        if left not in left_out:
            continue
        group = np.array(pairs if basis in ("this pair", UNSTATED) else keys[left])
        for metric, name in PREDICTED.items():
            measured = np.array([m.values.get(metric, np.nan) for m in rows.measurements])
            ratios = measured / left_out[left][name]
            able = which & keep & np.isfinite(ratios)
            for kind in (False, True):
                own, key = able & (mixture == kind), interval_key(basis, mixture=kind)
                some = own if len(set(group[own].tolist())) >= FEW else able
                groups = len(set(group[some].tolist()))
                if some.sum() >= 10 and groups > 1:
                    even = basis == UNSTATED or groups < FEW
                    found.setdefault(key, {})[name] = _bounds(ratios[some], group[some], even=even)
                    if even or basis in ("another family", UNSTATED):
                        no_surer.add((key, name))
    return _filled(found, no_surer)


def _bounds(ratios: Array, groups: npt.NDArray[np.str_], *, even: bool) -> tuple[float, float]:
    """The middle 80 % of ratios, where groups weigh by the square root of their size.

    ``even``: as far down as up, to the error that 90 % keep below, since few groups say little of how far others may lie.
    """
    _, where, counts = np.unique(groups, return_inverse=True, return_counts=True)
    far = np.abs(np.log(ratios)) if even else ratios
    order = np.argsort(far)
    weight = (counts[where] ** -0.5)[order]
    below = (np.cumsum(weight) - 0.5 * weight) / weight.sum()
    if even:
        high = float(np.exp(np.interp((1 + LEVEL) / 2, below, far[order])))
        return 1.0 / high, high
    low, high = (float(q) for q in np.interp([(1 - LEVEL) / 2, (1 + LEVEL) / 2], below, far[order]))
    return low, high


def _filled(
    found: Mapping[str, Mapping[str, tuple[float, float]]], no_surer: Set[tuple[str, str]]
) -> dict[str, dict[str, tuple[float, float]]]:
    """Metrics without left-out rows take another model's interval (of a release: another device's), and those in
    ``no_surer`` are at least as wide."""
    filled: dict[str, dict[str, tuple[float, float]]] = {}
    for basis in get_args(Basis):
        for kind in (False, True):
            stand_in: Basis = "another device" if basis == "another release" else "another model"
            key, other = interval_key(basis, mixture=kind), found.get(interval_key(stand_in, mixture=kind), {})
            bounds = {**other, **found.get(key, {})}
            for name, (low, high) in other.items():
                if (key, name) in no_surer:
                    bounds[name] = (min(low, bounds[name][0]), max(high, bounds[name][1]))
            if bounds:
                filled[key] = bounds
    return filled


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
    keys = fold_keys(rows)
    left_out = {kind: leave_out(rows, keys[kind], theta) for kind in ("row", "release", "device", "model", "family")}
    return calibration_of(rows, layout, theta, deviation, power, intervals_of(rows, left_out))
