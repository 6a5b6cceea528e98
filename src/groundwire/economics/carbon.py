"""Energy, greenhouse gases and water of serving; and the figures that providers have published, with their boundaries.

Operational gases follow the location-based rule of the GHG Protocol (the grid's mean, no certificates), on the
life-cycle intensities of Ember. All functions broadcast.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt

from groundwire.economics.parameters import read_range
from groundwire.economics.uncertainty import Range

__all__ = [
    "Disclosure",
    "disclosures",
    "embodied_emissions",
    "embodied_range",
    "facility_energy",
    "it_power",
    "mean_power",
    "operational_emissions",
    "water_use",
]

Array = npt.NDArray[np.float64]
Number = npt.ArrayLike


def mean_power(busy_power: Number, idle_power: Number, requests_in_flight: Number) -> Array:
    """Draw of devices that serve a random stream: idle when nothing is in flight: ``e^-L P_0 + (1 - e^-L) P``.

    Arrivals at random leave a share ``e^-L`` of the time without a request, where L is the mean number in flight
    (Poisson arrivals, M/G/infinity).

    Args:
        busy_power: While at least one request is served, P. [W]
        idle_power: P_0. [W]
        requests_in_flight: Mean number, L. [request]

    Returns:
        [W]

    Example:
        >>> float(mean_power(600, 100, 0.0)), float(mean_power(600, 100, 50.0).round(3))
        (100.0, 600.0)
    """
    empty = np.exp(-np.asarray(requests_in_flight, float))
    return np.asarray(empty * np.asarray(idle_power, float) + (1.0 - empty) * np.asarray(busy_power, float))


def it_power(device_power: Number, host_share: Number) -> Array:
    """Devices with their host (processor, memory, fans, network): ``P * (1 + h)``. [W]

    Example:
        >>> float(it_power(5000, 0.4))
        7000.0
    """
    return np.asarray(np.asarray(device_power, float) * (1.0 + np.asarray(host_share, float)))


def facility_energy(power: Number, rate: Number, pue: Number) -> Array:
    """Energy of one request at the meter of the building: ``P * PUE / rate``.

    Args:
        power: Mean draw of the IT equipment that serves, P. [W]
        rate: Requests it answers. [request/s]
        pue: Facility over IT energy. [1]

    Returns:
        [J/request]

    Example:
        >>> float(facility_energy(1000, 2, 1.2)) / 3600  # watt-hours
        0.16666666666666666
    """
    return np.asarray(np.asarray(power, float) * np.asarray(pue, float) / np.asarray(rate, float))


def operational_emissions(energy: Number, intensity: Number) -> Array:
    """Greenhouse gases of electricity: ``E * i``.

    Args:
        energy: At the meter. [J]
        intensity: Of the grid (400 g/kWh is 1.11e-7 kg/J). [kg CO2e/J]

    Returns:
        [kg CO2e]

    Example:
        >>> round(float(operational_emissions(3.6e6, 0.4 / 3.6e6)), 12)
        0.4
    """
    return np.asarray(np.asarray(energy, float) * np.asarray(intensity, float))


def embodied_emissions(per_device: Number, devices: Number, life: Number, rate: Number) -> Array:
    """A request's share of making the devices, spread evenly over their life: ``g * n / (life * rate)``.

    Args:
        per_device: Cradle to gate, g. [kg CO2e/device]
        devices: Running, n. [device]
        life: In use. [s]
        rate: Requests they answer. [request/s]

    Returns:
        [kg CO2e/request]

    Example:
        >>> float(embodied_emissions(164, 8, 4e8 / 3.125, 1)) * 1000  # grams; 128 million seconds are 4.06 years
        0.01025
    """
    made = np.asarray(per_device, float) * np.asarray(devices, float)
    return np.asarray(made / (np.asarray(life, float) * np.asarray(rate, float)))


def water_use(energy: Number, pue: Number, on_site: Number, grid_water: Number) -> Array:
    """Water that evaporates at the site and at power stations: ``E/PUE * w + E * g``.

    Args:
        energy: At the meter, E. [J]
        pue: Facility over IT energy; site water is stated per IT energy. [1]
        on_site: Water usage effectiveness, w (1 L/kWh is 2.78e-7 L/J). [L/J]
        grid_water: Consumed in making electricity, g. [L/J]

    Returns:
        [L]

    Example:
        >>> round(float(water_use(3.6e6, 1.25, 0.5 / 3.6e6, 3.0 / 3.6e6)), 12)  # 0.8 kWh x 0.5 + 1 kWh x 3.0
        3.4
    """
    e = np.asarray(energy, float)
    return np.asarray(e / np.asarray(pue, float) * np.asarray(on_site, float) + e * np.asarray(grid_water, float))


# --- figures with sources -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """What a provider says one request takes."""

    name: str
    request: str
    request_zh: str
    energy: float | None
    """[J]"""
    emissions: float | None
    """[kg CO2e]"""
    water: float | None
    """[L]"""
    date: str
    boundary: str
    """What is in and what is out, and how that differs from ours."""
    boundary_zh: str
    source: str


@cache
def _read(name: str) -> Mapping[str, Any]:
    text = (resources.files("groundwire.economics") / "data" / name).read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def disclosures() -> tuple[Disclosure, ...]:
    """What providers have published, newest first."""
    raw = _read("disclosures.toml")
    found = [
        Disclosure(
            name=entry["name"],
            request=entry["request"],
            request_zh=entry["request_zh"],
            energy=entry["energy_wh"] * 3600.0 if "energy_wh" in entry else None,
            emissions=entry["emissions_g"] * 1e-3 if "emissions_g" in entry else None,
            water=entry["water_ml"] * 1e-3 if "water_ml" in entry else None,
            date=entry["date"],
            boundary=entry["boundary"],
            boundary_zh=entry["boundary_zh"],
            source=entry["source"],
        )
        for entry in raw["disclosure"]
    ]
    return tuple(sorted(found, key=lambda d: d.date, reverse=True))


def embodied_range() -> tuple[Range, str]:
    """Making one data-centre device with its share of the baseboard, and the source. [kg CO2e/device]"""
    entry = _read("cooling.toml")["embodied"]["device"]
    return read_range("embodied", entry["kg"]), str(entry["source"])
