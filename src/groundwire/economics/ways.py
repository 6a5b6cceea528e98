"""Ways to serve an application, and what each comes to: money, latency, devices, energy, gases, water.

A way is a model on rented or owned devices, a hosted API, the user's own device, or a mix of these by share of
requests. ``evaluate`` is the one place where the formulas meet; all its inputs may be arrays of draws.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from groundwire.economics import carbon, cost, demand, edge
from groundwire.economics.calibration import Basis, load_calibration
from groundwire.economics.device_prices import MarketPrice, Tenure
from groundwire.economics.hosted import HostedPrice
from groundwire.economics.performance.deployment import Deployment
from groundwire.economics.prediction import Interval, Tier, Workload, predict
from groundwire.economics.serving import Operation, operate
from groundwire.economics.uncertainty import Range
from groundwire.economics.units import HOUR, KWH, MONTH, YEAR

__all__ = [
    "DEVICE_IDLE",
    "ERROR_POWER",
    "ERROR_SPEED",
    "Device",
    "Hosted",
    "Mix",
    "Outcome",
    "Part",
    "SelfHosted",
    "Values",
    "Way",
    "evaluate",
    "idle_power",
    "outcome_of_operation",
    "tier_of",
    "way_ranges",
]

Array = npt.NDArray[np.float64]
Values = Mapping[str, Array]
"""Numbers of a scenario by key, in the units of their keys: single numbers or draws."""
ERROR_SPEED: Final = "error_throughput"
ERROR_POWER: Final = "error_power"
DEVICE_IDLE: Final = 0.12
"""Idle over thermal design power where no data sheet says (data-centre devices idle at 60 to 140 W of 700 to 1000)."""


@dataclass(frozen=True, kw_only=True)
class SelfHosted:
    """A model on devices that are rented or owned; ``deployment`` is one replica."""

    deployment: Deployment
    tenure: Tenure
    price: MarketPrice
    """Rent [USD/h] or purchase [USD] of one device."""
    model: str
    """As the user calls it."""
    precision: str

    @property
    def kind(self) -> Literal["owned", "rented"]:
        """Which of the two."""
        return "owned" if self.tenure == "owned" else "rented"

    @cached_property
    def label(self) -> str:
        """For people: "llama-3.3-70b, FP8 on 2 x H200 SXM, reserved"."""
        d = self.deployment
        count = f"{d.devices} × " if d.devices > 1 else ""
        return f"{self.model} {self.precision.upper()} on {count}{d.accelerator.title}, {self.tenure}"


@dataclass(frozen=True, kw_only=True)
class Hosted:
    """A hosted API."""

    price: HostedPrice
    model: str

    kind: Literal["hosted"] = "hosted"

    @property
    def host(self) -> str:
        """Who serves it, without the marketplace that bills for it."""
        return self.price.provider.removeprefix("huggingface_")

    @property
    def short_model(self) -> str:
        """The model's name without its maker's."""
        return self.price.model.rsplit("/", 1)[-1]

    @cached_property
    def label(self) -> str:
        """For people: "gpt-oss-120b from groq (API)"."""
        return f"{self.short_model} from {self.host} (API)"


@dataclass(frozen=True, kw_only=True)
class Device:
    """A model on the user's own device."""

    deployment: Deployment
    model: str
    precision: str

    kind: Literal["device"] = "device"

    @cached_property
    def label(self) -> str:
        """For people."""
        return f"{self.model} {self.precision.upper()} on the user's {self.deployment.accelerator.title}"


@dataclass(frozen=True, kw_only=True)
class Part:
    """One way of a mix, and the share of requests it serves under given values. [1]"""

    way: SelfHosted | Hosted | Device
    share: Callable[[Values], Array]


@dataclass(frozen=True, kw_only=True)
class Mix:
    """Several ways side by side."""

    parts: tuple[Part, ...]
    label: str
    kind: Literal["mix"] = "mix"


