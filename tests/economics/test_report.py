"""Answers as data: nothing infinite, nothing invented, readable numbers."""

from __future__ import annotations

import csv
import io
import json
import math
from datetime import date
from typing import Any

import pytest

from groundwire.economics.answer import break_even, frontier, quote
from groundwire.economics.application import EXAMPLES, build, example
from groundwire.economics.levers import levers
from groundwire.economics.phrases import headline, money, number, percent, seconds, small_money, small_range
from groundwire.economics.report import (
    answer_json,
    break_even_json,
    comparison_csv,
    frontier_json,
    known,
    levers_json,
    toml_of,
)
from groundwire.economics.sweep import sweep, sweep_batch, sweep_values
from groundwire.errors import EconomicsError

DAY = date(2026, 11, 1)


def numbers_in(value: Any) -> list[float]:
    if isinstance(value, dict):
        return [n for v in value.values() for n in numbers_in(v)]
    if isinstance(value, (list, tuple)):
        return [n for v in value for n in numbers_in(v)]
    return [float(value)] if isinstance(value, (int, float)) and not isinstance(value, bool) else []


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_answers_in_one_sentence_and_in_numbers_that_are_finite(name: str) -> None:
    scenario = build(example(name))
    answer = quote(scenario, on=DAY)
    for language in ("en", "zh"):
        sentence = headline(answer, language)
        assert 20 < len(sentence) < 320
        assert "nan" not in sentence.lower()
    found = answer_json(answer) | {
        "break_even": break_even_json(break_even(scenario, on=DAY)),
        "frontier": frontier_json(frontier(scenario)),
    }
    assert all(math.isfinite(n) for n in numbers_in(found))
    json.dumps(found, allow_nan=False)
    assert found["comparison"]["ways"][0]["way"]["label"] == answer.best.way.label
    assert found["assumptions"]


def test_levers_are_data_too() -> None:
    found = levers_json(levers(build(example("coding-agent")), on=DAY, draws=60, combine=2))
    assert all(math.isfinite(n) for n in numbers_in(found))
    assert {"saving_usd_per_month", "quality", "work", "source"} <= set(found["levers"][0])


def test_the_ranking_as_csv_has_units_in_its_header_and_no_formulas() -> None:
    answer = quote(build(example("chat-assistant")), on=DAY)
    rows = list(csv.DictReader(io.StringIO(comparison_csv(answer.comparison.rows))))
    assert len(rows) == len(answer.comparison.rows)
    assert float(rows[0]["usd_per_request_p50"]) <= float(rows[-1]["usd_per_request_p50"])
    assert all(not cell.startswith(("=", "+", "-", "@")) for row in rows for cell in (row["way"], row["tier"]))
    assert rows[0]["energy_wh_per_request"] == "" or float(rows[0]["energy_wh_per_request"]) > 0


def test_what_is_not_known_is_null() -> None:
    assert known(float("nan")) is None
    assert known(float("inf")) is None
    assert known(2.0) == 2.0


def test_numbers_read_as_people_write_them() -> None:
    assert [number(v) for v in (0.0, 0.01234, 1.5, 1234.0, -56789.0, float("nan"))] == [
        "0", "0.0123", "1.50", "1 230", "−56 800", "–",
    ]  # fmt: skip
    assert [money(v) for v in (0.0087, 10.6, 48.75, 1240.4, -3.0)] == [
        "$0.0087",
        "$10.60",
        "$48.75",
        "$1 240",
        "−$3.00",
    ]
    assert [percent(v) for v in (0.41, 0.008, -0.48, float("nan"))] == ["41 %", "0.80 %", "−48 %", "–"]
    assert small_money(0.0021) == "0.21 ¢"
    assert small_range(0.0021, 0.0035) == "0.21 – 0.35 ¢"
    assert small_range(0.05, 0.3) == "5.0 ¢ – $0.30"
    assert (seconds(0.038), seconds(1.4)) == ("38 ms", "1.4 s")


def test_text_in_a_file_can_not_break_out_of_its_quotes() -> None:
    import tomllib

    nasty = 'a"\n[plan]\nx = "\\u0041\x07'
    assert tomllib.loads(toml_of({"name": nasty}))["name"].startswith('a"')


def test_a_sweep_over_users_never_gets_cheaper_by_month() -> None:
    scenario = build(example("coding-agent"))
    points = sweep(scenario, "users", [100, 1000, 10_000], on=DAY)
    monthly = [p.usd_per_month for p in points if p.usd_per_month is not None]
    assert monthly == sorted(monthly)
    assert len(sweep_values(scenario, "users")) == 9


def test_a_sweep_says_at_which_values_nothing_works() -> None:
    table = dict(example("coding-agent"))
    table["serving"] = {"models": ["qwen-3-coder-480b-a35b"], "accelerators": ["h100"], "hosted_offers": False}
    points = sweep(build(table), "tpot_s", [0.0001, 0.05], on=DAY)
    assert points[0].usd_per_request is None
    assert "no way keeps" in points[0].way
    assert points[1].usd_per_request is not None


def test_a_replica_of_ones_own_costs_its_capital() -> None:
    table = {**example("coding-agent"), "serving": {"models": ["llama-3.1-8b"], "accelerators": ["h100"],
             "tenures": ["owned"], "hosted_offers": False}}  # fmt: skip
    points = sweep_batch(build(table), on=DAY, points=3)
    # 30 000 x 1.3 over four years at 10 %, a tenth left: 39 000 x (0.9 x 0.315471 + 0.01) = 11 463 a year
    assert points[-1].usd_per_mtok_output == pytest.approx(
        11_463 / 31_557_600 / points[-1].tokens_per_s * 1e6, rel=1e-3
    )


def test_more_in_flight_takes_longer_per_token_and_yields_more() -> None:
    points = sweep_batch(build(example("coding-agent")), on=DAY)
    assert [p.concurrency for p in points] == sorted(p.concurrency for p in points)
    assert points[-1].tpot > points[0].tpot
    assert points[-1].tokens_per_s > points[0].tokens_per_s
    assert points[0].within


@pytest.mark.parametrize("name", ["usres", "batchh"])
def test_an_unknown_quantity_to_vary_is_answered_with_the_nearest(name: str) -> None:
    with pytest.raises(EconomicsError, match=r"^vary: .* did you mean"):
        sweep(build(example("coding-agent")), name, [1.0], on=DAY)
