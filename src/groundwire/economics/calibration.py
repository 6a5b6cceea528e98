"""Fitting the few physical parameters to measurements, and reading the fitted values back.

Every parameter has one value for all (its prior is the data sheet's promise and common knowledge of kernels), shifted by
effects of the engine, the device's architecture family, its kind, and the number format of the arithmetic. Effects are
pooled: each is drawn towards zero, so that a family with few points stays near the common value and one that was never
seen takes it. No effect belongs to a model. The fit is a robust Gauss-Newton on log errors; confidence intervals come from its curvature.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cache
from importlib import resources
from typing import Literal

import numpy as np
import numpy.typing as npt

from groundwire.economics.measurements import Measurement
from groundwire.economics.performance.deployment import Deployment
from groundwire.economics.performance.roofline import Parameters
from groundwire.economics.performance.scheduler import Served, largest_batch, serve
from groundwire.economics.performance.terms import Terms, stack_terms, terms_of
from groundwire.economics.power import POWER_PRIOR
from groundwire.errors import EconomicsError

Array = npt.NDArray[np.float64]

ENGINES = (("tensorrt", "trtllm"), ("trt", "trtllm"), ("vllm", "vllm"), ("sglang", "sglang"), ("llama", "llama.cpp"),
           ("ollama", "llama.cpp"), ("lm studio", "llama.cpp"), ("genie", "qualcomm"), ("qnn", "qualcomm"), ("mlx", "mlx"),
           ("pytorch", "pytorch"), ("cuda", "trtllm"), ("rocm", "vllm"))  # fmt: skip


def engine_class(name: str) -> str:
    """The software family of an engine's name, with or without version."""
    text = name.lower()
    return next((known for part, known in ENGINES if part in text), "other")


def expert_format(deployment: Deployment) -> str:
    """How a mixture's routed experts are multiplied: their width in bits, and whether the device can do so natively."""
    if not deployment.model.mixture:
        return "none"
    scheme, device = deployment.scheme, deployment.accelerator
    bits = min(scheme.expert_bits, deployment.model.native_bits)
    wanted = "fp4" if bits < 6 else "fp8" if bits < 12 else "bf16"
    return wanted if wanted in device.peaks else f"{wanted} unpacked"


def pools_of(deployment: Deployment) -> dict[str, str]:
    """The groups that a deployment belongs to, by which effects are pooled."""
    engine = engine_class(deployment.engine)
    device = deployment.accelerator
    return {
        "engine": engine,
        "family": device.family,
        "kind": device.kind,
        "format": deployment.scheme.compute,
        "engine/family": f"{engine}/{device.family}",
        "expert format": expert_format(deployment),
        "regime": "batch" if deployment.engine.startswith("mlperf") else "serving",
    }


@dataclass(frozen=True, slots=True)
class Rule:
    """How one parameter is fitted: its prior, how sure that is, and which effects shift it (with their spread)."""

    prior: float
    spread: float
    """Standard deviation of the logarithm of the common value."""
    effects: Mapping[str, float] = field(default_factory=dict)
    most: float = np.inf
    """Physical upper bound (a share of a data-sheet figure can't pass 1)."""


def link(rule: Rule, shift: npt.ArrayLike) -> Array:
    """A parameter's value from the sum of its shifts: its logarithm moves, or for shares its logit, so they stay below the bound."""
    moved = np.asarray(shift, float)
    if not np.isfinite(rule.most):
        return np.asarray(rule.prior * np.exp(moved))
    start = rule.prior / rule.most
    return np.asarray(rule.most / (1.0 + (1.0 - start) / start * np.exp(-moved)))


