from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from groundwire.editions import front_page
from groundwire.editions.front_page import Item, Report, item, rank
from groundwire.evidence import analyse
from groundwire.types import Article

TODAY = datetime(2026, 11, 10, 9, tzinfo=UTC)


def vector(*values: float) -> front_page.Vectors:
    padded = np.zeros(8, dtype=np.float32)
    padded[: len(values)] = values
    return padded / np.float32(np.linalg.norm(padded))


def make(number: int, title: str, body: str, direction: front_page.Vectors) -> Item:
    article = Article(
        id=number, article_id=number, version=1, source_id=1, outlet="o", url="u", title=title,
        text=f"{title}\n\n{body}", author=None, published_at=TODAY, published_evidence="feed", collected_at=TODAY,
        language="en", text_hash="h",
    )  # fmt: skip
    return item(number, analyse(article), direction, direction)


def report(direction: front_page.Vectors, *names: str, days_ago: int = 0) -> Report:
    return Report(
        day=(TODAY - timedelta(days=days_ago)).date(), title_names=names, names=frozenset(names), vector=direction
    )


def test_what_others_report_as_well_comes_first() -> None:
    covered = make(2, "Quaylight cuts prices", "Quaylight cut prices on Monday.", vector(1, 0))
    alone = make(1, "Fernlode opens office", "Fernlode opened an office on Monday.", vector(0, 1))
    ranked = rank([alone, covered], [report(vector(1, 0.2), "quaylight") for _ in range(5)])
    assert [r.id for r in ranked] == [2, 1]
    assert ranked[0].parts["coverage"] > 0 > ranked[1].parts["coverage"]


def test_parts_say_why_and_add_up_to_the_score() -> None:
    items = [make(n, f"Foo {n} ships", "It ships at $30 a month." * n, vector(1, n)) for n in (1, 2, 3)]
    for ranked in rank(items, [report(vector(1, 1), "foo", days_ago=d) for d in (0, 3, 9)]):
        assert sum(ranked.parts.values()) == pytest.approx(ranked.score, abs=0.01)


def test_ties_go_to_the_smaller_id_and_order_of_input_does_not_matter() -> None:
    items = [make(n, "Foo ships", "It ships.", vector(1)) for n in (3, 1, 2)]
    assert [r.id for r in rank(items, [])] == [1, 2, 3]
    assert rank(items, []) == rank(items[::-1], [])


def test_reports_older_than_the_window_are_no_coverage() -> None:
    items = [make(1, "Foo ships", "Foo ships it.", vector(1, 0)), make(2, "Bar ships", "Bar ships it.", vector(0, 1))]
    ranked = {r.id: r for r in rank(items, [report(vector(1, 0), days_ago=20)])}
    assert "coverage" not in ranked[1].parts


def test_an_empty_day_has_an_empty_page() -> None:
    assert rank([], [report(vector(1))]) == ()


def test_no_name_and_no_outlet_has_a_weight_of_its_own() -> None:
    scales, weights = front_page.model()
    assert len(scales) == len(weights) == len(front_page.FEATURES)
    assert not [f for f in front_page.FEATURES if "nvidia" in f or "outlet" in f]
