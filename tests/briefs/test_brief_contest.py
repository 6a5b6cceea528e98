from __future__ import annotations

import pytest
from brief_samples import MakeBrief, article, event_of

from groundwire.briefs import compose, in_summary
from groundwire.events.embeddings import UniversalSentenceEncoder
from groundwire.evidence import analyse
from groundwire.evidence.quantities import find

FIRST = "Foo will spend $1.2 billion on the first phase of a campus at Bar, the company said on Monday."
SECOND = "Page 14 of the filing puts the first phase of the campus at Bar at $1.35 billion, not the lower figure."


def test_a_figure_of_the_summary_that_another_source_disputes_is_named_with_the_summary(make_brief: MakeBrief) -> None:
    brief = make_brief([
        article(1, "Foo picks Bar for its campus", f"{FIRST}\nThe site will draw 300 megawatts when it is complete."),
        article(2, "Filing on the campus of Foo at Bar", f"{SECOND}\nThe county will vote on it.", hours=3),
    ])  # fmt: skip
    (group,) = in_summary(brief)
    assert group.status == "conflicts"
    assert {row.quantity.value for row in group.rows} == {1.2e9, 1.35e9}


def test_figures_in_units_of_one_dimension_are_compared(make_brief: MakeBrief) -> None:
    brief = make_brief([
        article(1, "Foo to build a plant", "The plant of Foo in Bar will draw a peak power of 300 megawatts, it said."),
        article(2, "Foo plans a plant", "The plant of Foo in Bar will draw a peak power of 0.3 gigawatts, it said.", hours=2),
    ])  # fmt: skip
    assert [g.status for g in brief.numbers if len(g.rows) > 1] == ["agrees"]


@pytest.mark.parametrize(
    "rise",
    [
        "The supply temperature in Foo's halls rose from 38°C to 61°C in minutes.",
        "By its own count the supply temperature in Foo's halls rose from 50°C to 61°C in minutes.",
        "Foo今日通报显示，机房供水温度由50摄氏度升至61摄氏度，系统断电。",
    ],
)
def test_a_rise_told_in_one_sentence_is_no_quarrel(make_brief: MakeBrief, rise: str) -> None:
    brief = make_brief([
        article(1, "Foo's halls overheat", rise),
        article(2, "Heat at Foo", "The supply temperature in Foo's halls reached 61°C, the company said.", hours=2),
    ])  # fmt: skip
    assert not [g for g in brief.numbers if g.status in ("conflicts", "superseded")]


def test_a_denied_figure_in_one_sentence_is_a_quarrel(make_brief: MakeBrief) -> None:
    brief = make_brief([
        article(1, "Foo counts its users", "By his count 4% of accounts, not the 6% that Foo announced, caused the bill."),
    ])  # fmt: skip
    values = [{row.quantity.value for row in g.rows} for g in brief.numbers if g.status == "conflicts"]
    assert values == [{4.0, 6.0}]


def test_hours_and_minutes_are_one_length_of_time() -> None:
    (english,) = find("The outage lasted seven hours and 40 minutes.", "en")
    (chinese,) = find("故障合计7小时40分钟。", "zh")
    assert english.unit == chinese.unit == "h"
    assert round(english.value, 3) == round(chinese.value, 3) == 7.667  # 7 + 40/60


def test_a_brief_is_the_same_whatever_else_has_been_read(encoder: UniversalSentenceEncoder) -> None:
    articles = [article(1, "Foo picks Bar for its campus", FIRST), article(2, "Foo files a plan", SECOND, hours=3)]
    evidence = {a.id: analyse(a) for a in articles}
    one, two = (
        compose(event_of(articles), order, evidence, [], {}, encoder, "en") for order in (articles, articles[::-1])
    )
    assert one.numbers == two.numbers and one.hook == two.hook
