"""Ranking ways: within the limits, cheapest first, with their spread; and what the arithmetic must add up to."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from groundwire.economics.answer import break_even, frontier, quote
from groundwire.economics.application import build, example
from groundwire.economics.candidates import deployments_of, edge_way, hosted_ways, self_hosted_ways
from groundwire.economics.catalog import load_catalog
from groundwire.economics.compare import compare, mid_values, self_hosted_sweep
from groundwire.economics.prediction import Workload, predict
from groundwire.economics.scenario import Scenario
from groundwire.economics.units import MONTH
from groundwire.economics.ways import Hosted, Mix, SelfHosted, evaluate
from groundwire.errors import EconomicsError

DAY = date(2026, 11, 1)


def scenario(**serving: object) -> Scenario:
    return build(
        {
            "workload": {
                "users": 200_000, "requests_per_user_day": 3, "input_tokens": 1000, "output_tokens": 300,
                "retry_share": 0, "peak_to_mean": 2,
            },
            "latency": {"ttft_s": 2.0, "tpot_s": 0.05},
            "serving": {
                "models": ["llama-3.3-70b"], "accelerators": ["h100", "h200"], "tenures": ["on-demand", "reserved"],
                "hosted_offers": False, "headroom": 0.8, **serving,
            },
        }
    )  # fmt: skip


def test_ways_come_cheapest_first_and_keep_the_limits() -> None:
    found = compare(scenario(), on=DAY)
    costs = [r.usd_per_request for r in found.rows]
    assert costs == sorted(costs)
    for row in found.rows:
        assert row.mid("ttft") <= 2.0
        assert row.mid("tpot") <= 0.05
        assert row.tier
        spread = row.spread("usd_per_request")
        assert spread.p10 <= spread.p50 <= spread.p90


def test_rent_is_devices_times_price_times_time() -> None:
    s = scenario(rental_usd_per_hour=2.0)
    row = compare(s, on=DAY).rows[0]
    assert row.mid("usd_per_month") == pytest.approx(row.mid("devices") * 2.0 * MONTH / 3600)
    requests = 200_000 * 3 * MONTH / 86_400
    assert row.mid("usd_per_request") == pytest.approx(row.mid("usd_per_month") / requests)


def test_tokens_cost_together_what_the_request_costs() -> None:
    row = compare(scenario(), on=DAY).rows[0]
    whole = row.mid("usd_per_mtok_input") * 1000 / 1e6 + row.mid("usd_per_mtok_output") * 300 / 1e6
    assert whole == pytest.approx(row.mid("usd_per_request"))


def test_the_same_question_has_the_same_answer() -> None:
    first, second = (compare(scenario(), on=DAY) for _ in range(2))
    assert [r.way.label for r in first.rows] == [r.way.label for r in second.rows]
    assert [r.usd_per_request for r in first.rows] == [r.usd_per_request for r in second.rows]


def test_the_sweep_over_many_agrees_with_the_single_evaluation() -> None:
    s = scenario()
    found = self_hosted_ways(s)
    sweep = self_hosted_sweep(s, found)
    operation = sweep.operation(s.mid("ttft_s"), s.mid("tpot_s"))
    many = sweep.outcome(operation, {k: np.asarray(r.mid) for k, r in s.ranges.items()}, autoscale=False)
    for i, way in enumerate(found.ways):
        one = evaluate(way, mid_values(s, way))
        if operation.meets[i]:
            assert float(np.asarray(one.usd_per_month).reshape(-1)[0]) == pytest.approx(
                float(many.usd_per_month[i]), rel=1e-6
            )


def test_a_tighter_latency_limit_never_makes_it_cheaper() -> None:
    loose, tight = (compare(scenario().with_ranges(tpot_s=t), on=DAY).rows[0].usd_per_request for t in (0.1, 0.02))
    assert tight >= loose


def test_an_impossible_latency_target_names_what_the_fastest_reaches() -> None:
    with pytest.raises(EconomicsError, match=r"^latency.tpot_s: no way keeps 0.0002 s per token; the fastest \("):
        compare(scenario().with_ranges(tpot_s=0.0002), on=DAY)


def test_a_device_without_a_price_is_left_out_with_the_reason() -> None:
    with pytest.raises(EconomicsError, match="no price with a source"):
        compare(scenario(accelerators=["v100-sxm-32gb"]), on=DAY)
    found = compare(scenario(accelerators=["v100-sxm-32gb", "h100"]), on=DAY)
    assert any("no price" in reason for reason in found.left_out)


def test_an_api_is_paid_by_its_tokens() -> None:
    s = build(
        {
            "workload": {"users": 1000, "requests_per_user_day": 10, "input_tokens": 2000, "output_tokens": 500,
                         "cached_share": 0.5, "retry_share": 0, "steps": 3},
            "hosted": {"input_usd_per_mtok": 2.0, "cached_usd_per_mtok": 0.2, "output_usd_per_mtok": 10.0},
        }
    )  # fmt: skip
    row = compare(s, on=DAY).rows[0]
    assert isinstance(row.way, Hosted)
    assert row.mid("usd_per_request") == pytest.approx(3 * (1000 * 2.0 + 1000 * 0.2 + 500 * 10.0) / 1e6)
    assert np.isnan(row.mid("energy"))  # no provider says: unknown, not zero


def test_the_batch_tier_is_cheaper_by_what_may_wait() -> None:
    base = {"users": 1000, "requests_per_user_day": 10, "input_tokens": 2000, "output_tokens": 500}
    table = {"workload": base, "serving": {"hosted": ["anthropic/claude-haiku-4-5"]}}
    now = compare(build(table), on=DAY).rows[0].mid("usd_per_request")
    later = compare(build({**table, "workload": {**base, "batch_share": 1.0}}), on=DAY).rows[0].mid("usd_per_request")
    assert later == pytest.approx(now / 2)


def test_on_the_users_device_only_delivery_and_the_rest_in_the_cloud_cost() -> None:
    table = dict(example("on-device-summariser"))
    table["latency"] = {"ttft_s": 60.0, "tpot_s": 0.5}
    found = compare(build(table), on=DAY)
    mix = next(r for r in found.rows if isinstance(r.way, Mix))
    cloud = next(r for r in found.rows if isinstance(r.way, Hosted))
    assert mix.outcome.parts["delivery"].reshape(-1)[0] > 0
    assert mix.outcome.parts["api"].reshape(-1)[0] < cloud.mid("usd_per_month")


def test_on_the_users_device_a_request_waits_for_no_other() -> None:
    s = build(example("on-device-summariser"))
    device = edge_way(s)
    assert device is not None
    outcome = evaluate(device, mid_values(s, device))
    load = Workload(input_tokens=s.mid("input_tokens"), output_tokens=s.mid("output_tokens"))
    assert float(outcome.ttft) == pytest.approx(float(predict(device.deployment, load, 1.0).ttft))
    assert bool(outcome.meets)


def test_a_longer_prompt_than_the_model_holds_is_left_out() -> None:
    s = scenario(models=["llama-2-70b", "llama-3.3-70b"]).with_ranges(input_tokens=8000.0)
    assert any("llama-2-70b holds" in reason for reason in compare(s, on=DAY).left_out)


def test_replicas_grow_in_multiples_that_hold_the_weights() -> None:
    catalog = load_catalog()
    model = catalog.model("llama-3.1-405b")
    sizes = [d.devices for d in deployments_of(model, catalog.accelerator("h100"), "fp8")]
    assert sizes[0] * 80e9 > 405e9
    assert all(b == 2 * a for a, b in itertools.pairwise(sizes))


def test_owning_costs_more_when_money_is_dearer() -> None:
    s = scenario(tenures=["owned"])
    cheap, dear = (compare(s.with_ranges(cost_of_capital=r), on=DAY).rows[0].mid("usd_per_month") for r in (0.02, 0.25))
    assert dear > cheap
    assert compare(s, on=DAY).rows[0].way.kind == "owned"


def test_scaling_with_the_hour_is_never_dearer() -> None:
    s = scenario(tenures=["on-demand"])
    fixed = compare(s, on=DAY).rows[0].mid("usd_per_month")
    scaled = compare(replace(s, autoscale=True), on=DAY).rows[0].mid("usd_per_month")
    assert scaled <= fixed


# --- the answer ---------------------------------------------------------------------------------------------------


def test_revenue_less_costs_is_what_is_left() -> None:
    answer = quote(build(example("coding-agent")), on=DAY)
    e = answer.economics
    assert np.allclose(e.revenue - e.fees - e.serving - e.other, e.gross_profit)
    by_user = sum(r.plan.share * r.cohort.share * r.serving for r in e.rows)
    assert np.allclose(by_user * answer.best.draws["users"], e.serving)


def test_heavy_users_leave_less_than_light_ones() -> None:
    answer = quote(build(example("coding-agent")), on=DAY)
    left = {r.cohort.name: float(r.contribution.reshape(-1)[0]) for r in answer.economics.rows}
    assert left["heavy"] < left["median"] < left["light"]


def test_the_price_for_the_target_margin_holds_it() -> None:
    s = build(example("coding-agent"))
    answer = quote(s, on=DAY)
    price = answer.mid("price_for_target")
    table = dict(example("coding-agent"))
    table["plan"] = [{"name": "Team", "kind": "subscription", "usd_per_month": price, "share": 1.0}]
    assert quote(build(table), on=DAY).mid("gross_margin") == pytest.approx(s.mid("target_margin"), abs=1e-3)


def test_the_tornado_starts_with_the_widest_bar_and_names_what_was_varied() -> None:
    answer = quote(build(example("coding-agent")), on=DAY)
    swings = [b.swing for b in answer.bars]
    assert swings == sorted(swings, reverse=True)
    assert {b.name for b in answer.bars} >= {"steps", "requests_per_user_day"}


def test_a_user_who_may_never_pay_back_is_said_to() -> None:
    answer = quote(build(example("coding-agent")), on=DAY)
    payback = answer.spread("payback")
    assert payback.p50 == pytest.approx(250 / (answer.spread("gross_profit").p50 / 1500), rel=0.1)
    lost = np.asarray(answer.economics.gross_profit)[1:] <= 0
    assert np.isinf(payback.p90) == (lost.mean() > 0.1)


def test_without_a_price_the_answer_is_a_cost() -> None:
    answer = quote(scenario(), on=DAY)
    assert answer.metric == "serving_per_user"
    assert np.isnan(answer.mid("gross_margin"))


def test_assumptions_name_only_what_the_answer_rests_on() -> None:
    keys = {a.key for a in quote(scenario(), on=DAY).assumptions}
    assert "rental_usd_per_hour" in keys
    assert not keys & {"cost_of_capital", "capable_share", "payment_fee_share"}


def test_the_frontier_falls_as_latency_is_allowed_to_grow() -> None:
    curve = frontier(scenario())
    best = np.minimum.accumulate(curve.usd_per_request)
    assert len(curve.tpot) > 3
    assert np.all(np.diff(curve.tpot) >= 0)
    assert best[-1] < best[0]


def test_break_even_is_where_the_curves_cross() -> None:
    crossing = break_even(scenario(hosted=["openai/gpt-4.1-mini"]), on=DAY)
    assert crossing.at_users is not None
    before = crossing.users < crossing.at_users
    assert np.all(crossing.self_hosted[before] >= crossing.hosted[before])
    assert np.all(crossing.self_hosted[~before] < crossing.hosted[~before])


def test_hosts_of_open_models_are_found_unless_that_is_not_wanted() -> None:
    s = build(example("chat-assistant"))
    assert any(isinstance(w, Hosted) for w in hosted_ways(s, DAY))
    assert all(w.model in s.hosted for w in hosted_ways(replace(s, hosted_offers=False), DAY))


def test_every_way_has_a_distinct_label() -> None:
    labels = [r.way.label for r in compare(scenario(), on=DAY, top=50).rows]
    assert len(labels) == len(set(labels))
    assert any(isinstance(r.way, SelfHosted) for r in compare(scenario(), on=DAY).rows)
