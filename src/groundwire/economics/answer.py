"""The answer to a scenario: the cheapest way within the limits, what it earns, what moves that, what else there is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from groundwire.economics.candidates import hosted_ways
from groundwire.economics.compare import (
    Comparison,
    Row,
    Sweep,
    compare,
    ranges_of,
    self_hosted_sweep,
    spread_of,
    work_out,
)
from groundwire.economics.parameters import parameters
from groundwire.economics.scenario import Assumption, Scenario
from groundwire.economics.uncertainty import Bar, Range, Spread, tornado
from groundwire.economics.unit_economics import UnitEconomics, unit_economics
from groundwire.economics.ways import Hosted, Mix, SelfHosted, Way, evaluate

__all__ = ["Answer", "BreakEven", "Frontier", "break_even", "frontier", "frontier_spread", "quote"]

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Everything that the faces show."""

    scenario: Scenario
    on: date
    comparison: Comparison
    best: Row
    economics: UnitEconomics
    """Of the best way; index 0 at the middle, the rest draws."""
    metric: str
    """What the tornado moves: "gross_margin", or "serving_per_user" where nobody pays."""
    bars: tuple[Bar, ...]
    assumptions: tuple[Assumption, ...]
    """All that was filled in, market prices and the model's error included."""

    def spread(self, name: str) -> Spread:
        """Deciles of a figure of the unit economics."""
        return spread_of(getattr(self.economics, name))

    def mid(self, name: str) -> float:
        """A figure of the unit economics at the middle of all numbers; NaN where there is none."""
        return float(np.asarray(getattr(self.economics, name)).reshape(-1)[0])


def quote(scenario: Scenario, *, on: date, top: int = 12, draws: int = 150) -> Answer:
    """Work a scenario out.

    Args:
        scenario: What to serve.
        on: Prices of hosted APIs are those of this day.
        top: Ways to show.
        draws: For the spread of ways that are not the best (that one takes the scenario's own number).

    Raises:
        EconomicsError: no way keeps the limits, or fits.
    """
    comparison = compare(scenario, on=on, top=top, draws=draws)
    best = work_out(scenario, comparison.rows[0].way, scenario.draws)
    comparison = replace(comparison, rows=(best, *comparison.rows[1:]))
    economics = unit_economics(scenario, best.outcome, best.draws)
    metric = "gross_margin" if any(p.kind != "free" for p in scenario.plans) else "serving_per_user"
    ranges = ranges_of(scenario, best.way, best.interval)

    def moved(v: Mapping[str, Array]) -> Array:
        values = dict(v)
        return np.asarray(getattr(unit_economics(scenario, evaluate(best.way, values), values), metric))

    bars = tuple(b for b in tornado(ranges, moved) if np.isfinite(b.swing) and b.swing > 0)
    return Answer(
        scenario=scenario, on=on, comparison=comparison, best=best, economics=economics, metric=metric, bars=bars,
        assumptions=_relevant(scenario) + _of_way(best),
    )  # fmt: skip


def _relevant(scenario: Scenario) -> tuple[Assumption, ...]:
    """Assumptions that this scenario's answer rests on."""
    table = parameters()
    sections: set[str] = set()
    keys: set[str] = set()
    if "owned" not in scenario.tenures:
        sections.add("owned")
        keys.add("electricity_usd_per_kwh")  # rent includes it
    if scenario.edge is None:
        sections.add("edge")
    if not scenario.plans:
        sections.add("pricing")
    kept = ("life_years",)  # spreads the emissions of manufacture, too
    return tuple(
        a for a in scenario.assumptions if a.key in kept or not (table[a.key].section in sections or a.key in keys)
    )


def _of_way(row: Row) -> tuple[Assumption, ...]:
    """What came with the way: its market price, and the error of the performance model."""
    found = []
    parts: Sequence[Way] = [p.way for p in row.way.parts] if isinstance(row.way, Mix) else [row.way]
    for way in parts:
        if isinstance(way, SelfHosted) and way.price.source != "given":
            owned = way.tenure == "owned"
            found.append(
                Assumption(
                    key="device_usd" if owned else "rental_usd_per_hour",
                    range=way.price.range,
                    unit="USD" if owned else "USD/h",
                    source=f"{way.deployment.accelerator.title}, {way.tenure}: {way.price.source}",
                )
            )
        if isinstance(way, Hosted):
            p = way.price
            found.append(
                Assumption(
                    key="output_usd_per_mtok",
                    range=Range.exact(p.output),
                    unit="USD/Mtoken",
                    source=f"{p.name}: input {p.input:g}, cached {p.cached:g}, output {p.output:g}; genai-prices",
                )
            )
    return tuple(found)