E, F, K, N, X, G, W = "engine", "family", "kind", "format", "engine/family", "regime", "expert format"
RULES: dict[str, Rule] = {
    # shares of a data-sheet figure: spreads are of the logit
    "bandwidth": Rule(0.75, 0.5, {E: 0.3, F: 0.3, K: 0.5, X: 0.2, N: 0.2}, 1.0),
    "expert_bandwidth": Rule(0.7, 0.6, {E: 0.3, F: 0.2, X: 0.2, W: 0.3}, 1.0),
    "cache_bandwidth": Rule(0.6, 0.5, {E: 0.3, F: 0.2, K: 0.4, X: 0.15}, 1.0),
    "compute": Rule(0.6, 0.5, {E: 0.3, F: 0.2, N: 0.2, K: 0.8, G: 0.2}, 1.0),
    "expert_compute": Rule(0.4, 0.6, {E: 0.3, F: 0.2, K: 0.5, W: 0.3, X: 0.2}, 1.0),
    "prefill_compute": Rule(0.6, 0.5, {E: 0.3, F: 0.2, N: 0.2, K: 0.8, G: 0.3}, 1.0),
    "prefill_expert_compute": Rule(0.4, 0.6, {E: 0.3, F: 0.2, K: 0.5, W: 0.3, X: 0.2}, 1.0),
    "attention_compute": Rule(0.4, 0.5, {E: 0.2, F: 0.2}, 1.0),
    "link": Rule(0.6, 0.5, {E: 0.2, F: 0.2}, 1.0),
    "queueing": Rule(0.5, 0.7, {E: 0.2}, 1.0),
    "spread": Rule(0.9, 0.3, {}, 1.0),
    # times and counts: spreads are of the logarithm
    "layer": Rule(5e-5, 1.0, {E: 0.3, F: 0.2, K: 1.0, X: 0.15}),
    "routed_layer": Rule(3e-5, 1.0, {E: 0.3, F: 0.2, K: 0.7, X: 0.15, W: 0.2}),
    "dense_layer": Rule(1e-5, 0.7, {E: 0.2, K: 0.5}),
    "latent_layer": Rule(2e-5, 0.8, {E: 0.2, F: 0.15}),
    "linear_layer": Rule(5e-5, 1.0, {E: 0.2}),
    "step": Rule(3e-4, 1.0, {E: 0.3, K: 0.7}),
    "sequence": Rule(5e-6, 1.0, {E: 0.5, F: 0.15, G: 0.3}),
    "passes": Rule(12.0, 0.5, {E: 0.2, N: 0.2}),
    "reduce": Rule(5e-6, 0.7, {E: 0.2, F: 0.2, X: 0.1}),
    "exchange": Rule(1e-5, 1.0, {E: 0.3}),
    "stage": Rule(2e-5, 1.0, {E: 0.2}),
    "request": Rule(0.015, 1.0, {E: 0.4, K: 0.7, X: 0.2}),
    "interference": Rule(0.9, 0.2, {E: 0.15}),
    "first": Rule(1.0, 0.3, {E: 0.2, X: 0.15}),
    "alignment": Rule(1.0, 0.3, {E: 0.2}),
    "burst": Rule(1.0, 0.3, {E: 0.2}),
    "slow_host": Rule(1e-3, 0.7),
    "shuffle": Rule(6.0, 0.5, {E: 0.2}),
    "flop_energy": Rule(0.8e-12, 0.3, {F: 0.2}),
    "sharpness": Rule(2.5, 0.3),
    "mixing": Rule(2.0, 0.3, {E: 0.2}),
    "tile": Rule(24.0, 0.5, {E: 0.2}),
    "imbalance": Rule(1.0, 0.4, {E: 0.2}),
    "small": Rule(500.0, 1.0),
    "narrow": Rule(100.0, 0.7, {E: 0.2}),
}
assert {f.name for f in fields(Parameters)} == set(RULES)  # noqa: S101  tells the type checker


@dataclass(frozen=True)
class Calibration:
    """Fitted values: the common one of each parameter, and the pooled effects as natural logarithms."""

    common: Mapping[str, float]
    """Shift of each parameter from its prior (see ``link``)."""
    effects: Mapping[str, Mapping[str, Mapping[str, float]]]
    """parameter -> pool -> group -> shift of the logarithm."""
    deviation: Mapping[str, float] = field(default_factory=dict)
    """Standard deviation of each common value's logarithm."""
    power: Mapping[str, float] = field(default_factory=lambda: dict(POWER_PRIOR))
    """Shares of thermal design power (``power.device_power``)."""
    pairs: frozenset[str] = frozenset()
    """"model/device" that were measured."""
    models: frozenset[str] = frozenset()
    families: frozenset[str] = frozenset()
    """Device families that were measured."""
    quantiles: Mapping[str, Mapping[str, tuple[float, float]]] = field(default_factory=dict)
    """tier -> metric -> factors between which 80 % of left-out measurements lay."""

    def parameters(self, deployment: Deployment) -> Parameters:
        """The parameters that hold for a deployment."""
        pools = pools_of(deployment)
        values: dict[str, float] = {}
        for name, rule in RULES.items():
            shift = sum(groups.get(pools[pool], 0.0) for pool, groups in self.effects.get(name, {}).items())
            values[name] = float(link(rule, self.common.get(name, 0.0) + shift))
        return Parameters(**values)

    def tier(self, deployment: Deployment) -> Tier:
        """How close the measurements came to a deployment."""
        model, device = deployment.model, deployment.accelerator
        if f"{model.name}/{device.name}" in self.pairs:
            return "calibrated on this pair"
        if device.family in self.families and not model.approximate:
            return "calibrated on neighbours"
        return "data sheets only"

    def intervals(self, tier: Tier) -> Mapping[str, tuple[float, float]]:
        """Factors that bound 80 % of measurements, by metric."""
        return self.quantiles.get(tier, DEFAULT_INTERVALS)


