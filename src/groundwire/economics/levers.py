"""What to change: every lever is pulled by changing the scenario and working it out again, alone and together.

The starting point is the first of each list in the scenario (first model, first number format, first tenure, on the
device that is cheapest for these): what runs today. Savings are differences between two full calculations that share
all draws, so their spread is that of the difference.
"""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from groundwire.economics import carbon
from groundwire.economics.candidates import edge_way, hosted_ways, model_of, self_hosted_ways
from groundwire.economics.catalog import Catalog, load_catalog
from groundwire.economics.compare import Row, edge_mix, self_hosted_sweep, spread_of, work_out
from groundwire.economics.device_prices import Tenure
from groundwire.economics.performance.deployment import Speculation
from groundwire.economics.scenario import Scenario
from groundwire.economics.uncertainty import Spread
from groundwire.economics.units import GRAM, KWH
from groundwire.economics.ways import Hosted, Mix, Outcome, Part, SelfHosted, Values, Way
from groundwire.errors import EconomicsError

__all__ = ["Combination", "Lever", "LeverNote", "LeverReport", "levers"]

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeverNote:
    """What a lever costs besides money, from the data file."""

    title: str
    title_zh: str
    quality: str
    quality_zh: str
    work: str
    work_zh: str
    source: str


@cache
def notes() -> Mapping[str, LeverNote]:
    """By lever."""
    text = (resources.files("groundwire.economics") / "data" / "levers.toml").read_text(encoding="utf-8")
    return {key: LeverNote(**entry) for key, entry in tomllib.loads(text)["lever"].items()}


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Lever:
    """One change, worked out."""

    key: str
    detail: str
    """What exactly was changed, and to what."""
    note: LeverNote
    way: Way
    usd_per_month: float
    saving: float
    """Of the middle; negative: it costs more. [USD/month]"""
    spread: Spread
    """Of the saving. [USD/month]"""
    emissions_saving: float | None
    """Operational and embodied; None where one side is not known. [kg CO2e/month]"""
    slot: str
    """Levers of one slot exclude each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Combination:
    """Several levers at once."""

    keys: tuple[str, ...]
    way: Way
    saving: float
    """[USD/month]"""
    sum_of_parts: float
    """What they would save if savings added up. [USD/month]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeverReport:
    """All levers, most money first."""

    base: Row
    levers: tuple[Lever, ...]
    combinations: tuple[Combination, ...]
    impossible: Mapping[str, str]
    """Lever -> why it could not be worked out."""


@dataclass(frozen=True, slots=True)
class _Pull:
    key: str
    slot: str
    change: Callable[[Setup], tuple[Setup, str]]


# --- working out one setup ----------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Workbench:
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
            s.scenario, self.catalog, models=(model,), accelerators=s.accelerators, precisions=(precision,),
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
            device = edge_way(s.scenario, self.catalog)
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


def _emissions(o: Outcome) -> float | None:
    """Operational and embodied, a month; None where not known. [kg CO2e/month]"""
    each = np.asarray(o.emissions).reshape(-1)[0] + np.asarray(o.embodied).reshape(-1)[0]
    total = float(each * np.asarray(o.requests_per_month).reshape(-1)[0])
    return total if np.isfinite(total) else None


# --- the levers ---------------------------------------------------------------------------------------------------


def _changed(s: Setup, **changes: float) -> Setup:
    return replace(s, scenario=s.scenario.with_ranges(**changes))


def _scaled(key: str, factor: float) -> Callable[[Setup], tuple[Setup, str]]:
    def change(s: Setup) -> tuple[Setup, str]:
        old = s.scenario.ranges[key]
        return (
            replace(s, scenario=s.scenario.with_ranges(**{key: old.scaled(factor)})),
            f"{key}: {old.mid:g} to {old.mid * factor:g}",
        )

    return change


