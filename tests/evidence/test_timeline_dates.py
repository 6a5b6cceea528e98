from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from groundwire.evidence import analyse
from groundwire.evidence.timeline import milestone, told_on
from groundwire.types import Article, DateMention

NOW = datetime(2026, 11, 10, 9, tzinfo=UTC)


def dated(text: str, language: str = "en", *, opening: bool = True) -> DateMention | None:
    article = Article(
        id=1, article_id=1, version=1, source_id=1, outlet="o", url="u", title="Title", text=f"Title\n\n{text}",
        author=None, published_at=NOW, published_evidence="feed", collected_at=NOW, language=language, text_hash="h",
    )  # fmt: skip
    sentence = analyse(article).sentences[1]
    return milestone(sentence, NOW.date(), NOW.date(), opening=opening)


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("The board voted on November 6, 2026.", "en", date(2026, 11, 6)),
        ("县议会11月6日通过了方案。", "zh", date(2026, 11, 6)),
        ("The chip was shown in September 2025.", "en", date(2025, 9, 1)),
        ("The tariff takes effect on January 1, 2027.", "en", date(2027, 1, 1)),
    ],
)
def test_a_sentence_is_dated_by_what_it_reports(text: str, language: str, day: date) -> None:
    found = dated(text, language)
    assert found is not None
    assert found.first == day


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Revenue rose 8% from a year ago.", "en"),
        ("净亏损由去年同期的7400万美元扩大。", "zh"),
        ("It has grown since November 4, 2026.", "en"),
        ("Prices are set for 2030.", "en"),
    ],
)
def test_comparisons_and_far_futures_are_no_milestones(text: str, language: str) -> None:
    assert dated(text, language) is None


def test_today_far_down_an_article_dates_nothing() -> None:
    assert dated("Buyers sign contracts today.", opening=False) is None


def test_a_title_is_dated_by_the_day_its_opening_names() -> None:
    article = Article(
        id=1, article_id=1, version=1, source_id=1, outlet="o", url="u", title="Board votes",
        text="Board votes\n\nThe board voted on Monday, November 9, 2026.", author=None, published_at=NOW,
        published_evidence="feed", collected_at=NOW, language="en", text_hash="h",
    )  # fmt: skip
    found = told_on(analyse(article).sentences[1:], NOW.date())
    assert found is not None
    assert found.first == date(2026, 11, 9)
