"""How far predictions are from measurements: errors by metric and group, the worst rows, what the intervals hold."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from groundwire.economics.calibration import Calibration, Tier
from groundwire.economics.fitting import predict_rows, rows_of, stack_parameters
from groundwire.economics.measurements import Measurement, Skipped

__all__ = [
    "GROUPS",
    "Errors",
    "Point",
    "Validation",
    "errors_of",
    "points_of",
    "unstated",
    "validate",
    "validation_json",
]

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One measured figure and what is predicted for it, in the metric's SI unit."""

    row: str
    metric: str
    measured: float
    predicted: float
    low: float
    """Lower end of the 80 % interval."""
    high: float
    tier: Tier
    kind: str
    """"moe" or "dense"."""
    model: str
    device: str
    precision: str
    source: str

    @property
    def error(self) -> float:
        """Absolute percentage error, as a fraction of what was measured. [1]"""
        return abs(self.predicted / self.measured - 1.0)

    @property
    def held(self) -> bool:
        """Whether the interval holds the measured value."""
        return self.low <= self.measured <= self.high


@dataclass(frozen=True, slots=True)
class Errors:
    """Absolute percentage errors of a group of points, as fractions."""

    n: int
    median_ape: float
    mean_ape: float
    p90_ape: float
    coverage: float
    """Share of the measured values that the 80 % interval holds. [1]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Validation:
    """Every figure that could be predicted, and the rows that could not."""

    points: Sequence[Point]
    rows: int
    """Rows read, skipped ones included."""
    skipped: Mapping[str, int]
    """Reason -> rows."""

    def worst(self, count: int = 10) -> list[Point]:
        """The points with the largest errors, at most one a row."""
        found: dict[str, Point] = {}
        for point in sorted(self.points, key=lambda p: -p.error):
            found.setdefault(point.row, point)
            if len(found) == count:
                break
        return list(found.values())


PREDICTED: Mapping[str, str] = {
    "output_tokens_per_s": "tokens_per_s", "inter_token_latency": "tpot", "ttft": "ttft", "power": "power_w",
    "energy_per_token": "joule_per_token",
}  # fmt: skip
"""Metrics of measurements, and the fields of ``Prediction`` that answer them."""

GROUPS: Mapping[str, Callable[[Point], str]] = {
    "model_kind": lambda p: p.kind,
    "device": lambda p: p.device,
    "precision": lambda p: p.precision,
    "tier": lambda p: p.tier,
    "source": lambda p: p.source,
}
"""What errors are broken down by."""


def errors_of(points: Iterable[Point]) -> dict[str, Errors]:
    """Errors by metric."""
    by: dict[str, list[Point]] = defaultdict(list)
    for point in points:
        by[point.metric].append(point)
    return {m: _errors(by[m]) for m in PREDICTED if m in by}


def _errors(points: Sequence[Point]) -> Errors:
    apes = np.array([p.error for p in points])
    return Errors(
        n=len(points),
        median_ape=float(np.median(apes)),
        mean_ape=float(apes.mean()),
        p90_ape=float(np.quantile(apes, 0.9)),
        coverage=float(np.mean([p.held for p in points])),
    )


def validate(rows: Iterable[Measurement | Skipped], calibration: Calibration) -> Validation:
    """Predict every measurement and compare."""
    measurements: list[Measurement] = []
    reasons: Counter[str] = Counter()
    for row in rows:
        if isinstance(row, Skipped):
            reasons[row.reason] += 1
        elif row.values:
            measurements.append(row)
        else:
            reasons["no measured figure that is predicted"] += 1
    total = len(measurements) + sum(reasons.values())
    if not measurements:
        return Validation(points=(), rows=total, skipped=dict(reasons))
    arranged = rows_of(measurements)
    deployments = [m.deployment for m in measurements]
    predicted = predict_rows(arranged, stack_parameters(calibration, deployments), calibration.power)
    points = points_of(measurements, predicted, calibration)
    lost = {m.row for m in measurements} - {p.row for p in points}
    if lost:
        reasons["prediction is not finite"] += len(lost)
    return Validation(points=points, rows=total, skipped=dict(reasons))


def unstated(m: Measurement) -> bool:
    """Whether the report leaves out a setting that moves the result by more than the model errs."""
    return m.speculation == "unstated" or not m.replicas_stated


def points_of(
    measurements: Sequence[Measurement], predicted: Mapping[str, Array], calibration: Calibration
) -> list[Point]:
    """Pair what was measured with what is predicted."""
    points = []
    for i, m in enumerate(measurements):
        tier, bounds = calibration.tier(m.deployment), calibration.intervals(m.deployment, stated=not unstated(m))
        for metric, name in PREDICTED.items():
            measured, value = m.values.get(metric), float(predicted[name][i])
            if measured is None or not (np.isfinite(value) and value > 0):
                continue
            low, high = bounds[name]
            points.append(
                Point(
                    row=m.row, metric=metric, measured=measured, predicted=value, low=value * low, high=value * high,
                    tier=tier, kind="moe" if m.deployment.model.mixture else "dense", model=m.model,
                    device=m.deployment.accelerator.name, precision=m.deployment.scheme.name, source=m.source,
                )
            )  # fmt: skip
    return points


def validation_json(v: Validation) -> dict[str, Any]:
    """All of it for programs; errors as fractions, values in SI units."""
    by: dict[str, dict[str, Any]] = {}
    for name, key in GROUPS.items():
        groups: dict[str, list[Point]] = defaultdict(list)
        for point in v.points:
            groups[key(point)].append(point)
        by[name] = {g: _plain(errors_of(points)) for g, points in sorted(groups.items())}
    return {
        "metrics": _plain(errors_of(v.points)),
        "by": by,
        "skipped": dict(v.skipped),
        "rows": v.rows,
        "worst": [
            {"row": p.row, "metric": p.metric, "model": p.model, "device": p.device, "measured": p.measured,
             "predicted": p.predicted, "ape": p.error, "tier": p.tier} for p in v.worst()
        ],
    }  # fmt: skip


def _plain(errors: Mapping[str, Errors]) -> dict[str, Any]:
    return {
        metric: {"n": e.n, "median_ape": e.median_ape, "mean_ape": e.mean_ape, "p90_ape": e.p90_ape, "coverage_80": e.coverage}
        for metric, e in errors.items()
    }  # fmt: skip
