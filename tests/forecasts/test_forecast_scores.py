"""Scores of forecasts, worked by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from forecast_samples import entries, outcome

from groundwire.forecasts import Outcome, Probability, Registered
from groundwire.forecasts.score import by_source, score, wilson

(BASE,) = entries("Pellworth Systems expects to close the purchase in May 2027.")


def said(p: float | None, source: str = "Pellworth") -> Registered:
    probability = None if p is None else Probability(low=p, high=p, words="", table="")
    return replace(BASE, probability=probability, source=source)


def test_brier_and_its_baseline() -> None:
    found = score([(said(0.8), outcome("true")), (said(0.6), outcome("false")), (said(0.9), outcome("true"))])
    assert found.brier == pytest.approx((0.04 + 0.36 + 0.01) / 3)
    assert found.baseline == pytest.approx(2 / 3 * 1 / 3)


def test_void_open_and_unstated_forecasts_have_no_brier_score_but_are_counted() -> None:
    listed: list[tuple[Registered, Outcome | None]] = [
        (said(0.8), outcome("void")),
        (said(0.8), None),
        (said(None), outcome("true")),
    ]
    found = score(listed)
    assert (found.registered, found.resolved, found.true, found.void, found.stated) == (3, 1, 1, 1, 0)
    assert (found.brier, found.baseline, found.bins) == (None, None, ())


def test_calibration_sets_what_was_said_beside_what_came_true() -> None:
    found = score([(said(0.65), outcome("true")), (said(0.75), outcome("false")), (said(1.0), outcome("true"))])
    first, last = found.bins
    assert first.stated == pytest.approx(0.70)
    assert (first.came_true, first.count) == (0.5, 2)
    assert (last.stated, last.came_true, last.count) == (1.0, 1.0, 1)
    assert first.low < 0.5 < first.high


def test_wilsons_interval_for_8_of_10() -> None:
    assert [round(end, 3) for end in wilson(8, 10)] == [0.49, 0.943]
    assert wilson(0, 0) == (0.0, 1.0)


def test_sources_are_scored_apart() -> None:
    found = by_source(
        [(said(None, "A"), outcome("true")), (said(None, "B"), None), (said(None, "A"), outcome("false"))]
    )
    assert list(found) == ["A", "B"]
    assert found["A"].share is not None
    assert found["A"].share[0] == 0.5
    assert found["B"].share is None


def test_a_source_is_set_beside_the_base_rate_of_all() -> None:
    listed = [(said(0.9, "A"), outcome("true")), (said(0.5, "B"), outcome("false"))]
    assert by_source(listed)["A"].baseline == pytest.approx(0.25)  # (0.5 - 1)**2, not 0 as of A alone
