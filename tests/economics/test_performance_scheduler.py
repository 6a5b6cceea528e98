"""Continuous batching: memory, waiting, prompts among answers, prefill on devices of its own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy_deployment import IDEAL, served

from groundwire.economics.performance.deployment import Disaggregation, Parallelism
from groundwire.economics.performance.roofline import Parameters, decode_time, prefill_time
from groundwire.economics.performance.scheduler import GROWN, largest_batch, mixed_step, serve
from groundwire.economics.performance.terms import terms_of
from groundwire.economics.prediction import Workload, best_concurrency, predict
from groundwire.errors import EconomicsError


def test_as_many_sequences_fit_as_their_caches_have_room() -> None:
    # 0.9 x 1e9 byte less 32 456 704 weights x 2 byte, over 1000 tokens x 2048 byte
    room = 0.9e9 - 2 * 32_456_704
    assert float(largest_batch(terms_of(served()), 1000)) == pytest.approx(room / 2_048_000)


def test_a_mixed_step_by_hand() -> None:
    # a prompt every other step, 3 ms beside 4 ms: half of the steps take sqrt(9 + 16) = 5 ms
    total, added = mixed_step(4e-3, 3e-3, 0.5, 2.0)
    assert float(total) == pytest.approx(4.5e-3)
    assert float(added) == pytest.approx(0.5e-3)
    assert float(mixed_step(4e-3, 0.0, 0.0, 2.0)[0]) == pytest.approx(4e-3)


def test_one_user_alone_gets_prefill_then_steps() -> None:
    t = terms_of(served())
    found = serve(t, replace(IDEAL, mixing=200.0), concurrency=1, input_tokens=500, output_tokens=1001)
    assert float(found.ttft) == pytest.approx(float(prefill_time(t, IDEAL, 500).latency), rel=0.05)
    assert float(found.tpot) == pytest.approx(float(decode_time(t, IDEAL, 1, 1000.5).total), rel=0.02)


def test_throughput_is_requests_in_flight_over_their_time() -> None:
    found = serve(terms_of(served()), Parameters(), concurrency=32, input_tokens=400, output_tokens=200)
    expected = 32 * 200 / (float(found.ttft) + 199 * float(found.tpot))
    assert float(found.tokens_per_s) == pytest.approx(expected)


def test_where_slots_are_scarce_a_request_waits_for_the_next_answer_to_end() -> None:
    t = terms_of(served())
    free, scarce = (
        serve(t, p, concurrency=10, input_tokens=100, output_tokens=300) for p in (IDEAL, replace(IDEAL, turnover=1.0))
    )
    # ten answers of 300 steps: one ends every 30 steps; the tenth that is its own does not count
    assert float(scarce.ttft) - float(free.ttft) == pytest.approx(30 * float(free.tpot) * 0.9)


def test_what_does_not_fit_waits() -> None:
    t = terms_of(served())
    fits = float(largest_batch(t, 1000 + GROWN * 1000))
    full = serve(t, Parameters(), concurrency=fits, input_tokens=1000, output_tokens=1000)
    twice = serve(t, Parameters(), concurrency=2 * fits, input_tokens=1000, output_tokens=1000)
    assert float(twice.batch) == pytest.approx(fits)
    assert float(twice.tpot) == pytest.approx(float(full.tpot))
    assert float(twice.ttft) > float(full.ttft) + 500 * float(full.tpot)


def test_prefill_on_devices_of_its_own_leaves_decoding_undisturbed() -> None:
    apart = served(
        devices=2, parallelism=Parallelism(), disaggregation=Disaggregation(prefill_devices=1, prefill=Parallelism())
    )
    load = Workload(input_tokens=4000, output_tokens=50)
    split, mixed = predict(apart, load, 16), predict(served(devices=2), load, 16)
    assert float(split.tpot) < float(mixed.tpot)


def test_a_cached_prefix_shortens_the_wait() -> None:
    cold = predict(served(), Workload(input_tokens=4000, output_tokens=100), 4)
    warm = predict(served(), Workload(input_tokens=4000, output_tokens=100, prefix_hit=0.9), 4)
    assert float(warm.ttft) < float(cold.ttft)


def test_a_model_that_does_not_fit_is_no_number() -> None:
    found = predict(served(), Workload(input_tokens=1e6, output_tokens=100), 1)
    assert not found.fits.any()
    assert np.isnan(found.tpot).all()
    with pytest.raises(EconomicsError, match="does not fit"):
        best_concurrency(served(), Workload(input_tokens=1e6, output_tokens=100))


def test_zero_load_is_refused() -> None:
    with pytest.raises(EconomicsError, match="concurrency"):
        predict(served(), Workload(input_tokens=10, output_tokens=10), 0)
    with pytest.raises(EconomicsError, match="output_tokens"):
        Workload(input_tokens=10, output_tokens=0)


@given(st.floats(1, 400), st.floats(1, 400))
def test_more_requests_in_flight_never_make_a_user_faster(a: float, b: float) -> None:
    low, high = sorted((a, b))
    found = predict(served(), Workload(input_tokens=200, output_tokens=200), np.array([low, high]))
    assert found.tpot[0] <= found.tpot[1] * (1 + 1e-9)
    assert found.ttft[0] <= found.ttft[1] * (1 + 1e-6)
