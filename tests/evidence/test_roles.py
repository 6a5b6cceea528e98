from __future__ import annotations

from datetime import UTC, datetime

import pytest

from groundwire.evidence import analyse, cues, roles
from groundwire.types import Article, Role, SentenceEvidence


def read(text: str, language: str = "en", title: str = "A title") -> tuple[SentenceEvidence, ...]:
    at = datetime(2026, 11, 10, 9, tzinfo=UTC)
    article = Article(
        id=1, article_id=1, version=1, source_id=1, outlet="o", url="u", title=title, text=f"{title}\n\n{text}",
        author=None, published_at=at, published_evidence="feed", collected_at=at, language=language, text_hash="h",
    )  # fmt: skip
    return analyse(article).sentences[1:]


@pytest.mark.parametrize(
    ("text", "language", "role"),
    [
        ("Quaylight cut the price of Quay-5 by 60% on Wednesday.", "en", "fact"),
        ("奎莱特宣布旗舰模型降价60%。", "zh", "fact"),
        ("This means that small clouds will lose customers.", "en", "consequence"),
        ("这意味着小厂商将失去客户。", "zh", "consequence"),
        ("Teams should renegotiate their contracts now.", "en", "recommendation"),
        ("建议团队重新测算单位经济模型。", "zh", "recommendation"),
        ("The model runs decode in FP8 with a KV cache of 35 kilobytes per token.", "en", "technical"),
        ("“We got cheaper to run and we hand it over,” she said.", "en", "quote"),
        ("The firm, founded in 2019, has long rented chips.", "en", "background"),
        ("Analysts expect prices to halve by June 2027.", "en", "forecast"),
    ],
)
def test_each_role_is_recognised_by_its_cues(text: str, language: str, role: Role) -> None:
    (found,) = read(text, language)
    assert found.roles.get(role, 0.0) >= 0.4, found.roles


def test_a_question_plays_no_role_strongly() -> None:
    (found,) = read("Should teams renegotiate their contracts, which means lower prices?")
    assert max(found.roles.values()) <= 0.35


def test_words_that_contain_a_chinese_cue_are_none() -> None:
    labels = {hit.label for hit in cues.find("供应商的应用需求已经说明。")}
    assert "recommendation" not in labels
    assert "advice" not in labels


def test_cues_say_where_they_stand() -> None:
    text = "Analysts said this means trouble, 意味着 risk."
    for hit in cues.find(text):
        assert text[hit.start : hit.end].strip() == text[hit.start : hit.end] != ""


def test_the_kind_of_news_is_tallied_from_cues() -> None:
    kinds = roles.tally(cues.find("The start-up raised $80 million at a valuation of $1 billion."), "kind")
    assert max(kinds, key=lambda k: len(kinds[k])) == "funding"


MEASURES = [
    ("Revenue rose 8% to $3 billion.", "en", ["Revenue rose", "Revenue rose"]),
    ("Foo Corp raised about $2 billion in debt at a valuation of $80 billion.", "en", ["debt", "valuation"]),
    ("The startup plans a 2 GW campus and bought a 30% stake.", "en", ["campus", "stake"]),
    ("About 40% of traffic comes from agents.", "en", ["traffic"]),
    ("Gross margin on the interface that developers use would stay at 55%.", "en", ["Gross margin on the interface"]),
    ("Shares of Kestwick rose 6% in New York.", "en", ["Shares of Kestwick rose"]),
    ("使用探针发现隐藏动机的比例从不足 3% 升至 12%。", "zh", ["隐藏动机的比例", "隐藏动机的比例"]),
    ("第三季度营收同比增长 23%，达 120 亿元。", "zh", ["营收同比增长", "营收"]),
    ("公司完成 7 亿美元融资，估值达到 50 亿美元。", "zh", ["融资", "估值"]),
    ("数据中心总装机容量为 300 兆瓦。", "zh", ["数据中心总装机容量"]),
]


@pytest.mark.parametrize(("text", "language", "expected"), MEASURES)
def test_a_number_is_labelled_with_the_words_that_say_what_it_measures(
    text: str, language: str, expected: list[str]
) -> None:
    (found,) = read(text, language)
    assert [q.measures for q in found.quantities] == expected
    assert all(q.measures in text for q in found.quantities)


def test_a_number_carries_who_said_it_even_through_a_pronoun() -> None:
    first, second = read("Chief Executive Marta Quill said revenue reached $3 billion. She said margins stayed at 55%.")
    assert "Marta Quill" in first.quantities[0].said_by
    assert "Marta Quill" in second.quantities[0].said_by


def test_numbers_of_names_and_dates_are_no_quantities() -> None:
    (found,) = read("On 3 May 2026 Quay-5 got 12% cheaper.")
    assert [q.text for q in found.quantities] == ["12%"]


def test_a_hostile_wall_of_text_yields_no_evidence_but_is_kept() -> None:
    (found,) = read("spend $1 " * 1000)
    assert found.quantities == ()
    assert found.roles == {"none": 1.0}