Tier = Literal["calibrated on this pair", "calibrated on neighbours", "data sheets only"]
DEFAULT_INTERVALS: Mapping[str, tuple[float, float]] = {
    "ttft": (0.5, 2.0), "tpot": (0.7, 1.5), "tokens_per_s": (0.65, 1.4), "power_w": (0.8, 1.25), "joule_per_token": (0.6, 1.6),
}  # fmt: skip


@cache
def load_calibration() -> Calibration:
    """The calibration that ships with the package.

    Raises:
        EconomicsError: the file is damaged.
    """
    text = (resources.files("groundwire.economics") / "data" / "calibration.toml").read_text(encoding="utf-8")
    return parse_calibration(text)


def parse_calibration(text: str) -> Calibration:
    """Read what ``render_calibration`` wrote.

    Raises:
        EconomicsError: not TOML, or not of this form.
    """
    try:
        tables = tomllib.loads(text)
        parameters = tables["parameter"]
        return Calibration(
            common={k: float(v["shift"]) for k, v in parameters.items()},
            deviation={k: float(v["deviation"]) for k, v in parameters.items()},
            effects={k: {pool: {g: float(x) for g, x in groups.items()} for pool, groups in v["effects"].items()} for k, v in parameters.items() if "effects" in v},
            power={k: float(v) for k, v in tables["power"].items()},
            pairs=frozenset(tables["measured"]["pairs"]),
            models=frozenset(tables["measured"]["models"]),
            families=frozenset(tables["measured"]["families"]),
            quantiles={tier: {k: (float(low), float(high)) for k, (low, high) in v.items()} for tier, v in tables.get("interval", {}).items()},
        )  # fmt: skip
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise EconomicsError("calibration", f"is damaged ({error}); run the calibration again") from error


def render_calibration(c: Calibration, note: str = "") -> str:
    """The calibration as TOML: figures only."""
    lines = [f"# {line}" for line in note.splitlines()]
    for name in RULES:
        rule = RULES[name]
        sd, shift = c.deviation.get(name, rule.spread), c.common.get(name, 0.0)
        value, low, high = (float(link(rule, shift + z * sd)) for z in (0.0, -1.96, 1.96))
        lines += ["", f"[parameter.{name}]", f"value = {value:.4g}", f"interval_95 = [{low:.3g}, {high:.3g}]"]
        lines += [f"shift = {shift:.4f}", f"deviation = {sd:.4f}"]
        for pool, groups in c.effects.get(name, {}).items():
            shown = ", ".join(f'"{g}" = {v:.4f}' for g, v in sorted(groups.items()) if abs(v) >= 5e-4)
            lines.append(f'effects."{pool}" = {{ {shown} }}' if shown else f'effects."{pool}" = {{}}')
    lines += ["", "[power]", *(f"{k} = {v:.5g}" for k, v in c.power.items())]
    for tier, metrics in c.quantiles.items():
        lines += ["", f'[interval."{tier}"]', *(f"{k} = [{a:.4f}, {b:.4f}]" for k, (a, b) in metrics.items())]
    lines += ["", "[measured]"]
    for key in ("models", "families", "pairs"):
        lines.append(f"{key} = [" + ", ".join(f'"{x}"' for x in sorted(getattr(c, key))) + "]")
    return "\n".join(lines) + "\n"


