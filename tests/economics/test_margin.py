"""Margins, prices and payback, by hand-worked numbers."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundwire.economics import margin
from groundwire.economics.plans import Plan, net_of_fees, revenue_per_user


def test_twenty_dollars_less_fees_serving_and_support_leave_the_rest() -> None:
    net = net_of_fees(20.0, 0.029, 0.30)  # 20 - 0.58 - 0.30
    left = margin.contribution(net, 6.0, 1.0)
    assert float(left) == pytest.approx(12.12)
    assert float(margin.gross_margin(20.0, left)) == pytest.approx(0.606)


def test_who_pays_nothing_has_a_cost_and_no_margin() -> None:
    assert float(net_of_fees(0.0, 0.029, 0.30)) == 0.0
    assert np.isnan(margin.gross_margin(0.0, -1.0))
    assert np.isnan(margin.ai_to_revenue(1.0, 0.0))
    assert np.isinf(margin.payback_months(50.0, -1.0))


@given(cost=st.floats(0.01, 1000), wanted=st.floats(0, 0.9), fee=st.floats(0, 0.09), fixed=st.floats(0, 1))
def test_the_price_for_a_margin_holds_that_margin(cost: float, wanted: float, fee: float, fixed: float) -> None:
    price = margin.price_for_margin(cost, wanted, fee, fixed)
    left = margin.contribution(net_of_fees(price, fee, fixed), cost, 0.0)
    assert float(margin.gross_margin(price, left)) == pytest.approx(wanted, abs=1e-6)


def test_no_price_holds_a_margin_that_fee_and_margin_eat_up() -> None:
    assert np.isinf(margin.price_for_margin(1.0, 0.98, 0.03, 0.3))


def test_a_plan_bills_usage_beyond_what_it_includes_and_seats_that_stand_empty() -> None:
    usage = Plan(name="p", kind="usage", share=1, usd_per_month=10, usd_per_request=0.05, included_requests=100)
    assert revenue_per_user(usage, [80, 300]).tolist() == [10.0, 20.0]
    seats = Plan(name="s", kind="seat", share=1, usd_per_month=30, active_share=0.75)
    assert float(revenue_per_user(seats, 10)) == 40.0


@given(sigma=st.floats(0.0, 2.5))
def test_cohorts_hold_all_users_and_all_requests(sigma: float) -> None:
    found = margin.cohorts_of_spread(sigma)
    assert sum(share for share, _ in found) == pytest.approx(1.0)
    assert sum(share * multiple for share, multiple in found) == pytest.approx(1.0)
    assert all(b >= a - 1e-9 for a, b in itertools.pairwise(m for _, m in found))  # heavier users use more


def test_without_inequality_all_cohorts_are_alike() -> None:
    assert [m for _, m in margin.cohorts_of_spread(0.0)] == pytest.approx([1.0, 1.0, 1.0])


def test_payback_is_acquisition_over_contribution() -> None:
    assert float(margin.payback_months(90.0, 15.0)) == 6.0
    assert float(margin.revenue_per_infrastructure_dollar(4.0, 20.0)) == 5.0
