from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import pytest

from groundwire.evidence import analyse
from groundwire.types import Article


def measures(sentence: str, language: str) -> dict[str, str]:
    """What each quantity of a one-sentence article is found to measure."""
    text = f"x\n\n{sentence}"
    at = datetime(2026, 11, 10, tzinfo=UTC)
    article = Article(
        id=1, article_id=1, version=1, source_id=1, outlet="Outlet", url="https://example.com/1", title="x", text=text,
        author=None, published_at=at, published_evidence="feed", collected_at=at, language=language,
        text_hash=hashlib.sha256(text.encode()).hexdigest(),
    )  # fmt: skip
    return {q.text: q.measures for s in analyse(article).sentences for q in s.quantities}


@pytest.mark.parametrize(
    ("sentence", "quantity", "measure"),
    [
        ("五座机房全部建成后最高用电负荷300兆瓦。", "300兆瓦", "最高用电负荷"),
        ("公司把2027年资本开支计划从52亿美元上调到68亿美元。", "68亿美元", "资本开支计划"),
        ("净亏损由去年同期的7400万美元扩大至1.18亿美元。", "1.18亿美元", "净亏损"),
        ("每瓦生成的token数是上一代T8的2.8倍。", "2.8倍", "token数"),
        ("单卡每小时输出token从190万增至570万。", "570万", "单卡每小时输出token"),
        ("每次会话消耗4000个输入token。", "4000个输入token", "输入token"),
        ("约两万名跑者冒雨出发。", "两万名", "跑者"),
        ("组委会沿途设置17个补给点。", "17", "补给点"),
        ("该模型在B200的8B至32B模型上更快。", "8B至32B模型", "模型"),
        ("公司比较过31处地块。", "31", "地块"),
    ],
)
def test_a_chinese_figure_measures_the_nouns_beside_it(sentence: str, quantity: str, measure: str) -> None:
    assert measures(sentence, "zh")[quantity] == measure


@pytest.mark.parametrize(("sentence", "quantity"), [("约合0.24瓦时。", "0.24瓦时"), ("赛事还设置了17处。", "17")])
def test_a_verb_alone_is_no_measure(sentence: str, quantity: str) -> None:
    assert measures(sentence, "zh")[quantity] == ""


@pytest.mark.parametrize(
    ("sentence", "quantity", "measure"),
    [
        ("Revenue rose 8% to $3 billion.", "$3 billion", "Revenue rose"),
        ("The fund bought a 30% stake in Quaylight.", "30%", "stake"),
        ("Some 40% of traffic now goes to the small model.", "40%", "traffic"),
        ("Penhallow puts utilisation at 54%.", "54%", "utilisation"),
        ("It lifted the cache hit rate to 71%.", "71%", "cache hit rate"),
        ("The cluster holds 10,000 accelerators.", "10,000 accelerators", "accelerators"),
    ],
)
def test_an_english_figure_measures_the_noun_phrase_beside_it(sentence: str, quantity: str, measure: str) -> None:
    assert measures(sentence, "en")[quantity] == measure


@pytest.mark.parametrize(
    ("sentence", "quantity"),
    [("Those who usually buy six months ahead paid more.", "six months"), ("The draft would have billed 85%.", "85%")],
)
def test_an_adverb_or_a_participle_alone_is_no_measure(sentence: str, quantity: str) -> None:
    assert measures(sentence, "en")[quantity] == ""
