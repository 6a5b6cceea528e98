"""Ranges in, deciles out: the draws say what the ranges say, and the same seed says it again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundwire.economics.uncertainty import P10, Range, quantiles, sample, tornado
from groundwire.errors import EconomicsError


def test_draws_reproduce_the_deciles_of_the_range() -> None:
    draws = sample({"a": Range(1.0, 2.0, 8.0), "b": Range(-1.0, 0.0, 3.0)}, 2000, 7)
    for name, wanted in (("a", (1.0, 2.0, 8.0)), ("b", (-1.0, 0.0, 3.0))):
        spread = quantiles(draws[name])
        assert (spread.p10, spread.p50, spread.p90) == pytest.approx(wanted, abs=0.03)


def test_the_same_seed_draws_the_same_and_another_scenario_shares_what_it_has_in_common() -> None:
    both = sample({"a": Range(1, 2, 3), "z": Range(1, 2, 3)}, 50, 1)
    alone = sample({"z": Range(1, 2, 3)}, 50, 1)
    assert np.array_equal(both["z"], alone["z"])
    assert not np.array_equal(both["a"], both["z"])
    assert not np.array_equal(sample({"z": Range(1, 2, 3)}, 50, 2)["z"], alone["z"])


def test_what_is_certain_stays_one_number() -> None:
    assert sample({"a": Range.exact(3.0)}, 100, 0)["a"].shape == ()
    assert quantiles(3.0).p10 == quantiles(3.0).p90 == 3.0


def test_draws_stay_within_what_physics_allows() -> None:
    draws = sample({"share": Range(0.5, 0.9, 0.99)}, 500, 0, {"share": (0.0, 1.0)})
    assert float(draws["share"].max()) <= 1.0


def test_the_widest_bar_of_a_tornado_comes_first_and_shows_both_ends() -> None:
    ranges = {"x": Range(1.0, 2.0, 3.0), "y": Range(9.0, 10.0, 11.0), "z": Range.exact(5.0)}
    bars = tornado(ranges, lambda v: np.asarray(v["x"] * 10 + v["y"] + v["z"]))
    assert [b.name for b in bars] == ["x", "y"]
    assert (bars[0].answer_at_low, bars[0].answer_at_high) == (25.0, 45.0)
    assert bars[1].swing == 2.0


def test_deciles_of_draws_some_of_which_are_infinite_are_draws() -> None:
    months = np.array([6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0, np.inf, np.inf, np.inf])
    found = quantiles(months)
    assert (found.p10, found.p50, found.p90) == (6.0, 10.0, np.inf)


def test_nothing_uncertain_makes_no_tornado() -> None:
    assert tornado({"z": Range.exact(5.0)}, lambda v: v["z"]) == ()


@pytest.mark.parametrize("numbers", [(2.0, 1.0, 3.0), (1.0, 2.0, float("inf")), (float("nan"), 1.0, 2.0)])
def test_a_range_out_of_order_or_not_finite_is_refused(numbers: tuple[float, float, float]) -> None:
    with pytest.raises(EconomicsError, match=r"^range: "):
        Range(*numbers)


@given(low=st.floats(1e-3, 1e3), up=st.floats(1.0, 10.0), more=st.floats(1.0, 10.0))
def test_a_range_rises_with_the_deviate(low: float, up: float, more: float) -> None:
    r = Range(low, low * up, low * up * more)
    values = r.at([2 * P10, P10, 0.0, -P10, -2 * P10])
    assert np.all(np.diff(values) >= -1e-12 * values[1:])
    assert values[2] == pytest.approx(r.mid)