def _at_least(key: str, value: float) -> Callable[[Setup], tuple[Setup, str]]:
    def change(s: Setup) -> tuple[Setup, str]:
        old = s.scenario.mid(key)
        if old >= value:
            raise EconomicsError("levers", f"{key} is {old:g} already")
        return _changed(s, **{key: value}), f"{key}: {old:g} to {value:g}"

    return change


def _format(name: str) -> Callable[[Setup], tuple[Setup, str]]:
    def change(s: Setup) -> tuple[Setup, str]:
        if s.hosted is not None:
            raise EconomicsError("levers", "the API's host decides the number format")
        return replace(s, precision=name), f"{s.model}: {s.precision} to {name}"

    return change


def _pulls(s: Setup, scenario: Scenario, bench: _Workbench) -> list[_Pull]:
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
        cooling = carbon.cooling_types()["liquid"]
        pue = x.scenario.mid("pue")
        if pue <= cooling.pue.mid:
            raise EconomicsError("levers", f"PUE is {pue:g} already")
        ranges = dict(x.scenario.ranges, pue=cooling.pue, water_l_per_kwh=cooling.water.scaled(KWH))
        return replace(x, scenario=replace(x.scenario, ranges=ranges)), f"PUE {pue:g} to {cooling.pue.mid:g}"

    def region(x: Setup) -> tuple[Setup, str]:
        if x.hosted is not None:
            raise EconomicsError("levers", "the API's host decides it")
        best = min(carbon.grids().values(), key=lambda g: g.intensity.mid)
        old = x.scenario.mid("carbon_g_per_kwh")
        ranges = dict(x.scenario.ranges, carbon_g_per_kwh=best.intensity.scaled(KWH / GRAM))
        if best.water is not None:
            ranges["grid_water_l_per_kwh"] = best.water.scaled(KWH)
        new = best.intensity.mid * KWH / GRAM
        return replace(x, scenario=replace(x.scenario, ranges=ranges)), f"{best.title}: {old:g} to {new:g} g CO2e/kWh"

    def hosted(x: Setup) -> tuple[Setup, str]:
        offers = [h for h in hosted_ways(x.scenario, bench.on) if x.hosted is None or h.label != x.hosted.label]
        if not offers:
            raise EconomicsError("levers", "no API offers it at a known price")
        best = min(offers, key=lambda h: work_out(x.scenario, h, 50).mid("usd_per_month"))
        return replace(x, hosted=best), best.label

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
        _Pull("fp8", "format", _format("fp8")),
        _Pull("int4", "format", _format("int4")),
        _Pull("fp4", "format", _format("nvfp4")),
        _Pull("prefix-cache", "cache", _at_least("cached_share", 0.5)),
        _Pull("batch", "batch", _at_least("batch_share", 0.3)),
        _Pull("shorter", "length", _scaled("output_tokens", 0.75)),
        _Pull("latency", "latency", latency),
        _Pull("speculative", "speculation", speculative),
        _Pull("reserved", "tenure", reserved),
        _Pull("autoscale", "tenure", autoscale),
        _Pull("accelerator", "device", accelerator),
        _Pull("liquid", "site", liquid),
        _Pull("region", "region", region),
        _Pull("hosted", "model", hosted),
        _Pull("edge", "edge", edge),
    ]
    pulls += [_other_model(name) for name in _other_models(s, scenario, bench.catalog)]
    pulls.append(_Pull("routing", "edge", _routing(scenario, bench.catalog)))
    return pulls


def _other_model(name: str) -> _Pull:
    def change(s: Setup) -> tuple[Setup, str]:
        return replace(s, model=name, precision="auto", hosted=None, accelerators=()), f"{s.model} to {name}"

    return _Pull("model", "model", change)


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
            sizes = [m for m in catalog.models.values() if not m.mixture and 6e9 < m.parameters < 1.5e10]
            if shape is not None and shape.active_parameters < 2e10:
                raise EconomicsError("levers", "the model is small already; name one in [routing]")
            small, share = min(sizes, key=lambda m: (abs(m.parameters - 8e9), -len(m.name))).name, 0.5
        return replace(s, routed=(small, share)), f"{share:.0%} of requests to {small}"

    return change


