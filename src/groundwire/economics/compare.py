"""All ways side by side: ranked by what a request costs within the latency limits, with their spread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from groundwire.economics.calibration import Basis
from groundwire.economics.candidates import NOT_FITTING, Candidates, edge_way, hosted_ways, self_hosted_ways
from groundwire.economics.edge import cloud_share
from groundwire.economics.parameters import parameters
from groundwire.economics.performance.deployment import Deployment
from groundwire.economics.prediction import Interval, Tier
from groundwire.economics.scenario import Scenario
from groundwire.economics.serving import Fleet, Operation, Served
from groundwire.economics.uncertainty import Range, Spread, quantiles, sample
from groundwire.economics.ways import (
    ERROR_POWER,
    ERROR_SPEED,
    Device,
    Hosted,
    Mix,
    Outcome,
    Part,
    SelfHosted,
    Values,
    Way,
    evaluate,
    idle_power,
    outcome_of_operation,
    tier_of,
    way_ranges,
)
from groundwire.errors import EconomicsError

__all__ = [
    "Comparison",
    "Row",
    "Sweep",
    "compare",
    "draws_of",
    "edge_mix",
    "mid_values",
    "ranges_of",
    "self_hosted_sweep",
    "spread_of",
    "work_out",
]

Array = npt.NDArray[np.float64]
HOSTED_TIER = "price list"
BOUNDS: Mapping[str, tuple[float, float]] = {ERROR_SPEED: (0.01, 100.0), ERROR_POWER: (0.01, 100.0)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One way, worked out at the middle of all numbers and for draws of them."""

    way: Way
    draws: Mapping[str, Array]
    """The numbers; index 0 holds the middle, the rest draws (exact ones are single numbers)."""
    outcome: Outcome
    """Index 0: at the middle; the rest: draws."""
    tier: Tier | str
    basis: Basis | None
    """What was left out where the interval was measured; None: nothing is predicted."""
    interval: Mapping[str, Interval]

    def mid(self, name: str) -> float:
        """A figure of the outcome at the middle of all numbers; NaN where not known."""
        return float(np.asarray(getattr(self.outcome, name)).reshape(-1)[0])

    def spread(self, name: str) -> Spread:
        """Deciles of a figure of the outcome."""
        return spread_of(getattr(self.outcome, name))

    @property
    def usd_per_request(self) -> float:
        """Median over the draws: what ways are ranked by."""
        return self.spread("usd_per_request").p50


def spread_of(values: Array) -> Spread:
    """Deciles of draws that come after their middle (index 0)."""
    v = np.asarray(values, float)
    return quantiles(v[1:] if v.ndim and v.size > 1 else v.reshape(-1)[0])


# --- values -------------------------------------------------------------------------------------------------------


def ranges_of(scenario: Scenario, way: Way, tier: Mapping[str, Interval]) -> dict[str, Range]:
    """Every number that ``evaluate`` needs for a way, uncertain ones as ranges."""
    found = dict(scenario.ranges)
    for part in _self_hosted(way):
        found |= {k: r for k, r in way_ranges(part, tier).items() if k not in scenario.ranges}
    found["autoscale"] = Range.exact(float(scenario.autoscale))
    return found


def _self_hosted(way: Way) -> list[SelfHosted]:
    ways = [p.way for p in way.parts] if isinstance(way, Mix) else [way]
    return [w for w in ways if isinstance(w, SelfHosted)]


def mid_values(scenario: Scenario, way: Way) -> dict[str, Array]:
    """The middle of every number."""
    return {k: np.asarray(r.mid) for k, r in ranges_of(scenario, way, {}).items()}


def draws_of(scenario: Scenario, way: Way, tier: Mapping[str, Interval], count: int | None = None) -> dict[str, Array]:
    """Seeded draws of every number, the middle first; ways share the draws of what they have in common."""
    ranges = ranges_of(scenario, way, tier)
    limits = {k: (p.low, p.high) for k, p in parameters().items()} | dict(BOUNDS)
    drawn = sample(ranges, count or scenario.draws, scenario.seed, limits)
    return {k: d if d.ndim == 0 else np.concatenate([[ranges[k].mid], d]) for k, d in drawn.items()}


