"""What a statement may not say otherwise than the sentence that it cites."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundwire.briefs.grounding import EvidenceSentence, check

AT = datetime(2026, 11, 20, tzinfo=UTC)


def kinds(statement: str, *evidence: str, language: str = "en") -> set[str]:
    """Kinds of findings."""
    cited = [EvidenceSentence(text=text, language=language, published_at=AT) for text in evidence]
    return {f.kind for f in check(statement, language, cited).findings}


PRICE = "Velant cut the price of its Orla 3 model by 40% on Tuesday, November 3, after Corvane lowered its own prices."
CHIP = "Halden 计划于 11月3日 向 Oxmere 交付 1200 块 100MW 级芯片，价格为 12 亿元。"


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [
        (PRICE.replace("40%", "45%"), "number"),
        (PRICE.replace("November 3", "November 5"), "date"),
        (PRICE.replace("Tuesday", "Friday"), "date"),
        (PRICE.replace("Velant", "Norvik"), "name"),
        (PRICE.replace("cut", "did not cut"), "negation"),
        (PRICE.replace("cut", "raised"), "direction"),
        (PRICE.replace("Velant", "_").replace("Corvane", "Velant").replace("_", "Corvane"), "role"),
    ],
)
def test_a_changed_fact_is_found_in_english(wrong: str, kind: str) -> None:
    assert kind in kinds(wrong, PRICE)


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        (CHIP.replace("1200", "1300"), {"number"}),
        (CHIP.replace("亿", "万"), {"unit", "number"}),
        (CHIP.replace("100MW", "100GW"), {"unit"}),
        (CHIP.replace("3日", "8日"), {"date"}),
        (CHIP.replace("Halden", "Norvik"), {"name"}),
        (CHIP.replace("计划", "已经"), {"modality"}),
        (CHIP.replace("计划于", "不会于"), {"negation"}),
    ],
)
def test_a_changed_fact_is_found_in_chinese(wrong: str, found: set[str]) -> None:
    assert kinds(wrong, CHIP, language="zh") & found


@pytest.mark.parametrize(
    "said",
    [
        PRICE,
        "On Tuesday, November 3, Velant cut the price of its Orla 3 model by 40 percent.",
        "Velant lowered the price of Orla 3 by 40% on 3 November.",
        "The price of its Orla 3 model was cut by Velant by 40%.",
        "The price of the Orla 3 model was cut by 40 percent.",
    ],
)
def test_a_faithful_paraphrase_has_nothing_against_it(said: str) -> None:
    assert kinds(said, PRICE) == set()


def test_a_length_of_time_is_not_borne_out_by_a_shorter_one() -> None:
    week = "Norvik 宣布，未来 7 天内所有用户均可免费调用该模型。"
    assert "date" in kinds(week.replace("7 天", "7 个月"), week, language="zh")
    assert "number" in kinds(week.replace("7 天", "7 分钟"), week, language="zh")


def test_each_end_of_a_range_counts() -> None:
    said = "Tarn 的比例从 3% 升至 12%–15%，融资额 400 亿至 500 亿美元。"
    assert "number" in kinds(said.replace("15%", "30%"), said, language="zh")
    assert "number" in kinds(said.replace("500", "501"), said, language="zh")


def test_what_one_says_is_not_put_into_anothers_mouth() -> None:
    spoke = "Superintendent Krimmer said it was too early to open the tunnel."
    other = "Union secretary Ida Lenz says it is the third fire on a building site this year."
    assert "splice" in kinds(
        "Superintendent Krimmer says it is the third fire on a building site this year.", spoke, other
    )
    near = "一位接近鹭汀云的人士称，故障与冷却系统有关，原因仍在排查。"
    desk = "鹭汀云客服回应称，将按服务协议赔付，最高为当月费用的四分之一。"
    assert "splice" in kinds(
        "一位接近鹭汀云的人士称，将按服务协议赔付，最高为当月费用的四分之一。", near, desk, language="zh"
    )


def test_two_things_that_changed_places_are_found_without_being_names() -> None:
    said = "The cheap model beats the dense engine at long prompts."
    assert "role" in kinds("The cheap engine beats the dense model at long prompts.", said)


def test_one_of_two_equal_words_turned_round_is_found() -> None:
    said = "Oxmere raised the price of chips and raised the price of racks."
    assert kinds("Oxmere raised the price of chips and cut the price of racks.", said) == {"direction"}


def test_a_list_in_another_order_says_the_same() -> None:
    assert kinds("Oxmere sells chips, boards and racks.", "Oxmere sells racks, boards and chips.") == set()


def test_figures_given_respectively_keep_their_order() -> None:
    said = "两档套餐的价格分别为 40 元和 200 元。"
    assert "role" in kinds("两档套餐的价格分别为 200 元和 40 元。", said, language="zh")


def test_a_subject_with_the_predicate_of_another_sentence_is_found() -> None:
    first = "Velant has opened an office in Oslo."
    second = "Corvane has recalled two thousand faulty power supplies."
    assert "splice" in kinds("Velant has recalled two thousand faulty power supplies.", first, second)


def test_a_figure_does_not_vouch_for_the_name_inside_it() -> None:
    first = "官方数据显示，Oxmere 去年拥有约 20 万块 Velant GPU，计划扩展至 100 万块。"
    second = "Corvane 计划利用该集群训练 Tarn 2.5 模型。"
    assert "attachment" in kinds(first.replace("Velant", "Corvane"), first, second, language="zh")
    assert kinds(first.replace("官方数据显示，", ""), first, second, language="zh") == set()


def test_a_pronoun_may_be_resolved_by_the_sentence_before() -> None:
    first = "Velant has opened an office in Oslo."
    second = "It has recalled two thousand faulty power supplies."
    assert kinds("Velant has recalled two thousand faulty power supplies.", first, second) == set()


def test_a_name_between_the_evidences_own_words_must_be_its_own() -> None:
    first = "The cable broke on the northern line near Quarrow."
    second = "Repairs are under way at a station near Brimley."
    assert kinds("The cable broke on the northern line near Brimley.", first, second) == {"attachment"}


@given(st.text(max_size=300), st.text(max_size=300), st.sampled_from(["en", "zh"]))
@settings(max_examples=60, deadline=None)
def test_any_text_gets_a_verdict(statement: str, evidence: str, language: str) -> None:
    verdict = check(statement, language, [EvidenceSentence(text=evidence, language=language, published_at=AT)])
    assert 0.0 <= verdict.support <= 1.0
    assert verdict.kept == (not verdict.findings)
