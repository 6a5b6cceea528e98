"""Fitting the calibration's parameters to measurements: many rows as arrays, a robust Gauss-Newton on log errors."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt

from groundwire.economics.calibration import RULES, Calibration, engine_release, link, pools_of
from groundwire.economics.measurements import Measurement
from groundwire.economics.performance.deployment import Deployment
from groundwire.economics.performance.roofline import Parameters
from groundwire.economics.performance.scheduler import largest_batch, serve
from groundwire.economics.performance.terms import Terms, stack_terms, terms_of
from groundwire.economics.power import POWER_PRIOR, device_power, loads

__all__ = ["Layout", "Rows", "calibration_of", "fit", "predict_rows", "rows_of", "stack_parameters"]

Array = npt.NDArray[np.float64]


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
    ahead: npt.NDArray[np.bool_]
    """Rows that don't say whether tokens were guessed ahead."""
    scaled: npt.NDArray[np.bool_]
    """Rows that don't say how many replicas there were."""
    counted: Array
    """Answer length by which throughput was worked out. [token]"""
    median: npt.NDArray[np.bool_]
    """Rows whose time per token is a median over tokens."""
    devices: Array
    active: Array
    """Parameters that a token uses. [1]"""
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
    stacked, inputs = stack_terms(terms), np.array([m.input_tokens for m in measurements])
    # it ran: where our count leaves no room for a sequence, how many fit is not known
    ran = largest_batch(stacked, inputs + np.array([m.output_tokens for m in measurements])) < 1.0
    stacked = replace(stacked, memory=np.where(ran, np.inf, stacked.memory))
    pools = [pools_of(m.deployment) for m in measurements]
    # benchmark clients start all their sessions at once and then run about ten rounds
    burst = np.array(
        [0.1 if m.mode == "closed" and m.concurrency > 1 and "ttft" in m.values else 0.0 for m in measurements]
    )
    return Rows(
        measurements=measurements,
        terms=stacked,
        prefill_terms=stack_terms(prefill),
        apart=np.array(apart),
        inputs=inputs,
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
        ahead=np.array([m.speculation == "unstated" for m in measurements]),
        scaled=np.array([not m.replicas_stated for m in measurements]),
        counted=np.array([m.counted_output or m.output_tokens for m in measurements]),
        median=np.array([m.median for m in measurements]),
        devices=np.array([float(m.deployment.devices) for m in measurements]),
        active=np.array([m.deployment.model.active_parameters for m in measurements]),
        pools={k: np.array([p[k] for p in pools]) for k in pools[0]},
    )


def _take(terms: Terms, index: npt.NDArray[np.intp]) -> Terms:
    return Terms(**{f.name: np.asarray(getattr(terms, f.name))[index] for f in fields(Terms)})


def _take_parameters(p: Parameters, index: npt.NDArray[np.intp]) -> Parameters:
    return Parameters(**{f.name: np.asarray(getattr(p, f.name))[index] for f in fields(Parameters)})


LOADS = ("compute", "memory", "resident")
"""What power depends on: keys of ``POWER_PRIOR`` and of predictions."""


def stack_parameters(calibration: Calibration, deployments: Sequence[Deployment]) -> Parameters:
    """The parameters of many deployments as arrays."""
    known: dict[tuple[str, ...], Parameters] = {}
    found = []
    for d in deployments:
        key = tuple(pools_of(d).values())
        if key not in known:
            known[key] = calibration.parameters(d)
        found.append(known[key])
    return Parameters(**{f.name: np.array([getattr(p, f.name) for p in found]) for f in fields(Parameters)})


def in_flight(rows: Rows, p: Parameters) -> Array:
    """Requests in flight per replica: as the row says, or what suits a throughput run best. [request]"""
    concurrency = rows.concurrency.copy()
    if rows.offline.any():
        index = np.flatnonzero(rows.offline)
        concurrency[index] = _choose(rows, p, index)
    return concurrency


