"""The numbers of a recap: which one stands for a story, and what others say instead."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from recap_samples import WEEK, article, said, story

from groundwire.editions.mail import html_of, text_of
from groundwire.editions.reader import NOBODY
from groundwire.editions.recap import Recap, Story, recap
from groundwire.types import Article, NumberGroup, NumberRow, Quantity
from groundwire.web.messages import messages

NumberStatus = Literal["single", "agrees", "conflicts", "superseded"]
AFTER = 24 * 8
"""Hours from the week's beginning into the next one."""


def row(source: Article, sentence: str, figure: str, value: float, measures: str = "") -> NumberRow:
    at = source.text.index(figure)
    quantity = Quantity(
        start=at, end=at + len(figure), text=figure, kind="count", value=value, unit="chip", measures=measures
    )
    return NumberRow(quantity=quantity, outlet=source.outlet, statement=said(source, "numbers", sentence))


def told(groups: list[tuple[str, NumberStatus, list[NumberRow]]], *reports: Article) -> Recap:
    made = story(1, list(reports), [said(reports[0], "hook", "It failed.")])
    numbers = tuple(NumberGroup(measures=m, status=status, rows=tuple(rows)) for m, status, rows in groups)
    with_numbers = Story(event=made.event, brief=replace(made.brief, numbers=numbers), articles=made.articles)
    return recap(WEEK, [with_numbers], [], NOBODY)


def test_a_contested_number_is_shown_with_what_others_say() -> None:
    one = article(1, "It failed. 11,000 chips stopped. 90 staff left.", 1)
    two = article(2, "It failed. 8,600 chips stopped.", 2, outlet="Herald")
    made = told(
        [
            ("staff", "agrees", [row(one, "90 staff left.", "90 staff", 90)]),
            (
                "stopped",
                "conflicts",
                [
                    row(one, "11,000 chips stopped.", "11,000 chips", 11_000),
                    row(two, "8,600 chips stopped.", "8,600 chips", 8_600),
                ],
            ),
        ],
        one,
        two,
    )
    (figure,) = made.numbers
    assert (figure.text, figure.against) == ("11,000 chips", "8,600 chips")
    assert "11,000 chips stopped; elsewhere 8,600 chips (Courier)" in text_of(made, str, messages("en"))
    page = html_of(made, str, messages("en"), "")
    assert "<b>11,000 chips</b> stopped; elsewhere 8,600 chips" in page
    assert made.stories[0].title in page.split("elsewhere 8,600 chips")[1], "which story it is of is a link beside it"


def test_what_was_said_after_the_week_does_not_contest_it() -> None:
    one = article(1, "It failed. 11,000 chips stopped.", 1)
    later = article(2, "It failed. 8,600 chips stopped.", AFTER, outlet="Herald")
    rows = [
        row(one, "11,000 chips stopped.", "11,000 chips", 11_000),
        row(later, "8,600 chips stopped.", "8,600 chips", 8_600),
    ]
    assert told([("stopped", "conflicts", rows)], one, later).numbers[0].against == ""


def test_the_headlines_number_goes_before_others() -> None:
    one = article(1, "It failed. 11,000 chips stopped. Of Title 1 much is said.", 1)
    groups: list[tuple[str, NumberStatus, list[NumberRow]]] = [
        ("stopped", "agrees", [row(one, "11,000 chips stopped.", "11,000 chips", 11_000)]),
        ("title", "agrees", [row(one, "Of Title 1 much is said.", "1", 1)]),
    ]
    assert told(groups, one).numbers[0].measures == "title"


def test_what_a_number_measures_is_told_in_its_own_language() -> None:
    one = article(1, "It failed. nine hours of outage.", 1)
    rows = [row(one, "nine hours of outage.", "nine hours", 9, measures="outage")]
    assert told([("中断", "agrees", rows)], one).numbers[0].measures == "outage"
