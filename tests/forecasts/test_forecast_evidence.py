"""Later passages are proposed as evidence; the forecast itself, other forecasts and strangers are not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import numpy.typing as npt
from forecast_samples import SAID, article, entries

from groundwire.evidence.analyse import analyse
from groundwire.forecasts.propose import propose

(MARGIN,) = entries("Pellworth Systems expects gross margin to reach 58% by the second quarter of 2027.")
(DEAL,) = entries("Pellworth Systems expects to close the purchase of Tarnholm in May 2027.")


class Words:
    """Meaning as shared words."""

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        split = [set(t.lower().replace(".", " ").replace(",", " ").split()) for t in texts]
        known = sorted(set().union(*split))
        rows = np.array([[w in s for w in known] for s in split], dtype=np.float32)
        found: npt.NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return found


def later(text: str, days: int) -> str:
    found = propose(MARGIN, analyse(article(text, number=2, at=SAID + timedelta(days=days))), Words())
    return "-" if found is None else found.suggests


def test_a_figure_that_was_reached_in_time_suggests_true() -> None:
    assert later("Pellworth Systems said gross margin reached 59% in the first quarter.", 170) == "true"


def test_a_figure_short_of_it_suggests_false_only_after_the_last_day() -> None:
    text = "Pellworth Systems said gross margin reached 51% in the quarter."
    assert later(text, 170) == ""
    assert later(text, 260) == "false"


def test_what_came_before_says_nothing_about_it() -> None:
    assert later("Pellworth Systems said gross margin reached 59% in the quarter.", 0) == "-"


def test_another_forecast_is_no_evidence() -> None:
    assert later("Pellworth Systems expects gross margin to reach 60% by the second quarter of 2027.", 30) == "-"


def test_another_company_is_no_evidence() -> None:
    assert later("Kestrel Robotics said gross margin reached 59% in the first quarter.", 170) == "-"


def test_a_happening_takes_a_person_to_judge() -> None:
    told = article("Pellworth Systems closed the purchase of Tarnholm.", number=2, at=SAID + timedelta(days=190))
    found = propose(DEAL, analyse(told), Words())
    assert found is not None
    assert told.text[found.start : found.end] == found.quote == "Pellworth Systems closed the purchase of Tarnholm."
    assert found.suggests == ""
    assert "pellworth" in found.why


def test_what_a_figure_came_down_from_is_not_what_it_is_now() -> None:
    assert later("Pellworth Systems said gross margin fell from 59% to 44% in the quarter.", 170) == ""
    assert later("Pellworth Systems said gross margin fell from 59% to 44% in the quarter.", 260) == "false"
    assert later("Pellworth Systems said gross margin rose from 44% to 59% in the quarter.", 170) == "true"


(VOTE,) = entries("The board of Tarnholm County is due to vote on a zoning change on November 24.")


def on_the_day(text: str, days: int = 14) -> bool:
    told = article(text, number=2, at=SAID + timedelta(days=days))
    return propose(VOTE, analyse(told), Words(), alike=0.9) is not None


def test_what_is_reported_on_the_day_in_words_of_the_forecast_bears_on_it() -> None:
    assert on_the_day("The board of Tarnholm County voted 5 to 2 on Tuesday to rezone the plain.")
    assert not on_the_day("The board of Tarnholm County voted 5 to 2 on Tuesday to rezone the plain.", days=40)
    assert not on_the_day("The board of Tarnholm County opened a park on Tuesday, a gift to the plain.")
    assert not on_the_day("The board of Tarnholm County will be closed to the public in November.")