# --- curves -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Frontier:
    """The least that a request costs when one token may take so long: where it falls; arrays of one length."""

    tpot: Array
    """[s/token]"""
    usd_per_request: Array
    limit: Array
    """On the time per token, that each of them was found under. [s/token]"""
    ways: tuple[SelfHosted, ...]
    """Those that reach it."""


def frontier(scenario: Scenario, *, points: int = 24, sweep: Sweep | None = None) -> Frontier:
    """Cost against latency: for each limit on the time per token, the cheapest self-hosted way.

    Args:
        scenario: What to serve.
        points: Limits to try, a twelfth to four times the scenario's.
        sweep: Its candidates, if they have been worked out already.
    """
    sweep = sweep or self_hosted_sweep(scenario)
    values = {k: np.asarray(r.mid) for k, r in scenario.ranges.items()}
    limit, least = scenario.mid("tpot_s"), np.inf
    corners: list[tuple[float, float, float, SelfHosted]] = []
    limits = np.geomspace(limit / 12.0, limit * 4.0, points) if sweep.candidates.ways else ()
    for tpot in limits:
        operation = sweep.operation(scenario.mid("ttft_s"), float(tpot))
        outcome = sweep.outcome(operation, values, autoscale=scenario.autoscale)
        cost = np.where(operation.meets, outcome.usd_per_request, np.inf)
        at = int(np.argmin(cost))
        if cost[at] < least * 0.999:
            least, way = float(cost[at]), sweep.candidates.ways[at]
            corners.append((float(operation.tpot[at]), least, float(tpot), way))
    corners.sort(key=lambda c: c[0])
    return Frontier(
        tpot=np.array([c[0] for c in corners]),
        usd_per_request=np.array([c[1] for c in corners]),
        limit=np.array([c[2] for c in corners]),
        ways=tuple(c[3] for c in corners),
    )


def frontier_spread(scenario: Scenario, curve: Frontier, index: int, draws: int = 60) -> Spread:
    """Deciles of the cost at one point of the curve. [USD/request]"""
    there = scenario.with_ranges(tpot_s=float(curve.limit[index]))
    return work_out(there, curve.ways[index], draws).spread("usd_per_request")


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakEven:
    """Monthly cost over the number of users: the cheapest API against the cheapest own or rented devices."""

    users: Array
    hosted: Array
    """[USD/month]; NaN where none is compared."""
    self_hosted: Array
    """[USD/month]"""
    hosted_way: Hosted | None
    self_hosted_way: SelfHosted | None
    """At the scenario's number of users."""
    at_users: float | None
    """From here on own devices are cheaper; None: not within the range shown."""


def break_even(scenario: Scenario, *, on: date, points: int = 61, sweep: Sweep | None = None) -> BreakEven:
    """From a hundredth to a thousand times the scenario's users; ``sweep`` as for ``frontier``."""
    users = scenario.mid("users") * np.geomspace(0.01, 1000.0, points)
    values = {k: np.asarray(r.mid) for k, r in scenario.ranges.items()}
    columns = dict(values, users=users[:, None])
    own = np.full(points, np.nan)
    own_way: SelfHosted | None = None
    sweep = sweep or self_hosted_sweep(scenario)
    found = sweep.candidates
    if found.ways:
        operation = sweep.operation(scenario.mid("ttft_s"), scenario.mid("tpot_s"))
        if operation.meets.any():
            cost = sweep.outcome(operation, columns, autoscale=scenario.autoscale).usd_per_month
            cost = np.where(operation.meets[None, :], cost, np.inf)
            own = cost.min(axis=1)
            middle = int(np.argmin(np.abs(np.log(users / scenario.mid("users")))))
            own_way = found.ways[int(np.argmin(cost[middle]))]
    hosted = np.full(points, np.nan)
    hosted_way: Hosted | None = None
    apis = hosted_ways(scenario, on)
    if apis:
        costs = np.stack(
            [np.broadcast_to(evaluate(w, dict(values, users=users)).usd_per_month, (points,)) for w in apis]
        )
        best = int(np.argmin(costs[:, 0]))
        hosted, hosted_way = costs[best], apis[best]
    dearer = np.flatnonzero(~(own < hosted))  # whole replicas make the lines cross more than once: the last counts
    at = None
    if len(dearer) > 0 and dearer[-1] + 1 < points:
        i = int(dearer[-1]) + 1  # where they cross, on logarithmic axes
        gap = np.log(own[i - 1 : i + 1] / hosted[i - 1 : i + 1])
        share = float(gap[0] / (gap[0] - gap[1]))
        at = float(users[i - 1] * (users[i] / users[i - 1]) ** share)
    return BreakEven(
        users=users, hosted=hosted, self_hosted=own, hosted_way=hosted_way, self_hosted_way=own_way, at_users=at
    )
