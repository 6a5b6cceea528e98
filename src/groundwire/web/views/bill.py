"""The desk's own bill as its page and its JSON show it; and an event's share of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from groundwire.bill import Bill
from groundwire.economics.carbon import Disclosure, disclosures
from groundwire.economics.footprint import Footprint, processor_power, site_of
from groundwire.economics.phrases import number, small_money
from groundwire.economics.uncertainty import Range
from groundwire.economics.units import GRAM, WH
from groundwire.settings import Settings

NO_BREAK: Final = "\N{NO-BREAK SPACE}"
_PREFIXES: Final = ((1e3, "k"), (1.0, ""), (1e-3, "m"), (1e-6, "µ"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SpreadView:
    """A figure in a unit of everyday size; 80 % between low and high."""

    low: float
    mid: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What some work took."""

    energy_wh: SpreadView | None
    """At the meter; None: not known."""
    co2e_g: SpreadView | None
    usd: SpreadView | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StageTaken:
    """A stage's line."""

    stage: str
    number: int
    processor_s: float
    taken: Taken


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelTaken:
    """A model's line."""

    model: str
    calls: int
    input_tokens: int
    output_tokens: int
    taken: Taken
    unknown: str
    """Why the energy isn't known: "local", "shape" or ""."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekTaken:
    """A week's line."""

    name: str
    briefs: int
    processor_s: float
    calls: int
    taken: Taken


@dataclass(frozen=True, slots=True, kw_only=True)
class BillPage:
    """The desk's own bill."""

    briefs: int
    processor_s: float
    calls: int
    taken: Taken
    complete: bool
    """False: a call's energy or price isn't known and is left out of the sums."""
    per_brief: Taken | None
    stages: tuple[StageTaken, ...]
    models: tuple[ModelTaken, ...]
    weeks: tuple[WeekTaken, ...]
    assumed: tuple[tuple[str, SpreadView, str], ...]
    """What was assumed, its value and its source: "watts_per_core", "pue", "carbon_g_per_kwh", "usd_per_kwh"."""
    device: str
    """What hosted models are taken to run on."""
    beside: Disclosure | None
    """The newest published energy of one request, to compare."""


def bill_page(bill: Bill, settings: Settings) -> BillPage:
    """The bill in everyday units."""
    site, (power, power_source) = site_of(settings.region), processor_power()
    assumed = [
        ("watts_per_core", _view(power), power_source),
        ("pue", _view(site.cooling.pue), site.cooling.source),
        ("carbon_g_per_kwh", _view(site.grid.intensity.scaled(1e3 * WH / GRAM)), site.grid.source),
    ]
    if site.grid.price is not None:
        assumed.append(("usd_per_kwh", _view(site.grid.price.scaled(1e3 * WH)), site.grid.price_source))
    taken = taken_of(bill.footprint, bill.usd)
    return BillPage(
        briefs=bill.briefs,
        processor_s=bill.processor_s,
        calls=sum(line.calls for line in bill.models),
        taken=taken,
        complete=bill.complete,
        per_brief=_share(bill, bill.briefs) if bill.briefs else None,
        stages=tuple(
            StageTaken(
                stage=line.stage,
                number=line.number,
                processor_s=line.processor_s,
                taken=taken_of(line.footprint, line.footprint.usd),
            )
            for line in bill.stages
        ),
        models=tuple(
            ModelTaken(
                model=line.model,
                calls=line.calls,
                input_tokens=line.input_tokens,
                output_tokens=line.output_tokens,
                taken=taken_of(line.footprint, line.usd),
                unknown=line.unknown,
            )
            for line in bill.models
        ),
        weeks=tuple(
            WeekTaken(
                name=line.name,
                briefs=line.briefs,
                processor_s=line.processor_s,
                calls=line.calls,
                taken=taken_of(line.footprint, line.usd),
            )
            for line in bill.weeks
        ),
        assumed=tuple(assumed),
        device=settings.model_device,
        beside=next((found for found in disclosures() if found.energy is not None), None),
    )


def taken_of(footprint: Footprint | None, usd: Range | None) -> Taken:
    """A footprint in watt-hours and grams."""
    return Taken(
        energy_wh=_view(footprint.energy.scaled(1 / WH)) if footprint is not None else None,
        co2e_g=_view(footprint.emissions.scaled(1 / GRAM)) if footprint is not None else None,
        usd=_view(usd) if usd is not None else None,
    )


def amount(spread: SpreadView | None, unit: str) -> str:
    """The middle with two digits and its unit in a readable size: "0.34 mWh", "0.2 ¢"; "?" if not known."""
    if spread is None:
        return "?"
    if unit == "$":
        shown = small_money(spread.mid) if spread.mid >= 1e-5 else "< 0.001 ¢" if spread.mid else "$0"
        return shown.replace(" ", NO_BREAK)
    factor, prefix = _size(spread)
    return f"{number(spread.mid / factor, 2)}{NO_BREAK}{prefix}{unit}"


def between(spread: SpreadView | None, unit: str) -> str:
    """The ends in the size of ``amount``: "0.31–0.40 mWh"; "" where there is nothing between them."""
    if spread is None or unit == "$" or spread.low == spread.high:
        return ""
    factor, prefix = _size(spread)
    return f"{number(spread.low / factor, 2)}–{number(spread.high / factor, 2)}{NO_BREAK}{prefix}{unit}"


def _size(spread: SpreadView) -> tuple[float, str]:
    if not spread.mid:
        return 1.0, ""
    return next((size for size in _PREFIXES if spread.mid >= 0.999 * size[0]), _PREFIXES[-1])


def _share(bill: Bill, parts: int) -> Taken:
    shared = Footprint(
        energy=bill.footprint.energy.scaled(1 / parts),
        emissions=bill.footprint.emissions.scaled(1 / parts),
        usd=None,
    )
    return taken_of(shared, bill.usd.scaled(1 / parts))


def _view(figure: Range) -> SpreadView:
    return SpreadView(low=figure.low, mid=figure.mid, high=figure.high)