Way = SelfHosted | Hosted | Device | Mix


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a way comes to; arrays over draws (or over deployments). NaN: not known for this kind of way."""

    usd_per_month: Array
    usd_per_request: Array
    usd_per_mtok_input: Array
    usd_per_mtok_output: Array
    requests_per_month: Array
    replicas: Array
    devices: Array
    """Running on average."""
    utilization: Array
    ttft: Array
    """At the peak. [s]"""
    tpot: Array
    """At the peak. [s/token]"""
    energy: Array
    """At the meter. [J/request]"""
    emissions: Array
    """Of operation. [kg CO2e/request]"""
    embodied: Array
    """[kg CO2e/request]"""
    water: Array
    """[L/request]"""
    meets: npt.NDArray[np.bool_]
    """Whether the latency limits hold (hosted APIs state none: taken as held)."""
    parts: Mapping[str, Array]
    """Monthly cost by what it goes for. [USD/month]"""


def way_ranges(way: SelfHosted, tier_interval: Mapping[str, Interval]) -> dict[str, Range]:
    """The uncertain numbers that come with a way: its market price, and the error of the performance model."""
    found: dict[str, Range] = {}
    if way.tenure == "owned":
        found["device_usd"] = way.price.range
    else:
        found["rental_usd_per_hour"] = way.price.range
    for key, metric in ((ERROR_SPEED, "tokens_per_s"), (ERROR_POWER, "power_w")):
        i = tier_interval.get(metric)
        if i is not None:  # factors of measured over predicted
            found[key] = Range(min(i.low, 1.0), 1.0, max(i.high, 1.0))
    return found


def evaluate(way: Way, v: Values) -> Outcome:
    """What a way comes to under values of a scenario (single numbers or draws of one length)."""
    if isinstance(way, Mix):
        return _mix(way, v)
    if isinstance(way, Hosted):
        return _hosted(way, v)
    if isinstance(way, Device):
        return _device(way, v)
    operation = operate(
        way.deployment, v["input_tokens"], v["output_tokens"], v["cached_share"], v["ttft_s"], v["tpot_s"]
    )
    d = way.deployment
    return outcome_of_operation(
        operation, v, devices=np.asarray(float(d.devices)), owned=way.tenure == "owned",
        price=v["device_usd" if way.tenure == "owned" else "rental_usd_per_hour"],
        tdp=np.asarray(d.accelerator.tdp), idle=np.asarray(idle_power(d)),
        autoscale=bool(v.get("autoscale", np.asarray(0.0)) > 0) and way.tenure in ("on-demand", "spot"),
    )  # fmt: skip


def idle_power(deployment: Deployment) -> float:
    """Draw of a replica's devices when nothing is in flight. [W]"""
    device = deployment.accelerator
    return (DEVICE_IDLE * device.tdp if device.idle is None else device.idle) * deployment.devices


def _calls(v: Values) -> Array:
    return demand.calls_per_request(v["steps"], v["retry_share"])


def _requests_per_second(v: Values) -> Array:
    return demand.call_rate(v["users"], v["requests_per_user_day"], 1.0)


def outcome_of_operation(
    operation: Operation,
    v: Values,
    *,
    devices: Array,
    owned: bool | npt.NDArray[np.bool_],
    price: Array,
    tdp: Array,
    idle: Array,
    autoscale: bool | npt.NDArray[np.bool_] = False,
) -> Outcome:
    """From a replica's operating point to the fleet that carries the load, and what that costs.

    Args:
        operation: Of one replica.
        v: The scenario's numbers.
        devices: Of one replica.
        owned: Whether devices are bought rather than rented.
        price: Rent [USD/h] or purchase [USD] of one device.
        tdp: Thermal design power of one device. [W]
        idle: Draw of a replica's devices when nothing is in flight. [W]
        autoscale: Whether replicas follow the hour's load.
    """
    calls, requests = _calls(v), _requests_per_second(v)
    rate = requests * calls
    capacity = operation.capacity * v.get(ERROR_SPEED, np.asarray(1.0))
    capacity = np.where(capacity > 0, capacity, np.nan)
    peak = demand.peak_rate(rate, v["peak_to_mean"], v["batch_share"])
    sized = demand.replicas_needed(peak, capacity, v["headroom"], v["min_replicas"])
    mean_load = rate / (capacity * v["headroom"])
    followed = demand.replica_hours_share(peak / rate, sized, mean_load, v["min_replicas"])
    running = sized * np.where(autoscale, followed, 1.0)
    used = demand.utilization(rate, running, capacity)
    power = _power(operation, used, tdp * devices, idle) * v.get(ERROR_POWER, np.asarray(1.0))
    it = carbon.it_power(power * running, v["host_share"])
    parts = _money(v, running * devices, owned=owned, price=price, it=it, tdp=tdp)
    per_second = np.asarray(sum(parts.values()))
    energy = carbon.facility_energy(it, requests, v["pue"])
    call_cost = per_second / rate
    per_in, per_out = cost.split_cost_by_tokens(
        call_cost, v["input_tokens"], v["output_tokens"], np.clip(operation.prefill_share, 0.0, 1.0)
    )
    return Outcome(
        usd_per_month=per_second * MONTH,
        usd_per_request=call_cost * calls,
        usd_per_mtok_input=per_in,
        usd_per_mtok_output=per_out,
        requests_per_month=requests * MONTH,
        replicas=running,
        devices=running * devices,
        utilization=used,
        ttft=operation.ttft,
        tpot=operation.tpot,
        energy=energy,
        emissions=carbon.operational_emissions(energy, v["carbon_g_per_kwh"] / 1e3 / KWH),
        embodied=carbon.embodied_emissions(
            v["embodied_kg_per_device"], running * devices, v["life_years"] * YEAR, requests
        ),
        water=carbon.water_use(energy, v["pue"], v["water_l_per_kwh"] / KWH, v["grid_water_l_per_kwh"] / KWH),
        meets=operation.meets,
        parts={k: np.asarray(p * MONTH) for k, p in parts.items()},
    )