# --- the report ---------------------------------------------------------------------------------------------------


def _start(scenario: Scenario, bench: _Workbench) -> Setup:
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


def levers(
    scenario: Scenario, *, on: date, catalog: Catalog | None = None, draws: int = 200, combine: int = 5
) -> LeverReport:
    """Pull every lever, rank them by money, and pull the best together.

    Args:
        scenario: What to serve; the first of each list is what runs today.
        on: Prices of hosted APIs are those of this day.
        catalog: Models and devices; None: those shipped.
        draws: For the spread of savings.
        combine: How many of the best levers to combine.

    Raises:
        EconomicsError: what runs today can't be worked out.
    """
    bench = _Workbench(catalog=catalog or load_catalog(), on=on, draws=draws)
    start = _start(scenario, bench)
    base = bench.row(start)
    found: list[tuple[Lever, _Pull]] = []
    impossible: dict[str, str] = {}
    for pull in _pulls(start, scenario, bench):
        try:
            setup, detail = pull.change(start)
            row = bench.row(setup)
        except EconomicsError as error:
            impossible[pull.key] = error.reason
            continue
        found.append((_lever(pull, detail, base, row), pull))
    found.sort(key=lambda pair: -pair[0].saving)
    worth = [(lever, pull) for lever, pull in found if lever.saving > 0.005 * base.mid("usd_per_month")]
    return LeverReport(
        base=base,
        levers=tuple(lever for lever, _ in found),
        combinations=_combinations(start, base, _one_per_slot(worth)[:combine], bench),
        impossible=impossible,
    )


def _lever(pull: _Pull, detail: str, base: Row, row: Row) -> Lever:
    before, after = base.outcome.usd_per_month, row.outcome.usd_per_month
    old, new = _emissions(base.outcome), _emissions(row.outcome)
    return Lever(
        key=pull.key,
        detail=detail,
        note=notes()[pull.key],
        way=row.way,
        usd_per_month=row.mid("usd_per_month"),
        saving=base.mid("usd_per_month") - row.mid("usd_per_month"),
        spread=spread_of(np.asarray(before - after)),
        emissions_saving=None if old is None or new is None else old - new,
        slot=pull.slot,
    )


def _one_per_slot(worth: Sequence[tuple[Lever, _Pull]]) -> list[tuple[Lever, _Pull]]:
    seen: set[str] = set()
    kept = []
    for lever, pull in worth:
        if lever.slot not in seen:
            seen.add(lever.slot)
            kept.append((lever, pull))
    return kept


def _combinations(
    start: Setup, base: Row, best: Sequence[tuple[Lever, _Pull]], bench: _Workbench
) -> tuple[Combination, ...]:
    """All pairs and triples of the best levers, and all of them; those that can be worked out, most money first."""
    groups = [g for n in (2, 3, len(best)) for g in itertools.combinations(best, n) if n <= len(best)]
    found: dict[tuple[str, ...], Combination] = {}
    quick = replace(bench, draws=50)
    for group in groups:
        keys = tuple(lever.key for lever, _ in group)
        if keys in found:
            continue
        try:
            setup = start
            for _, pull in sorted(group, key=lambda pair: _ORDER.get(pair[1].slot, 5)):
                setup, _detail = pull.change(setup)
            row = quick.row(setup)
        except EconomicsError:
            continue  # they exclude each other
        saving = base.mid("usd_per_month") - row.mid("usd_per_month")
        found[keys] = Combination(
            keys=keys, way=row.way, saving=saving, sum_of_parts=sum(lever.saving for lever, _ in group)
        )
    return tuple(sorted(found.values(), key=lambda c: -c.saving))


_ORDER = {"model": 0, "format": 1, "tenure": 2, "device": 3, "edge": 9}
"""In which order slots are applied: a model sets its own format and device, which later levers may change again."""
