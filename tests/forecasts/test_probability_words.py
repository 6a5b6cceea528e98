"""A probability is a number that the sentence states, or a word that a published table has."""

from __future__ import annotations

import pytest

from groundwire.forecasts.probability import stated, tables


@pytest.mark.parametrize(
    ("sentence", "low", "high", "table"),
    [
        ("There is a 70% chance that it opens.", 0.70, 0.70, ""),
        ("She put the probability at about 40 percent.", 0.40, 0.40, ""),
        ("A 20-30% probability of delay remains.", 0.20, 0.30, ""),
        ("He sees a one-in-four chance of a delay.", 0.25, 0.25, ""),
        ("年内开放的概率为70%。", 0.70, 0.70, ""),
        ("有七成可能性按时投用。", 0.70, 0.70, ""),
        ("It is likely to open in May.", 0.55, 0.80, "icd203"),
        ("It is very likely to open in May.", 0.80, 0.95, "icd203"),
        ("It is not likely to open in May.", 0.20, 0.45, "icd203"),
        ("It will almost certainly open in May.", 0.95, 0.99, "icd203"),
        ("It probably won’t open in May.", 0.20, 0.40, "kent"),
        ("项目很可能在五月开放。", 0.90, 1.00, "ipcc"),
    ],
)
def test_a_stated_probability_is_read(sentence: str, low: float, high: float, table: str) -> None:
    found = stated(sentence)
    assert found is not None
    assert [found.low, found.high] == pytest.approx([low, high])
    assert found.table == table
    assert found.words in sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "It expects to open in May.",
        "It may open in May.",
        "That is more likely in winter.",
        "项目可能在五月开放。",
        "It grew 70%.",
    ],
)
def test_what_no_table_has_is_no_probability(sentence: str) -> None:
    assert stated(sentence) is None


def test_the_middle_of_the_range_is_what_is_scored() -> None:
    found = stated("It is likely to open.")
    assert found is not None
    assert found.middle == pytest.approx(0.675)  # (0.55 + 0.80) / 2


def test_every_table_is_cited() -> None:
    assert all(table.url.startswith("https://") and table.title for table in tables().values())