def _power(operation: Operation, used: Array, tdp: Array, idle: Array) -> Array:
    """Mean draw of a replica's devices over the day. [W]"""
    if operation.power is None or operation.curve is None:  # a first sweep over thousands: refined for those shown
        return np.asarray(0.7 * tdp * (0.5 + 0.5 * used))
    load, flight, share = operation.curve
    busy = np.interp(used, load, share) * operation.power
    return carbon.mean_power(busy, idle, np.interp(used, load, flight))


def _money(
    v: Values, devices: Array, *, owned: bool | npt.NDArray[np.bool_], price: Array, it: Array, tdp: Array
) -> dict[str, Array]:
    """What is paid, by what it goes for. [USD/s]"""
    zero = np.asarray(0.0)
    bought = np.asarray(owned)
    system = price * v["server_multiple"] * devices
    rented = cost.rental_cost(devices, price / HOUR)
    capital = cost.capital_recovery(system, v["residual_share"], v["life_years"], v["cost_of_capital"]) / YEAR
    power = cost.electricity_cost(it, v["pue"], v["electricity_usd_per_kwh"] / KWH)
    rated = tdp * devices * (1.0 + v["host_share"])
    hosting = cost.hosting_cost(rated, v["hosting_usd_per_kw_month"] / 1e3 / MONTH)
    upkeep = cost.maintenance_cost(system, v["maintenance_share"]) / YEAR
    staff = v["staff_usd_per_month"] / MONTH
    return {
        "rent": np.asarray(np.where(bought, zero, rented)),
        "capital": np.asarray(np.where(bought, capital, zero)),
        "electricity": np.asarray(np.where(bought, power, zero)),
        "hosting": np.asarray(np.where(bought, hosting, zero)),
        "maintenance": np.asarray(np.where(bought, upkeep, zero)),
        "staff": np.asarray(np.where(bought, staff, zero)),
    }


_NAN = np.asarray(np.nan)


def _hosted(way: Hosted, v: Values) -> Outcome:
    """Every call paid by its tokens; the batch share at the batch price where there is one."""
    p = way.price
    calls, requests = _calls(v), _requests_per_second(v)

    def call(i: float, c: float, o: float) -> Array:
        return cost.hosted_call_cost(v["input_tokens"], v["output_tokens"], v["cached_share"], i, c, o)

    at_once = call(p.input, p.cached, p.output)
    later = call(*p.batch) if p.batch else at_once
    wait = v["batch_share"]
    each = at_once * (1.0 - wait) + later * wait
    per_second = each * calls * requests
    nan = _NAN + 0.0 * per_second
    return Outcome(
        usd_per_month=per_second * MONTH,
        usd_per_request=each * calls,
        usd_per_mtok_input=np.asarray(p.input * (1 - v["cached_share"]) + p.cached * v["cached_share"]),
        usd_per_mtok_output=np.asarray(p.output),
        requests_per_month=requests * MONTH,
        replicas=nan,
        devices=nan,
        utilization=nan,
        ttft=nan,
        tpot=nan,
        energy=nan,
        emissions=nan,
        embodied=nan,
        water=nan,
        meets=np.ones_like(nan, dtype=bool),
        parts={"api": np.asarray(per_second * MONTH)},
    )


