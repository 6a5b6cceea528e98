"""What the gate for publication lets pass, and what it says about the rest."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from groundwire.briefs.written import gate
from groundwire.types import Article, Citation

NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)
TEXT = "Velant Systems cut the price of its Orla 3 model by 40 percent for all customers in Europe."


def reasons(statement: str, language: str = "en") -> list[str]:
    article = Article(
        id=1, article_id=1, version=1, source_id=1, outlet="Outlet", url="https://example.com/1", title="Prices", text=TEXT,
        author=None, published_at=NOON, published_evidence="feed", collected_at=NOON, language="en",
        text_hash=hashlib.sha256(TEXT.encode()).hexdigest(),
    )  # fmt: skip
    cited = [Citation(version_id=1, start=0, end=len(TEXT), quote=TEXT)]
    return gate.reasons(statement, language, cited, {1: article})


def test_what_the_evidence_says_passes() -> None:
    assert reasons(TEXT) == []
    assert reasons("Velant Systems cut the price of Orla 3 by 40% for customers in Europe.") == []


def test_what_the_evidence_neither_says_nor_denies_lacks_support_and_the_words_are_named() -> None:
    found = reasons("Velant Systems opened a laboratory for medical imaging.")
    assert [reason.split(":")[0] for reason in found] == ["support"]
    assert "laboratory" in found[0]


def test_what_the_evidence_contradicts_is_told_as_that() -> None:
    assert reasons("Velant Systems cut the price of its Orla 3 model by 60 percent for all customers in Europe.")[
        0
    ].startswith("number")


def test_a_statement_in_another_language_than_the_readers_does_not_pass() -> None:
    assert any(reason.startswith("form") for reason in reasons(TEXT, language="zh"))
