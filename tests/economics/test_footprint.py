"""Energy, gases and money of finished work."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundwire.economics.footprint import (
    Footprint,
    call_footprint,
    electric_footprint,
    processor_power,
    site_of,
    total,
)
from groundwire.economics.uncertainty import Range
from groundwire.errors import EconomicsError


def test_an_hour_of_one_core_takes_its_watts_times_pue_and_the_grids_gases() -> None:
    found = electric_footprint(3600.0, Range.exact(4.0), site_of("US"))
    # 4 Wh x 1.54 (average air-cooled site) = 6.16 Wh; x 384.4 g/kWh = 2.3679 g; x $0.0892/kWh = $0.00054947
    assert found.energy.mid / 3600 == pytest.approx(6.16)
    assert found.emissions.mid * 1e3 == pytest.approx(2.3679, rel=1e-4)
    assert found.usd is not None and found.usd.mid == pytest.approx(0.00054947, rel=1e-4)


def test_the_power_of_a_core_has_a_range_and_a_source() -> None:
    power, source = processor_power()
    assert power.low < power.mid < power.high and "SPECpower" in source


@given(st.floats(0, 1e9), st.floats(0, 1e9))
def test_more_seconds_never_take_less_and_two_jobs_take_what_both_take(one: float, other: float) -> None:
    site, power = site_of("US"), processor_power()[0]
    both = total([electric_footprint(one, power, site), electric_footprint(other, power, site)])
    assert both.energy.mid == pytest.approx(electric_footprint(one + other, power, site).energy.mid)
    assert both.energy.low <= both.energy.mid <= both.energy.high


def test_a_place_without_a_price_leaves_the_money_open_and_the_sum_with_it() -> None:
    unpriced = electric_footprint(60.0, Range.exact(4.0), site_of("Canada"))
    assert unpriced.usd is None
    assert total([unpriced, electric_footprint(60.0, Range.exact(4.0), site_of("US"))]).usd is None


def test_a_call_of_an_open_model_is_predicted_with_an_interval() -> None:
    short, long = (call_footprint("meta-llama/Llama-3.1-8B-Instruct", "h100", 2000, out, "US") for out in (100, 800))
    assert short is not None and long is not None
    assert 0 < short.energy.low < short.energy.mid < short.energy.high
    assert long.energy.mid > 2 * short.energy.mid  # decoding takes most of it


def test_a_model_whose_shape_is_unknown_gets_no_figure() -> None:
    assert call_footprint("gpt-5.1", "h100", 2000, 100, "US") is None


def test_an_unknown_device_or_region_is_named() -> None:
    with pytest.raises(EconomicsError, match="abacus"):
        call_footprint("llama-3.1-8b", "abacus", 10, 10, "US")
    with pytest.raises(EconomicsError, match="Atlantis"):
        site_of("Atlantis")


def test_nothing_done_is_nothing_used() -> None:
    assert total([]) == Footprint(energy=Range(0, 0, 0), emissions=Range(0, 0, 0), usd=Range(0, 0, 0))
