"""What a page predicts becomes a rule that code can parse, or a reason why there is none."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest
from forecast_samples import SAID, article, entries, outcome, page
from hypothesis import given
from hypothesis import strategies as st

from groundwire.evidence.analyse import analyse
from groundwire.forecasts import Rule, forecast_key, parse_rule, register, state_of
from groundwire.forecasts.rule import Target
from groundwire.types import Citation, Implication, Statement


def test_a_figure_by_a_day_becomes_a_rule_about_that_figure() -> None:
    (found,) = entries("Pellworth Systems expects gross margin to reach 58% by the second quarter of 2027.")
    assert found.rule is not None
    assert str(found.rule) == (
        'reaches ["pellworth systems"] "gross margin to reach 58% by the second quarter of 2027" >= 58 "%"'
        " in 2026-11-10..2027-06-30"
    )
    assert (found.source, found.unresolvable) == ("Pellworth Systems", None)


def test_what_happens_ends_where_its_reason_begins() -> None:
    (found,) = entries(
        "Pellworth Systems expects to close the purchase in May 2027, because three countries have to agree."
    )
    assert found.rule is not None
    assert (found.rule.kind, found.rule.words) == ("happens", "close the purchase in May 2027")
    assert (found.rule.since, found.rule.until) == (date(2027, 5, 1), date(2027, 5, 31))


def test_not_before_a_day_is_true_if_it_has_not_happened_until_then() -> None:
    (found,) = entries("Pellworth said that its Brindle chip would ship in volume not before April 2027.")
    assert found.rule is not None
    assert (found.rule.kind, found.rule.until) == ("absent", date(2027, 3, 31))


def test_a_forecast_in_chinese_gets_the_same_kind_of_rule() -> None:
    (found,) = entries("Pellworth预计，毛利率将在2027年第二季度达到58%。", language="zh")
    assert found.rule is not None
    assert found.rule.target == Target(comparison=">=", value=58.0, unit="%")
    assert found.rule.until == date(2027, 6, 30)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Pellworth Systems expects rents to fall, because chips are plentiful.", "no_date"),
        ("Pellworth said that the opening could slip to June 2027.", "possibility"),
        ("A long delay would cost Pellworth Systems its lease by June 2027.", "conditional"),
        ("Pellworth Systems will keep its hall beyond 2027.", "no_date"),
        ("Pellworth Systems will still follow the 2027 Brindle rules.", "no_date"),
        ("If rates rise, Pellworth Systems expects rents to fall by June 2027.", "conditional"),
        ("Pellworth plans to open more halls after 2027.", "after_only"),
    ],
)
def test_what_nothing_could_refute_is_listed_with_the_reason(text: str, why: str) -> None:
    (found,) = entries(text)
    assert (found.rule, found.unresolvable) == (None, why)
    assert state_of(found, None, SAID.date()) == "unresolvable"


def test_a_company_without_a_name_counts_for_the_outlet() -> None:
    (found,) = entries("The company expects revenue of $2.6 billion in 2027.", title="Pellworth raises its plan")
    assert found.source == "Ferrule Courier"


def test_an_analyst_counts_for_the_house_that_they_speak_for() -> None:
    (found,) = entries("Rents will fall by June 2027, Pellworth Research's Ada Whitlow wrote.")
    assert found.source == "Pellworth Research"


def test_the_same_words_in_the_next_version_are_the_same_forecast() -> None:
    assert forecast_key(7, "It  expects\nso.") == forecast_key(7, "It expects so.")
    assert forecast_key(7, "It expects so.") != forecast_key(8, "It expects so.")


def test_a_forecast_is_due_in_its_last_fortnight_and_overdue_after_its_last_day() -> None:
    (found,) = entries("Pellworth Systems expects to close the purchase in May 2027.")
    days = [date(2027, 5, 16), date(2027, 5, 17), date(2027, 5, 31), date(2027, 6, 1)]
    assert [state_of(found, None, day) for day in days] == ["open", "due", "due", "overdue"]
    assert state_of(found, outcome("void"), days[-1]) == "resolved"


names = st.text(min_size=0, max_size=30)
rules = st.builds(
    Rule,
    kind=st.just("reaches"),
    subject=st.lists(names, max_size=3).map(tuple),
    words=names,
    since=st.dates(date(2000, 1, 1), date(2050, 1, 1)),
    until=st.dates(date(2050, 1, 1), date(2100, 1, 1)),
    target=st.builds(
        Target,
        comparison=st.sampled_from([">=", "<=", "~"]),
        value=st.floats(allow_nan=False, allow_infinity=False),
        unit=names,
    ),
)


@given(rules)
def test_a_rule_survives_being_written_down(rule: Rule) -> None:
    assert parse_rule(str(rule)) == rule


@given(st.text(max_size=80))
def test_any_other_line_is_refused_in_words(line: str) -> None:
    with pytest.raises(ValueError, match="not a resolution rule"):
        parse_rule(line)


def test_a_range_and_a_rule_that_ends_before_it_begins() -> None:
    line = 'reaches ["a"] "revenue" 2.5..2.7 "USD" in 2026-10-01..2026-12-31'
    assert str(parse_rule(line)) == line
    with pytest.raises(ValueError, match="ends before it begins"):
        parse_rule('happens ["a"] "b" in 2027-01-02..2027-01-01')
    with pytest.raises(ValueError, match="it alone, has a figure"):
        parse_rule('reaches ["a"] "b" in 2026-01-02..2027-01-01')


@pytest.mark.parametrize(
    ("target", "figure", "holds"),
    [
        (Target(comparison=">=", value=58, unit="%"), 58.0, True),
        (Target(comparison="<=", value=0.1, unit="USD"), 0.11, False),
        (Target(comparison="~", value=100, unit="USD"), 104.9, True),  # within 5 %
        (Target(comparison="~", value=100, unit="USD"), 105.1, False),
        (Target(comparison="..", value=2.6, upper=2.7, unit="USD"), 2.65, True),
        (Target(comparison="..", value=2.6, upper=2.7, unit="USD"), 2.71, False),
    ],
)
def test_a_figure_is_compared_as_the_rule_says(target: Target, figure: float, holds: bool) -> None:
    assert target.holds(figure) is holds


def test_how_likely_it_is_is_no_figure_of_what_is_predicted() -> None:
    (found,) = entries(
        "白榆研究院预计，岚谷科技将在11月28日前启用二期机房，概率为80%，因为电力已经接通。", language="zh"
    )
    assert found.rule is not None
    assert (found.rule.kind, found.rule.words) == ("happens", "岚谷科技将在11月28日前启用二期机房")
    (found,) = entries("Pellworth Systems puts the chance at 70% that Brindle Optics will open its hall by May 2027.")
    assert found.rule is not None
    assert (found.rule.kind, found.rule.words) == ("happens", "open its hall by May 2027")


def test_a_word_of_probability_is_no_part_of_what_happens() -> None:
    (found,) = entries("Pellworth Systems said Brindle Optics will very likely open its hall by May 2027.")
    assert found.rule is not None
    assert found.rule.words == "open its hall by May 2027"


def test_a_rule_is_about_whom_the_speaker_tells_of_not_the_speaker() -> None:
    (of_others,) = entries("Pellworth Systems sees a 70% chance that Brindle Optics will open its hall by May 2027.")
    assert of_others.rule is not None
    assert (of_others.source, of_others.rule.subject) == ("Pellworth Systems", ("brindle optics",))
    (of_itself,) = entries("Pellworth Systems says it will open its hall by May 2027.")
    assert of_itself.rule is not None
    assert of_itself.rule.subject == ("pellworth systems",)


def test_a_dated_forecast_that_tells_what_changed_is_on_record_too() -> None:
    source = article("Pellworth Systems said it will open its hall in May 2027. It is cooled by sea water.")
    evidence = analyse(source)
    ahead = next(s for s in evidence.sentences if s.forecast)
    quote = Citation(version_id=1, start=ahead.sentence.start, end=ahead.sentence.end, quote=ahead.sentence.text)
    said = Statement(section="what_changed", text=quote.quote, citations=(quote,), language="en")
    once = dataclasses.replace(page([]), what_changed=said)
    shown = Implication(statement=dataclasses.replace(said, section="implications"), who="", horizon=None, reason=None)
    for brief in (once, dataclasses.replace(once, implications=(shown,))):
        (found,) = register(brief, {1: source}, {1: evidence}, SAID)
        assert found.rule is not None
        assert found.rule.until == date(2027, 5, 31)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "In Ostrava, the Pellworth hall opens next month, Courier reports.",
            'happens ["ostrava", "pellworth"] "the Pellworth hall opens next month',
        ),
        ("The opening of the Pellworth hall is planned for May 2027.", 'happens ["pellworth"] "The opening of the Pellworth hall'),
        ("The Pellworth hall is on track to open in May 2027.", 'happens ["pellworth"] "to open in May 2027"'),
    ],
)  # fmt: skip
def test_what_is_predicted_begins_with_its_clause_where_the_hedge_is_a_time_or_follows_it(text: str, line: str) -> None:
    assert str(entries(text, language=_language(text))[0].rule).startswith(line)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("The Pellworth hall won't open in May 2027.", 'absent ["pellworth"] "open in May 2027"'),
        ("The Pellworth hall will not open in May 2027.", 'absent ["pellworth"] "open in May 2027"'),
        ("The makers of Pellworth have no plans to open a hall in May 2027.", 'absent ["pellworth"] "open a hall in May 2027"'),
        ("Spending at Pellworth will not exceed $5 billion in 2027.", "<= 5000000000"),
        ("Spending at Pellworth is not expected to exceed $5 billion in 2027.", "<= 5000000000"),
        ("Spending at Pellworth is not expected to be less than $5 billion in 2027.", ">= 5000000000"),
        ("Spending at Pellworth will exceed $5 billion in 2027, not in 2026.", ">= 5000000000"),
        ("Pellworth预计，2027年支出将不会超过50亿元。", "<= 5000000000"),
        ("Pellworth不会在2027年5月启用新机房。", 'absent ["pellworth"] "在2027年5月启用新机房"'),
        ("Pellworth没有计划在2027年上市。", 'absent ["pellworth"] "在2027年上市"'),
    ],
)  # fmt: skip
def test_what_is_said_not_to_come_is_true_if_it_does_not(text: str, rule: str) -> None:
    assert rule in str(entries(text, language=_language(text))[0].rule)


def _language(text: str) -> str:
    return "en" if text.isascii() else "zh"


def test_a_year_before_what_is_measured_in_it_is_when() -> None:
    (found,) = entries("Pellworth Systems expects its 2027 revenue to reach $5 billion.")
    assert found.rule is not None
    assert found.rule.until == date(2027, 12, 31)


def test_a_name_in_the_reason_is_not_what_a_rule_is_about() -> None:
    (found,) = entries(
        "Pellworth Systems expects gross margin to reach 58% by June 2027, because it leaves Brindle Cloud."
    )
    assert found.rule is not None
    assert found.rule.subject == ("pellworth systems",)


def test_a_place_that_owns_the_speaker_is_not_the_speaker() -> None:
    (found,) = entries("London’s Gimpel gallery said that Pellworth will open a hall in May 2027.")
    assert found.source != "London"


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("Pellworth will launch its Brindle capsule in May 2027, kicking off a series of six.", "en", "launch its Brindle capsule in May 2027"),
        ("岚谷科技全员将加入衡川集团，其外部产品将在2027年5月停止。", "zh", "其外部产品将在2027年5月停止"),
        ("The Brindle hall of Pellworth is also to open next month as part of the plan for the coast.", "en", "The Brindle hall of Pellworth is also to open next month as part of the plan for the coast"),
    ],
)  # fmt: skip
def test_a_rule_says_what_happens_and_no_more(text: str, language: str, words: str) -> None:
    (found,) = entries(text, language=language)
    assert found.rule is not None
    assert found.rule.words == words


def test_over_the_next_year_is_twelve_months_from_the_report() -> None:
    (found,) = entries("Pellworth Systems will spend at least $1 billion over the next year.")
    assert found.rule is not None
    assert (found.rule.since, found.rule.until) == (SAID.date(), date(2027, 11, 9))
    (found,) = entries("Pellworth Systems will spend $1 billion through 2028.")
    assert found.rule is not None
    assert (found.rule.since, found.rule.until) == (SAID.date(), date(2028, 12, 31))


def test_a_generation_is_no_number_of_products() -> None:
    (found,) = entries("Pellworth 计划于2027年发布二代产品。", language="zh")
    assert found.rule is not None
    assert found.rule.kind == "happens"


def test_when_it_was_said_is_not_when_it_happens() -> None:
    (found,) = entries('"I hope to continue the fight at Pellworth Systems," she said in December.')
    assert (found.rule, found.unresolvable) == (None, "no_date")


def test_a_weekday_is_not_what_a_rule_is_about() -> None:
    (found,) = entries("Pellworth Systems will carry the torch at Friday's opening in Tarnholm.")
    assert found.rule is not None
    assert not {"friday", "friday's"} & set(found.rule.subject)


@pytest.mark.parametrize(
    "text",
    ["Pellworth 计划在今年年底前正式提供这两款芯片的全面可用服务。", "Pellworth Systems will open these two halls by June 2027."],
)  # fmt: skip
def test_a_number_that_points_at_what_is_there_is_no_target(text: str) -> None:
    (found,) = entries(text, language=_language(text))
    assert found.rule is not None
    assert found.rule.kind == "happens"


def test_ten_years_from_now_are_no_calendar_decade() -> None:
    (found,) = entries("Pellworth 将在未来十年内投入超过1000亿美元。", language="zh")
    assert found.rule is not None
    assert (found.rule.since, found.rule.until) == (date(2026, 11, 11), date(2036, 11, 10))


def test_chinese_words_without_a_known_name_are_no_source() -> None:
    (found,) = entries("首批模型预计于2027年5月发布。", language="zh", title="Pellworth 发布计划")
    assert found.source == "Ferrule Courier"
