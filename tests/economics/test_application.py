"""Application files: ranges, defaults with their source, and one line for every wrong input."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundwire.economics.application import EXAMPLES, build, example, parse_application, read_application
from groundwire.economics.parameters import parameters, read_range
from groundwire.economics.uncertainty import Range
from groundwire.errors import EconomicsError

LEAST: dict[str, Any] = {
    "workload": {"users": 1000, "requests_per_user_day": 2, "input_tokens": 500, "output_tokens": 100},
    "serving": {"models": ["llama-3.1-8b"]},
}


def with_changes(**sections: Any) -> dict[str, Any]:
    table = {k: dict(v) if isinstance(v, dict) else v for k, v in LEAST.items()}
    for section, body in sections.items():
        table[section] = {**table.get(section, {}), **body} if isinstance(body, dict) else body
    return table


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_shipped_example_is_a_valid_scenario(name: str) -> None:
    scenario = build(example(name))
    assert scenario.name
    assert scenario.plans
    assert sum(c.share for c in scenario.cohorts) == pytest.approx(1.0)


def test_what_is_left_out_is_listed_with_its_source() -> None:
    scenario = build(LEAST)
    assumed = {a.key: a for a in scenario.assumptions}
    assert "users" not in assumed
    assert all(a.source for a in scenario.assumptions)
    assert assumed["pue"].range.mid == 1.54
    assert "Uptime" in assumed["pue"].source


def test_the_region_and_the_cooling_bring_their_own_figures() -> None:
    scenario = build(with_changes(site={"region": "france", "cooling": "Liquid"}))
    assert scenario.region == "FR"
    assert scenario.mid("carbon_g_per_kwh") == pytest.approx(41.4)
    assert scenario.mid("pue") == pytest.approx(1.08)


def test_a_region_without_a_price_says_whose_price_stands_in() -> None:
    scenario = build(with_changes(site={"region": "JP"}))
    source = next(a.source for a in scenario.assumptions if a.key == "electricity_usd_per_kwh")
    assert "Japan" in source
    assert "US stands in" in source


def test_numbers_may_be_ranges_in_four_ways() -> None:
    for value in ([900, 1600], {"low": 900, "high": 1600}, "900 to 1600", "900..1600"):
        r = read_range("x", value)
        assert (r.low, r.high) == (900.0, 1600.0)
        assert r.mid == pytest.approx(1200.0)  # geometric
    assert read_range("x", {"low": 1, "mid": 2, "high": 9}) == Range(1.0, 2.0, 9.0)
    assert read_range("x", [0, 1]).mid == 0.5  # nothing geometric about zero


def test_a_daily_profile_stands_for_the_peak() -> None:
    scenario = build(with_changes(workload={"profile": [0] * 12 + [2] * 12}))
    assert scenario.mid("peak_to_mean") == 2.0


@pytest.mark.parametrize(
    ("change", "field", "remedy"),
    [
        ({"workload": {"users": 0}}, "workload.users", "must be positive"),
        ({"workload": {"users": -5}}, "workload.users", "must be positive"),
        ({"workload": {"users": float("nan")}}, "workload.users", "finite"),
        ({"workload": {"users": "many"}}, "workload.users", "is not a number"),
        ({"workload": {"users": True}}, "workload.users", "must be a number"),
        ({"workload": {"users": [5, 2]}}, "workload.users", "low must not exceed high"),
        ({"workload": {"users": {"low": 1, "hihg": 2}}}, "workload.users", "did you mean 'high'"),
        ({"workload": {"cached_share": 30}}, "workload.cached_share", "write 0.3 for 30 %"),
        ({"workload": {"usres": 5}}, "workload.usres", "did you mean 'users'"),
        ({"workload": {"pue": 1.2}}, "workload.pue", "belongs into [site]"),
        ({"workload": {"profile": [1, 2, 3]}}, "workload.profile", "24 numbers"),
        ({"workload": {"profile": [1] * 24, "peak_to_mean": 2}}, "workload.profile", "twice"),
        ({"latency": {"ttft_s": 1500}}, "latency.ttft_s", "write 1.5 for 1500 ms"),
        ({"latency": {"tpot_s": "50 ms"}}, "latency.tpot_s", "without a unit"),
        ({"servin": {}}, "section", "did you mean 'serving'"),
        ({"serving": {"models": ["lama-3.1-8b"]}}, "serving.models", "llama-3.1-8b"),
        ({"serving": {"models": []}}, "serving.models", "is missing"),
        ({"serving": {"accelerators": ["h1000000"]}}, "serving.accelerators", "not in the catalogue"),
        ({"serving": {"precisions": ["fp7"]}}, "serving.precisions", "choose one of"),
        ({"serving": {"tenures": ["rented"]}}, "serving.tenures", "did you mean 'reserved'"),
        ({"serving": {"autoscale": "maybe"}}, "serving.autoscale", "true or false"),
        ({"serving": {"autoscale": True, "tenures": ["owned"]}}, "serving.autoscale", "drop it"),
        ({"serving": {"active_b": 3}}, "serving.active_b", "parameters_b"),
        ({"serving": {"rental_usd_per_hour": 2, "tenures": ["owned"]}}, "serving.rental_usd_per_hour", "conflicts"),
        ({"site": {"region": "Germny"}}, "site.region", "did you mean 'Germany'"),
        ({"site": {"cooling": "icy"}}, "site.cooling", "choose one of"),
        ({"hosted": {"input_usd_per_mtok": 1}}, "hosted.output_usd_per_mtok", "is missing"),
        ({"edge": {"model": "llama-3.2-1b"}}, "edge.accelerator", "is missing"),
        ({"routing": {"model": "llama-3.2-1b"}}, "routing.share", "is missing"),
        ({"pricing": {"target_margin": 0.98, "payment_fee_share": 0.05}}, "pricing.target_margin", "leave nothing"),
        ({"monte_carlo": {"draws": 3}}, "monte_carlo.draws", "whole number"),
        ({"plan": [{"name": "a", "usd_per_month": 3, "share": 0.5}]}, "plan", "add up to 0.5"),
        ({"plan": [{"name": "a", "kind": "free", "usd_per_month": 3, "share": 1}]}, "plan 'a': kind", "is free"),
        ({"plan": [{"name": "a", "share": 1}]}, "plan 'a': usd_per_month", "is missing"),
        ({"plan": [{"name": "a", "usd_per_month": 3, "share": 80}]}, "plan 'a': share", "write 0.8 for 80 %"),
        ({"cohort": [{"share": 1, "multiple": 3}]}, "cohort", "add up to 3"),
    ],
)
def test_a_wrong_input_is_one_line_with_field_and_remedy(change: dict[str, Any], field: str, remedy: str) -> None:
    with pytest.raises(EconomicsError) as caught:
        build(with_changes(**change))
    assert caught.value.field == field
    assert remedy in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_number_is_named_with_what_it_means() -> None:
    table = with_changes()
    del table["workload"]["users"]
    with pytest.raises(EconomicsError, match=r"^workload.users: is missing: people who use it in a month"):
        build(table)


def test_a_model_that_nobody_knows_can_be_given_by_its_size() -> None:
    with pytest.raises(EconomicsError, match="parameters_b"):
        build(with_changes(serving={"models": ["our-own"]}))
    scenario = build(with_changes(serving={"models": ["our-own"], "parameters_b": 12}))
    assert scenario.unknown_model_sizes == (12e9, None)
    with pytest.raises(EconomicsError, match="parameters_b"):  # a size in a name may be a slip's
        build(with_changes(serving={"models": ["lama-3.3-70b-ours"]}))


def test_a_file_that_is_no_toml_or_no_text_or_not_there_is_one_line(tmp_path: Path) -> None:
    for name, raw in (("a.toml", b"[workload\nusers = 3"), ("b.toml", b"\xff\xfe\x00")):
        path = tmp_path / name
        path.write_bytes(raw)
        with pytest.raises(EconomicsError) as caught:
            read_application(path)
        assert "\n" not in str(caught.value)
    with pytest.raises(EconomicsError, match="or use an example"):
        read_application(tmp_path / "nothing-here")


@given(raw=st.binary(max_size=300))
def test_no_bytes_do_more_than_fail(raw: bytes) -> None:
    try:
        parse_application(raw)
    except EconomicsError as error:
        assert str(error)


def test_every_default_lies_within_its_limits_and_has_a_source_and_both_languages() -> None:
    for p in parameters().values():
        assert p.label and p.label_zh and p.help and p.help_zh, p.key
        assert p.default is None or p.source, p.key
        assert p.low < p.high