# --- many at once -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """Self-hosted candidates as arrays: what ``within`` and ``outcome`` need, without a loop."""

    candidates: Candidates
    served: Served
    index: npt.NDArray[np.intp]
    """Candidate -> its deployment in the fleet."""
    price: Array
    owned: npt.NDArray[np.bool_]
    devices: Array
    tdp: Array
    idle: Array
    on_demand: npt.NDArray[np.bool_]

    def operation(self, limit_ttft: float, limit_tpot: float) -> Operation:
        """Operating points of all candidates."""
        o = self.served.within(limit_ttft, limit_tpot)
        return Operation(
            capacity=o.capacity[self.index], concurrency=o.concurrency[self.index], ttft=o.ttft[self.index],
            tpot=o.tpot[self.index], prefill_share=o.prefill_share[self.index], fits=o.fits[self.index],
            meets=o.meets[self.index], batch_max=o.batch_max[self.index],
        )  # fmt: skip

    def outcome(self, operation: Operation, v: Values, *, autoscale: bool) -> Outcome:
        """What all candidates come to; ``v`` may hold columns, as users of shape (n, 1)."""
        return outcome_of_operation(
            operation, v, devices=self.devices, owned=self.owned, price=self.price, tdp=self.tdp, idle=self.idle,
            autoscale=self.on_demand & autoscale,
        )  # fmt: skip


def self_hosted_sweep(scenario: Scenario, candidates: Candidates | None = None) -> Sweep:
    """Arrange candidates (None: all of the scenario) as arrays, and let them serve the scenario's workload."""
    candidates = self_hosted_ways(scenario) if candidates is None else candidates
    position: dict[int, int] = {}
    unique: list[Deployment] = []
    index = []
    for way in candidates.ways:  # tenures share a deployment object
        key = id(way.deployment)
        if key not in position:
            position[key] = len(unique)
            unique.append(way.deployment)
        index.append(position[key])
    fleet = Fleet(unique)
    served = fleet.serve(scenario.mid("input_tokens"), scenario.mid("output_tokens"), scenario.mid("cached_share"))
    ways = candidates.ways
    return Sweep(
        candidates=candidates,
        served=served,
        index=np.array(index, dtype=np.intp),
        price=np.array([w.price.range.mid for w in ways], dtype=float),
        owned=np.array([w.tenure == "owned" for w in ways], dtype=bool),
        devices=np.array([w.deployment.devices for w in ways], dtype=float),
        tdp=np.array([w.deployment.accelerator.tdp for w in ways], dtype=float),
        idle=np.array([idle_power(w.deployment) for w in ways], dtype=float),
        on_demand=np.array([w.tenure in ("on-demand", "spot") for w in ways], dtype=bool),
    )


# --- the comparison -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Ways, cheapest first."""

    rows: tuple[Row, ...]
    considered: int
    left_out: Mapping[str, int]
    """Reason -> how many combinations."""
    too_slow: tuple[str, float, float] | None
    """Of those that miss the limits, the fastest: label, first token [s], per token [s]."""
    sweep: Sweep
    """All self-hosted candidates."""


def compare(
    scenario: Scenario,
    *,
    on: date,
    models: Sequence[str] | None = None,
    precisions: Sequence[str] | None = None,
    top: int = 20,
    draws: int = 200,
) -> Comparison:
    """Rank every way that the scenario allows by what a request costs, within its latency limits.

    Args:
        scenario: What to serve.
        on: Prices of hosted APIs are those of this day.
        models: Instead of the scenario's.
        precisions: Instead of the scenario's.
        top: Rows to refine and show; of one model, device, number format and tenure only the best replica size.
        draws: For the spread of each row.

    Raises:
        EconomicsError: no way is left; names the limit that none keeps and what the fastest reaches.
    """
    found = self_hosted_ways(scenario, models=models, precisions=precisions)
    values = {k: np.asarray(r.mid) for k, r in scenario.ranges.items()}
    chosen: list[Way] = []
    too_slow = None
    sweep = self_hosted_sweep(scenario, found)
    if found.ways:
        operation = sweep.operation(scenario.mid("ttft_s"), scenario.mid("tpot_s"))
        outcome = sweep.outcome(operation, values, autoscale=scenario.autoscale)
        chosen += _best_of_each(found, operation, outcome, top)
        for flag, reason in (
            (~operation.fits, NOT_FITTING),
            (operation.fits & ~operation.meets, "misses the latency limits"),
        ):
            if flag.any():
                found.left_out[reason] = found.left_out.get(reason, 0) + int(flag.sum())
        slow = operation.fits & ~operation.meets
        if slow.any():
            at = np.flatnonzero(slow)
            missed = operation.tpot[at] / scenario.mid("tpot_s") + operation.ttft[at] / scenario.mid("ttft_s")
            best = int(at[np.argmin(missed)])
            too_slow = (found.ways[best].label, float(operation.ttft[best]), float(operation.tpot[best]))
    self_hosted = list(chosen)
    hosted = hosted_ways(scenario, on) if models is None else []
    chosen += hosted
    device = edge_way(scenario)
    if device is not None:
        cloud = _cheapest([w for w in (*self_hosted[:3], *hosted) if isinstance(w, (SelfHosted, Hosted))], scenario)
        chosen.append(edge_mix(device, cloud))
    rows = []
    for way in chosen:
        row = work_out(scenario, way, draws)
        if bool(row.outcome.meets.reshape(-1)[0]) and np.isfinite(row.usd_per_request):
            rows.append(row)
        elif way.kind in ("mix", "device"):
            first, each = row.mid("ttft"), row.mid("tpot")
            found.skip(f"on the device: first token after {first:.3g} s, then {each:.3g} s each, misses the limits")
    if not rows:
        raise _no_way(scenario, found, too_slow, device)
    rows.sort(key=lambda r: r.usd_per_request)
    considered = len(found.ways) + len(hosted) + (device is not None)
    return Comparison(
        rows=tuple(rows[:top]), considered=considered, left_out=found.left_out, too_slow=too_slow, sweep=sweep
    )


