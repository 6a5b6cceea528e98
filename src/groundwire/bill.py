"""The desk's own bill: what its processor seconds and its model's calls cost, in money, energy and gases.

The same formulas and catalogue as the workbench's. Gases are those of the electricity, by the mean of the grid; what making
the machines emitted, memory beyond a core's share and the network are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from ipaddress import ip_address
from urllib.parse import urlsplit

from groundwire.economics.catalog import load_catalog
from groundwire.economics.footprint import (
    Footprint,
    call_footprint,
    electric_footprint,
    processor_power,
    site_of,
    total,
)
from groundwire.economics.uncertainty import Range
from groundwire.errors import EconomicsError, SettingsError
from groundwire.llm import ScriptedModel
from groundwire.settings import Settings
from groundwire.storage.work import Asked, Worked

STAGES = ("collect", "read", "recheck", "events", "brief")
"""As they follow each other."""
NOTHING = Footprint(energy=Range.exact(0.0), emissions=Range.exact(0.0), usd=Range.exact(0.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class StageLine:
    """What a stage took on the processor."""

    stage: str
    number: int
    processor_s: float
    footprint: Footprint


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelLine:
    """What a model's calls took."""

    model: str
    calls: int
    input_tokens: int
    output_tokens: int
    usd: Range | None
    """By list price, else of the electricity; None: neither is known."""
    footprint: Footprint | None
    """None: not known, see ``unknown``."""
    unknown: str
    """Why the energy isn't known: "local" (state the machine's watts), "shape" (not in the catalogue), or ""."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekLine:
    """An ISO week (UTC)."""

    name: str
    briefs: int
    processor_s: float
    calls: int
    footprint: Footprint
    usd: Range


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """All together; sums leave out what is unknown, and ``complete`` says so."""

    briefs: int
    processor_s: float
    stages: tuple[StageLine, ...]
    models: tuple[ModelLine, ...]
    weeks: tuple[WeekLine, ...]
    footprint: Footprint
    usd: Range
    complete: bool


def check(settings: Settings) -> None:
    """Refuse settings that no bill could be worked out from.

    Raises:
        SettingsError: The region or the device is not in the catalogue.
    """
    try:
        site_of(settings.region)
        load_catalog().accelerator(settings.model_device)
    except EconomicsError as error:
        name = "model_device" if error.field == "accelerator" else "region"
        raise SettingsError(f"setting {name}: {error.reason}") from error


def bill(worked: Sequence[Worked], asked: Sequence[Asked], settings: Settings) -> Bill:
    """Work the bill out.

    Args:
        worked: Processor seconds.
        asked: A model's calls.
        settings: Where the desk stands (``region``), what its model runs on (``model_device``, ``model_watts``).

    Raises:
        EconomicsError: The region or the device of the settings is unknown; ``check`` them first.
    """
    stages = tuple(
        _stage(name, found, settings) for name in STAGES if (found := [w for w in worked if w.stage == name])
    )
    models = tuple(
        _model([a for a in asked if a.model == name], settings) for name in dict.fromkeys(a.model for a in asked)
    )
    weeks: dict[str, tuple[list[Worked], list[Asked]]] = {}
    for done in worked:
        weeks.setdefault(_week(done.day), ([], []))[0].append(done)
    for call in asked:
        weeks.setdefault(_week(call.day), ([], []))[1].append(call)
    footprint, usd = _sums(stages, models)
    return Bill(
        briefs=_briefs(worked),
        processor_s=sum(w.processor_s for w in worked),
        stages=stages,
        models=models,
        weeks=tuple(_weekly(name, *weeks[name], settings) for name in sorted(weeks, reverse=True)),
        footprint=footprint,
        usd=usd,
        complete=all(line.footprint is not None and line.usd is not None for line in models),
    )


def _weekly(name: str, worked: Sequence[Worked], asked: Sequence[Asked], settings: Settings) -> WeekLine:
    models = [_model([call], settings) for call in asked]
    footprint, usd = _sums([_stage("", worked, settings)], models)
    return WeekLine(
        name=name,
        briefs=_briefs(worked),
        processor_s=sum(w.processor_s for w in worked),
        calls=sum(call.calls for call in asked),
        footprint=footprint,
        usd=usd,
    )


def _stage(name: str, worked: Sequence[Worked], settings: Settings) -> StageLine:
    seconds = sum(w.processor_s for w in worked)
    return StageLine(
        stage=name,
        number=sum(w.number for w in worked),
        processor_s=seconds,
        footprint=electric_footprint(seconds, processor_power()[0], site_of(settings.region)),
    )


def _model(asked: Sequence[Asked], settings: Settings) -> ModelLine:
    calls, model = sum(a.calls for a in asked), asked[0].model
    received, written = sum(a.input_tokens for a in asked), sum(a.output_tokens for a in asked)
    footprint, unknown = None, ""
    if model == ScriptedModel.name:
        footprint = NOTHING  # it runs in this process: its seconds are booked with the stage's
    elif settings.model_watts > 0:
        power = Range.exact(settings.model_watts)
        footprint = electric_footprint(sum(a.elapsed_s for a in asked), power, site_of(settings.region))
    elif is_local(settings.model_url):
        unknown = "local"
    else:
        device, region = settings.model_device, settings.region
        one = call_footprint(model, device, round(received / calls), round(written / calls), region)
        footprint, unknown = (total([one] * calls), "") if one is not None else (None, "shape")
    listed = [a.cost_usd for a in asked]
    usd = footprint.usd if footprint is not None else None
    if None not in listed:
        usd = Range.exact(sum(cost for cost in listed if cost is not None))
    return ModelLine(
        model=model,
        calls=calls,
        input_tokens=received,
        output_tokens=written,
        usd=usd,
        footprint=footprint,
        unknown=unknown,
    )


def is_local(model_url: str) -> bool:
    """Whether an endpoint runs on this machine or in its network: then its electricity is the desk's own."""
    host = urlsplit(model_url).hostname or ""
    try:
        return ip_address(host).is_private
    except ValueError:
        return host == "localhost" or (bool(host) and "." not in host)


def _sums(stages: Sequence[StageLine], models: Sequence[ModelLine]) -> tuple[Footprint, Range]:
    """Footprint and money of all that is known; a list price holds its electricity already."""
    known = [line.footprint for line in stages]
    known += [line.footprint for line in models if line.footprint is not None]
    prices = [line.footprint.usd for line in stages] + [line.usd for line in models]
    usd = [price for price in prices if price is not None]
    return total(known), Range(*(sum(getattr(price, end) for price in usd) for end in ("low", "mid", "high")))


def _briefs(worked: Sequence[Worked]) -> int:
    return sum(w.number for w in worked if w.stage == "brief")


def _week(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"
