"""What stands in for numbers that were not given: constants, or what follows from the region and the cooling."""

from __future__ import annotations

from collections.abc import Mapping

from groundwire.economics.carbon import embodied_range
from groundwire.economics.catalog import Catalog
from groundwire.economics.parameters import parameters
from groundwire.economics.scenario import Assumption
from groundwire.economics.uncertainty import Range
from groundwire.economics.units import GRAM, KWH
from groundwire.errors import EconomicsError

__all__ = ["with_defaults"]


def with_defaults(
    numbers: Mapping[str, Range], catalog: Catalog, region: str, cooling: str
) -> tuple[dict[str, Range], tuple[Assumption, ...]]:
    """All numbers of a scenario, and which of them were assumed, with their source.

    Raises:
        EconomicsError: a number is missing that nothing can stand in for.
    """
    ranges, assumed = dict(numbers), []
    local = _of_site(catalog, region, cooling)
    for p in parameters().values():
        if p.key in ranges:
            continue
        if p.default is not None:
            value, source, source_zh = p.default, p.source, p.source_zh
        elif p.key in local:
            value, source = local[p.key]
            source_zh = ""
        elif p.section == "workload":
            raise EconomicsError(p.path, f"is missing: {p.help[0].lower()}{p.help[1:]} [{p.unit}]")
        else:
            continue  # an override that was not wanted
        ranges[p.key] = value
        assumed.append(Assumption(key=p.key, range=value, unit=p.unit, source=source, source_zh=source_zh))
    return ranges, tuple(assumed)


def _of_site(catalog: Catalog, region: str, cooling: str) -> Mapping[str, tuple[Range, str]]:
    """Numbers that the region's grid and the building's cooling decide, in the units of their keys."""
    grid, usual, world = (catalog.grids[name] for name in (region, "US", "WORLD"))
    building = catalog.cooling[cooling]
    price, price_source = grid.price, grid.price_source
    if price is None:
        price = usual.price
        price_source = f"no price with a source for {grid.title}: the US stands in ({usual.price_source})"
    water, water_source = grid.water, f"{grid.title}: {grid.water_source}"
    if water is None:
        water = world.water
        water_source = f"none published for {grid.title}: the world's mean stands in ({world.water_source})"
    found = {
        "carbon_g_per_kwh": (grid.intensity.scaled(KWH / GRAM), f"{grid.title}: {grid.source}"),
        "pue": (building.pue, building.source),
        "water_l_per_kwh": (building.water.scaled(KWH), building.water_source),
        "embodied_kg_per_device": embodied_range(),
    }
    if price is not None:
        found["electricity_usd_per_kwh"] = (price.scaled(KWH), price_source)
    if water is not None:
        found["grid_water_l_per_kwh"] = (water.scaled(KWH), water_source)
    return found
