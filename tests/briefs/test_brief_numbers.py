from __future__ import annotations

from brief_samples import MakeBrief, SamplePages, article

from groundwire.types import NumberGroup


def group_with(groups: tuple[NumberGroup, ...], *values: float) -> NumberGroup | None:
    return next((g for g in groups if set(values) <= {r.quantity.value for r in g.rows}), None)


def test_one_figure_in_two_languages_and_currencies_words_agrees(make_brief: MakeBrief) -> None:
    brief = make_brief(
        [
            article(1, "Oxbarrow builds", "Oxbarrow Cloud will spend $1.2 billion on the first phase of its campus."),
            article(2, "园区开工", "奥克斯巴罗云（Oxbarrow Cloud）园区一期投资12亿美元。", language="zh", hours=1),
        ]
    )  # fmt: skip
    group = group_with(brief.numbers, 1.2e9)
    assert group is not None
    assert group.status == "agrees"
    assert {r.quantity.text for r in group.rows} == {"$1.2 billion", "12亿美元"}


def test_sources_that_differ_stand_side_by_side(make_brief: MakeBrief) -> None:
    brief = make_brief(
        [
            article(1, "Plans", "Oxbarrow Cloud will spend $1.2 billion on the first phase of its campus.", outlet="A"),
            article(2, "Filing", "Filings put the first phase of Oxbarrow Cloud's campus at $1.35 billion.", outlet="B"),
        ]
    )  # fmt: skip
    group = group_with(brief.numbers, 1.2e9, 1.35e9)
    assert group is not None
    assert group.status == "conflicts"
    assert {r.outlet for r in group.rows} == {"A", "B"}


def test_a_revised_plan_is_superseded_not_contested(make_brief: MakeBrief) -> None:
    body = "Oxbarrow Cloud raised its spending plan for 2027 to $6.8 billion from $5.2 billion on Wednesday."
    brief = make_brief([article(1, "Oxbarrow lifts spending plan", body)])
    group = group_with(brief.numbers, 6.8e9, 5.2e9)
    assert group is not None
    assert group.status == "superseded"


def test_two_things_of_one_article_are_no_conflict(make_brief: MakeBrief) -> None:
    body = "Oxbarrow paid $40 million for the land. Oxbarrow paid $55 million for the substation."
    brief = make_brief([article(1, "Oxbarrow buys land", body), article(2, "Oxbarrow again", body, hours=1)])
    assert all(g.status in ("single", "agrees") for g in brief.numbers)


def test_a_day_of_trading_is_no_contradiction_of_the_next(make_brief: MakeBrief) -> None:
    brief = make_brief(
        [
            article(1, "Oxbarrow shares fall", "Shares of Oxbarrow Cloud fell 4% after the close of trading."),
            article(2, "Oxbarrow shares slide", "Shares of Oxbarrow Cloud fell 12% on Friday.", hours=48),
        ]
    )
    assert all(g.status != "conflicts" for g in brief.numbers)


def test_every_row_shows_the_number_and_where_it_stands(sample_pages: SamplePages) -> None:
    for brief in sample_pages.briefs.values():
        for group in brief.numbers:
            assert group.measures
            for row in group.rows:
                assert row.quantity.text in row.statement.text
                citation = row.statement.citations[0]
                assert citation.start <= row.quantity.start < row.quantity.end <= citation.end


def test_most_of_the_sample_wires_disagreements_are_found_and_few_are_invented(sample_pages: SamplePages) -> None:
    factor = {"MW": 1e6, "GW": 1e9}
    wanted = found = 0
    contested = sum(g.status in ("conflicts", "superseded") for b in sample_pages.briefs.values() for g in b.numbers)
    for key, gold in sample_pages.gold.items():
        for conflict in gold.conflicts:
            wanted += 1
            values = [f.value * factor.get(conflict.unit, 1.0) for f in conflict.figures]
            found += any(
                group.status in ("conflicts", "superseded")
                and all(any(abs(r.quantity.value - v) <= 0.02 * v for r in group.rows) for v in values)
                for group in sample_pages.briefs[key].numbers
            )
    assert found >= 0.5 * wanted
    assert contested - found <= 5


def test_counts_in_passing_and_years_are_no_key_numbers(make_brief: MakeBrief) -> None:
    brief = make_brief([article(1, "Foo opens", "Foo opened two offices with 5 desks in 2026, its third try.")])
    assert brief.numbers == ()
