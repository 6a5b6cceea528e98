"""What a model adds to a true sentence or changes in it has no proof in the other language, however near the two are as wholes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from groundwire.briefs.grounding import EvidenceSentence, check
from groundwire.briefs.grounding.translation import clauses, stretches
from groundwire.events.embeddings import UniversalSentenceEncoder

AT = datetime(2026, 11, 20, tzinfo=UTC)
ENCODER = UniversalSentenceEncoder()
ENGLISH = "Halden Cloud will build a data center in Tarnfield, with a first phase costing 1.2 billion dollars"
CHINESE = "Halden Cloud 将在 Tarnfield 兴建数据中心，一期投资 12 亿美元"


def published(text: str, language: str, evidence: str) -> bool:
    cited = [EvidenceSentence(text=evidence, language="zh" if language == "en" else "en", published_at=AT)]
    verdict = check(text, language, cited, embedder=ENCODER)
    return verdict.kept and verdict.supported


def test_a_translation_of_all_that_is_said_is_published() -> None:
    assert published(f"{ENGLISH}.", "en", f"{CHINESE}。")
    assert published(f"{CHINESE}。", "zh", f"{ENGLISH}.")


@pytest.mark.parametrize(
    ("more", "language"),
    [
        ("clearing the last local hurdle for a project that has split the town", "en"),
        ("which its neighbours oppose", "en"),
        ("because the bank withdrew its loan", "en"),
        ("此前已拖延数月", "zh"),
        ("并将雇用当地农民", "zh"),
    ],
)
def test_a_clause_that_the_evidence_has_not_is_withheld(more: str, language: str) -> None:
    if language == "en":
        assert not published(f"{ENGLISH}, {more}.", "en", f"{CHINESE}。")
    else:
        assert not published(f"{CHINESE}，{more}。", "zh", f"{ENGLISH}.")


@pytest.mark.parametrize(
    ("own", "other", "language"),
    [
        ("will build a data center", "has cancelled a data center", "en"),
        ("will build a data center", "will be sued over a data center", "en"),
        ("兴建数据中心", "起诉数据中心", "zh"),
    ],
)
def test_another_verb_in_a_true_sentence_is_withheld(own: str, other: str, language: str) -> None:
    text, evidence = (ENGLISH, f"{CHINESE}。") if language == "en" else (CHINESE, f"{ENGLISH}.")
    assert not published(text.replace(own, other), language, evidence)


def test_a_verb_that_the_table_of_meanings_lacks_may_still_be_a_translation() -> None:
    assert published(
        "Halden Cloud constructs a data center in Tarnfield.", "en", "Halden Cloud 在 Tarnfield 兴建数据中心。"
    )


def test_a_sentence_falls_into_clauses_and_stretches() -> None:
    text = "It grew, which pleased its owners because costs fell"
    assert [text[a:b] for a, b in clauses(text, "en")] == ["It grew", "which pleased its owners", "because costs fell"]
    assert [CHINESE[a:b] for a, b in clauses(CHINESE, "zh")] == CHINESE.split("，")
    assert stretches("一二三四五六七八九十百千万亿零点", "zh")[-2:] == [
        "一二三四五六七八九十百千",
        "五六七八九十百千万亿零点",
    ]