# --- the measurements as arrays -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rows:
    """Many measurements as arrays, ready for the formulas."""

    measurements: Sequence[Measurement]
    terms: Terms
    prefill_terms: Terms
    apart: npt.NDArray[np.bool_]
    """Rows with prefill on devices of its own."""
    inputs: Array
    outputs: Array
    cached: Array
    beams: Array
    concurrency: Array
    """Per replica; NaN where not known."""
    replicas: Array
    prefill_replicas: Array
    max_sequences: Array
    burst: Array
    limit: Array
    offline: npt.NDArray[np.bool_]
    pools: Mapping[str, npt.NDArray[np.str_]]

    def __len__(self) -> int:
        return len(self.measurements)


ENGINE_LIMIT = {"trtllm": 2048.0, "vllm": 1024.0, "sglang": 1024.0}
"""Sequences per replica that engines run together unless told otherwise, in throughput runs."""


def rows_of(measurements: Sequence[Measurement]) -> Rows:
    """Arrange measurements as arrays."""
    terms, prefill, replicas, prefill_replicas, apart, limit_sequences = [], [], [], [], [], []
    for m in measurements:
        d = m.deployment
        terms.append(terms_of(d))
        split = d.disaggregation.prefill if d.disaggregation else d.split
        prefill.append(terms_of(d, split))
        replicas.append(max(d.replicas, 1e-9))
        apart.append(d.disaggregation is not None)
        prefill_replicas.append(d.disaggregation.prefill_devices / split.devices if d.disaggregation else 0.0)
        limit_sequences.append(d.max_sequences / d.replicas if d.max_sequences else np.inf)
    concurrency = np.array([m.concurrency for m in measurements]) / np.array(replicas)
    pools = [pools_of(m.deployment) for m in measurements]
    # benchmark clients start all their sessions at once and then run about ten rounds
    burst = np.array(
        [0.1 if m.mode == "closed" and m.concurrency > 1 and "ttft" in m.values else 0.0 for m in measurements]
    )
    return Rows(
        measurements=measurements,
        terms=stack_terms(terms),
        prefill_terms=stack_terms(prefill),
        apart=np.array(apart),
        inputs=np.array([m.input_tokens for m in measurements]),
        outputs=np.array([m.output_tokens for m in measurements]),
        cached=np.array([m.cached_tokens for m in measurements]),
        beams=np.array([m.beams for m in measurements]),
        concurrency=concurrency,
        replicas=np.array(replicas),
        prefill_replicas=np.array(prefill_replicas),
        max_sequences=np.array(limit_sequences),
        burst=burst,
        limit=np.array([m.limit_tpot for m in measurements]),
        offline=np.array([m.mode != "closed" for m in measurements]),
        pools={k: np.array([p[k] for p in pools]) for k in pools[0]},
    )


def _take(terms: Terms, index: npt.NDArray[np.intp]) -> Terms:
    return Terms(**{f.name: np.asarray(getattr(terms, f.name))[index] for f in fields(Terms)})


def _take_parameters(p: Parameters, index: npt.NDArray[np.intp]) -> Parameters:
    return Parameters(**{f.name: np.asarray(getattr(p, f.name))[index] for f in fields(Parameters)})


def predict_rows(rows: Rows, p: Parameters) -> dict[str, Array]:
    """Predicted metrics of every row under given parameters (arrays of the rows' length). NaN where not defined."""
    n = len(rows)
    out = {
        k: np.full(n, np.nan) for k in ("ttft", "tpot", "itl_median", "tokens_per_s", "batch", "prefill_share", "step")
    }
    concurrency = rows.concurrency.copy()
    if rows.offline.any():
        index = np.flatnonzero(rows.offline)
        concurrency[index] = _choose(rows, p, index)
    for flag in (False, True):
        index = np.flatnonzero(rows.apart == flag)
        if not len(index):
            continue
        served = serve(
            _take(rows.terms, index), _take_parameters(p, index), concurrency=concurrency[index],
            input_tokens=rows.inputs[index], output_tokens=rows.outputs[index], cached_tokens=rows.cached[index],
            max_sequences=rows.max_sequences[index], burst=rows.burst[index], prefill_terms=_take(rows.prefill_terms, index) if flag else None,
            prefill_replicas=rows.prefill_replicas[index], replicas=rows.replicas[index],
        )  # fmt: skip
        _fill(out, index, served, rows.replicas[index], rows.beams[index])
    # all queued at once: throughput of the full batch, waiting does not count
    return out