def _device(way: Device, v: Values) -> Outcome:
    """On the user's device, one request at a time: you pay for delivering the model, the user for electricity."""
    load = Workload(input_tokens=v["input_tokens"], output_tokens=v["output_tokens"], prefix_hit=v["cached_share"])
    alone = predict(way.deployment, load, 1.0)
    calls, requests = _calls(v), _requests_per_second(v)
    weights = way.deployment.scheme.weight_bytes(way.deployment.model)
    sent = edge.delivery_cost(
        weights, v["download_usd_per_gb"] / 1e9, v["downloads_per_user_month"] / MONTH, v["users"] * v["capable_share"]
    )
    seconds = alone.ttft + alone.tpot * (v["output_tokens"] - 1.0)
    energy = alone.power_w * v.get(ERROR_POWER, np.asarray(1.0)) * seconds * calls
    meets = alone.fits & (alone.ttft <= v["ttft_s"]) & (alone.tpot <= v["tpot_s"])
    zero = 0.0 * (sent + requests)
    return Outcome(
        usd_per_month=np.asarray(sent * MONTH),
        usd_per_request=np.asarray(sent / requests),
        usd_per_mtok_input=zero,
        usd_per_mtok_output=zero,
        requests_per_month=requests * MONTH,
        replicas=_NAN + zero,
        devices=zero,
        utilization=_NAN + zero,
        ttft=alone.ttft,
        tpot=alone.tpot,
        energy=energy,
        emissions=carbon.operational_emissions(energy, v["carbon_g_per_kwh"] / 1e3 / KWH),
        embodied=_NAN + zero,
        water=carbon.water_use(energy, 1.0, 0.0, v["grid_water_l_per_kwh"] / KWH),
        meets=np.asarray(meets),
        parts={"delivery": np.asarray(sent * MONTH)},
    )


def _mix(way: Mix, v: Values) -> Outcome:
    """Parts side by side: money adds up, what a request takes is weighted by share, the slowest sets the latency."""
    found: list[tuple[Array, Outcome]] = []
    for part in way.parts:
        share = np.asarray(part.share(v))
        served = dict(v)
        if isinstance(part.way, Device):
            served["requests_per_user_day"] = v["requests_per_user_day"] * np.maximum(share, 1e-9)
        else:
            served["users"] = v["users"] * np.maximum(share, 1e-9)
        found.append((share, evaluate(part.way, served)))
    monthly = np.asarray(sum(o.usd_per_month for _, o in found))
    requests = _requests_per_second(v) * MONTH

    def weighted(name: str) -> Array:
        return np.asarray(sum(share * getattr(o, name) for share, o in found))

    def worst(name: str) -> Array:
        return np.asarray(np.fmax.reduce(np.broadcast_arrays(*(getattr(o, name) for _, o in found))))

    parts: dict[str, Array] = {}
    for _, o in found:
        for key, value in o.parts.items():
            parts[key] = np.asarray(parts.get(key, np.asarray(0.0)) + value)
    meets = np.broadcast_arrays(*(o.meets for _, o in found))
    embodied = np.asarray(sum(share * np.nan_to_num(o.embodied) for share, o in found))
    return Outcome(
        usd_per_month=monthly,
        usd_per_request=monthly / requests,
        usd_per_mtok_input=weighted("usd_per_mtok_input"),
        usd_per_mtok_output=weighted("usd_per_mtok_output"),
        requests_per_month=requests,
        replicas=np.asarray(sum(np.nan_to_num(o.replicas) for _, o in found)),
        devices=np.asarray(sum(np.nan_to_num(o.devices) for _, o in found)),
        utilization=worst("utilization"),
        ttft=worst("ttft"),
        tpot=worst("tpot"),
        energy=weighted("energy"),
        emissions=weighted("emissions"),
        embodied=embodied,
        water=weighted("water"),
        meets=np.asarray(np.logical_and.reduce(meets)),
        parts=parts,
    )


def tier_of(way: SelfHosted | Device) -> tuple[Tier, Basis, dict[str, Interval]]:
    """How close the calibration came to a way, what its interval rests on, and the model's error as factors, by metric."""
    calibration, served = load_calibration(), way.deployment
    bounds = {metric: Interval(*factors) for metric, factors in calibration.intervals(served).items()}
    return calibration.tier(served), calibration.basis(served), bounds
