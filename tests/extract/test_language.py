from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from page_samples import PARAGRAPHS, PARAGRAPHS_ZH

from groundwire.extract.language import detect_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (PARAGRAPHS[0], "en"),
        (PARAGRAPHS_ZH[0], "zh"),
        ("人工智慧晶片價格下降，資料中心業者表示將擴大採購。", "zh"),
        ("半導体の価格が下がり、データセンター事業者は調達を増やすと述べた。", "ja"),
        ("반도체 가격이 내려가면서 데이터센터 운영사들이 구매를 늘리겠다고 밝혔다.", "ko"),
        (
            "Die Preise für die Chips sind um ein Fünftel gefallen, und das ist nicht alles.",
            "de",
        ),
        ("Le prix des puces a baissé et les opérateurs sont plus nombreux dans le pays, selon une étude.", "fr"),
        (
            "El precio de los chips ha bajado y las empresas compran más, según los datos.",
            "es",
        ),
        (
            "O preço dos chips caiu e as empresas não compram mais do que uma vez por ano.",
            "pt",
        ),
        ("Цены на ускорители снижаются, операторы расширяют закупки.", "ru"),
        ("Ціни на прискорювачі знижуються, оператори розширюють закупівлі її.", "uk"),
        ("OpenAI 发布 GPT-5 API，支持 128K 上下文窗口", "zh"),
        ("iPhone 17 Pro Max、AI機能を追加 Appleが発表", "ja"),
    ],
)
def test_languages_are_told_by_script_and_common_words(text: str, language: str) -> None:
    assert detect_language(text) == language


def test_what_is_declared_decides_only_where_the_text_does_not() -> None:
    assert detect_language("Northwind Silicon", "en-GB") == "en"
    assert detect_language("Northwind Silicon") == "und"
    assert detect_language(PARAGRAPHS_ZH[0], "en") == "zh"
    assert detect_language(PARAGRAPHS[0], "zh-CN") == "en"
    assert detect_language("決算発表", "ja") == "ja"
    assert detect_language("", "zh") == "zh"


@given(st.text(), st.none() | st.text(max_size=12))
def test_any_text_has_a_language_or_und(text: str, hint: str | None) -> None:
    found = detect_language(text, hint)
    assert 2 <= len(found) <= 3
    assert found.islower()
