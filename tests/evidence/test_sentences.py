from __future__ import annotations

import itertools
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundwire.evidence.sentences import of_article, split
from groundwire.types import Article


def texts(text: str, language: str = "en") -> list[str]:
    return [s.text for s in split(text, language)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dr. A. B. Smith left Foo Corp. at 5 p.m. Monday.", ["Dr. A. B. Smith left Foo Corp. at 5 p.m. Monday."]),
        ("It costs $1.5. GPT-5.2 costs 3.5% more.", ["It costs $1.5.", "GPT-5.2 costs 3.5% more."]),
        ("The U.S. Dept. of Energy agreed. Bar Inc. The rest did not.", None),
        ('He said: "Go. Now." Then he left.', ['He said: "Go. Now."', "Then he left."]),
        ("1. First item. 2. Second item.", ["1. First item.", "2. Second item."]),
        ("- one thing\n- another thing. And more.", ["- one thing", "- another thing.", "And more."]),
        ("We did it.The company grew.", ["We did it.", "The company grew."]),
        ("“Is it?” asked J. Doe. It was.", ["“Is it?” asked J. Doe.", "It was."]),
    ],
)
def test_english_sentences_end_where_a_reader_ends_them(text: str, expected: list[str] | None) -> None:
    assert texts(text) == (expected or ["The U.S. Dept. of Energy agreed.", "Bar Inc.", "The rest did not."])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("他说：“今天很好。”然后走了。", ["他说：“今天很好。”", "然后走了。"]),
        (
            "参数为10.8亿，价格 $1.5。官方称（参见v2.0.1）。好！",
            ["参数为10.8亿，价格 $1.5。", "官方称（参见v2.0.1）。", "好！"],
        ),
        ("据 Foo Inc. 消息，U.S. 市场增长3.5%。完。", ["据 Foo Inc. 消息，U.S. 市场增长3.5%。", "完。"]),
        ("“我们很好。他也很好。”他说。“一样。”", ["“我们很好。他也很好。”他说。", "“一样。”"]),
        ("嗯……好。", ["嗯……好。"]),
    ],
)
def test_chinese_sentences_keep_their_quotes_and_decimals(text: str, expected: list[str]) -> None:
    assert texts(text, "zh") == expected


def test_mixed_text_is_cut_in_both_languages() -> None:
    assert texts("The chip ships now. 价格未变。More soon.") == ["The chip ships now.", "价格未变。", "More soon."]


@given(
    st.text(alphabet=st.sampled_from("aB9 .!?\n\r\u2028。！？“”\"'（）()，,-•1.中文é\u0301\U0001f600"), max_size=300),
    st.sampled_from(["en", "zh"]),
)
def test_offsets_are_exact_and_nothing_but_space_is_lost(text: str, language: str) -> None:
    found = split(text, language)
    assert all(text[s.start : s.end] == s.text and s.text == s.text.strip() and s.text for s in found)
    assert all("\n" not in s.text for s in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    assert "".join("".join(s.text.split()) for s in found) == "".join(text.split())


def test_the_title_is_one_sentence_of_its_own() -> None:
    title, body = "Foo buys Bar. Really", "Foo bought Bar. It paid little."
    text = f"{title}\n\n{body}"
    at = datetime(2026, 1, 1, tzinfo=UTC)
    article = Article(
        id=1, article_id=1, version=1, source_id=1, outlet="o", url="u", title=title, text=text, author=None,
        published_at=at, published_evidence="feed", collected_at=at, language="en", text_hash="h",
    )  # fmt: skip
    found = of_article(article)
    assert [s.text for s in found] == [title, "Foo bought Bar.", "It paid little."]
    assert all(text[s.start : s.end] == s.text for s in found)


def test_an_endless_line_is_cut_rather_than_hung_on() -> None:
    found = split("a" * 50_000 + ". " + "（" * 5_000, "zh")
    assert sum(len(s.text) for s in found) >= 55_000
