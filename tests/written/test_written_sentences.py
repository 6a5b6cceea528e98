"""Words that contradict nothing and are still no sentence of news; and accusations without who makes them."""

from __future__ import annotations

import pytest

from groundwire.briefs.written.accusation import unattributed
from groundwire.briefs.written.sentence import problems


@pytest.mark.parametrize(
    ("text", "language", "why"),
    [
        ("...", "en", "too few words"),
        ("What to do", "en", "too few words"),
        ("40 percent", "en", "too few words"),
        ("Velant Systems", "en", "too few words"),
        ("公司降价", "zh", "too few words"),
        ("Velant Systems cut the price of its Orla 3 model by", "en", "cut off"),
        ("Velant Systems cut the price, and", "en", "cut off"),
        ("公司宣布明年将把价格下调的", "zh", "cut off"),
        ("shape it gently, and let it rest in a basket.", "en", "begins in the middle"),
        ("The company has 64 chips on order and I learned about it from the radio.", "en", "speaks for somebody else"),
        ("Our price fell by 40 percent, the company said.", "en", "speaks for somebody else"),
        ("公司称降价，我们应当核对账单。", "zh", "speaks for somebody else"),
        ("What_to_do is to compare the bills of Velant.", "en", "no word"),
        ("The price of the model is the price of the model is the price of the model.", "en", "repeats itself"),
        ("Velant Velant cut the price of Orla 3.", "en", "repeats itself"),
        ("Ida Brekke said: “Velant may open ... next year”.", "en", "with a gap"),
        ("布雷克说：“公司明年……开业”，并涨价。", "zh", "with a gap"),
    ],
)
def test_what_is_no_sentence_is_refused(text: str, language: str, why: str) -> None:
    assert any(why in problem for problem in problems(text, language))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Velant cut prices.", "en"),
        ("@tarnwriter posted a tip on how to save memory.", "en"),
        ("Ida Brekke said: “We cut the price, and I am glad”.", "en"),
        ("Velant began a phase I trial of Orla 3, as it did in World War I.", "en"),
        ("Our World in Data counts 64 models of Velant.", "en"),
        ("该公司的模型学会了自我纠错，价格不变。", "zh"),
        ("The US regulator approved the sale of Velant.", "en"),
        ("llama.cpp runs the model on a laptop.", "en"),
        ("xAI raised money for Orla 3.", "en"),
        ("Velant's price fell from $4 per million output tokens to $2.40 per million output tokens.", "en"),
        ("Orla 3 runs on 64 accelerators and reads 200,000 tokens at once.", "en"),
        ("She said that that model had had its day.", "en"),
        ("Orrin Labs为数据中心融资3亿美元", "zh"),
        ("该公司周一把价格下调四成。", "zh"),
    ],
)
def test_plain_sentences_are_fine(text: str, language: str) -> None:
    assert problems(text, language) == []


@pytest.mark.parametrize(
    ("text", "language", "word"),
    [
        ("Ida Brekke embezzled money.", "en", "embezzled"),
        ("Ida Brekke lied to investors.", "en", "lied"),
        ("Prosecutors said that Ida Brekke lied to investors.", "en", None),
        ("Ida Brekke was accused by the union of fraud.", "en", None),
        ("Ida Brekke was accused of fraud.", "en", "fraud"),
        ("Velant cut the price.", "en", None),
        ("Velant's rivals stole a march on it.", "en", None),
        ("王小明涉嫌受贿。", "zh", "涉嫌"),
        ("检方指控王小明受贿。", "zh", None),
    ],
)
def test_an_accusation_of_a_person_names_who_makes_it(text: str, language: str, word: str | None) -> None:
    quote = "检方指控王小明受贿。" if language == "zh" else "Ida Brekke, the chief executive, resigned."
    assert unattributed(text, language, [(quote, language)]) == word
