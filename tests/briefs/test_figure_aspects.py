"""As what a figure is given; figures of different aspects are no rivals."""

from __future__ import annotations

import pytest

from groundwire.briefs.aspect import aspects
from groundwire.briefs.same_value import leaves_room
from groundwire.evidence import quantities
from groundwire.types import Quantity


def given(text: str, language: str = "en") -> set[str]:
    """Aspects of the last figure of a sentence."""
    return set(aspects(text, quantities.find(text, language)[-1], 0))


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("Velant won 31% of the vote.", "en", set()),
        ("If nobody wins 50% of the vote, there is a second round.", "en", {"condition"}),
        ("Velant has set a target of 20%.", "en", {"condition"}),
        ("若毛利率达到40%，公司将盈利。", "zh", {"condition"}),
        ("The board was replaced six hours after the race.", "en", {"moment"}),
        ("The board deliberated for six hours before it voted.", "en", set()),
        ("Corvane bought another 300 accelerators.", "en", {"part"}),
        ("It stopped with 116 laps to go.", "en", {"part"}),
        ("其余 300 台服务器仍在运行。", "zh", {"part"}),
    ],
)
def test_a_figure_is_taken_as_what_it_is_given(text: str, language: str, found: set[str]) -> None:
    assert given(text, language) == found


def only(text: str, language: str = "en") -> Quantity:
    return quantities.find(text, language)[0]


@pytest.mark.parametrize(
    ("one", "other", "room"),
    [
        ("more than $2,000 was paid", "$2,075 was paid", True),
        ("more than $2,000 was paid", "$3,400 was paid", False),
        ("about 30 minutes", "35 minutes", True),
        ("about 30 minutes", "40 minutes", False),
        ("30 minutes", "35 minutes", False),
    ],
)
def test_a_bound_leaves_room_up_to_its_next_round_number(one: str, other: str, room: bool) -> None:
    assert leaves_room(only(one), only(other)) == room
