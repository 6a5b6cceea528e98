"""From users to replicas, by hand-worked numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundwire.economics import demand
from groundwire.errors import EconomicsError


def test_an_agent_of_eight_steps_that_fails_a_fifth_of_them_takes_ten_calls() -> None:
    assert float(demand.calls_per_request(8, 0.2)) == pytest.approx(10.0)


def test_ten_thousand_users_with_six_requests_make_less_than_a_call_a_second() -> None:
    # 10 000 x 6 / 86 400 s
    assert float(demand.call_rate(10_000, 6, 1)) == pytest.approx(0.694444, rel=1e-5)


def test_peak_to_mean_of_a_day_that_is_idle_for_half_of_it_is_two() -> None:
    assert demand.peak_to_mean([0.0] * 12 + [5.0] * 12) == 2.0


@pytest.mark.parametrize("profile", [[1.0] * 23, [0.0] * 24, [-1.0] + [1.0] * 23, [float("nan")] * 24])
def test_a_wrong_profile_is_refused_by_name(profile: list[float]) -> None:
    with pytest.raises(EconomicsError, match=r"^workload.profile: "):
        demand.peak_to_mean(profile)


def test_what_may_wait_fills_the_valleys_but_has_to_be_done() -> None:
    assert float(demand.peak_rate(10, 3, 0.0)) == 30.0
    assert float(demand.peak_rate(10, 3, 0.5)) == 15.0
    assert float(demand.peak_rate(10, 3, 1.0)) == 10.0


def test_a_load_of_exactly_three_replicas_takes_three() -> None:
    assert float(demand.replicas_needed(0.3, 0.1)) == 3.0  # 0.3 / 0.1 is above 3 in floats


def test_utilization_is_what_idle_time_leaves() -> None:
    assert float(demand.utilization(2.0, 4, 1.0)) == 0.5
    assert float(demand.utilization(9.0, 4, 1.0)) == 1.0


def test_scaling_with_the_hour_saves_nothing_without_a_peak_and_never_costs_more() -> None:
    assert float(demand.replica_hours_share(1.0, 5, 4.5)) == 1.0
    assert float(demand.replica_hours_share(4.0, 1, 0.1)) == 1.0
    assert float(demand.replica_hours_share(4.0, 40, 9.5)) == pytest.approx(0.25)


@given(
    rate=st.floats(1e-6, 1e6),
    capacity=st.floats(1e-3, 1e4),
    more=st.floats(1.0, 10.0),
)
def test_more_load_never_needs_fewer_replicas_and_they_carry_it(rate: float, capacity: float, more: float) -> None:
    few, many = demand.replicas_needed([rate, rate * more], capacity)
    assert few <= many
    assert few * capacity >= rate * (1 - 1e-6)


def test_every_formula_broadcasts() -> None:
    users, steps = np.array([[1.0], [2.0]]), np.array([1.0, 2.0, 3.0])
    assert demand.call_rate(users, 1, demand.calls_per_request(steps, 0.0)).shape == (2, 3)
