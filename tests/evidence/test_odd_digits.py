"""Digits that are none: what stands around a number never keeps the reader of numbers from going on."""

from __future__ import annotations

import pytest

from groundwire.evidence import quantities


@pytest.mark.parametrize("text", ["²..3", "x³..5 and 7 km", "٣..4"])
def test_a_point_behind_an_odd_digit_ends(text: str) -> None:
    assert all(q.end > q.start for q in quantities.find(text, "en"))
