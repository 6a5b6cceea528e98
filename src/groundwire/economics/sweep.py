"""One number varied, everything else as it is: how cost, margin and speed follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt

from groundwire.economics.answer import quote
from groundwire.economics.cost import capital_recovery
from groundwire.economics.names import pick
from groundwire.economics.parameters import parameters
from groundwire.economics.prediction import BINDING, Workload, predict
from groundwire.economics.scenario import Scenario
from groundwire.economics.uncertainty import Range, Spread
from groundwire.economics.units import HOUR, MILLION, YEAR
from groundwire.economics.ways import SelfHosted
from groundwire.errors import EconomicsError

__all__ = ["ALIASES", "BatchPoint", "SweepPoint", "sweep", "sweep_batch", "sweep_values"]

ALIASES: Final = {"context": "input_tokens", "requests": "requests_per_user_day", "output": "output_tokens"}
"""Short words for keys that people vary."""
Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepPoint:
    """The answer at one value."""

    value: float
    way: str
    """The cheapest there; the reason where none is left."""
    usd_per_request: Spread | None
    usd_per_month: float | None
    gross_margin: Spread | None
    """None without revenue."""
    devices: float | None
    tpot: float | None
    """[s/token]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPoint:
    """One replica with so many calls in flight."""

    concurrency: float
    ttft: float
    tpot: float
    tokens_per_s: float
    usd_per_mtok_output: float
    """Rent (or capital, where owned) alone, at full use. [USD/Mtoken]"""
    power: float
    """[W]"""
    binding: str
    within: bool
    """Whether the latency limits hold."""


def key_of(name: str) -> str:
    """The parameter that a word means.

    Raises:
        EconomicsError: none; suggests the nearest.
    """
    return pick("vary", ALIASES.get(name, name), tuple(parameters()), extra=("batch", *ALIASES))


def sweep_values(scenario: Scenario, name: str, points: int = 9) -> list[float]:
    """Sensible values to try: a tenth to ten times the middle, within the parameter's limits; shares from 0 to 1."""
    p = parameters()[key_of(name)]
    if p.unit.startswith("share"):
        return [float(x) for x in np.linspace(max(p.low, 0.0), min(p.high, 1.0), points)]
    if p.key not in scenario.ranges:
        raise EconomicsError("vary", f"{p.key} has no value here to start from: give --values")
    middle = scenario.mid(p.key)
    if middle <= 0:
        raise EconomicsError("vary", f"{p.key} is {middle:g} here: give --values")
    low, high = max(p.low, middle / 10, 1e-12), min(p.high, middle * 10)
    return [float(f"{x:.4g}") for x in np.geomspace(low, high, points)]


def sweep(scenario: Scenario, name: str, values: Sequence[float], *, on: date) -> list[SweepPoint]:
    """The answer at each value of one number (which is then exact); a value that can't be served says why.

    Raises:
        EconomicsError: the number is unknown, or a value out of its limits.
    """
    key, found = key_of(name), []
    for value in values:
        there = scenario.with_ranges(**{key: Range.exact(float(value))})
        try:
            a = quote(there, on=on, top=3, draws=60)
        except EconomicsError as error:
            nothing = SweepPoint(
                value=value, way=str(error), usd_per_request=None, usd_per_month=None, gross_margin=None, devices=None,
                tpot=None,
            )  # fmt: skip
            found.append(nothing)
            continue
        devices, tpot = a.best.mid("devices"), a.best.mid("tpot")
        found.append(
            SweepPoint(
                value=value,
                way=a.best.way.label,
                usd_per_request=a.best.spread("usd_per_request"),
                usd_per_month=a.best.spread("usd_per_month").p50,
                gross_margin=a.spread("gross_margin") if a.metric == "gross_margin" else None,
                devices=devices if np.isfinite(devices) else None,
                tpot=tpot if np.isfinite(tpot) else None,
            )
        )
    return found


def sweep_batch(scenario: Scenario, *, on: date, points: int = 11) -> list[BatchPoint]:
    """One replica of the cheapest self-hosted way, with ever more calls in flight.

    Raises:
        EconomicsError: nothing is self-hosted here.
    """
    answer = quote(scenario, on=on, top=12, draws=50)
    way = next((r.way for r in answer.comparison.rows if isinstance(r.way, SelfHosted)), None)
    if way is None:
        raise EconomicsError("vary", "batch needs a self-hosted way: name models and devices in [serving]")
    load = Workload(
        input_tokens=scenario.mid("input_tokens"), output_tokens=scenario.mid("output_tokens"),
        prefix_hit=scenario.mid("cached_share"),
    )  # fmt: skip
    most = float(np.clip(predict(way.deployment, load, 1.0).batch_max, 1.0, 1024.0))
    grid = np.unique(np.round(most ** np.linspace(0.0, 1.0, points)))
    p = predict(way.deployment, load, grid)
    rate = _device_cost(scenario, way) * way.deployment.devices
    limits = scenario.mid("ttft_s"), scenario.mid("tpot_s")
    return [
        BatchPoint(
            concurrency=float(grid[i]),
            ttft=float(p.ttft[i]),
            tpot=float(p.tpot[i]),
            tokens_per_s=float(p.tokens_per_s[i]),
            usd_per_mtok_output=float(rate / p.tokens_per_s[i] * MILLION),
            power=float(p.power_w[i]),
            binding=BINDING[int(p.binding[i])],
            within=bool(p.ttft[i] <= limits[0] and p.tpot[i] <= limits[1]),
        )
        for i in range(len(grid))
    ]


def _device_cost(scenario: Scenario, way: SelfHosted) -> float:
    """What one device costs, used or not. [USD/s]"""
    price = way.price.range.mid
    if way.tenure != "owned":
        return price / HOUR
    system = price * scenario.mid("server_multiple")
    terms = (scenario.mid(k) for k in ("residual_share", "life_years", "cost_of_capital"))
    return float(capital_recovery(system, *terms)) / YEAR