def _fill(out: dict[str, Array], index: npt.NDArray[np.intp], served: Served, replicas: Array, beams: Array) -> None:
    out["ttft"][index] = served.ttft
    out["tpot"][index] = served.tpot
    out["itl_median"][index] = served.itl_median
    out["tokens_per_s"][index] = served.tokens_per_s * replicas / beams
    out["batch"][index] = served.batch
    out["prefill_share"][index] = served.prefill_share
    out["step"][index] = served.decode.total


def _choose(rows: Rows, p: Parameters, index: npt.NDArray[np.intp]) -> Array:
    """Concurrency per replica of throughput runs: as many as fit (and keep within the limit on time per token)."""
    terms = _take(rows.terms, index)
    own = _take_parameters(p, index)
    fits = largest_batch(terms, rows.inputs[index] + 0.75 * rows.outputs[index])
    engines = rows.pools["engine"][index]
    cap = np.array([ENGINE_LIMIT.get(str(e), 1024.0) for e in engines]) * np.asarray(terms.attention_shards)
    most = np.clip(np.minimum(fits, cap), 1.0, None)
    grid = most[None, :] ** np.linspace(0.0, 1.0, 33)[:, None]
    served = serve(
        terms, own, concurrency=grid, input_tokens=rows.inputs[index], output_tokens=rows.outputs[index],
        cached_tokens=rows.cached[index], max_sequences=rows.max_sequences[index],
    )  # fmt: skip
    allowed = served.tpot <= 0.85 * rows.limit[index]  # a 99th percentile must keep the limit, not the mean
    best = np.where(allowed, served.tokens_per_s, -1.0 / served.tpot)
    return np.asarray(np.take_along_axis(grid, best.argmax(axis=0)[None, :], axis=0)[0])


# --- the fit ------------------------------------------------------------------------------------------------------


class Layout:
    """Where each unknown stands in the vector of logarithms."""

    def __init__(self, rows: Rows) -> None:
        self.index: dict[tuple[str, str], npt.NDArray[np.intp]] = {}
        """(parameter, pool) -> for every row, which unknown shifts it."""
        self.names: list[tuple[str, str, str]] = []
        spreads: list[float] = []
        for name, rule in RULES.items():
            self.index[name, ""] = np.full(len(rows), len(self.names), dtype=np.intp)
            self.names.append((name, "", ""))
            spreads.append(rule.spread)
            for pool, spread in rule.effects.items():
                groups = sorted(set(rows.pools[pool].tolist()))
                where = {g: len(self.names) + i for i, g in enumerate(groups)}
                self.index[name, pool] = np.array([where[g] for g in rows.pools[pool].tolist()], dtype=np.intp)
                self.names += [(name, pool, g) for g in groups]
                spreads += [spread] * len(groups)
        self.spread = np.array(spreads)

    def moved(self, theta: Array, name: str, by: float = 0.0) -> Array:
        """One parameter in every row, its shift moved."""
        rule = RULES[name]
        shift = theta[self.index[name, ""]] + by
        for pool in rule.effects:
            shift = shift + theta[self.index[name, pool]]
        return link(rule, shift)

    def parameters(self, theta: Array) -> Parameters:
        """Every row's parameters under a vector of unknowns."""
        return Parameters(**{name: self.moved(theta, name) for name in RULES})


@dataclass(frozen=True)
class Target:
    """What one metric's rows should come to, and how tight they are."""

    metric: str
    prediction: str
    rows: npt.NDArray[np.intp]
    log_measured: Array
    weight: Array


def targets_of(rows: Rows) -> list[Target]:
    """The metrics to fit: latencies where measured, throughput where that is all there is."""

    def build(metric: str, prediction: str, keep: Callable[[Measurement], bool], weight: float) -> Target:
        index = np.array([i for i, m in enumerate(rows.measurements) if metric in m.values and keep(m)], dtype=np.intp)
        measured = np.array([rows.measurements[i].values[metric] for i in index])
        weights = np.array([weight / (1.0 if not rows.apart[i] else 2.0) for i in index])
        return Target(metric, prediction, index, np.log(measured), weights)

    found = [
        build("inter_token_latency", "tpot", lambda m: not m.median, 1.0),
        build("inter_token_latency", "itl_median", lambda m: m.median, 1.0),
        build("output_tokens_per_s", "tokens_per_s", lambda m: m.median or m.mode != "closed", 0.7),
        build("ttft", "ttft", lambda _: True, 0.5),
    ]
    return [t for t in found if len(t.rows)]


