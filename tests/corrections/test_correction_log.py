"""What a page said and a publisher took back: found, told, and what rested on it alone withdrawn."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from groundwire.corrections import LOOKS, compare, next_look, retraction_notice
from groundwire.types import Article, Brief, Citation, Provenance, Statement

AT = datetime(2026, 11, 10, 9, tzinfo=UTC)
OLD = "Pellworth used up $490 million of cash in the quarter.\nIts liquidity lasts for a year."
NEW = "Pellworth used up $940 million of cash in the quarter.\nIts liquidity lasts for a year."


def article(text: str, *, number: int = 1, article_id: int = 1, title: str = "Pellworth reports") -> Article:
    return Article(
        id=number, article_id=article_id, version=number, source_id=1, outlet="Courier", url="https://n.example/1",
        title=title, text=f"{title}\n\n{text}", author=None, published_at=AT, published_evidence="feed",
        collected_at=AT, language="en", text_hash="h",
    )  # fmt: skip


def said(source: Article, words: str, *others: Article) -> Statement:
    start = source.text.index(words)
    quotes = [Citation(version_id=source.id, start=start, end=start + len(words), quote=words)]
    for other in others:
        at = other.text.index(words)
        quotes.append(Citation(version_id=other.id, start=at, end=at + len(words), quote=words))
    return Statement(section="takeaways", text=words, citations=tuple(quotes), language="en")


def page(*told: Statement) -> Brief:
    head = replace(told[0], section="headline")
    return Brief(
        event_id=1, language="en", headline=head, hook=None, what_changed=None, why_it_matters=None, what_to_do=None,
        who_should_care=(), takeaways=told, deep_dive=(), numbers=(), implications=(), timeline=(), related=(),
        action=None, provenance=Provenance(model=None, proposed=1, kept=1, dropped=0, build="b"),
    )  # fmt: skip


FIRST, SECOND = article(OLD), article(NEW, number=2)
CASH, CASH_NOW = OLD.splitlines()[0], NEW.splitlines()[0]


def test_a_changed_figure_is_told_with_the_old_and_the_new_words() -> None:
    before, after = page(said(FIRST, CASH)), page(said(SECOND, CASH_NOW))
    (found,) = compare([before], [after], {1: FIRST}, {1: SECOND}, {})
    assert (found.kind, found.fate) == ("changed", "revised")
    assert (found.quote, found.now_says) == (CASH, CASH_NOW)
    assert SECOND.text[found.now_start :].startswith(CASH_NOW)


def test_an_edit_elsewhere_in_the_article_corrects_nothing() -> None:
    kept = OLD.splitlines()[1]
    assert compare([page(said(FIRST, kept))], [page(said(SECOND, kept))], {1: FIRST}, {1: SECOND}, {}) == []


def test_what_vanished_is_withdrawn() -> None:
    empty = article("Nothing else.", number=2)
    (found,) = compare([page(said(FIRST, CASH))], [], {1: FIRST}, {1: empty}, {})
    assert (found.kind, found.fate, found.now_says) == ("vanished", "withdrawn", "")


def test_a_retracted_article_withdraws_only_what_rests_on_it_alone() -> None:
    other = article(OLD, number=3, article_id=2)
    alone, shared = OLD.splitlines()
    before = page(said(FIRST, alone), said(FIRST, shared, other))
    after = page(said(other, shared))
    found = compare([before], [after], {1: FIRST, 3: other}, {1: FIRST, 2: other}, {1: "taken down (HTTP 410)"})
    assert [(c.statement, c.kind, c.fate) for c in found] == [
        (alone, "retracted", "withdrawn"),
        (shared, "retracted", "stands"),
    ]


def test_one_sentence_in_several_sections_is_one_correction() -> None:
    before = page(said(FIRST, CASH), said(FIRST, "$490 million"))
    assert len(compare([before], [], {1: FIRST}, {1: SECOND}, {})) == 1


def test_words_that_only_the_page_in_another_language_cites_are_corrected_too() -> None:
    old = article("佩尔沃思本季消耗现金4.9亿美元。", article_id=2, number=3)
    new = article("佩尔沃思本季消耗现金9.4亿美元。", article_id=2, number=4)
    english = page(said(FIRST, OLD.splitlines()[1]))
    before, after = (replace(page(said(a, a.text.split("\n")[-1])), language="zh") for a in (old, new))
    versions, current = {1: FIRST, 3: old}, {1: FIRST, 2: new}
    assert compare([english], [english], versions, current, {}) == []
    (found,) = compare([english, before], [english, after], versions, current, {})
    assert (found.quote, found.now_says, found.fate) == (old.text[-17:], new.text[-17:], "revised")


@pytest.mark.parametrize(
    ("title", "body", "notice"),
    [
        ("Retracted: Pellworth reports", "Text.", "Retracted: Pellworth reports"),
        ("Pellworth reports", "Editor’s note. This article has been retracted. We regret it.", "This article has been retracted"),
        ("佩尔沃思公布业绩", "本文已撤回，特此说明。原因见后。", "本文已撤回，特此说明"),
        ("Pellworth withdrawn from index", "The index firm has withdrawn Pellworth.", ""),
        ("Pellworth reports", "The company retracted its forecast. It has withdrawn the offer.", ""),
    ],
)  # fmt: skip
def test_a_retraction_is_what_the_article_says_of_itself(title: str, body: str, notice: str) -> None:
    assert retraction_notice(article(body, title=title)) == notice


def test_looks_grow_rarer_and_end() -> None:
    looks, now = [], AT
    for step in range(len(LOOKS) + 1):
        at = next_look(step, AT, now)
        looks.append(at)
        now = at or now
    assert looks == [*(AT + gap for gap in LOOKS), None]
    assert next_look(1, AT, AT + timedelta(days=5)) == AT + timedelta(days=7)  # slept through two
