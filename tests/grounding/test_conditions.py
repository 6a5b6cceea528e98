"""What holds in one case alone is not told as if it held in all."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from groundwire.briefs.grounding import EvidenceSentence, check

AT = datetime(2026, 11, 20, tzinfo=UTC)


def against(statement: str, *evidence: str, language: str = "en") -> str:
    """What speaks against a statement."""
    cited = [EvidenceSentence(text=text, language=language, published_at=AT) for text in evidence]
    return "; ".join(check(statement, language, cited).reasons)


CLOSING = "Orrin Labs will close its Bergen data centre unless power prices fall by March."
BUYING = "Kestwick said on Monday that, if regulators agree, it will buy Orrin Labs for $40 million."


@pytest.mark.parametrize(
    ("statement", "evidence", "language", "words"),
    [
        ("Orrin Labs will close its Bergen data centre.", CLOSING, "en", "left out: “unless power prices fall by March”"),
        ("Kestwick will buy Orrin Labs for $40 million.", BUYING, "en", "left out: “if regulators agree”"),
        ("The new price holds for all customers.", "The new price holds for all customers except those with old contracts.", "en", "except"),
        ("If regulators agree, prices fall.", "If regulators agree, prices fall.", "en", ""),
        ("Power prices stay above five cents.", "If power prices stay above five cents, the plant closes.", "en", "only a condition"),
        ("奥林实验室将关闭卑尔根数据中心。", "如果电价不下降，奥林实验室将关闭卑尔根数据中心。", "zh", "left out: “如果电价不下降”"),
    ],
)  # fmt: skip
def test_a_condition_that_is_left_out_or_taken_for_so_is_found(
    statement: str, evidence: str, language: str, words: str
) -> None:
    assert words in against(statement, evidence, language=language)
    assert bool(words) == bool(against(statement, evidence, language=language))


@pytest.mark.parametrize(
    ("statement", "evidence", "language"),
    [
        ("Unless power prices fall by March, Orrin Labs will close its Bergen data centre.", CLOSING, "en"),
        ("Orrin Labs may close its Bergen data centre.", CLOSING.replace("will", "may"), "en"),
        ("Orrin Labs raised $300 million.", "Orrin Labs, which would appeal if fined, raised $300 million.", "en"),
        ("Buyers asked for a lower price.", "Buyers asked for a lower price even if delivery takes longer.", "en"),
        ("公司融资3亿元。", "公司融资3亿元，如果获批，明年将建数据中心。", "zh"),
    ],
)
def test_what_is_told_with_its_condition_or_beside_one_is_fine(statement: str, evidence: str, language: str) -> None:
    assert "condition" not in against(statement, evidence, language=language)
    assert "left out" not in against(statement, evidence, language=language)


def test_a_second_sentence_that_says_it_for_every_case_clears_it() -> None:
    said = "Orrin Labs will close its Bergen data centre."
    assert "left out" not in against(f"{said[:-1]} soon.", CLOSING, f"{said[:-1]} soon, it said.")
