"""What to change: every lever is pulled by changing the scenario and working it out again, alone and together.

The starting point is the first of each list in the scenario (first model, first number format, first tenure, on the
device that is cheapest for these): what runs today. Savings are differences between two full calculations that share
all draws, so their spread is that of the difference.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np
import numpy.typing as npt

from groundwire.economics.compare import Row, spread_of
from groundwire.economics.pulls import Pull, Setup, Workbench, lever_data, pulls, starting_point
from groundwire.economics.scenario import Scenario
from groundwire.economics.uncertainty import Spread
from groundwire.economics.ways import Outcome, Way
from groundwire.errors import EconomicsError

__all__ = ["Combination", "Lever", "LeverNote", "LeverReport", "levers"]

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeverNote:
    """What a lever costs besides money, from the data file."""

    title: str
    title_zh: str
    quality: str
    quality_zh: str
    work: str
    work_zh: str
    source: str


@cache
def notes() -> Mapping[str, LeverNote]:
    """By lever."""
    return {key: LeverNote(**entry) for key, entry in lever_data()["lever"].items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lever:
    """One change, worked out."""

    key: str
    detail: str
    """What exactly was changed, and to what."""
    note: LeverNote
    way: Way
    usd_per_month: float
    saving: float
    """Median over the draws; negative: it costs more. [USD/month]"""
    expected: float
    """Mean over the draws. [USD/month]"""
    spread: Spread
    """Of the saving. [USD/month]"""
    emissions_saving: float | None
    """Operational and embodied; None where one side is not known. [kg CO2e/month]"""
    slot: str
    """Levers of one slot exclude each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Combination:
    """Several levers at once."""

    keys: tuple[str, ...]
    way: Way
    saving: float
    """[USD/month]"""
    sum_of_parts: float
    """What they would save if savings added up. [USD/month]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeverReport:
    """All levers, most money first."""

    base: Row
    levers: tuple[Lever, ...]
    combinations: tuple[Combination, ...]
    impossible: Mapping[str, str]
    """Lever -> why it could not be worked out."""


def _emissions(o: Outcome) -> float | None:
    """Operational and embodied, a month; None where not known. [kg CO2e/month]"""
    each = np.asarray(o.emissions).reshape(-1)[0] + np.asarray(o.embodied).reshape(-1)[0]
    total = float(each * np.asarray(o.requests_per_month).reshape(-1)[0])
    return total if np.isfinite(total) else None


# --- the report ---------------------------------------------------------------------------------------------------


def levers(scenario: Scenario, *, on: date, draws: int = 200, combine: int = 5) -> LeverReport:
    """Pull every lever, rank them by money, and pull the best together.

    Args:
        scenario: What to serve; the first of each list is what runs today.
        on: Prices of hosted APIs are those of this day.
        draws: For the spread of savings.
        combine: How many of the best levers to combine.

    Raises:
        EconomicsError: what runs today can't be worked out.
    """
    bench = Workbench(catalog=scenario.catalog, on=on, draws=draws)
    start = starting_point(scenario, bench)
    base = bench.row(start)
    found: list[tuple[Lever, Pull]] = []
    impossible: dict[str, str] = {}
    for pull in pulls(start, scenario, bench):
        try:
            setup, detail = pull.change(start)
            row = bench.row(setup)
        except EconomicsError as error:
            impossible[pull.key] = error.reason
            continue
        found.append((_lever(pull, detail, base, row), pull))
    found.sort(key=lambda pair: (-round(pair[0].saving, 2), -pair[0].expected))
    worth = [(lever, pull) for lever, pull in found if lever.expected > 0.005 * base.spread("usd_per_month").p50]
    return LeverReport(
        base=base,
        levers=tuple(lever for lever, _ in found),
        combinations=_combinations(start, base, _one_per_slot(worth)[:combine], bench),
        impossible=impossible,
    )


def _lever(pull: Pull, detail: str, base: Row, row: Row) -> Lever:
    before, after = base.outcome.usd_per_month, row.outcome.usd_per_month
    old, new = _emissions(base.outcome), _emissions(row.outcome)
    return Lever(
        key=pull.key,
        detail=detail,
        note=notes()[pull.key],
        way=row.way,
        usd_per_month=row.spread("usd_per_month").p50,
        saving=spread_of(np.asarray(before - after)).p50,
        expected=_expected(before - after),
        spread=spread_of(np.asarray(before - after)),
        emissions_saving=None if old is None or new is None else old - new,
        slot=pull.slot,
    )


def _expected(difference: Array) -> float:
    """Mean over the draws (index 0 is the middle): whole replicas make single cases jump."""
    d = np.asarray(difference, float).reshape(-1)
    return float(d[1:].mean() if d.size > 1 else d[0])


def _one_per_slot(worth: Sequence[tuple[Lever, Pull]]) -> list[tuple[Lever, Pull]]:
    seen: set[str] = set()
    kept = []
    for lever, pull in worth:
        if lever.slot not in seen:
            seen.add(lever.slot)
            kept.append((lever, pull))
    return kept


def _combinations(
    start: Setup, base: Row, best: Sequence[tuple[Lever, Pull]], bench: Workbench
) -> tuple[Combination, ...]:
    """The best levers in every combination that can be worked out, most money first."""
    groups = [g for n in range(2, len(best) + 1) for g in itertools.combinations(best, n)]
    found: dict[tuple[str, ...], Combination] = {}
    for group in groups:
        keys = tuple(lever.key for lever, _ in group)
        if keys in found:
            continue
        try:
            setup = start
            for _, pull in sorted(group, key=lambda pair: _ORDER.get(pair[1].slot, 5)):
                setup, _detail = pull.change(setup)
            row = bench.row(setup)
        except EconomicsError:
            continue  # they exclude each other
        saving = spread_of(np.asarray(base.outcome.usd_per_month - row.outcome.usd_per_month)).p50
        found[keys] = Combination(
            keys=keys, way=row.way, saving=saving, sum_of_parts=sum(lever.saving for lever, _ in group)
        )
    return tuple(sorted(found.values(), key=lambda c: -c.saving))


_ORDER = {"model": 0, "format": 1, "tenure": 2, "device": 3, "edge": 9}
"""In which order slots are applied: a model sets its own format and device, which later levers may change again."""
