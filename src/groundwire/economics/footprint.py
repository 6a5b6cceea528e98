"""What a finished piece of work took: processor seconds and calls of a language model to energy, gases and money."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib import resources

from groundwire.economics.application import build
from groundwire.economics.catalog import Catalog, load_catalog
from groundwire.economics.compare import compare
from groundwire.economics.names import pick
from groundwire.economics.parameters import read_range
from groundwire.economics.sites import Cooling, Grid, find_grid
from groundwire.economics.uncertainty import Range, Spread
from groundwire.errors import EconomicsError

__all__ = ["Footprint", "Site", "call_footprint", "electric_footprint", "processor_power", "site_of", "total"]

BUSY_USERS = 5_000_000
"""Of a hosted model: enough that its devices are not idle between requests of ours."""
DRAWS = 400
_ANY_DAY = date(2026, 1, 1)
"""Energy depends on no price of a hosted API, so on no day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where work is done."""

    grid: Grid
    cooling: Cooling


@dataclass(frozen=True, slots=True, kw_only=True)
class Footprint:
    """What some work took; 80 % lies between low and high."""

    energy: Range
    """At the meter of the building. [J]"""
    emissions: Range
    """Of its operation, by the mean of the grid. [kg CO2e]"""
    usd: Range | None
    """Of its electricity; None: no price with a source is known for the place. [USD]"""


def site_of(region: str, cooling: str = "average", catalog: Catalog | None = None) -> Site:
    """A place by the catalogue's names ("US", "Germany"; "average", "liquid").

    Raises:
        EconomicsError: unknown; names the nearest.
    """
    catalog = catalog or load_catalog()
    return Site(
        grid=find_grid(catalog.grids, region), cooling=catalog.cooling[pick("cooling", cooling, list(catalog.cooling))]
    )


@cache
def processor_power() -> tuple[Range, str]:
    """One busy core of a server, and the source. [W]"""
    data = resources.files("groundwire.economics") / "data" / "processors.toml"
    entry = tomllib.loads(data.read_text(encoding="utf-8"))["processor"]["cloud"]
    return read_range("watts_per_core", entry["watts_per_core"]), str(entry["source"])


def electric_footprint(seconds: float, power: Range, site: Site) -> Footprint:
    """Equipment that draws ``power`` for a time: ``E = t P PUE``, ``g = E i``, ``c = E p``.

    Ends of ranges are multiplied with ends, as if all were high or low together: a cautious spread.

    Args:
        seconds: t. [s]
        power: Of the IT equipment, P. [W]
        site: PUE [1], intensity i [kg CO2e/J] and price p [USD/J].

    Example:
        >>> from groundwire.economics.sites import Cooling, Grid
        >>> exact = Range.exact
        >>> grid = Grid(name="x", title="x", title_zh="x", intensity=exact(0.4 / 3.6e6), water=None, source="",
        ...             price=exact(0.1 / 3.6e6), water_source="", price_source="")
        >>> cooling = Cooling(name="x", title="x", title_zh="x", pue=exact(1.5), water=exact(0.0), source="",
        ...                   water_source="")
        >>> found = electric_footprint(2400, exact(4.0), Site(grid=grid, cooling=cooling))
        >>> round(found.energy.mid / 3600, 9), round(found.emissions.mid * 1e3, 9), round(found.usd.mid, 9)
        (4.0, 1.6, 0.0004)
    """
    energy = _times(power.scaled(seconds) if seconds > 0 else Range.exact(0.0), site.cooling.pue)
    return Footprint(
        energy=energy,
        emissions=_times(energy, site.grid.intensity),
        usd=None if site.grid.price is None else _times(energy, site.grid.price),
    )


@lru_cache(maxsize=256)
def call_footprint(model: str, device: str, input_tokens: int, output_tokens: int, region: str) -> Footprint | None:
    """One call of an open model that others serve on a well-used device, by the performance model.

    Args:
        model: As its endpoint names it.
        device: Accelerator that it is taken to run on, as the catalogue names it.
        input_tokens: Of a call. [token]
        output_tokens: [token]
        region: Whose electricity.

    Returns:
        None: the model's shape is not in the catalogue, or it doesn't fit: nothing is known, nothing is guessed.

    Raises:
        EconomicsError: unknown device or region; names the nearest.
    """
    catalog = load_catalog()
    catalog.accelerator(device)
    site = site_of(region, catalog=catalog)
    table = {
        "workload": {
            "users": BUSY_USERS, "requests_per_user_day": 10.0,
            "input_tokens": max(input_tokens, 1), "output_tokens": max(output_tokens, 1),
        },
        "latency": {"ttft_s": 30.0, "tpot_s": 0.2},
        "serving": {"models": [model], "accelerators": [device], "hosted_offers": False},
        "site": {"region": region},
    }  # fmt: skip
    try:
        catalog.model(model)
        best = compare(build(table, catalog=catalog), on=_ANY_DAY, top=1, draws=DRAWS).rows[0]
    except EconomicsError:
        return None
    energy = _ordered(best.spread("energy"))
    price = site.grid.price
    return Footprint(
        energy=energy,
        emissions=_ordered(best.spread("emissions")),
        usd=None if price is None else _times(energy, price),
    )


def total(parts: Iterable[Footprint]) -> Footprint:
    """All together; ranges are added end by end, since their causes (grid, device) are the same."""
    found = list(parts)
    prices = [part.usd for part in found if part.usd is not None]
    return Footprint(
        energy=_sum(part.energy for part in found),
        emissions=_sum(part.emissions for part in found),
        usd=_sum(prices) if len(prices) == len(found) else None,
    )


def _times(one: Range, other: Range) -> Range:
    return Range(one.low * other.low, one.mid * other.mid, one.high * other.high)


def _sum(parts: Iterable[Range]) -> Range:
    found = list(parts)
    return Range(sum(p.low for p in found), sum(p.mid for p in found), sum(p.high for p in found))


def _ordered(spread: Spread) -> Range:
    return Range(spread.p10, spread.p50, spread.p90)
