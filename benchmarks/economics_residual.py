"""Whether a learned correction helps on models and devices that it has not seen: residuals on dimensionless ratios.

Called by `python -m benchmarks.economics_accuracy --residual`. The left-out errors of all other groups teach a correction,
which is then applied to the group at hand: ridge regression at several strengths, and boosted stumps. Groups weigh by the
square root of their rows. It is not part of the product: see docs/accuracy.md for what came out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingRegressor  # type: ignore[import-untyped]  # ships no types
from sklearn.linear_model import Ridge  # type: ignore[import-untyped]  # ships no types

from groundwire.economics.cross_validation import fold_keys
from groundwire.economics.fitting import Rows, predict_rows
from groundwire.economics.performance.roofline import Parameters, touched_share
from groundwire.economics.power import POWER_PRIOR
from groundwire.economics.validation import PREDICTED, unstated

Array = npt.NDArray[np.float64]
Learner = Callable[[], Ridge | HistGradientBoostingRegressor]
LEARNERS: Mapping[str, Learner] = {
    "ridge, weak": lambda: Ridge(alpha=10.0),
    "ridge, strong": lambda: Ridge(alpha=1000.0),
    "boosted stumps": lambda: HistGradientBoostingRegressor(
        loss="absolute_error", max_depth=1, max_iter=60, learning_rate=0.05, min_samples_leaf=40, random_state=0
    ),
}


def ratios(rows: Rows, p: Parameters) -> Array:
    """What a correction may look at: loads, shares, requests and visits per expert, shapes; no name. Shape (rows, ratios)."""
    t = rows.terms
    flight = np.where(np.isfinite(rows.concurrency), rows.concurrency, 256.0)
    found = predict_rows(rows, p, POWER_PRIOR)
    routed = np.asarray(t.routed_bytes) > 0
    touched = np.where(routed, touched_share(flight, t.active_share), 0.0)
    visits = np.where(routed, np.log(np.maximum(flight * t.active / t.experts, 1e-3)), 0.0)
    kept = np.asarray(t.kv_full_bytes) * (rows.inputs + rows.outputs / 2) * flight
    columns = [
        np.log(flight), touched, visits, np.log(found["compute"]), np.log(found["memory"]), np.log(t.group),
        np.log(t.attention_shards), t.expert_parallel, t.latent, np.log(np.asarray(t.side) / 4096.0),
        np.log(np.asarray(t.mixer_layers) / 40.0), np.log(np.asarray(t.format_bits) / 16.0), kept / (kept + t.resident_bytes),
        np.log((rows.inputs + 1.0) / rows.outputs),
    ]  # fmt: skip
    stacked = np.stack([np.asarray(c, float) for c in columns], axis=1)
    return np.asarray((stacked - stacked.mean(axis=0)) / (stacked.std(axis=0) + 1e-9))


def corrected(rows: Rows, p: Parameters, predicted: Mapping[str, Mapping[str, Array]]) -> list[dict[str, object]]:
    """Median errors on what was left out, before and after each correction, where settings are stated."""
    features = ratios(rows, p)
    stated = np.array([not unstated(m) for m in rows.measurements])
    shown: list[dict[str, object]] = []
    for kind, values in predicted.items():
        groups = np.array(fold_keys(rows)[kind])
        for metric in ("inter_token_latency", "output_tokens_per_s", "ttft"):
            measured = np.array([m.values.get(metric, np.nan) for m in rows.measurements])
            error = np.log(values[PREDICTED[metric]] / measured)
            able = stated & np.isfinite(error)
            line: dict[str, object] = {"left out": kind, "metric": metric, "none": _median(error[able])}
            for name, learner in LEARNERS.items():
                line[name] = _median((error - _learned(features, error, groups, able, learner))[able])
            shown.append(line)
    return shown


def _learned(
    features: Array, error: Array, groups: npt.NDArray[np.str_], able: npt.NDArray[np.bool_], learner: Learner
) -> Array:
    """What a correction learned on the other groups says of each row."""
    sizes = Counter(groups[able].tolist())
    said = np.zeros(len(error))
    for group in sizes:
        others, own = able & (groups != group), able & (groups == group)
        weight = np.array([sizes[g] ** -0.5 for g in groups[others].tolist()])
        tame = np.clip(error[others], -0.5, 0.5)
        said[own] = learner().fit(features[others], tame, sample_weight=weight).predict(features[own])
    return said


def _median(error: Array) -> float:
    return float(np.median(np.abs(np.expm1(error))))