SCALE = 0.10
"""Errors beyond about this (logarithm) count linearly, not squared: mislabelled rows don't pull."""


def fit(
    rows: Rows, *, rounds: int = 25, start: Array | None = None, weights: Array | None = None
) -> tuple[Layout, Array, Array]:
    """Fit all unknowns; returns where they stand, their values and their standard deviations."""
    layout = Layout(rows)
    targets = targets_of(rows)
    theta = np.zeros(len(layout.names)) if start is None else start.copy()
    row_weight = np.ones(len(rows)) if weights is None else weights

    def errors(p: Parameters) -> list[Array]:
        predicted = predict_rows(rows, p)
        return [np.log(predicted[t.prediction][t.rows]) - t.log_measured for t in targets]

    def cost(errs: Iterable[Array], th: Array) -> float:
        total = float(np.sum((th / layout.spread) ** 2))
        for t, e in zip(targets, errs, strict=True):
            u = e / SCALE
            total += float(np.sum(t.weight * row_weight[t.rows] * 2.0 * (np.sqrt(1.0 + u * u) - 1.0)))
        return total

    damping = 1e-2
    current = errors(layout.parameters(theta))
    value = cost(current, theta)
    hessian = np.eye(len(theta))
    for _ in range(rounds):
        base = layout.parameters(theta)
        # one finite difference per parameter serves all its unknowns: each row depends on its own value only
        slopes: dict[str, list[Array]] = {}
        for name in RULES:
            moved = Parameters(
                **{
                    f.name: getattr(base, f.name) * (np.exp(1e-3) if f.name == name else 1.0)
                    for f in fields(Parameters)
                }
            )
            slopes[name] = [(b - a) / 1e-3 for a, b in zip(current, errors(moved), strict=True)]
        gradient = theta / layout.spread**2
        hessian = np.diag(1.0 / layout.spread**2)
        columns = list(layout.index)
        for k, t in enumerate(targets):
            u = current[k] / SCALE
            w = t.weight * row_weight[t.rows] / np.sqrt(1.0 + u * u) / SCALE**2
            jacobian = np.zeros((len(t.rows), len(theta)))
            at = np.arange(len(t.rows))
            for name, pool in columns:
                jacobian[at, layout.index[name, pool][t.rows]] += np.nan_to_num(slopes[name][k])
            gradient = gradient + jacobian.T @ (w * current[k])
            hessian = hessian + (jacobian * w[:, None]).T @ jacobian
        improved = False
        for _ in range(8):
            move = -np.linalg.solve(hessian + damping * np.diag(np.diag(hessian)), gradient)
            trial = theta + np.clip(move, -0.7, 0.7)
            tried = errors(layout.parameters(trial))
            new = cost(tried, trial)
            if np.isfinite(new) and new < value:
                improved = value - new > 1e-4 * value
                theta, current, value = trial, tried, new
                damping = max(damping / 4.0, 1e-6)
                break
            damping *= 4.0
        if not improved:
            break
    return layout, theta, np.sqrt(np.diag(np.linalg.inv(hessian)))


def calibration_of(rows: Rows, layout: Layout, theta: Array, deviation: Array) -> Calibration:
    """The fitted vector as named values, with what was measured."""
    common: dict[str, float] = {}
    spread: dict[str, float] = {}
    effects: dict[str, dict[str, dict[str, float]]] = {}
    for (name, pool, group), value, sd in zip(layout.names, theta, deviation, strict=True):
        if not pool:
            common[name], spread[name] = float(value), float(sd)
        else:
            effects.setdefault(name, {}).setdefault(pool, {})[group] = float(value)
    seen = [m.deployment for m in rows.measurements]
    return Calibration(
        common=common,
        effects=effects,
        deviation=spread,
        pairs=frozenset(f"{d.model.name}/{d.accelerator.name}" for d in seen),
        models=frozenset(d.model.name for d in seen),
        families=frozenset(d.accelerator.family for d in seen),
    )
