"""Power: a hand-worked draw, its limits, and what a batch saves."""

from __future__ import annotations

import numpy as np
import pytest
from toy_deployment import IDEAL, served

from groundwire.economics.performance.scheduler import serve
from groundwire.economics.performance.terms import terms_of
from groundwire.economics.power import POWER_PRIOR, device_power, loads
from groundwire.economics.prediction import Workload, predict

LAW = {"full": 0.8, "compute": 0.1, "memory": 0.2, "resident": 0.05, "idle": 0.1}


def test_the_law_of_power_by_hand() -> None:
    t = terms_of(served())
    state = serve(t, IDEAL, concurrency=4, input_tokens=100, output_tokens=100)
    compute, memory, weights = loads(t, state, np.asarray(0.02))
    assert float(compute) == 0.02
    assert float(weights) == pytest.approx(32_456_704 / 1e10)
    expected = 500 * 0.8 * 0.02**0.1 * float(memory) ** 0.2 * 0.0032456704**0.05
    assert float(device_power(t, LAW, state, np.asarray(0.02))) == pytest.approx(expected)


def test_arithmetic_in_eight_bits_loads_a_device_as_much_as_in_sixteen() -> None:
    t = terms_of(served(precision="fp8"))
    assert float(np.asarray(t.peak) / np.asarray(t.peak_wide)) == 2.0
    state = serve(t, IDEAL, concurrency=4, input_tokens=100, output_tokens=100)
    assert float(loads(t, state, np.asarray(0.02))[0]) == pytest.approx(0.04)


def test_the_draw_stays_between_idle_and_design_power() -> None:
    t = terms_of(served())
    state = serve(t, IDEAL, concurrency=4, input_tokens=100, output_tokens=100)
    assert float(device_power(t, LAW | {"full": 50.0}, state, np.asarray(1.0))) == 500.0
    assert float(device_power(t, LAW | {"full": 1e-6}, state, np.asarray(1.0))) == 50.0


def test_more_requests_together_cost_less_energy_each() -> None:
    found = predict(served(), Workload(input_tokens=200, output_tokens=200), np.array([1.0, 16.0, 128.0]))
    assert ((found.power_w >= 50) & (found.power_w <= 500)).all()
    assert (np.diff(found.joule_per_token) < 0).all()


def test_the_assumed_law_names_every_value() -> None:
    assert set(POWER_PRIOR) == set(LAW)
