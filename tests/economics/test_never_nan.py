"""Whatever numbers within their limits come in: a finite answer, or one line that names the field and the remedy."""

from __future__ import annotations

import json
import math
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from groundwire.economics.answer import break_even, quote
from groundwire.economics.application import build
from groundwire.economics.levers import levers
from groundwire.economics.parameters import parameters
from groundwire.economics.report import answer_json, break_even_json, comparison_csv, levers_json
from groundwire.errors import EconomicsError

DAY = date(2026, 11, 1)


def extremes(key: str) -> st.SearchStrategy[float]:
    p = parameters()[key]
    middle = p.default.mid if p.default is not None else math.sqrt(max(p.low, 1e-3) * p.high)
    return st.sampled_from([p.low, middle, p.high])


KEYS = [
    k for k, p in parameters().items() if p.section in ("workload", "latency", "site", "pricing", "owned", "serving")
]
NUMBERS = st.dictionaries(st.sampled_from(KEYS), st.none(), max_size=6).flatmap(
    lambda chosen: st.fixed_dictionaries({k: extremes(k) for k in chosen})
)


def scenario_table(numbers: dict[str, float], tenures: list[str], plan: bool) -> dict[str, Any]:
    table: dict[str, Any] = {
        "workload": {"users": 900, "requests_per_user_day": 5, "input_tokens": 500, "output_tokens": 200},
        "serving": {"models": ["llama-3.1-8b"], "accelerators": ["h100", "l4"], "tenures": tenures},
        "monte_carlo": {"draws": 50},
    }
    for key, value in numbers.items():
        table.setdefault(parameters()[key].section, {})[key] = value
    if plan:
        table["plan"] = [{"name": "Pro", "usd_per_month": 10, "share": 1.0}]
    return table


def finite_everywhere(value: object) -> bool:
    if isinstance(value, dict):
        return all(map(finite_everywhere, value.values()))
    if isinstance(value, list):
        return all(map(finite_everywhere, value))
    return not isinstance(value, float) or math.isfinite(value)


@settings(max_examples=30, deadline=None)
@given(NUMBERS, st.sampled_from([["on-demand"], ["owned"], ["reserved", "spot"]]), st.booleans())
def test_an_answer_is_finite_or_an_error_in_one_line(numbers: dict[str, float], tenures: list[str], plan: bool) -> None:
    try:
        scenario = build(scenario_table(numbers, tenures, plan))
        answer = quote(scenario, on=DAY, top=4, draws=20)
        crossing = break_even(scenario, on=DAY, points=7)
    except EconomicsError as error:
        assert error.field
        assert "\n" not in str(error)
        return
    found = answer_json(answer) | break_even_json(crossing)
    assert finite_everywhere(found)
    json.dumps(found, allow_nan=False)
    assert "nan" not in comparison_csv(answer.comparison.rows).lower()
    best = answer.comparison.rows[0]
    spread = best.spread("usd_per_request")
    assert 0 <= spread.p10 <= spread.p50 <= spread.p90


@settings(max_examples=8, deadline=None)
@given(NUMBERS)
def test_levers_are_finite_or_an_error_in_one_line(numbers: dict[str, float]) -> None:
    try:
        report = levers(build(scenario_table(numbers, ["on-demand"], plan=True)), on=DAY, draws=20)
    except EconomicsError as error:
        assert "\n" not in str(error)
        return
    assert finite_everywhere(levers_json(report))
