"""What a source says in all its articles tells nothing of which event one is about."""

from __future__ import annotations

import math

import numpy as np
import pytest

from groundwire.events.frequencies import Habits

TAG, NEWS = np.array([11], dtype=np.uint32), np.array([12], dtype=np.uint32)


def told(habits: Habits, source_id: int, articles: int, term: np.ndarray[tuple[int], np.dtype[np.uint32]]) -> None:
    for _ in range(articles):
        habits.count(source_id, term)


def test_a_tag_on_every_article_of_a_source_is_worth_little_hand_worked() -> None:
    habits = Habits()
    told(habits, 1, 60, TAG)
    # 60 of 60 + 20 imagined: ln(81 / 60.5) / ln(82) = 0.0662, of 0.5
    assert habits.novelty(1, TAG)[0] == pytest.approx(math.log(81 / 60.5) / math.log(82) / 0.5)
    assert habits.novelty(1, TAG)[0] < 0.15


def test_what_is_new_at_a_source_counts_in_full() -> None:
    habits = Habits()
    told(habits, 1, 60, TAG)
    assert habits.novelty(1, NEWS)[0] == 1.0


def test_five_first_articles_on_one_event_are_no_habit() -> None:
    habits = Habits()
    told(habits, 1, 5, NEWS)
    assert habits.novelty(1, NEWS)[0] > 0.9


def test_one_sources_habits_are_not_anothers() -> None:
    habits = Habits()
    told(habits, 1, 60, TAG)
    told(habits, 2, 60, NEWS)
    assert habits.novelty(2, TAG)[0] == 1.0
    assert habits.novelty(3, TAG)[0] == 1.0


def test_old_habits_are_forgotten() -> None:
    habits = Habits()
    told(habits, 1, 400, TAG)
    worn = habits.novelty(1, TAG)[0]
    told(habits, 1, 2_000, NEWS)
    assert habits.novelty(1, TAG)[0] > worn
    assert habits.novelty(1, NEWS)[0] < 0.1
