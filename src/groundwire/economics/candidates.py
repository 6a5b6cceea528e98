"""All ways that a scenario allows: models x devices x number formats x replica sizes x tenures, and hosted APIs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from groundwire.economics.accelerators import Accelerator
from groundwire.economics.catalog import Catalog, generic_model
from groundwire.economics.device_prices import MarketPrice, Tenure
from groundwire.economics.hosted import HostedPrice, hosted_price, offers_of
from groundwire.economics.models import ModelShape
from groundwire.economics.performance.deployment import Deployment, Parallelism, Speculation
from groundwire.economics.precision import Precision, resolve_precision
from groundwire.economics.scenario import Scenario
from groundwire.economics.uncertainty import Range
from groundwire.economics.ways import Device, Hosted, SelfHosted
from groundwire.errors import EconomicsError

__all__ = [
    "NOT_FITTING",
    "Candidates",
    "deployments_of",
    "edge_way",
    "hosted_ways",
    "market_price",
    "model_of",
    "self_hosted_ways",
]

ALL_PRECISIONS: Final = ("auto", "fp8", "int4", "fp4")
MOST_DEVICES: Final = 32
"""In one replica: four servers of eight."""
NOT_FITTING: Final = "does not fit into memory"


@dataclass(slots=True)
class Candidates:
    """Ways to compare, and why others are not among them."""

    ways: list[SelfHosted] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)
    """Reason -> how many combinations."""
    too_large: str = ""
    """One that no number of devices holds, in words."""

    def skip(self, reason: str) -> None:
        """Count a combination that is left out."""
        self.left_out[reason] = self.left_out.get(reason, 0) + 1


def model_of(catalog: Catalog, name: str, sizes: tuple[float, float | None] | None = None) -> ModelShape:
    """The shape of a name; of a name that the catalogue lacks, a generic one of the stated size."""
    if name in catalog.models:  # the common case, without a search among spellings
        return catalog.models[name]
    try:
        return catalog.model(name)
    except EconomicsError:
        if sizes is None:
            raise
        return generic_model(*sizes, name=name)


def market_price(accelerator: Accelerator, tenure: Tenure, scenario: Scenario) -> MarketPrice | None:
    """What a device costs under a tenure: the user's figure, or the market's range."""
    key = "device_usd" if tenure == "owned" else "rental_usd_per_hour"
    if key in scenario.ranges:
        return MarketPrice(scenario.ranges[key], "given")
    return scenario.catalog.price(accelerator, tenure)


def deployments_of(
    model: ModelShape,
    accelerator: Accelerator,
    precision: str | Precision,
    speculation: Speculation | None = None,
    multiples: Sequence[int] = (1, 2, 4),
) -> list[Deployment]:
    """Replicas of a model on a device: the fewest devices that hold the weights, and multiples of them.

    None where no number of devices that serve together (two without links among them) holds the weights.
    Latent-attention mixtures keep whole heads on each device and spread whole experts, as engines do; others cut
    layers.
    """
    scheme = precision if isinstance(precision, Precision) else resolve_precision(precision, model)
    weights = scheme.weight_bytes(model)
    least = 1
    while weights > 0.85 * accelerator.memory * 0.9 * least and least < MOST_DEVICES:
        least *= 2
    found = []
    for count in (least * m for m in multiples):
        if count > least and count > max(min(accelerator.link_domain, 8), least):
            continue
        if count > MOST_DEVICES or (accelerator.link_domain == 1 and count > 2):
            continue
        spread = model.mixture and model.attention.latent and count >= 4
        split = Parallelism(tensor=count, data_attention=spread, expert=spread)
        found.append(
            Deployment(
                model=model,
                accelerator=accelerator,
                devices=count,
                precision=scheme,
                parallelism=split,
                speculation=speculation,
            )
        )
    return found


def _formats(schemes: Iterable[Precision], model: ModelShape, accelerator: Accelerator) -> list[Precision]:
    """Number formats that the device computes in (or unpacks)."""
    found = []
    own = resolve_precision("auto", model)
    for scheme in schemes:
        if scheme.name != own.name and scheme.expert_bits > model.native_bits:
            continue  # published in fewer bits: widening them gains nothing
        if scheme.compute == "fp8" and "fp8" not in accelerator.peaks:
            continue
        if scheme.compute == "fp4" and "fp4" not in accelerator.peaks and model.native_bits > 5:
            continue  # published in four bits: any device unpacks it
        found.append(scheme)
    return found


def self_hosted_ways(
    scenario: Scenario,
    *,
    models: Sequence[str] | None = None,
    accelerators: Sequence[str] | None = None,
    precisions: Sequence[str] | None = None,
    tenures: Sequence[Tenure] | None = None,
    speculation: Speculation | None = None,
) -> Candidates:
    """Every combination that has a price; arguments narrow or widen what the scenario names."""
    found, catalog = Candidates(), scenario.catalog
    names = scenario.accelerators if accelerators is None else tuple(accelerators)
    devices = [catalog.accelerators.get(n) or catalog.accelerator(n) for n in names] or [
        a for a in catalog.accelerators.values() if a.kind in ("datacenter gpu", "datacenter asic")
    ]
    chosen = scenario.models if models is None else tuple(models)
    multiples = (1, 2, 4) if len(chosen) <= 12 else (1, 2)
    offers: dict[str, list[tuple[Tenure, MarketPrice]]] = {}
    for device in devices:
        prices = [(t, market_price(device, t, scenario)) for t in (tenures or scenario.tenures)]
        offers[device.name] = [(t, p) for t, p in prices if p is not None]
    length = scenario.mid("input_tokens") + scenario.mid("output_tokens")
    for name in chosen:
        model = model_of(catalog, name, scenario.unknown_model_sizes)
        if model.max_context and length > model.max_context:
            found.skip(f"{name} holds {model.max_context} tokens at most")
            continue
        schemes = {p.name: p for p in (resolve_precision(n, model) for n in precisions or scenario.precisions)}
        for device in devices:
            if not offers[device.name]:
                found.skip("no price with a source" if not names else f"{device.name}: no price with a source")
                continue
            for scheme in _formats(schemes.values(), model, device):
                replicas = deployments_of(model, device, scheme, speculation, multiples)
                if not replicas:
                    found.skip(NOT_FITTING)
                    size, most = scheme.weight_bytes(model), 2 if device.link_domain == 1 else MOST_DEVICES
                    found.too_large = (
                        f"{name} in {scheme.name} takes {size / 1e9:.0f} GB, {most} × {device.title} together hold "
                        f"{most * device.memory / 1e9:.0f} GB"
                    )
                for deployment in replicas:
                    found.ways += [
                        SelfHosted(deployment=deployment, tenure=t, price=p, model=name, precision=scheme.name)
                        for t, p in offers[device.name]
                    ]
    return found


def hosted_ways(scenario: Scenario, on: date) -> list[Hosted]:
    """APIs that are named, the price given by hand, and the three cheapest hosts of each open model."""
    tokens = scenario.mid("input_tokens")
    found: dict[str, Hosted] = {}
    if scenario.own_api:
        price = _own_price(scenario, on)
        found[price.name] = Hosted(price=price, model="given price")
    for reference in scenario.hosted:
        named = hosted_price(reference, on=on, input_tokens=tokens)
        found[named.name] = Hosted(price=named, model=reference)
    if scenario.hosted_offers:
        for name in scenario.models:
            for offer in offers_of(name, on=on, input_tokens=tokens)[:3]:
                found.setdefault(offer.name, Hosted(price=offer, model=name))
    need = scenario.mid("input_tokens") + scenario.mid("output_tokens")
    kept = [h for h in found.values() if h.price.context_window is None or h.price.context_window >= need]
    if not kept and not scenario.models and scenario.edge is None:
        raise EconomicsError(
            "serving.hosted",
            f"none of them takes {need:g} tokens; shorten the input or name a model with a longer context",
        )
    return kept


def _own_price(scenario: Scenario, on: date) -> HostedPrice:
    def mid(key: str) -> float:
        r: Range = scenario.ranges[key]
        return r.mid

    return HostedPrice(
        provider="own", model="price", input=mid("input_usd_per_mtok"), cached=mid("cached_usd_per_mtok"),
        output=mid("output_usd_per_mtok"), batch=None, cached_known=True, tiered=False, context_window=None, on=on,
    )  # fmt: skip


def edge_way(scenario: Scenario) -> Device | None:
    """The model on the user's device, if the scenario has one.

    Raises:
        EconomicsError: it does not fit into the device's memory.
    """
    choice, catalog = scenario.edge, scenario.catalog
    if choice is None:
        return None
    model = model_of(catalog, choice.model)
    device = catalog.accelerator(choice.accelerator)
    engine = "qnn" if device.kind == "npu" else "llama.cpp"
    scheme = resolve_precision(choice.precision, model)
    # an app shares the memory with the system and other apps
    deployment = Deployment(
        model=model, accelerator=device, precision=scheme, engine=engine, host="desktop", memory_share=0.6
    )
    if scheme.weight_bytes(model) > 0.6 * device.memory:
        raise EconomicsError(
            "edge.model",
            f"{choice.model} in {choice.precision} takes {scheme.weight_bytes(model) / 1e9:.1f} GB; an app may fill "
            f"about {0.6 * device.memory / 1e9:.1f} GB of {device.title}: take a smaller model or fewer bits",
        )
    return Device(deployment=deployment, model=choice.model, precision=choice.precision)
