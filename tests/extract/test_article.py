from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from page_samples import FETCHED_AT, PARAGRAPHS, PARAGRAPHS_ZH, TITLE, TITLE_ZH, URL, frame, frame_zh, page, paragraphs

from groundwire.errors import ParseError
from groundwire.extract import extract_article, extract_entry
from groundwire.text import clean_text
from groundwire.types import Entry, Extracted, RawPage

FEED_AT = datetime(2026, 11, 20, 6, 15, tzinfo=UTC)
ENTRY = Entry(
    key="k",
    url=URL,
    title=TITLE,
    author="Ada Quill",
    published_at=FEED_AT,
    html=f"<p>{PARAGRAPHS[0]}</p>",
    language="en",
)


def test_page_and_entry_together_make_the_article() -> None:
    found = extract_article(page(frame(paragraphs()), head='<link rel="canonical" href="/chips">'), ENTRY)
    assert found == Extracted(
        title=TITLE, body="\n".join(PARAGRAPHS), author="Ada Quill", published_at=FEED_AT, published_evidence="feed",
        language="en", canonical_url="https://news.example/chips", site_name=None,
    )  # fmt: skip


def test_the_fuller_of_page_and_feed_is_taken() -> None:
    teaser = page(frame(f"<p>{PARAGRAPHS[0]}</p><p>Subscribe to read on.</p>"))
    full = replace(ENTRY, html=paragraphs())
    assert extract_article(teaser, full).body == "\n".join(PARAGRAPHS)
    assert extract_article(page(frame(paragraphs())), ENTRY).body == "\n".join(PARAGRAPHS)


@pytest.mark.parametrize(
    "body",
    [
        "<html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>",
        "<html><head><title>安全验证</title></head><body>请完成验证</body></html>",
        "",
        "%PDF-1.7 not a page",
    ],
)
def test_a_page_that_is_none_leaves_the_feeds_own_words(body: str) -> None:
    raw = RawPage(url=URL, body=body.encode(), content_type="text/html", fetched_at=FETCHED_AT)
    found = extract_article(raw, ENTRY)
    assert (found.title, found.body, found.published_at) == (TITLE, PARAGRAPHS[0], FEED_AT)
    with pytest.raises(ParseError):
        extract_article(raw)


def test_pictures_and_archives_are_no_pages() -> None:
    for kind, body in (("image/png", b"\x89PNG"), ("application/pdf", b"x"), (None, b"PK\x03\x04")):
        with pytest.raises(ParseError, match="not HTML"):
            extract_article(RawPage(url=URL, body=body, content_type=kind, fetched_at=FETCHED_AT))


def test_pages_of_more_than_ten_megabytes_are_refused() -> None:
    with pytest.raises(ParseError, match="larger than 10 MB"):
        extract_article(RawPage(url=URL, body=b"x" * 10_000_001, content_type=None, fetched_at=FETCHED_AT))


def test_the_feeds_title_stands_unless_it_is_cut_short() -> None:
    raw = page(frame(paragraphs()), head=f"<title>{TITLE} | News</title>")
    assert extract_article(raw, replace(ENTRY, title="As the feed has it")).title == "As the feed has it"
    assert extract_article(raw, replace(ENTRY, title=TITLE[:20] + "...")).title == TITLE
    assert extract_article(raw, replace(ENTRY, title="")).title == TITLE


@pytest.mark.parametrize("encoding", ["gb18030", "gb2312", "gbk", "utf-16"])
def test_chinese_encodings_named_in_the_page(encoding: str) -> None:
    head = f'<meta charset="{encoding}"><title>{TITLE_ZH}</title>'
    document = f"<html><head>{head}</head><body>{frame_zh(paragraphs(PARAGRAPHS_ZH))}</body></html>"
    body = document.encode("gb18030" if encoding.startswith("gb") else encoding)
    raw = RawPage(url=URL, body=body, content_type="text/html", fetched_at=FETCHED_AT)
    assert extract_article(raw).body == "\n".join(PARAGRAPHS_ZH)


def test_an_entry_alone_is_an_article() -> None:
    found = extract_entry(replace(ENTRY, html=paragraphs() + "<p>The post appeared first on News.</p>"), FETCHED_AT)
    assert found.body.startswith(PARAGRAPHS[0])
    assert (found.published_at, found.published_evidence, found.canonical_url) == (FEED_AT, "feed", None)


def test_plain_text_entries_keep_their_lines() -> None:
    assert (
        extract_entry(replace(ENTRY, html="first &amp; line\n\nsecond line"), FETCHED_AT).body
        == "first & line\nsecond line"
    )


def test_an_entry_with_only_a_headline_is_still_news() -> None:
    found = extract_entry(replace(ENTRY, html=""), FETCHED_AT)
    assert (found.title, found.body) == (TITLE, "")


def test_an_entry_without_a_title_is_named_by_its_first_words() -> None:
    found = extract_entry(replace(ENTRY, title=""), FETCHED_AT)
    assert found.title == "Northwind Silicon said on Monday that it would cut the list price of its second…"


def test_an_empty_entry_is_refused() -> None:
    with pytest.raises(ParseError, match="neither title nor text"):
        extract_entry(replace(ENTRY, title="", html="<p> </p>"), FETCHED_AT)


def test_a_time_in_the_future_is_not_taken_from_the_feed() -> None:
    found = extract_entry(replace(ENTRY, published_at=FETCHED_AT + timedelta(days=2)), FETCHED_AT)
    assert (found.published_at, found.published_evidence) == (None, "fetched")


def well_formed(found: Extracted) -> bool:
    texts = [found.title, found.body, found.author or "", found.site_name or ""]
    return all(text == clean_text(text) for text in texts) and "\n" not in found.title and "\n\n" not in found.body


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400), st.sampled_from([None, "text/html", "text/html; charset=gb2312", "image/svg+xml"]))
def test_arbitrary_bytes_are_an_article_or_a_parse_error(body: bytes, kind: str | None) -> None:
    with suppress(ParseError):
        assert well_formed(extract_article(RawPage(url=URL, body=body, content_type=kind, fetched_at=FETCHED_AT)))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 2500), st.integers(0, 60), st.text("<>/=\"' abdiv&#;\0\u202e", max_size=12)),
        min_size=1,
        max_size=5,
    )
)
def test_mutated_pages_are_an_article_or_a_parse_error(cuts: list[tuple[int, int, str]]) -> None:
    document = page(frame(paragraphs()), head=f"<title>{TITLE}</title>").body.decode()
    for at, length, inserted in cuts:
        document = document[:at] + inserted + document[at + length :]
    with suppress(ParseError):
        raw = RawPage(url=URL, body=document.encode(), content_type="text/html", fetched_at=FETCHED_AT)
        assert well_formed(extract_article(raw, ENTRY))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200), st.text(max_size=50))
def test_any_entry_is_an_article_or_a_parse_error(markup: str, title: str) -> None:
    with suppress(ParseError):
        found = extract_entry(replace(ENTRY, html=markup, title=title.strip() and TITLE), FETCHED_AT)
        assert well_formed(found)