def predict_rows(
    rows: Rows, p: Parameters, power: Mapping[str, float], concurrency: Array | None = None
) -> dict[str, Array]:
    """Predicted figures of every row, named as ``Prediction`` names them; ``tpot`` is the median where the row's is.

    Args:
        rows: What was run.
        p: Parameters of each row.
        power: Shares of thermal design power.
        concurrency: As ``in_flight`` gives it; None: worked out here.
    """
    if concurrency is None:
        concurrency = in_flight(rows, p)
    out = {
        k: np.full(len(rows), np.nan) for k in ("ttft", "tpot", "tokens_per_s", "power_w", "joule_per_token", *LOADS)
    }
    for flag in (False, True):
        index = np.flatnonzero(rows.apart == flag)
        if not len(index):
            continue
        terms, replicas = _take(rows.terms, index), rows.replicas[index]
        own = _take_parameters(p, index)
        load, servers = concurrency[index], rows.prefill_replicas[index]
        crowd = np.asarray(own.crowd) * np.asarray(terms.group)
        more = np.where(rows.scaled[index], (1.0 + load / crowd) ** np.asarray(own.scaling), 1.0)
        served = serve(
            terms, own, concurrency=load / more,
            input_tokens=rows.inputs[index], output_tokens=rows.outputs[index], cached_tokens=rows.cached[index],
            max_sequences=rows.max_sequences[index], burst=rows.burst[index], prefill_terms=_take(rows.prefill_terms, index) if flag else None,
            prefill_replicas=servers, replicas=replicas,
        )  # fmt: skip
        ahead = np.where(rows.ahead[index], own.ahead, 1.0)
        tpot = np.where(rows.median[index], served.itl_median, served.tpot) / ahead
        counted = rows.counted[index]
        tokens = served.tokens_per_s * replicas
        derived = concurrency[index] * replicas * counted / (served.ttft + tpot * (counted - 1.0))
        tokens = np.where(counted == rows.outputs[index], tokens * ahead, derived) / rows.beams[index]
        utilization = _utilization(rows, index, terms, served.tokens_per_s * replicas)
        watts = device_power(terms, power, served, utilization) * rows.devices[index]
        for key, load in zip(LOADS, loads(terms, served, utilization), strict=True):
            out[key][index] = load
        out["ttft"][index] = served.ttft
        out["tpot"][index] = tpot
        out["tokens_per_s"][index] = tokens
        out["power_w"][index] = watts
        out["joule_per_token"][index] = watts / tokens
    return out


def _utilization(rows: Rows, index: npt.NDArray[np.intp], terms: Terms, tokens: Array) -> Array:
    """Useful arithmetic over peak, from the output of each whole deployment. [1]"""
    fresh = np.maximum(rows.inputs[index] - rows.cached[index], 0.0)
    flop = 2.0 * rows.active[index] * tokens * (1.0 + fresh / rows.outputs[index])
    return np.asarray(flop / (np.asarray(terms.peak) * rows.devices[index]))


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

    def start(self, calibration: Calibration) -> Array:
        """The unknowns of a calibration, as where to begin a fit."""
        common, effects = calibration.common, calibration.effects
        return np.array(
            [
                effects.get(name, {}).get(pool, {}).get(group, 0.0) if pool else common.get(name, 0.0)
                for name, pool, group in self.names
            ]
        )

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
        weights = weight * np.where(rows.scaled[index], 0.1, np.where(rows.ahead[index], 0.3, 1.0))
        return Target(metric, prediction, index, np.log(measured), weights)

    found = [
        build("inter_token_latency", "tpot", lambda _: True, 1.0),
        build("output_tokens_per_s", "tokens_per_s", lambda m: m.median or m.mode != "closed", 0.7),
        build("ttft", "ttft", lambda _: True, 0.5),
    ]
    return [t for t in found if len(t.rows)]


SCALE = 0.03
"""Errors well beyond this (logarithm) hardly count more than smaller ones, so that mislabelled rows don't pull: a setting
measured again is mostly within it."""
POWER_SCALE = 0.10
"""The same for power, where the law itself is coarser."""
FREEDOM = 4.0
"""Degrees of freedom of Student's t distribution, as which errors of ``SCALE`` are taken."""


