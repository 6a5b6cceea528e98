"""What accelerators cost to rent and to buy: dated ranges, from data files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from groundwire.economics.accelerators import Accelerator, PriceRange
from groundwire.economics.names import pick
from groundwire.economics.parameters import read_range
from groundwire.economics.uncertainty import Range
from groundwire.errors import EconomicsError

__all__ = ["TENURES", "MarketPrice", "PriceTable", "Tenure", "own_prices", "read_prices"]

Tenure = Literal["on-demand", "reserved", "spot", "owned"]
TENURES: Final[tuple[Tenure, ...]] = ("on-demand", "reserved", "spot", "owned")
_FIELDS: Final = ("accelerator", "rent", "purchase", "source", "checked")
_LIMITS: Final[Mapping[str, tuple[float, float]]] = {"rent": (1e-3, 1e3), "purchase": (1.0, 1e7)}
"""Plausible prices, USD per device and hour or per device: catch a slip of unit."""


@dataclass(frozen=True, slots=True)
class MarketPrice:
    """A price range and where it is from."""

    range: Range
    """USD per device and hour (rent) or per device (purchase)."""
    source: str


PriceTable = dict[str, dict[Tenure, MarketPrice]]
"""By accelerator's name, then by tenure ("owned": purchase); a tenure without a price that has a source is absent."""


def own_prices(accelerators: Iterable[Accelerator]) -> PriceTable:
    """The prices that accelerators' own entries carry."""
    table: PriceTable = {}
    for a in accelerators:
        row: dict[Tenure, MarketPrice] = {}
        if a.rent is not None:
            row["on-demand"] = _own(a.rent)
        if a.purchase is not None:
            row["owned"] = _own(a.purchase)
        if row:
            table[a.name] = row
    return table


def _own(price: PriceRange) -> MarketPrice:
    return MarketPrice(read_range("price", [price.low, price.high]), f"{price.source}; checked {price.checked}")


def read_prices(entries: Iterable[Mapping[str, Any]], known: Mapping[str, Accelerator], where: str) -> PriceTable:
    """Entries ``[[price]]``: ``accelerator``, ``rent`` by tenure, ``purchase``, ``source``, ``checked``.

    Raises:
        EconomicsError: names the file, the accelerator and the field.
    """
    table: PriceTable = {}
    for entry in entries:
        written = str(entry.get("accelerator", ""))
        at = f"{where}: price of {written!r}"
        name = written if written in known else pick(at, written, tuple(known))
        for key in entry:
            if key not in _FIELDS:
                raise EconomicsError(f"{at}: {key}", f"write it as {pick(at, key, _FIELDS)}")
        for key in ("source", "checked"):
            if not isinstance(entry.get(key), str) or not entry[key].strip():
                raise EconomicsError(f"{at}: {key}", "is missing: where the price is from, and the date you read it")
        source = f"{entry['source']}; checked {entry['checked']}"
        rents = entry.get("rent", {})
        if not isinstance(rents, Mapping):
            raise EconomicsError(f"{at}: rent", 'must be by tenure, as in rent."on-demand" = [2, 3]')
        row: dict[Tenure, MarketPrice] = {}
        for tenure, value in rents.items():
            chosen = pick(f"{at}: rent", str(tenure), TENURES[:-1])
            row[next(t for t in TENURES if t == chosen)] = _market(value, "rent", at, source)
        if "purchase" in entry:
            row["owned"] = _market(entry["purchase"], "purchase", at, source)
        if not row:
            raise EconomicsError(at, "has neither rent nor purchase")
        table.setdefault(name, {}).update(row)
    return table


def _market(value: Any, key: str, at: str, source: str) -> MarketPrice:
    low, high = _LIMITS[key]
    found = read_range(f"{at}: {key}", value)
    if not low <= found.low <= found.high <= high:
        unit = "USD per device and hour" if key == "rent" else "USD per device"
        raise EconomicsError(f"{at}: {key}", f"must lie in {low:g} to {high:g} {unit}, is {value}")
    return MarketPrice(found, source)
