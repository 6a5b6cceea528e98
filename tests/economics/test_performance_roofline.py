"""Step times: hand-worked numbers, limits, and what must never fall or rise."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy_deployment import DENSE, DEVICE, IDEAL, MIXTURE, served

from groundwire.economics.performance.deployment import Parallelism
from groundwire.economics.performance.roofline import (
    Parameters,
    busiest_share,
    decode_time,
    overlap,
    prefill_time,
    touched_share,
)
from groundwire.economics.performance.speculative import accepted_tokens, speculative_tpot
from groundwire.economics.performance.terms import stack_terms, terms_of

WEIGHTS = 5_242_880 + 25_165_824 + 1_024_000  # read each step: mixer, feed-forward, output matrix


def test_a_lone_sequence_waits_for_all_weights_and_its_cache() -> None:
    # (31 432 704 weights + 1000 tokens x 1024 numbers) x 2 byte / 1e12 byte/s
    step = decode_time(terms_of(served()), IDEAL, 1, 1000)
    assert float(step.total) == pytest.approx((WEIGHTS + 1_024_000) * 2 / 1e12, rel=1e-3)
    assert float(step.stream) == pytest.approx(float(step.total), rel=1e-3)


def test_a_very_large_batch_waits_for_arithmetic() -> None:
    # 1e5 sequences without context: 2 x 31 432 704 operations each, at 1e14 a second
    step = decode_time(terms_of(served()), IDEAL, 1e5, 0)
    assert float(step.total) == pytest.approx(2 * WEIGHTS * 1e5 / 1e14, rel=1e-2)


def test_one_token_reads_two_of_eight_experts() -> None:
    # mixer and output matrix, and 2 layers x 2 experts x 3 145 728, two bytes each
    step = decode_time(terms_of(served(MIXTURE)), IDEAL, 1, 0)
    router = 2 * 1024 * 8
    assert float(step.total) == pytest.approx((5_242_880 + 1_024_000 + router + 4 * 3_145_728) * 2 / 1e12, rel=1e-3)


def test_touched_experts_go_from_the_active_share_to_all() -> None:
    assert float(touched_share(0, 0.25)) == 0.0
    assert float(touched_share(1, 0.25)) == pytest.approx(0.25)
    assert float(touched_share(2, 0.25)) == pytest.approx(1 - 0.75**2)
    assert float(touched_share(1e6, 0.25)) == pytest.approx(1.0)


def test_the_busiest_of_several_devices_holds_more_than_the_mean_and_never_more_than_all() -> None:
    t = terms_of(served(MIXTURE, devices=4, parallelism=Parallelism(tensor=4, expert=True)))
    p = replace(IDEAL, imbalance=1.0)
    mean = float(touched_share(2, 0.25))
    # 2 experts a device: mean + sqrt(2 ln 4 x m (1 - m) / 2)
    expected = min(1.0, mean + (2 * np.log(4) * mean * (1 - mean) / 2) ** 0.5)
    assert float(busiest_share(t, p, 2)) == pytest.approx(expected)
    assert float(busiest_share(t, p, 1e4)) == pytest.approx(1.0)


def test_overlap_is_a_maximum_when_perfect_and_a_sum_when_none() -> None:
    assert float(overlap(3.0, 4.0, 500.0)) == pytest.approx(4.0)
    assert float(overlap(3.0, 4.0, 1.0)) == pytest.approx(7.0)
    assert float(overlap(3.0, 4.0, 2.0)) == pytest.approx(5.0)
    assert float(overlap(0.0, 0.0, 2.5)) == 0.0


def test_an_all_reduce_moves_twice_the_activations_less_one_share() -> None:
    # two devices, four all-reduces (2 mixers, 2 feed-forwards): 2 x 1/2 x 2048 byte x 1000 tokens / 1e11, plus 5 us each
    t = terms_of(served(devices=2, parallelism=Parallelism(tensor=2)))
    step = decode_time(t, replace(IDEAL, reduce=5e-6), 1000, 0)
    assert float(step.link) == pytest.approx(4 * (2048 * 1000 / 1e11 + 5e-6))


def test_launches_count_once_a_layer_and_step() -> None:
    p = replace(IDEAL, layer=1e-5, dense_layer=2e-5, step=1e-3, sequence=1e-6)
    assert float(decode_time(terms_of(served()), p, 4, 0).overhead) == pytest.approx(2 * 3e-5 + 1e-3 + 4e-6)


def test_a_prompt_costs_two_operations_per_weight_and_causal_attention() -> None:
    # 1000 tokens: 2 x (5 242 880 + 25 165 824) each; scores 2 layers x 2 x 8 heads x 256 x 500 tokens back on average
    found = prefill_time(terms_of(served()), IDEAL, 1000)
    linear = 2 * (5_242_880 + 25_165_824) * 1000 / 1e14
    scores = 2 * 2 * 8 * 256 * 500 * 1000 / 1e14
    assert float(found.latency) == pytest.approx(linear + scores, rel=0.01)


def test_prompts_in_one_pass_share_the_reading_of_weights() -> None:
    t = terms_of(served())
    alone, packed = prefill_time(t, IDEAL, 8), prefill_time(t, IDEAL, 8, 0.0, 10)
    assert float(packed.busy) < 2 * float(alone.busy)


def test_pipeline_stages_do_not_speed_up_a_lone_sequence() -> None:
    one = decode_time(terms_of(served()), IDEAL, 1, 0)
    two = decode_time(terms_of(served(devices=2, parallelism=Parallelism(pipeline=2))), IDEAL, 1, 0)
    assert float(two.total) >= 0.999 * float(one.total)


def test_accepted_tokens_by_hand() -> None:
    # 1 + 0.5 + 0.25 for two guesses, each right half of the time
    assert float(accepted_tokens(2, 0.5)) == pytest.approx(1.75)
    assert float(accepted_tokens(5, 0.0)) == pytest.approx(1.0)
    # 10 ms checked, two guesses at a tenth of a 9 ms step, 1.75 tokens gained
    assert float(speculative_tpot(9e-3, 10e-3, 2, 0.5, 0.1)) == pytest.approx((10e-3 + 2 * 0.9e-3) / 1.75)


def test_many_deployments_at_once_give_what_each_gives_alone() -> None:
    several = [served(), served(MIXTURE), served(devices=2, parallelism=Parallelism(tensor=2))]
    together = decode_time(stack_terms([terms_of(d) for d in several]), IDEAL, 7.0, 300.0).total
    assert together == pytest.approx([float(decode_time(terms_of(d), IDEAL, 7.0, 300.0).total) for d in several])


batches = st.floats(1, 4096)
contexts = st.floats(0, 1e5)


@given(batches, batches, contexts, st.sampled_from([DENSE, MIXTURE]))
def test_a_step_never_gets_faster_with_more_sequences(a: float, b: float, context: float, model: object) -> None:
    t = terms_of(served(model))  # type: ignore[arg-type]  # one of the two shapes above
    low, high = decode_time(t, Parameters(), np.array([min(a, b), max(a, b)]), context).total
    assert low <= high * (1 + 1e-9)


@given(batches, contexts, contexts)
def test_a_step_never_gets_faster_with_more_context(batch: float, a: float, b: float) -> None:
    low, high = decode_time(terms_of(served()), Parameters(), batch, np.array([min(a, b), max(a, b)])).total
    assert low <= high * (1 + 1e-9)


@given(batches, contexts, st.floats(1.0, 10.0))
def test_more_bandwidth_never_slows_a_step(batch: float, context: float, factor: float) -> None:
    faster = replace(DEVICE, memory_bandwidth=DEVICE.memory_bandwidth * factor)
    base = decode_time(terms_of(served()), Parameters(), batch, context).total
    assert float(decode_time(terms_of(served(accelerator=faster)), Parameters(), batch, context).total) <= float(
        base
    ) * (1 + 1e-9)


@given(batches, contexts)
def test_fewer_bits_never_slow_a_step(batch: float, context: float) -> None:
    wide, narrow = (
        float(decode_time(terms_of(served(precision=p)), Parameters(), batch, context).total) for p in ("bf16", "fp8")
    )
    assert narrow <= wide * (1 + 1e-9)
