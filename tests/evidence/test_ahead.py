"""Which words look ahead, and which only look like it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from groundwire.evidence import ahead, analyse
from groundwire.types import Article

AT = datetime(2026, 11, 10, 9, tzinfo=UTC)


def is_forecast(text: str) -> bool:
    language = "zh" if any("\u4e00" <= c <= "\u9fff" for c in text) else "en"
    written = Article(
        id=1, article_id=1, version=1, source_id=1, outlet="o", url="u", title="Title", text=f"Title\n\n{text}",
        author=None, published_at=AT, published_evidence="feed", collected_at=AT, language=language, text_hash="h",
    )  # fmt: skip
    return any(s.forecast for s in analyse(written).sentences[1:])


@pytest.mark.parametrize(
    "text",
    [
        "Merrowick will open its second hall next month.",
        "Oxbarrow is on track for 9 GW by 2029.",
        "Access through the interface is coming in the next weeks, the company said.",
        "The council is expected to announce the sale on Thursday.",
        "Tarnholm plans to picket the works on Monday.",
        "梅罗威克将于下周关闭旧接口。",
        "官方表示，后续将公布时间表。",
        "该公司计划投资高达400亿美元，以支持增长的需求。",
        "该芯片有望在明年上半年量产。",
        "未来双方将共建开放的技术栈。",
    ],
)
def test_announcements_plans_and_expectations_are_forecasts(text: str) -> None:
    assert is_forecast(text)


@pytest.mark.parametrize(
    "text",
    [
        "Its decoder predicts several tokens in parallel.",
        "You should check the log when a job could not be read.",
        "The goal is to keep the interface small.",
        "该模型支持可预测的计费，并内置预测功能。",
        "平台将传统的关键词搜索升级为意图理解模式。",
        "该功能旨在帮助企业部署工具。",
        "Revenue was higher than expected.",
    ],
)
def test_abilities_methods_and_object_markers_are_none(text: str) -> None:
    assert not is_forecast(text)


def test_a_question_has_no_cue() -> None:
    assert ahead.cues("Will it open in May 2027?") == ()


def test_the_deciding_cue_is_the_strongest_not_the_first() -> None:
    cues = ahead.cues("It said demand may rise and that it will open a hall soon.")
    assert [c.kind for c in cues] == ["told", "possible", "announced", "time"]
    found = ahead.first(cues)
    assert found is not None
    assert found.kind == "announced"
    assert ahead.first(ahead.cues("It said so.")) is None