def _best_of_each(found: Candidates, operation: Operation, outcome: Outcome, top: int) -> list[SelfHosted]:
    """Of each model, device, number format and tenure the cheapest replica size within the limits, cheapest first."""
    cost = np.where(operation.meets, outcome.usd_per_month, np.inf)
    best: dict[tuple[str, str, str, str], int] = {}
    for i in np.argsort(cost, kind="stable"):
        if not np.isfinite(cost[i]):
            break
        way = found.ways[int(i)]
        key = (way.model, way.deployment.accelerator.name, way.precision, way.tenure)
        best.setdefault(key, int(i))
        if len(best) >= top:
            break
    return [found.ways[i] for i in best.values()]


def _cheapest(ways: Sequence[SelfHosted | Hosted], scenario: Scenario) -> SelfHosted | Hosted | None:
    costs = [float(np.asarray(evaluate(w, mid_values(scenario, w)).usd_per_month).reshape(-1)[0]) for w in ways]
    return ways[int(np.argmin(costs))] if ways else None


def edge_mix(device: Device, cloud: SelfHosted | Hosted | None) -> Way:
    """On the device where it can, in the cloud otherwise; without a cloud, on the device alone."""
    if cloud is None:
        return device

    def in_cloud(v: Values) -> Array:
        return cloud_share(v["capable_share"], v["eligible_share"])

    def on_device(v: Values) -> Array:
        return np.asarray(1.0 - in_cloud(v))

    return Mix(
        parts=(Part(way=device, share=on_device), Part(way=cloud, share=in_cloud)),
        label=f"{device.label}; the rest: {cloud.label}",
    )


def work_out(scenario: Scenario, way: Way, draws: int) -> Row:
    """One way at the middle and for draws of all numbers."""
    tier: Tier | str = HOSTED_TIER
    basis: Basis | None = None
    interval: Mapping[str, Interval] = {}
    for part in [p.way for p in way.parts] if isinstance(way, Mix) else [way]:
        if isinstance(part, (SelfHosted, Device)):
            tier, basis, interval = tier_of(part)
    values = draws_of(scenario, way, interval, draws)
    return Row(way=way, draws=values, outcome=evaluate(way, values), tier=tier, basis=basis, interval=interval)


def _no_way(
    scenario: Scenario, found: Candidates, too_slow: tuple[str, float, float] | None, device: Device | None
) -> EconomicsError:
    """Why nothing is left, and what would help."""
    if too_slow is not None:
        label, ttft, tpot = too_slow
        if tpot > scenario.mid("tpot_s"):
            return EconomicsError(
                "latency.tpot_s",
                f"no way keeps {scenario.mid('tpot_s'):g} s per token; the fastest ({label}) takes {tpot:.3g} s: "
                f"allow that, or compare other devices or smaller models",
            )
        return EconomicsError(
            "latency.ttft_s",
            f"no way keeps {scenario.mid('ttft_s'):g} s to the first token; the fastest ({label}) takes {ttft:.3g} s: "
            f"allow that, shorten the input, or compare other devices",
        )
    if device is not None:
        return EconomicsError(
            "latency.tpot_s", f"{device.label} misses it, and there is no cloud to fall back to: name models or hosted"
        )
    if found.too_large:
        return EconomicsError(
            "serving.accelerators", f"{found.too_large}: take larger devices, fewer bits or a smaller model"
        )
    reasons = "; ".join(f"{reason} ({n})" for reason, n in found.left_out.items()) or "nothing to compare"
    return EconomicsError(
        "serving.models", f"no way is left: {reasons}; name other models, devices or precisions, or give a price"
    )
