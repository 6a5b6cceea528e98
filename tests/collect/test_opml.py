from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundwire.collect.identity import canonical_url
from groundwire.collect.opml import MAX_SOURCES, OutlineSource, parse_opml, render_opml
from groundwire.errors import ParseError


def opml(body: str) -> bytes:
    return f'<?xml version="1.0"?><opml version="2.0"><head><title>T</title></head><body>{body}</body></opml>'.encode()


def test_nested_folders_become_topics() -> None:
    found = parse_opml(
        opml(
            '<outline text="Tech"><outline text="芯片"><outline type="rss" text="A &amp; B" xmlUrl="https://a.example/feed"'
            ' htmlUrl="https://a.example/" language="zh-CN"/></outline>'
            '<outline title="Bee" XMLURL="https://b.example/feed" category="/power/,grid"/></outline>'
            '<outline xmlUrl="https://c.example/feed"/>'
        )
    )
    assert found == (
        OutlineSource(
            url="https://a.example/feed",
            title="A & B",
            homepage="https://a.example/",
            language="zh",
            topics=("Tech", "芯片"),
        ),
        OutlineSource(url="https://b.example/feed", title="Bee", topics=("Tech", "power", "grid")),
        OutlineSource(url="https://c.example/feed", title="https://c.example/feed"),
    )


def test_one_address_is_one_subscription_however_it_is_written() -> None:
    found = parse_opml(
        opml(
            "".join(
                f'<outline text="x" xmlUrl="{u}"/>'
                for u in ("https://a.example/feed", "HTTPS://A.Example/feed#x", "http://www.a.example/feed/")
            )
        )
    )
    assert [source.url for source in found] == ["https://a.example/feed"]


def test_broken_lists_are_read_as_far_as_they_go() -> None:
    body = (
        b'<opml version="1.0"><body><outline text="R & D&nbsp;" xmlUrl="https://a.example/?x=1&y=2"/>'
        b'<outline text="b" xmlUrl="https://b.example/"/><outline'
    )
    assert [source.url for source in parse_opml(body)] == ["https://a.example/?x=1&y=2", "https://b.example/"]


@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///etc/passwd", "", "feed://a.example"])
def test_what_is_no_web_address_is_left_out(address: str) -> None:
    assert parse_opml(opml(f'<outline text="x" xmlUrl="{address}"/>')) == ()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>no</body></html>",
        b'{"opml": 1}',
        b'<!DOCTYPE o [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><opml><body><outline text="&b;"/></body></opml>',
        b'<!DOCTYPE o [<!ENTITY x SYSTEM "file:///etc/hostname">]><opml><body><outline text="&x;"/></body></opml>',
        b" " * 20_000_001,
    ],
)
def test_what_is_no_list_is_refused(body: bytes) -> None:
    with pytest.raises(ParseError):
        parse_opml(body)


def test_a_hundred_thousand_outlines_are_cut_at_five_thousand() -> None:
    body = opml("".join(f'<outline text="t" xmlUrl="https://a.example/{n}"/>' for n in range(100_000)))
    assert len(parse_opml(body)) == MAX_SOURCES


def test_ten_thousand_levels_are_read_flat() -> None:
    depth = 10_000
    body = opml('<outline text="f">' * depth + '<outline text="x" xmlUrl="https://a.example/"/>' + "</outline>" * depth)
    (source,) = parse_opml(body)
    assert source.topics == ("f",)


_words = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cf", "Co", "Cn", "Zs", "Zl", "Zp", "Mn", "Me")),
    min_size=1,
    max_size=20,
)
_urls = st.from_regex(r"https?://[a-z]{1,8}\.example/[a-z0-9]{0,8}(\?q=[a-z&]{1,5})?", fullmatch=True)


@st.composite
def _sources(draw: st.DrawFn) -> list[OutlineSource]:
    found = {}
    for url in draw(st.lists(_urls, max_size=8)):
        found[canonical_url(url)] = OutlineSource(
            url=url,
            title=draw(_words),
            homepage=draw(st.none() | _urls),
            language=draw(st.sampled_from([None, "en", "zh"])),
            topics=tuple(draw(st.lists(_words, max_size=3, unique=True))),
            alternatives=tuple(other for other in draw(st.lists(_urls, max_size=2, unique=True)) if other != url),
        )
    return list(found.values())


@settings(max_examples=100, deadline=None)
@given(_sources())
def test_what_is_exported_is_imported_the_same(sources: list[OutlineSource]) -> None:
    found = parse_opml(render_opml(sources, "Groundwire sources").encode())
    assert sorted(found, key=lambda s: s.url) == sorted((_normal(s) for s in sources), key=lambda s: s.url)
    # a second round changes nothing, order included
    assert parse_opml(render_opml(found, "again").encode()) == found


def _normal(source: OutlineSource) -> OutlineSource:
    import dataclasses
    import unicodedata

    def nfc(text: str) -> str:
        return unicodedata.normalize("NFC", text)

    return dataclasses.replace(source, title=nfc(source.title), topics=tuple(dict.fromkeys(map(nfc, source.topics))))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200), st.sampled_from([b"", b"<opml><body><outline xmlUrl='https://a.example/' text='"]))
def test_arbitrary_bytes_are_a_list_or_a_parse_error(tail: bytes, head: bytes) -> None:
    try:
        parse_opml(head + tail)
    except ParseError as error:
        assert error.reason
