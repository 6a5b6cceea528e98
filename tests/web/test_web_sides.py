"""Sides of a contested figure: one for each value, however it is written."""

from __future__ import annotations

from groundwire.types import Citation, NumberGroup, NumberRow, Quantity, Statement
from groundwire.web.views.parts import sides_of


def row(text: str, value: float, unit: str, outlet: str) -> NumberRow:
    return NumberRow(
        quantity=Quantity(start=0, end=len(text), text=text, kind="currency", value=value, unit=unit),
        outlet=outlet,
        statement=Statement(
            section="numbers",
            text=text,
            citations=(Citation(version_id=1, start=0, end=len(text), quote=text),),
            language="en",
        ),
    )


def test_a_price_with_and_without_its_hour_is_one_side() -> None:
    rows = (
        row("$1.79", 1.79, "USD", "Fernpost"),
        row("$1.79 an hour", 1.79, "USD/h", "Lanternpost"),
        row("$1.86", 1.86, "USD", "Quillpost"),
    )
    sides = sides_of(NumberGroup(measures="rent", status="conflicts", rows=rows))
    assert [[r.outlet for r in side] for side in sides] == [["Fernpost", "Lanternpost"], ["Quillpost"]]
