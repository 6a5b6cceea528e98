"""What usage records amount to: tokens per call, load over the day, inequality of use, and what it costs today."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np

from groundwire.economics.hosted import hosted_price
from groundwire.economics.units import DAY, MONTH
from groundwire.economics.usage.records import UsageRecord
from groundwire.errors import EconomicsError

__all__ = ["MeasuredUsage", "ModelUsage", "measure", "usage_application"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelUsage:
    """One model's part."""

    model: str
    calls: float | None
    input_tokens: float
    cached_tokens: float
    output_tokens: float
    usd: float | None
    """Stated by the file, or by today's price list; None where no price is known."""
    priced_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredUsage:
    """A workload as it was, over the time that the file covers."""

    format: str
    first_at: datetime
    last_at: datetime
    days: float
    """Covered, at least one."""
    calls: float | None
    """None where the file does not count calls."""
    input_tokens: float
    cached_tokens: float
    output_tokens: float
    users: int | None
    """Distinct ones; None where the file names none."""
    usage_spread: float | None
    """Standard deviation of the logarithm of calls per user; None with fewer than ten users."""
    batch_share: float
    failed_share: float
    profile: tuple[float, ...] | None
    """Share of calls (or tokens) by hour of the day, UTC; None where the file's stretches are longer than an hour."""
    models: tuple[ModelUsage, ...]
    """Most expensive (or most used) first."""
    usd_per_month: float | None
    """Present cost; None where part of it has no known price."""
    notes: tuple[str, ...]

    @property
    def input_tokens_per_call(self) -> float | None:
        """Mean prompt. [token]"""
        return self.input_tokens / self.calls if self.calls else None

    @property
    def output_tokens_per_call(self) -> float | None:
        """Mean answer. [token]"""
        return self.output_tokens / self.calls if self.calls else None


def measure(
    records: Sequence[UsageRecord], name: str, *, on: date | None = None, notes: Sequence[str] = ()
) -> MeasuredUsage:
    """Sum records up.

    Args:
        records: At least one.
        name: Their format.
        on: Prices of this day; None: of each model's last use.
        notes: What the reader noticed.

    Raises:
        EconomicsError: there are none.
    """
    if not records:
        raise EconomicsError("usage", "has no rows with tokens")
    first = min(r.at for r in records)
    last = max(r.at.timestamp() + r.seconds for r in records)
    days = max((last - first.timestamp()) / DAY, 1.0)
    notes = list(notes)
    counted = all(r.calls is not None for r in records)
    calls = sum(r.calls or 0.0 for r in records) if counted else None
    if not counted:
        notes.append("the file does not count calls: tokens per call are unknown, give them yourself")
    weight = [(r.calls if counted and r.calls is not None else r.input_tokens + r.output_tokens) for r in records]
    total = sum(weight) or 1.0
    models = _models(records, on or max(r.at for r in records).date())
    unknown = [m.model for m in models if m.usd is None]
    if any(m != "unnamed" for m in unknown):
        notes.append(f"no price is known for {', '.join([m for m in unknown if m != 'unnamed'][:3])}")
    spent = None if unknown else sum(m.usd or 0.0 for m in models) / days * (MONTH / DAY)
    people = {r.user for r in records if r.user}
    if people and name in ("OpenAI usage export", "Anthropic usage export"):
        notes.append("users are the accounts that the provider knows, not your product's: give their number yourself")
    if any(not r.model for r in records):
        notes.append("part of the file names no model: group the export by model")
    if days < 7:
        notes.append(f"the file covers {days:.1f} days: a week or more would show weekends, too")
    return MeasuredUsage(
        format=name,
        first_at=first,
        last_at=max(r.at for r in records),
        days=days,
        calls=calls,
        input_tokens=sum(r.input_tokens for r in records),
        cached_tokens=sum(r.cached_tokens for r in records),
        output_tokens=sum(r.output_tokens for r in records),
        users=len(people) or None,
        usage_spread=_spread(records),
        batch_share=sum(w for w, r in zip(weight, records, strict=True) if r.batch) / total,
        failed_share=sum(w for w, r in zip(weight, records, strict=True) if r.failed) / total,
        profile=_profile(records, weight),
        models=models,
        usd_per_month=spent,
        notes=tuple(notes),
    )


