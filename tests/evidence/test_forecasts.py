from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from groundwire import sample
from groundwire.evidence import analyse, attribution
from groundwire.types import Article, Forecast


def article(text: str, language: str = "en", at: datetime = datetime(2026, 11, 10, 9, tzinfo=UTC)) -> Article:
    return Article(
        id=1, article_id=1, version=1, source_id=1, outlet="o", url="u", title="Title", text=f"Title\n\n{text}",
        author=None, published_at=at, published_evidence="feed", collected_at=at, language=language, text_hash="h",
    )  # fmt: skip


def forecasts(text: str, language: str = "en") -> list[Forecast]:
    return [s.forecast for s in analyse(article(text, language)).sentences[1:] if s.forecast]


def test_a_forecast_has_what_when_who_and_why() -> None:
    text = "Bexcombe Research expects rents to fall by June 2027, because chips are plentiful."
    (found,) = forecasts(text)
    assert found.text == text
    assert found.hedge == "expects"
    assert found.who == "Bexcombe Research"
    assert found.horizon is not None
    assert found.horizon.last == date(2027, 6, 30)
    assert found.reason is not None
    assert f"Title\n\n{text}"[slice(*found.reason)] == "chips are plentiful"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Rents will fall by June 2027, because supply grew 3.5% a month.", "supply grew 3.5% a month"),
        ("Because chips are scarce, rents will rise by June 2027.", "chips are scarce"),
        ("Rents will rise by June 2027, since nobody has power: Bexcombe expects a third more.", "nobody has power"),
        ("Rents will rise by June 2027 amid a shortage of transformers.", "amid a shortage of transformers"),
        ("The board is due to vote on the change by June 2027.", None),
        ("租金将在2027年6月前上涨，因为变压器短缺：一台要等两年。", "变压器短缺"),
        ("受变压器短缺影响，租金将在2027年6月前上涨。", "受变压器短缺影响"),
    ],
)
def test_a_reason_is_what_follows_the_word_for_it(text: str, reason: str | None) -> None:
    (found,) = forecasts(text, "zh" if "租金" in text else "en")
    assert (found.reason and f"Title\n\n{text}"[slice(*found.reason)]) == reason


def test_a_chinese_forecast_has_the_same_parts() -> None:
    text = "彭哈洛证券预计，租金将在2027年第二季度跌至1.5美元，原因是供给增加。"
    (found,) = forecasts(text, "zh")
    assert found.who == "彭哈洛证券"
    assert found.horizon is not None
    assert (found.horizon.first, found.horizon.last) == (date(2027, 4, 1), date(2027, 6, 30))
    assert found.reason is not None
    assert "供给增加" in f"Title\n\n{text}"[slice(*found.reason)]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Will prices fall by June 2027?", "en"),
        ("Revenue was expected to reach $3 billion last year.", "en"),
        ("Profit was better than expected.", "en"),
        ("Foo could not be reached on Monday.", "en"),
        ("The bug may have caused the outage.", "en"),
        ("It opened in May 2025.", "en"),
        ("营收超出预期。", "zh"),
        ("公司把资本开支计划从52亿美元上调到68亿美元。", "zh"),
        ("价格会继续下跌吗？", "zh"),
        ("此前预计的发布时间已经过去。", "zh"),
    ],
)
def test_questions_and_reports_of_the_past_are_no_forecasts(text: str, language: str) -> None:
    assert forecasts(text, language) == []


def test_the_reason_may_stand_in_the_next_sentence() -> None:
    text = "The third hall is set to open in 2028. The reason is that transformers take 26 months."
    (found,) = forecasts(text)
    assert found.reason is not None
    assert f"Title\n\n{text}"[slice(*found.reason)].startswith("The reason is that")


@pytest.mark.parametrize(
    ("sentence", "who"),
    [
        ("Shares rose, according to the International Energy Agency.", "the International Energy Agency"),
        ("Jane Doe, chief executive of Foo Corp, said the firm would grow.", "Jane Doe"),
        ("It “will not last,” said Oraib Rintawi, head of a centre.", "Oraib Rintawi"),
        ("However, people familiar with the matter said it was over.", "people familiar with the matter"),
        ("据路透社报道，该公司将裁员。", "路透社"),
        ("Codex 负责人 Tibo 近日透露，流量增长。", "Codex 负责人 Tibo"),
        ("根据国际能源署的报告，用电增长。", "国际能源署"),
    ],
)
def test_the_speaker_is_named_verbatim(sentence: str, who: str) -> None:
    assert attribution.find(sentence)[0].text == who
    assert who in sentence


@pytest.mark.parametrize(
    "sentence", ["He said so.", "该模型名称为V9。", "他表示，未来可期。", "It was said that rain fell."]
)
def test_pronouns_and_names_of_things_are_no_speakers(sentence: str) -> None:
    assert attribution.find(sentence) == ()


def test_the_sample_wires_forecasts_are_found_with_their_horizons() -> None:
    wire = {a.key: a for a in sample.articles()}
    wanted = [f for e in sample.events() for f in e.forecasts]
    found = dated = 0
    for gold in wanted:
        source = wire[gold.article]
        evidence = analyse(article(source.body, source.outlet.language, source.published_at))
        match = next((s.forecast for s in evidence.sentences if s.forecast and gold.words in s.sentence.text), None)
        found += match is not None
        if match and gold.horizon and match.horizon:
            dated += (match.horizon.first, match.horizon.last) == (gold.horizon.first, gold.horizon.last)
    assert found >= 0.9 * len(wanted)
    assert dated >= 0.85 * len(wanted)
