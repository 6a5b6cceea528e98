"""Prices of hosted APIs, dated, from ``genai-prices``: input, cached input, output, batch, tiers by prompt length."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache

from genai_prices import data_snapshot
from genai_prices.types import ModelInfo, ModelPrice, Provider, TieredPrices

from groundwire.economics.names import nearest
from groundwire.economics.spelling import words
from groundwire.errors import EconomicsError

__all__ = ["SOURCE", "HostedPrice", "hosted_price", "offers_of"]

SOURCE = "genai-prices"
# resellers list others' models at others' prices: the makers' and hosts' own lists say the same without a middleman
_RESELLERS = frozenset({"openrouter", "github-copilot", "cursor", "openai-decisions"})
_TUNING = frozenset(
    "instruct chat it turbo versatile instant fast base hf fp8 preview maas v1 ga tput serverless".split()  # noqa: SIM905  reads as words
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HostedPrice:
    """What an API charges for text, in USD per million tokens, on a day and for prompts of a length."""

    provider: str
    model: str
    input: float
    cached: float
    """Read from the prompt cache; the input price where there is no discount."""
    output: float
    batch: tuple[float, float, float] | None
    """Input, cached, output when the answer may take hours; None: not offered."""
    cached_known: bool
    write_share: float = 1.0
    """Price of input that is written to the prompt cache over that of other input. [1]"""
    tiered: bool
    """Whether longer prompts pay more."""
    context_window: int | None
    on: date

    @property
    def name(self) -> str:
        """As it is asked for."""
        return f"{self.provider}/{self.model}"


def hosted_price(reference: str, *, on: date, input_tokens: float = 1000.0) -> HostedPrice:
    """The price of ``provider/model`` (or a model's name alone) on a day, ``@tier`` for another service tier.

    Args:
        reference: "openai/gpt-5.1", "openai/gpt-5.1@flex", "groq/llama-3.3-70b-versatile", "claude-haiku-4-5".
        on: Prices change; those in force at noon (UTC) of this day.
        input_tokens: Some charge more for long prompts.

    Raises:
        EconomicsError: unknown, or without a price per token; suggests the nearest.
    """
    name, _, tier = reference.partition("@")
    provider, model = _find(name)
    when = datetime.combine(on, time(12), UTC)
    tiers = _variants(model, "service_tier", when)
    if tier and tier not in tiers:
        offered = f"choose {' or '.join(sorted(tiers))}" if tiers else "it has the standard one only"
        raise EconomicsError("hosted", f"{name} has no service tier {tier!r} on {on}; {offered}")
    prices = model.get_prices(when, {"service_tier": tier} if tier else None)
    standard = _of(prices, input_tokens)
    if standard is None:
        raise EconomicsError("hosted", f"{reference!r} has no price per text token; name another model")
    waits = "batch" in _variants(model, "processing", when)
    batch = _of(model.get_prices(when, {"processing": "batch"}), input_tokens) if waits else None
    return HostedPrice(
        provider=provider.id,
        model=f"{model.id}@{tier}" if tier else model.id,
        input=standard[0],
        cached=standard[1],
        output=standard[2],
        batch=batch,
        cached_known=getattr(prices, "cache_read_mtok", None) is not None,
        write_share=_write_share(prices, input_tokens),
        tiered=any(isinstance(v, TieredPrices) for v in (prices.input_mtok, prices.output_mtok)),
        context_window=model.context_window,
        on=on,
    )


def _find(reference: str) -> tuple[Provider, ModelInfo]:
    snapshot = data_snapshot.get_snapshot()
    head, _, rest = reference.partition("/")
    known = {p.id: p for p in snapshot.providers}
    if rest and head in known:
        provider = known[head]
        found = provider.find_model(rest.lower(), all_providers=snapshot.providers)
        if found is not None:
            return provider, found
        close = nearest(rest, [m.id for m in provider.models])
        hint = f"did you mean {' or '.join(repr(f'{head}/{c}') for c in close)}?" if close else "it lists others"
        raise EconomicsError("hosted", f"{head} has no price for {rest!r}; {hint}")
    try:
        return snapshot.find_provider_model(reference, None, None, None)
    except LookupError as error:
        names = [*known, *(f"{p.id}/{m.id}" for p in snapshot.providers if p.id not in _RESELLERS for m in p.models)]
        close = nearest(reference, names)
        hint = f"did you mean {' or '.join(map(repr, close))}?" if close else "write it as provider/model"
        raise EconomicsError("hosted", f"no price is known for {reference!r}; {hint}") from error


def _variants(model: ModelInfo, kind: str, when: datetime) -> set[str]:
    """Values of one condition ("processing", "service_tier") that have a price of their own at a time."""
    known = (v for v in model.price_variants or () if set(v.when) == {kind})
    return {str(v.when[kind]) for v in known if v.constraint is None or v.constraint.active(when)}


def _of(prices: ModelPrice, input_tokens: float) -> tuple[float, float, float] | None:
    """Input, cached and output price per million for prompts of a length."""
    paid = _at(prices.input_mtok, input_tokens), _at(prices.output_mtok, input_tokens)
    if paid[0] is None or paid[1] is None:
        return None
    cached = _at(prices.cache_read_mtok, input_tokens)
    return paid[0], paid[0] if cached is None else cached, paid[1]


def _write_share(prices: ModelPrice, input_tokens: float) -> float:
    written, plain = _at(prices.cache_write_mtok, input_tokens), _at(prices.input_mtok, input_tokens)
    return written / plain if written and plain else 1.0


def _at(price: object, input_tokens: float) -> float | None:
    """A tier's price holds for all tokens of a request that reaches it."""
    if price is None:
        return None
    if isinstance(price, TieredPrices):
        value = price.base
        for tier in price.tiers:
            if input_tokens > tier.start:
                value = tier.price
        return float(value)
    return float(str(price))


def offers_of(name: str, *, on: date, input_tokens: float = 1000.0) -> tuple[HostedPrice, ...]:
    """Hosts that serve an open model, cheapest input and output first; found by exact name after tuning words."""
    found: dict[str, HostedPrice] = {}
    for reference in _offers().get(_key(name), ()):
        try:
            price = hosted_price(reference, on=on, input_tokens=input_tokens)
        except EconomicsError:
            continue  # listed without a price per token
        if price.output <= 0:
            continue
        host = price.provider.removeprefix("huggingface_")  # the same host, through another's bill
        held = found.get(host)
        if held is None or price.input + price.output < held.input + held.output:
            found[host] = price
    return tuple(sorted(found.values(), key=lambda p: p.input + p.output))


@cache
def _offers() -> Mapping[str, Sequence[str]]:
    table: dict[str, list[str]] = {}
    for provider in data_snapshot.get_snapshot().providers:
        if provider.id in _RESELLERS:
            continue
        for model in provider.models:
            if not model.deprecated and ":" not in model.id:
                table.setdefault(_key(model.id), []).append(f"{provider.id}/{model.id}")
    return table


def _key(name: str) -> str:
    """A name's letters and digits without maker, tuning words and dates: what offers are matched by."""
    plain = name.rsplit("/", 1)[-1].lower()
    kept = [w for w in words(plain).split() if w not in _TUNING and not (w.isdigit() and len(w) in (4, 6, 8))]
    return "".join(kept).replace(".", "").replace("meta", "")