def _models(records: Sequence[UsageRecord], on: date) -> tuple[ModelUsage, ...]:
    groups: dict[tuple[str, str], list[UsageRecord]] = defaultdict(list)
    for r in records:
        groups[r.provider, r.model or "unnamed"].append(r)
    found = []
    for (provider, model), rows in groups.items():
        inputs, cached, output = (
            sum(getattr(r, k) for r in rows) for k in ("input_tokens", "cached_tokens", "output_tokens")
        )
        usd, by = _cost(rows, provider, model, on)
        counts = [r.calls for r in rows]
        calls = None if any(c is None for c in counts) else float(sum(c or 0.0 for c in counts))
        found.append(
            ModelUsage(
                model=model, calls=calls, input_tokens=inputs, cached_tokens=cached, output_tokens=output, usd=usd,
                priced_by=by,
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda m: (-(m.usd or 0.0), -(m.input_tokens + m.output_tokens))))


def _cost(rows: Sequence[UsageRecord], provider: str, model: str, on: date) -> tuple[float | None, str]:
    """What the file states, else what the price list says of the tokens."""
    stated = [r.cost_usd for r in rows if r.cost_usd is not None]
    if len(stated) == len(rows):
        return float(sum(stated)), "the file"
    price = None
    for reference in (f"{provider}/{model}" if provider and not model.startswith(f"{provider}/") else model, model):
        try:
            price = hosted_price(reference, on=on)
        except EconomicsError:
            continue
        break
    if price is None:
        return None, "no price known"
    usd = 0.0
    for r in rows:
        i, c, o = price.batch if r.batch and price.batch else (price.input, price.cached, price.output)
        written = min(r.written_tokens, r.input_tokens - r.cached_tokens)
        fresh = r.input_tokens - r.cached_tokens - written
        usd += (fresh * i + written * i * price.write_share + r.cached_tokens * c + r.output_tokens * o) / 1e6
    stand_in = any(r.batch for r in rows) and price.batch is None
    aside = "; no batch price is listed: the standard one stands in" if stand_in else ""
    return usd, f"genai-prices, {price.name}, {on}{aside}"


def _spread(records: Sequence[UsageRecord]) -> float | None:
    """How unequal users are: standard deviation of the logarithm of what each used."""
    used: dict[str, float] = defaultdict(float)
    for r in records:
        if r.user:
            used[r.user] += r.calls if r.calls is not None else r.input_tokens + r.output_tokens
    values = np.array([v for v in used.values() if v > 0])
    return float(np.std(np.log(values))) if len(values) >= 10 else None


def _profile(records: Sequence[UsageRecord], weight: Sequence[float]) -> tuple[float, ...] | None:
    """Share by hour of the day."""
    if any(r.seconds > 3600.5 for r in records) or len({r.at for r in records}) < 24:
        return None
    if all(r.at.hour == 0 and r.at.minute == 0 for r in records):
        return None  # whole days
    hours = np.zeros(24)
    for r, w in zip(records, weight, strict=True):
        hours[r.at.hour] += w
    return tuple(float(x) for x in hours / hours.sum()) if hours.sum() > 0 else None


def usage_application(measured: MeasuredUsage, name: str = "Measured usage") -> dict[str, Any]:
    """The start of an application file: what was measured, as a nested table; what the file can't know is left out.

    Raises:
        EconomicsError: calls were not counted, so that there are no tokens per call.
    """
    if measured.calls is None or measured.calls <= 0:
        raise EconomicsError("usage", "does not count calls; give input_tokens and output_tokens per call yourself")
    users = measured.users or 1
    workload: dict[str, Any] = {
        "users": users,
        "requests_per_user_day": _rounded(measured.calls / measured.days / users),
        "input_tokens": _rounded(max(measured.input_tokens / measured.calls, 1.0)),
        "output_tokens": _rounded(max(measured.output_tokens / measured.calls, 1.0)),
        "cached_share": _rounded(measured.cached_tokens / max(measured.input_tokens, 1.0)),
        "batch_share": _rounded(measured.batch_share),
    }
    if measured.failed_share > 0:
        workload["retry_share"] = _rounded(min(measured.failed_share, 0.9))
    if measured.profile is not None:
        workload["profile"] = [_rounded(x) for x in measured.profile]
    if measured.usage_spread is not None:
        workload["usage_spread"] = _rounded(min(measured.usage_spread, 3.0))
    hosted: Mapping[str, None] = {
        m.priced_by.split(", ")[1]: None for m in measured.models if m.priced_by.startswith("genai-prices")
    }
    return {"name": name, "workload": workload, "serving": {"hosted": list(hosted)[:6]}}


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")
