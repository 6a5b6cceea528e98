"""Where devices stand: the electricity of a country or zone, and ways to cool, each figure with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from groundwire.economics.names import pick
from groundwire.economics.parameters import read_range
from groundwire.economics.uncertainty import Range
from groundwire.economics.units import GRAM, KWH
from groundwire.errors import EconomicsError

__all__ = ["Cooling", "Grid", "find_grid", "read_cooling", "read_grids"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The electricity of a country or zone."""

    name: str
    title: str
    title_zh: str
    intensity: Range
    """Life-cycle greenhouse gases. [kg CO2e/J]"""
    water: Range | None
    """Consumed in generation; None: not published for it. [L/J]"""
    price: Range | None
    """For large users; None: no figure with a source here. [USD/J]"""
    source: str
    water_source: str
    price_source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cooling:
    """A way to cool, and what it costs in energy and water."""

    name: str
    title: str
    title_zh: str
    pue: Range
    """Facility over IT energy. [1]"""
    water: Range
    """On site, per IT energy. [L/J]"""
    source: str
    water_source: str
    note: str = ""


_GRID_FIELDS = ("title", "title_zh", "carbon_g_per_kwh", "water_l_per_kwh", "usd_per_kwh", "source", "water_source",
                "price_source")  # fmt: skip
_COOLING_FIELDS = ("title", "title_zh", "pue", "water_l_per_kwh", "source", "water_source", "note")


def read_grids(tables: Mapping[str, Any], where: str) -> dict[str, Grid]:
    """Entries ``[grid.NAME]``; ``[source]`` and ``[spread]`` hold what all entries of a file share.

    Raises:
        EconomicsError: names the file, the entry and the field.
    """
    shared, spread = tables.get("source", {}), tables.get("spread", {})
    found = {}
    for name, entry in _entries(tables, "grid", _GRID_FIELDS, where):
        at = f"{where}: grid.{name}"
        source = _word(entry, "source", at, shared.get("carbon"))
        carbon = _figure(entry, "carbon_g_per_kwh", at, 0.0, 3000.0, spread.get("carbon", 0.0))
        water = _figure(entry, "water_l_per_kwh", at, 0.0, 100.0, spread.get("water", 0.0))
        price = _figure(entry, "usd_per_kwh", at, 0.0, 5.0)
        title = _word(entry, "title", at, name)
        found[name] = Grid(
            name=name,
            title=title,
            title_zh=_word(entry, "title_zh", at, title),
            intensity=_needed(carbon, f"{at}.carbon_g_per_kwh").scaled(GRAM / KWH),
            water=None if water is None else water.scaled(1 / KWH),
            price=None if price is None else price.scaled(1 / KWH),
            source=source,
            water_source=_word(entry, "water_source", at, shared.get("water", source)),
            price_source=_word(entry, "price_source", at, source if price is not None else ""),
        )
    return found


def read_cooling(tables: Mapping[str, Any], where: str) -> dict[str, Cooling]:
    """Entries ``[cooling.NAME]``.

    Raises:
        EconomicsError: names the file, the entry and the field.
    """
    found = {}
    for name, entry in _entries(tables, "cooling", _COOLING_FIELDS, where):
        at = f"{where}: cooling.{name}"
        pue = _needed(_figure(entry, "pue", at, 1.0, 4.0), f"{at}.pue")
        water = _needed(_figure(entry, "water_l_per_kwh", at, 0.0, 20.0), f"{at}.water_l_per_kwh")
        title, source = _word(entry, "title", at, name), _word(entry, "source", at)
        found[name] = Cooling(
            name=name,
            title=title,
            title_zh=_word(entry, "title_zh", at, title),
            pue=pue,
            water=water.scaled(1 / KWH),
            source=source,
            water_source=_word(entry, "water_source", at, source),
            note=_word(entry, "note", at, ""),
        )
    return found


def find_grid(grids: Mapping[str, Grid], name: str, field: str = "site.region") -> Grid:
    """The grid of a code or an English name.

    Raises:
        EconomicsError: unknown; names the nearest.
    """
    code = name.strip().upper()
    if code in grids:
        return grids[code]
    by_title = {g.title: g.name for g in grids.values()} | {g.name: g.name for g in grids.values() if len(g.name) > 3}
    return grids[by_title[pick(field, name, list(by_title), extra=list(grids))]]


def _entries(
    tables: Mapping[str, Any], kind: str, known: tuple[str, ...], where: str
) -> list[tuple[str, Mapping[str, Any]]]:
    """Name and body of each ``[kind.NAME]``, its fields known."""
    entries = tables.get(kind, {})
    if not isinstance(entries, Mapping) or not all(isinstance(e, Mapping) for e in entries.values()):
        raise EconomicsError(f"{where}: {kind}", f"must be tables, each headed [{kind}.NAME]")
    for name, entry in entries.items():
        for key in entry:
            if key not in known:
                raise EconomicsError(
                    f"{where}: {kind}.{name}.{key}", f"write it as {pick(f'{where}: {kind}.{name}', key, known)}"
                )
    return list(entries.items())


def _figure(entry: Mapping[str, Any], key: str, at: str, low: float, high: float, spread: float = 0.0) -> Range | None:
    """A number or a range within limits that catch a slip of unit; a single one widened by ``spread`` to both sides."""
    if key not in entry:
        return None
    value = read_range(f"{at}.{key}", entry[key])
    if not low <= value.low <= value.high <= high:
        raise EconomicsError(f"{at}.{key}", f"must lie in {low:g} to {high:g}, is {entry[key]}; check the unit")
    return Range(value.mid * (1 - spread), value.mid, value.mid * (1 + spread)) if value.certain else value


def _needed(value: Range | None, field: str) -> Range:
    if value is None:
        raise EconomicsError(field, "is missing")
    return value


def _word(entry: Mapping[str, Any], key: str, at: str, default: str | None = None) -> str:
    value = entry.get(key, default)
    if value is None:
        raise EconomicsError(f"{at}.{key}", "is missing: say where the figure is from, and when you read it")
    if not isinstance(value, str):
        raise EconomicsError(f"{at}.{key}", "must be text")
    return value
