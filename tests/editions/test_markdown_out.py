"""One event as Markdown."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from groundwire.editions.markdown import escape, event_markdown
from groundwire.types import Article, Brief, Citation, Event, Grain, Member, Milestone, Provenance, Section, Statement

AT = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
TEXT = "Ferrule *cuts* prices\n\nIt cut them by 40% on Monday.\n# Not a heading\nVolume will rise."


def article(text: str = TEXT, url: str = "https://news.example/a_(b)") -> Article:
    return Article(
        id=7, article_id=3, version=1, source_id=1, outlet="Lanternpost [Wire]", url=url, title=text.split("\n")[0],
        text=text, author="Ada Whitlow", published_at=AT, published_evidence="feed", collected_at=AT, language="en",
        text_hash="",
    )  # fmt: skip


def say(section: Section, words: str, text: str = TEXT) -> Statement:
    start = text.index(words)
    citation = Citation(version_id=7, start=start, end=start + len(words), quote=words)
    return Statement(section=section, text=words, citations=(citation,), language="en")


def render(
    text: str = TEXT,
    url: str = "https://news.example/a_(b)",
    language: str = "en",
    when: tuple[date, date, Grain] = (AT.date(), AT.date(), "day"),
) -> str:
    event = Event(
        id=1, slug="2026-03-09-ferrule", title="t", language="en",
        members=(Member(article_id=3, origin_id=3, reasons=()),), first_published_at=AT, last_published_at=AT,
    )  # fmt: skip
    body = text.split("\n\n", 1)[1].split("\n")[0]
    brief = Brief(
        event_id=1, language=language, headline=say("headline", text.split("\n")[0], text), hook=None,
        what_changed=say("what_changed", body, text), why_it_matters=None, what_to_do=None, who_should_care=(),
        takeaways=(say("takeaways", body, text),), deep_dive=(), numbers=(), implications=(),
        timeline=(Milestone(first=when[0], last=when[1], grain=when[2], statement=say("timeline", body, text)),),
        related=(), action=None, provenance=Provenance(model=None, proposed=3, kept=2, dropped=1, build=""),
    )  # fmt: skip
    return event_markdown(event, brief, [article(text, url)], "http://127.0.0.1:8700/")


def test_every_statement_has_a_footnote_with_the_exact_words() -> None:
    made = render()
    assert made.startswith("# Ferrule \\*cuts\\* prices[^1]\n")
    assert "**What changed:** It cut them by 40% on Monday.[^2]" in made
    assert (
        "[^2]: “It cut them by 40% on Monday.” — [Lanternpost \\[Wire\\]](https://news.example/a_%28b%29), "
        "2026-03-09 09:00 UTC" in made
    )
    assert made.count("\n[^") == 2  # the same words are one note


def test_sections_without_anything_are_left_out() -> None:
    made = render()
    assert "## Timeline" in made
    assert "## Numbers" not in made


@pytest.mark.parametrize(
    ("grain", "last", "shown"),
    [
        ("day", date(2026, 7, 1), "2026-07-01"),
        ("day", date(2026, 7, 3), "2026-07-01/2026-07-03"),
        ("week", date(2026, 7, 7), "2026-07-01/2026-07-07"),
        ("month", date(2026, 7, 31), "2026-07"),
        ("quarter", date(2026, 9, 30), "2026-Q3"),
        ("half", date(2026, 12, 31), "2026-H2"),
        ("year", date(2026, 12, 31), "2026"),
    ],
)
def test_a_milestone_is_no_more_precise_than_its_source(grain: Grain, last: date, shown: str) -> None:
    assert f"- **{shown}** " in render(when=(date(2026, 7, 1), last, grain))


def test_chinese_briefs_have_chinese_headings() -> None:
    assert "**变化:**" in render(language="zh")


def test_an_address_that_is_none_is_no_link() -> None:
    assert "](javascript" not in render(url="javascript:alert(1)")


@pytest.mark.parametrize(
    "words",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "![x](http://e/x)",
        "`a` $b$ | c",
        "# h",
        "1. x",
        "- x",
        "&lt;b&gt;",
    ],
)
def test_hostile_words_stay_words(words: str) -> None:
    shown = MarkdownIt("commonmark").render(render(f"{words} title\n\n{words} said.\nEnd."))
    assert not re.search(r"<(script|img|code)|href=\"javascript", shown)
    assert MarkdownIt("commonmark").render(escape(words)).count("<p>") == 1


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=60))
@example("3.1万美元")
@example("12) twelve")
def test_escaped_text_reads_as_it_was(words: str) -> None:
    shown = MarkdownIt("commonmark").render(escape(words)).strip()
    plain = (
        re.sub(r"</?p>", "", shown)
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", '"')
        .replace("&amp;", "&")
    )
    assert plain == " ".join(words.split())
