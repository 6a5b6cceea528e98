"""The changes behind the levers: each takes a way of running the application and returns another."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt

from groundwire.economics.candidates import edge_way, hosted_ways, model_of, self_hosted_ways
from groundwire.economics.catalog import Catalog
from groundwire.economics.compare import Row, edge_mix, self_hosted_sweep, work_out
from groundwire.economics.device_prices import Tenure
from groundwire.economics.parameters import parameters
from groundwire.economics.performance.deployment import Speculation
from groundwire.economics.precision import resolve_precision
from groundwire.economics.scenario import Scenario
from groundwire.economics.units import GRAM, KWH
from groundwire.economics.ways import Hosted, Mix, Part, SelfHosted, Values, Way
from groundwire.errors import EconomicsError

__all__ = ["Pull", "Setup", "Workbench", "lever_data", "pulls", "starting_point"]

Array = npt.NDArray[np.float64]


@cache
def lever_data() -> Mapping[str, Any]:
    """The data file: notes on each lever, and what stands in where the application names nothing."""
    text = (resources.files("groundwire.economics") / "data" / "levers.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """A way of running the application that levers can change."""

    scenario: Scenario
    model: str
    precision: str
    tenure: Tenure
    accelerators: tuple[str, ...]
    """Empty: any that has a price."""
    speculation: Speculation | None = None
    hosted: Hosted | None = None
    routed: tuple[str, float] | None = None
    """Small model and its share of requests."""
    edge: bool = False


@dataclass(frozen=True, slots=True)
class Pull:
    """A lever: how it changes a setup; levers of one slot exclude each other."""

    key: str
    slot: str
    change: Callable[[Setup], tuple[Setup, str]]


# --- working out one setup ----------------------------------------------------------------------------------------


@dataclass(slots=True)
class Workbench:
    """Works setups out."""

    catalog: Catalog
    on: date
    draws: int

    def self_hosted(self, s: Setup, model: str | None = None, precision: str | None = None) -> SelfHosted:
        """The cheapest replica of a setup within the limits.

        Raises:
            EconomicsError: none.
        """
        model, precision = model or s.model, precision or s.precision
        tenures: tuple[Tenure, ...] = (s.tenure,)
        found = self_hosted_ways(
            s.scenario, models=(model,), accelerators=s.accelerators, precisions=(precision,),
            tenures=tenures, speculation=s.speculation,
        )  # fmt: skip
        if not found.ways:
            raise EconomicsError("levers", "; ".join(found.left_out) or "nothing to serve it on")
        sweep = self_hosted_sweep(s.scenario, found)
        operation = sweep.operation(s.scenario.mid("ttft_s"), s.scenario.mid("tpot_s"))
        values = {k: np.asarray(r.mid) for k, r in s.scenario.ranges.items()}
        cost = sweep.outcome(operation, values, autoscale=s.scenario.autoscale).usd_per_month
        cost = np.where(operation.meets, cost, np.inf)
        best = int(np.argmin(cost))
        if not np.isfinite(cost[best]):
            raise EconomicsError("levers", "misses the latency limits or does not fit")
        return found.ways[best]

    def way(self, s: Setup) -> Way:
        """What a setup serves with.

        Raises:
            EconomicsError: it can't.
        """
        cloud: SelfHosted | Hosted = s.hosted if s.hosted is not None else self.self_hosted(s)
        if s.edge:
            device = edge_way(s.scenario)
            if device is None:
                raise EconomicsError("levers", "the scenario names no device and model: [edge]")
            return edge_mix(device, cloud)
        if s.routed is not None:
            small, share = s.routed
            little = self.self_hosted(replace(s, hosted=None, speculation=None), small, "auto")

            def to_small(v: Values) -> Array:
                return np.asarray(share + 0.0 * v["users"])

            def to_large(v: Values) -> Array:
                return np.asarray(1.0 - share + 0.0 * v["users"])

            return Mix(
                parts=(Part(way=cloud, share=to_large), Part(way=little, share=to_small)),
                label=f"{cloud.label}; {share:.0%} of requests: {little.label}",
            )
        return cloud

    def row(self, s: Setup) -> Row:
        """A setup at the middle and for draws.

        Raises:
            EconomicsError: it can't serve within the limits.
        """
        row = work_out(s.scenario, self.way(s), self.draws)
        if not bool(row.outcome.meets.reshape(-1)[0]):
            raise EconomicsError("levers", "misses the latency limits")
        return row


def starting_point(scenario: Scenario, bench: Workbench) -> Setup:
    """What runs today: the first of each list."""
    setup = Setup(
        scenario=scenario, model=scenario.models[0] if scenario.models else "", precision=scenario.precisions[0],
        tenure=scenario.tenures[0], accelerators=scenario.accelerators[:1],
    )  # fmt: skip
    if not scenario.models:
        apis = hosted_ways(scenario, bench.on)
        if not apis:
            raise EconomicsError("serving.models", "is missing: levers need something in the cloud to start from")
        return replace(setup, hosted=apis[0])
    way = bench.self_hosted(setup)
    return replace(setup, accelerators=(way.deployment.accelerator.name,))


# --- the levers ---------------------------------------------------------------------------------------------------


def _changed(s: Setup, **changes: float) -> Setup:
    return replace(s, scenario=s.scenario.with_ranges(**changes))


def _scaled(key: str, factor: float) -> Callable[[Setup], tuple[Setup, str]]:
    def change(s: Setup) -> tuple[Setup, str]:
        old = s.scenario.ranges[key]
        return (
            replace(s, scenario=s.scenario.with_ranges(**{key: old.scaled(factor)})),
            f"{parameters()[key].label.lower()}: {old.mid:g} to {old.mid * factor:g}",
        )

    return change


def _at_least(key: str, value: float) -> Callable[[Setup], tuple[Setup, str]]:
    def change(s: Setup) -> tuple[Setup, str]:
        old = s.scenario.mid(key)
        if old >= value:
            raise EconomicsError("levers", f"{parameters()[key].label.lower()}: {old:.0%} already")
        return _changed(s, **{key: value}), f"{parameters()[key].label.lower()}: {old:.0%} to {value:.0%}"

    return change


def _format(name: str, catalog: Catalog) -> Callable[[Setup], tuple[Setup, str]]:
    def change(s: Setup) -> tuple[Setup, str]:
        if s.hosted is not None:
            raise EconomicsError("levers", "the API's host decides the number format")
        shape = model_of(catalog, s.model, s.scenario.unknown_model_sizes)
        now, then = resolve_precision(s.precision, shape), resolve_precision(name, shape)
        if then.expert_bits >= min(now.expert_bits, shape.native_bits):
            raise EconomicsError("levers", f"{s.model} is served in {now.name} already")
        return replace(s, precision=name), f"{s.model}: {s.precision} to {name}"

    return change


def pulls(s: Setup, scenario: Scenario, bench: Workbench) -> list[Pull]:
    """Every lever for a starting point, as a change of it."""

    def latency(x: Setup) -> tuple[Setup, str]:
        first, each = x.scenario.mid("ttft_s"), x.scenario.mid("tpot_s")
        return _changed(x, ttft_s=2 * first, tpot_s=2 * each), f"{each:g} to {2 * each:g} s per token"

    def reserved(x: Setup) -> tuple[Setup, str]:
        if x.hosted is not None or x.tenure == "reserved":
            raise EconomicsError("levers", "nothing is rented by the hour")
        return replace(x, tenure="reserved"), f"{x.tenure} to reserved"

    def autoscale(x: Setup) -> tuple[Setup, str]:
        if x.hosted is not None or x.scenario.autoscale or x.tenure in ("reserved", "owned"):
            raise EconomicsError("levers", "nothing to scale: it is an API, scales already, or is paid all day")
        return replace(x, scenario=replace(x.scenario, autoscale=True)), "replicas follow the hour's load"

    def speculative(x: Setup) -> tuple[Setup, str]:
        if x.hosted is not None:
            raise EconomicsError("levers", "the API's host decides it")
        guess = Speculation()
        return replace(x, speculation=guess), f"{guess.draft_tokens} guesses, {guess.acceptance:.0%} right"

    def liquid(x: Setup) -> tuple[Setup, str]:
        if x.hosted is not None:
            raise EconomicsError("levers", "the API's host decides it")
        cooling = x.scenario.catalog.cooling["liquid"]
        pue = x.scenario.mid("pue")
        if pue <= cooling.pue.mid:
            raise EconomicsError("levers", f"PUE is {pue:g} already")
        ranges = dict(x.scenario.ranges, pue=cooling.pue, water_l_per_kwh=cooling.water.scaled(KWH))
        return replace(x, scenario=replace(x.scenario, ranges=ranges)), f"PUE {pue:g} to {cooling.pue.mid:g}"

    def region(x: Setup) -> tuple[Setup, str]:
        if x.hosted is not None:
            raise EconomicsError("levers", "the API's host decides it")
        best = min(x.scenario.catalog.grids.values(), key=lambda g: g.intensity.mid)
        old = x.scenario.mid("carbon_g_per_kwh")
        ranges = dict(x.scenario.ranges, carbon_g_per_kwh=best.intensity.scaled(KWH / GRAM))
        if best.water is not None:
            ranges["grid_water_l_per_kwh"] = best.water.scaled(KWH)
        new = best.intensity.mid * KWH / GRAM
        return replace(x, scenario=replace(x.scenario, ranges=ranges)), f"{best.title}: {old:g} to {new:g} g CO2e/kWh"

    def edge(x: Setup) -> tuple[Setup, str]:
        if x.scenario.edge is None:
            raise EconomicsError("levers", "the scenario names no device and model: [edge]")
        e = x.scenario.edge
        return replace(x, edge=True), f"{e.model} in {e.precision} on {e.accelerator}"

    def accelerator(x: Setup) -> tuple[Setup, str]:
        if x.hosted is not None:
            raise EconomicsError("levers", "the API's host decides it")
        current = set(x.accelerators)
        others = tuple(scenario.accelerators) or tuple(
            a.name for a in bench.catalog.accelerators.values() if a.kind in ("datacenter gpu", "datacenter asic")
        )
        best = bench.self_hosted(replace(x, accelerators=tuple(n for n in others if n not in current)))
        name = best.deployment.accelerator.name
        return replace(x, accelerators=(name,)), best.deployment.accelerator.title

    pulls = [
        Pull("fp8", "format", _format("fp8", bench.catalog)),
        Pull("int4", "format", _format("int4", bench.catalog)),
        Pull("fp4", "format", _format("nvfp4", bench.catalog)),
        Pull("prefix-cache", "cache", _at_least("cached_share", 0.5)),
        Pull("batch", "batch", _at_least("batch_share", 0.3)),
        Pull("shorter", "length", _scaled("output_tokens", 0.75)),
        Pull("latency", "latency", latency),
        Pull("speculative", "speculation", speculative),
        Pull("reserved", "tenure", reserved),
        Pull("autoscale", "tenure", autoscale),
        Pull("accelerator", "device", accelerator),
        Pull("liquid", "site", liquid),
        Pull("region", "region", region),
        Pull("edge", "edge", edge),
    ]
    pulls += [_other_model(name) for name in _other_models(s, scenario, bench.catalog)]
    pulls += [_api(way) for way in _cheapest_apis(s, scenario, bench)]
    pulls.append(Pull("routing", "edge", _routing(scenario, bench.catalog)))
    return pulls


def _usual_small_model() -> tuple[str, float]:
    """Where the scenario names none."""
    entry = lever_data()["small_model"]
    return str(entry["name"]), float(entry["share"])


def _other_model(name: str) -> Pull:
    def change(s: Setup) -> tuple[Setup, str]:
        return replace(s, model=name, precision="auto", hosted=None, accelerators=()), f"{s.model} to {name}"

    return Pull("model", "model", change)


def _api(way: Hosted) -> Pull:
    def change(s: Setup) -> tuple[Setup, str]:
        return replace(s, hosted=way), f"{way.short_model} from {way.host}"

    return Pull("hosted", "model", change)


def _cheapest_apis(s: Setup, scenario: Scenario, bench: Workbench) -> list[Hosted]:
    """Of each model that an API offers, the cheapest offer."""
    best: dict[str, tuple[float, Hosted]] = {}
    for way in hosted_ways(scenario, bench.on):
        if s.hosted is not None and way.label == s.hosted.label:
            continue
        cost = work_out(scenario, way, 50).mid("usd_per_month")
        if way.model not in best or cost < best[way.model][0]:
            best[way.model] = (cost, way)
    return [way for _, way in sorted(best.values(), key=lambda pair: pair[0])][:4]


def _other_models(s: Setup, scenario: Scenario, catalog: Catalog) -> list[str]:
    """The scenario's other models; if it names none, a mixture and a smaller dense one from the catalogue."""
    named = [m for m in scenario.models if m != s.model]
    if named or s.hosted is not None:
        return named[:4]
    shape = model_of(catalog, s.model, scenario.unknown_model_sizes)
    mixtures = [
        m for m in catalog.models.values()
        if m.mixture and m.active_parameters < 0.35 * shape.active_parameters and m.parameters > 0.35 * shape.parameters
    ]  # fmt: skip
    dense = [m for m in catalog.models.values() if not m.mixture and 0.3 < m.parameters / shape.parameters < 0.65]
    found = []
    if mixtures:
        found.append(min(mixtures, key=lambda m: (m.active_parameters, m.parameters)).name)
    if dense:
        found.append(max(dense, key=lambda m: m.parameters).name)
    return found


def _routing(scenario: Scenario, catalog: Catalog) -> Callable[[Setup], tuple[Setup, str]]:
    def change(s: Setup) -> tuple[Setup, str]:
        if scenario.routing is not None:
            small, share = scenario.routing.model, scenario.routing.share
        else:
            shape = model_of(catalog, s.model, scenario.unknown_model_sizes) if s.model else None
            if shape is not None and shape.active_parameters < 2e10:
                raise EconomicsError("levers", "the model is small already; name a smaller one in [routing]")
            small, share = _usual_small_model()
        return replace(s, routed=(small, share)), f"{share:.0%} of requests to {small}"

    return change
