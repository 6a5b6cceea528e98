"""Rent, ownership and API prices, by hand-worked numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundwire.economics import cost
from groundwire.economics.units import HOUR, KWH, MILLION, MONTH


def test_eight_devices_at_three_dollars_cost_about_17_500_a_month() -> None:
    month = float(cost.rental_cost(8, 3.0 / HOUR)) * MONTH
    assert month == pytest.approx(8 * 3.0 * 730.5)


def test_capital_without_interest_is_straight_line() -> None:
    assert float(cost.capital_recovery(100_000, 0.2, 4, 0.0)) == pytest.approx(20_000)


def test_capital_with_interest_is_the_annuity_of_the_textbook() -> None:
    # A/P at 10 % over 5 years: 0.2637975
    assert float(cost.capital_recovery(1.0, 0.0, 5, 0.10)) == pytest.approx(0.2637975, rel=1e-6)
    # what is got back in full only costs interest
    assert float(cost.capital_recovery(1000.0, 1.0, 5, 0.10)) == pytest.approx(100.0)


def test_a_kilowatt_at_pue_one_and_a_half_and_ten_cents_costs_fifteen_cents_an_hour() -> None:
    assert float(cost.electricity_cost(1000, 1.5, 0.10 / KWH)) * HOUR == pytest.approx(0.15)


def test_cached_input_is_charged_at_its_own_price() -> None:
    # 1500 x 1 USD + 500 x 0.1 USD + 400 x 5 USD, per million
    call = float(cost.hosted_call_cost(2000, 400, 0.25, 1.0, 0.1, 5.0))
    assert call == pytest.approx((1500 + 50 + 2000) / MILLION)


def test_prices_per_token_add_up_to_the_call() -> None:
    per_in, per_out = cost.split_cost_by_tokens(0.002, 1200, 350, 0.3)
    assert float(per_in * 1200 + per_out * 350) / MILLION == pytest.approx(0.002)


def test_hosting_is_billed_on_rated_power() -> None:
    assert float(cost.hosting_cost(10_000, 184.06 / 1000 / MONTH)) * MONTH == pytest.approx(1840.6)


@given(life=st.floats(0.5, 15), rate=st.floats(0, 0.5), residual=st.floats(0, 0.9))
def test_ownership_costs_at_least_what_is_lost_in_value(life: float, rate: float, residual: float) -> None:
    yearly = float(cost.capital_recovery(1.0, residual, life, rate))
    assert yearly * life >= (1 - residual) * (1 - 1e-9)
