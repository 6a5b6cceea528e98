"""What to change: computed, ranked by money, and never added up."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from groundwire.economics.application import build, example
from groundwire.economics.levers import LeverReport, levers, notes

DAY = date(2026, 11, 1)


def run(**changes: Any) -> LeverReport:
    table = {
        "workload": {"users": 400_000, "requests_per_user_day": 4, "input_tokens": 1500, "output_tokens": 400},
        "latency": {"ttft_s": 3.0, "tpot_s": 0.05},
        "serving": {"models": ["llama-3.1-70b"], "accelerators": ["h100", "h200"], "tenures": ["on-demand"],
                    "precisions": ["bf16"]},
        **changes,
    }  # fmt: skip
    return levers(build(table), on=DAY, draws=60, combine=3)


@pytest.fixture(scope="module")
def report() -> LeverReport:
    return run()


def test_levers_come_most_money_first(report: LeverReport) -> None:
    savings = [round(lever.saving, 2) for lever in report.levers]
    assert savings == sorted(savings, reverse=True)


def test_the_start_is_the_first_of_each_list(report: LeverReport) -> None:
    assert "llama-3.1-70b BF16" in report.base.way.label
    assert "on-demand" in report.base.way.label


def test_half_the_bits_save_money_and_what_that_costs_in_quality_has_a_source(report: LeverReport) -> None:
    fp8 = next(lever for lever in report.levers if lever.key == "fp8")
    assert fp8.saving > 0
    assert "arXiv:2411.02355" in fp8.note.source
    assert fp8.spread.p10 <= fp8.saving <= fp8.spread.p90


def test_what_is_not_known_of_quality_says_so() -> None:
    assert notes()["model"].quality.startswith("unknown")
    for key, note in notes().items():
        assert note.quality and note.quality_zh and note.work and note.work_zh and note.title_zh, key
        assert note.source or note.quality.startswith("unknown"), key


def test_the_cleanest_grid_saves_gases_and_no_money(report: LeverReport) -> None:
    region = next(lever for lever in report.levers if lever.key == "region")
    assert region.saving == pytest.approx(0.0)
    assert region.emissions_saving is not None
    assert region.emissions_saving > 0


def test_combinations_save_no_more_than_there_is_and_do_not_add_up(report: LeverReport) -> None:
    spent = report.base.spread("usd_per_month").p90
    assert report.combinations
    for c in report.combinations:
        assert c.saving <= spent
        assert len(set(c.keys)) == len(c.keys) or "hosted" in c.keys or "model" in c.keys
    assert any(abs(c.saving - c.sum_of_parts) > 0.01 * abs(c.sum_of_parts) for c in report.combinations)


def test_a_lever_that_is_pulled_already_says_so() -> None:
    found = run(
        serving={"models": ["llama-3.1-70b"], "accelerators": ["h200"], "tenures": ["reserved"], "precisions": ["fp8"]},
        workload={
            "users": 400_000, "requests_per_user_day": 4, "input_tokens": 1500, "output_tokens": 400,
            "cached_share": 0.8, "batch_share": 0.5,
        },
    )  # fmt: skip
    assert set(found.impossible) >= {"fp8", "reserved", "autoscale", "prefix-cache", "batch"}
    assert "already" in found.impossible["prefix-cache"]


def test_routing_sends_a_share_to_the_named_small_model() -> None:
    found = run(routing={"model": "qwen-3-8b", "share": 0.6})
    routing = next(lever for lever in found.levers if lever.key == "routing")
    assert "60% of requests to qwen-3-8b" in routing.detail


def test_an_application_on_apis_alone_has_levers_too() -> None:
    table = {k: v for k, v in example("chat-assistant").items() if k != "serving"}
    table["serving"] = {"hosted": ["anthropic/claude-haiku-4-5", "openai/gpt-4.1-nano"], "hosted_offers": False}
    found = levers(build(table), on=DAY, draws=60)
    keys = {lever.key for lever in found.levers}
    assert {"hosted", "shorter", "prefix-cache", "batch"} <= keys
    assert "fp8" in found.impossible
