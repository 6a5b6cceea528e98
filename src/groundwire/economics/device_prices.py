"""What accelerators cost to rent and to buy: dated market ranges, from a data file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final, Literal

from groundwire.economics.accelerators import Accelerator, PriceRange
from groundwire.economics.parameters import read_range
from groundwire.economics.uncertainty import Range

__all__ = ["TENURES", "MarketPrice", "Tenure", "purchase_price", "rent"]

Tenure = Literal["on-demand", "reserved", "spot", "owned"]
TENURES: Final[tuple[Tenure, ...]] = ("on-demand", "reserved", "spot", "owned")


@dataclass(frozen=True, slots=True)
class MarketPrice:
    """A price range and where it is from."""

    range: Range
    """USD per device and hour (rent) or per device (purchase)."""
    source: str


def rent(accelerator: Accelerator, tenure: Tenure) -> MarketPrice | None:
    """Rent of a device; None where no price with a source is known. [USD/h]"""
    found = _table().get(accelerator.name, {}).get(tenure)
    if found is None and tenure == "on-demand" and accelerator.rent is not None:
        return _own(accelerator.rent)
    return found


def purchase_price(accelerator: Accelerator) -> MarketPrice | None:
    """Purchase of a device; None where no price with a source is known. [USD]"""
    found = _table().get(accelerator.name, {}).get("owned")
    return found if found is not None or accelerator.purchase is None else _own(accelerator.purchase)


def _own(price: PriceRange) -> MarketPrice:
    return MarketPrice(read_range("price", [price.low, price.high]), f"{price.source} ({price.checked})")


@cache
def _table() -> Mapping[str, Mapping[str, MarketPrice]]:
    text = (resources.files("groundwire.economics") / "data" / "prices.toml").read_text(encoding="utf-8")
    table: dict[str, dict[str, MarketPrice]] = {}
    for entry in tomllib.loads(text)["price"]:
        source = f"{entry['source']}; checked {entry['checked']}"
        row = {t: MarketPrice(read_range(t, r), source) for t, r in entry.get("rent", {}).items()}
        if "purchase" in entry:
            row["owned"] = MarketPrice(read_range("purchase", entry["purchase"]), source)
        table[entry["accelerator"]] = row
    return table
