"""The demo's outlooks: forecasts that the ledger can decide, and verdicts that each mean one of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from groundwire.forecasts.probability import stated
from groundwire.sample import DEFAULT_BASE, articles
from groundwire.sample.wire import outlooks, verdicts


@pytest.mark.parametrize(
    "base", [DEFAULT_BASE, datetime(2026, 12, 28, 7, tzinfo=UTC), datetime(2028, 3, 1, tzinfo=UTC)]
)
def test_each_verdict_means_one_forecast_and_comes_after_it(base: datetime) -> None:
    told = outlooks(base)
    for decided in verdicts(base):
        (where,) = [a for a in told for paragraph in a.paragraphs if decided.words in paragraph]
        assert where.published_at < decided.at < base
        assert "sample" in decided.note or "示例" in decided.note


def test_the_outlooks_state_probabilities_of_every_class() -> None:
    said = [p for a in outlooks() for paragraph in a.paragraphs if (p := stated(paragraph))]
    assert len(said) >= 20
    assert {min(int(p.middle * 5), 4) for p in said} == {0, 1, 2, 3, 4}


def test_they_lie_within_the_wires_weeks_and_are_no_part_of_its_labels() -> None:
    known = {a.key for a in articles()}
    for told in outlooks():
        assert told.key not in known
        assert timedelta(days=1) < DEFAULT_BASE - told.published_at < timedelta(days=21)
