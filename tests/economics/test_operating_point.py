"""The operating point: the most load that keeps both latency limits, between the loads that were tried, too."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundwire.economics import Deployment, Parallelism, Workload, load_catalog, predict
from groundwire.economics.serving import Fleet, operate

CATALOG = load_catalog()
SERVED = Deployment(
    model=CATALOG.model("llama-3.1-8b"), accelerator=CATALOG.accelerator("h100"), precision="fp8",
    parallelism=Parallelism(tensor=1),
)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(st.floats(0.006, 0.08), st.floats(0.1, 5.0))
def test_the_limits_hold_and_there_is_no_room_left(tpot: float, ttft: float) -> None:
    point = operate(SERVED, 1000, 300, 0.0, ttft, tpot)
    if not point.meets[0]:
        assert predict(SERVED, Workload(input_tokens=1000, output_tokens=300), 1.0).tpot > tpot or ttft < 0.5
        return
    assert point.ttft[0] <= ttft * (1 + 1e-9)
    assert point.tpot[0] <= tpot * (1 + 1e-9)
    at = predict(SERVED, Workload(input_tokens=1000, output_tokens=300), float(point.concurrency[0]))
    assert float(at.tpot) == pytest.approx(float(point.tpot[0]), rel=0.05)  # interpolated, not far from computed
    assert float(at.requests_per_s) == pytest.approx(float(point.capacity[0]), rel=0.05)
    if point.concurrency[0] < min(point.batch_max[0], 1024.0) * 0.999:
        assert max(point.tpot[0] / tpot, point.ttft[0] / ttft) > 0.999


def test_many_at_once_come_to_the_same_as_one() -> None:
    one = operate(SERVED, 1000, 300, 0.2, 1.0, 0.02)
    many = Fleet([SERVED, SERVED]).serve(1000, 300, 0.2).within(1.0, 0.02)
    assert many.capacity == pytest.approx(np.repeat(one.capacity, 2))
    assert many.tpot == pytest.approx(np.repeat(one.tpot, 2))


def test_a_mixture_among_dense_models_comes_to_the_same_as_alone() -> None:
    mixture = replace(SERVED, model=CATALOG.model("qwen-3-30b-a3b"))
    one = operate(mixture, 1000, 300, 0.0, 1.0, 0.02)
    many = Fleet([SERVED, mixture]).serve(1000, 300, 0.0).within(1.0, 0.02)
    assert many.capacity[1] == pytest.approx(one.capacity[0])
    assert many.tpot[1] == pytest.approx(one.tpot[0])


def test_a_limit_that_nothing_keeps_is_told_and_the_lightest_load_is_shown() -> None:
    point = operate(SERVED, 1000, 300, 0.0, 5.0, 1e-4)
    assert not point.meets[0]
    assert point.concurrency[0] == 1.0


def test_a_model_that_does_not_fit_keeps_nothing() -> None:
    large = Deployment(model=CATALOG.model("llama-3.1-405b"), accelerator=CATALOG.accelerator("l4"), precision="bf16")
    point = operate(large, 1000, 300, 0.0, 100.0, 10.0)
    assert not point.fits[0]
    assert not point.meets[0]