def fit(
    rows: Rows, *, rounds: int = 25, start: Array | None = None, weights: Array | None = None
) -> tuple[Layout, Array, Array]:
    """Fit all unknowns; returns where they stand, their values and their standard deviations."""
    layout = Layout(rows)
    targets = targets_of(rows)
    theta = np.zeros(len(layout.names)) if start is None else start.copy()
    row_weight = np.ones(len(rows)) if weights is None else weights

    def errors(p: Parameters, concurrency: Array | None = None) -> list[Array]:
        predicted = predict_rows(rows, p, POWER_PRIOR, concurrency)
        return [np.log(predicted[t.prediction][t.rows]) - t.log_measured for t in targets]

    def cost(errs: Iterable[Array], th: Array) -> float:
        total = float(np.sum((th / layout.spread) ** 2))
        for t, e in zip(targets, errs, strict=True):
            u = e / SCALE
            total += float(np.sum(t.weight * row_weight[t.rows] * FREEDOM * np.log1p(u * u / FREEDOM)))
        return total

    damping = 1e-2
    current = errors(layout.parameters(theta))
    value = cost(current, theta)
    hessian = np.eye(len(theta))
    for _ in range(rounds):
        base = layout.parameters(theta)
        # one finite difference per parameter serves all its unknowns: each row depends on its own value only. At the
        # best number in flight a small change of it changes nothing, so that it need not be looked for again
        chosen = in_flight(rows, base)
        slopes: dict[str, list[Array]] = {}
        for name in RULES:
            step = 1e-3
            tried = errors(replace(base, **{name: layout.moved(theta, name, step)}), chosen)
            slopes[name] = [(b - a) / step for a, b in zip(current, tried, strict=True)]
        gradient = theta / layout.spread**2
        hessian = np.diag(1.0 / layout.spread**2)
        columns = list(layout.index)
        for k, t in enumerate(targets):
            u = current[k] / SCALE
            w = t.weight * row_weight[t.rows] / (1.0 + u * u / FREEDOM) / SCALE**2
            # single precision: twice as fast, and the steps need no more than a few digits
            counted = np.flatnonzero(w > 0)
            jacobian = np.zeros((len(counted), len(theta)), dtype=np.float32)
            at, which = np.arange(len(counted)), t.rows[counted]
            for name, pool in columns:
                jacobian[at, layout.index[name, pool][which]] += np.nan_to_num(slopes[name][k][counted])
            felt = np.flatnonzero(jacobian.any(axis=0))
            jacobian = jacobian[:, felt]
            gradient[felt] += jacobian.T @ (w * current[k])[counted]
            hessian[np.ix_(felt, felt)] += (jacobian * w[counted, None].astype(np.float32)).T @ jacobian
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


def fit_power(rows: Rows, p: Parameters, weights: Array | None = None) -> dict[str, float]:
    """Fit the law of power (``device_power``) to rows that measure it: robust least squares on logarithms.

    Args:
        rows: What was run and measured.
        p: Fitted parameters of each row, from which the loads are computed.
        weights: Of each row; 0 leaves it out.
    """
    row_weight = np.ones(len(rows)) if weights is None else weights
    index = np.array([i for i, m in enumerate(rows.measurements) if "power" in m.values and row_weight[i] > 0], int)
    if len(index) < 20:
        return dict(POWER_PRIOR)
    predicted = predict_rows(rows, p, POWER_PRIOR)
    watts = np.array([rows.measurements[i].values["power"] for i in index])
    target = np.log(watts / (rows.devices[index] * np.asarray(rows.terms.tdp)[index]))
    columns = np.stack([np.ones(len(index)), *(np.log(predicted[k][index]) for k in LOADS)], axis=1)
    tight = row_weight[index]
    found = np.zeros(columns.shape[1])
    for _ in range(12):
        scaled = columns * tight[:, None]
        found = np.linalg.solve(scaled.T @ columns + 1e-3 * np.eye(len(found)), scaled.T @ target)
        tight = row_weight[index] / np.sqrt(1.0 + ((target - columns @ found) / POWER_SCALE) ** 2)
    return {
        "full": float(np.exp(found[0])),
        **dict(zip(LOADS, map(float, found[1:]), strict=True)),
        "idle": POWER_PRIOR["idle"],
    }


def calibration_of(
    rows: Rows,
    layout: Layout,
    theta: Array,
    deviation: Array,
    power: Mapping[str, float],
    quantiles: Mapping[str, Mapping[str, tuple[float, float]]],
) -> Calibration:
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
        power=dict(power),
        quantiles=quantiles,
        pairs=frozenset(f"{d.model.name}/{d.accelerator.name}" for d in seen),
        models=frozenset(d.model.name for d in seen),
        families=frozenset(d.accelerator.family for d in seen),
        releases=frozenset(engine_release(d.engine, d.campaign) for d in seen),
    )
