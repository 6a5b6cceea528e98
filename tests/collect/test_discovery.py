"""From a site's address to its feeds."""

from __future__ import annotations

import contextlib

import pytest
from fault_server import FEED, NOW, FaultServer, answer, fetcher, redirect, run
from hypothesis import given
from hypothesis import strategies as st
from test_poll import Feed, fake_parse

from groundwire.collect.discovery import FeedLink, FoundFeed, discover, find_feed_links
from groundwire.errors import FetchError, ParseError

URL = "https://example.com/blog/"


def links(page: str | bytes, content_type: str | None = "text/html") -> list[str]:
    body = page if isinstance(page, bytes) else page.encode()
    return [link.url for link in find_feed_links(body, URL, content_type)]


def test_declared_feeds_come_in_the_pages_order_comments_last() -> None:
    page = """<html><head>
      <link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed/">
      <link rel=alternate type="application/atom+xml; charset=utf-8" href="atom.xml" title="All  posts">
      <LINK REL="home ALTERNATE" TYPE="application/feed+json" HREF="https://other.example/feed.json">
      <link rel="alternate" hreflang="zh" href="/zh/"><link rel="stylesheet" href="/feed.css">
      <link rel="alternate" type="application/json" href="/wp-json/wp/v2/posts/1">
      </head></html>"""
    assert links(page) == [
        "https://example.com/blog/atom.xml",
        "https://other.example/feed.json",
        "https://example.com/comments/feed/",
    ]
    assert find_feed_links(page.encode(), URL, None)[0] == FeedLink(
        url="https://example.com/blog/atom.xml", title="All posts", via="link"
    )


def test_the_base_element_is_heeded() -> None:
    page = '<base href="https://cdn.example/x/"><link rel=alternate type=application/rss+xml href=feed>'
    assert links(page) == ["https://cdn.example/x/feed"]


def test_links_that_look_like_feeds_come_after_declared_ones() -> None:
    page = """<body><a href="/feed/">RSS</a> <a href="/news/rss.xml">News</a> <a href="/?feed=rss2">x</a>
      <a href="/feedback">no</a> <a href="/rssreader-review">no</a> <a href="javascript:feed">no</a>
      <link rel=alternate type=application/rss+xml href=/real></body>"""
    assert links(page) == [
        "https://example.com/real",
        "https://example.com/feed/",
        "https://example.com/news/rss.xml",
        "https://example.com/?feed=rss2",
    ]


def test_other_encodings_and_titles_in_chinese() -> None:
    page = '<link rel=alternate type=application/rss+xml href=/rss title="全部文章">'
    assert find_feed_links(page.encode("gb18030"), URL, "text/html; charset=gb18030")[0].title == "全部文章"
    assert links(page, "text/html; charset=no-such-thing") == ["https://example.com/rss"]


def test_a_page_with_a_thousand_feeds_gives_a_few() -> None:
    page = "".join(f"<link rel=alternate type=application/rss+xml href=/{n}>" for n in range(1000))
    assert len(links(page)) == 8


@given(st.binary(max_size=400))
def test_no_bytes_make_it_fall_over(body: bytes) -> None:
    with contextlib.suppress(ParseError):
        find_feed_links(body, URL, "text/html")


@pytest.mark.parametrize("href", ["http://[::1", "data:x", "//", "", "#", "mailto:a@b.c", "x" * 3000, "http://a:b/"])
def test_broken_links_are_passed_over(href: str) -> None:
    assert links(f'<link rel=alternate type=application/rss+xml href="{href}">') in ([], ["http://a:b/"])


async def find(body: bytes, url: str, content_type: str | None) -> tuple[FeedLink, ...]:
    return find_feed_links(body, url, content_type)


def discovered(server: FaultServer, path: str = "/") -> tuple[FoundFeed, ...]:
    async def main() -> tuple[FoundFeed, ...]:
        async with server, fetcher(server) as client:
            return await discover(server.url(path), fetcher=client, parse=fake_parse, find=find, now=NOW)

    return run(main())


def test_an_address_that_is_a_feed_is_taken_as_it_is() -> None:
    server = FaultServer(handlers={"/": redirect("/feed", 301), "/feed": answer(body=FEED)})
    (found,) = discovered(server)
    assert (found.url, found.via) == (server.url("/feed"), "itself")
    assert isinstance(found.feed, Feed)
    assert server.paths == ["/", "/feed"]


def test_a_pages_feeds_are_tried_and_dead_ones_left_out() -> None:
    page = b"""<link rel=alternate type=application/rss+xml href=/dead>
      <link rel=alternate type=application/rss+xml href=/feed>
      <link rel=alternate type=application/rss+xml href=/same>"""
    server = FaultServer(
        handlers={"/": answer(body=page), "/feed": answer(body=FEED), "/same": redirect("/feed")},
    )
    assert [(found.url, found.via) for found in discovered(server)] == [(server.url("/feed"), "link")]


def test_a_site_that_names_no_feed_is_asked_in_the_usual_places() -> None:
    server = FaultServer(handlers={"/": answer(body=b"<h1>Hello</h1>"), "/feed.xml": answer(body=FEED)})
    assert [(found.url, found.via) for found in discovered(server)] == [(server.url("/feed.xml"), "guess")]


def test_a_site_without_feeds_gives_none_and_a_dead_one_an_error() -> None:
    assert discovered(FaultServer(handlers={"/": answer(body=b"<h1>Hello</h1>")})) == ()
    with pytest.raises(FetchError):
        discovered(FaultServer())


def test_an_address_without_a_scheme_is_tried_with_and_without_protection() -> None:
    async def main() -> None:
        async with FaultServer(handlers={"/": answer(body=FEED)}) as server, fetcher(server) as client:
            typed = f"news.example.com:{server.port}"
            (found,) = await discover(typed, fetcher=client, parse=fake_parse, find=find, now=NOW)
            assert found.url == f"http://{typed}"
            with pytest.raises(FetchError, match="https://"):
                await discover("gone.example.com:1", fetcher=client, parse=fake_parse, find=find, now=NOW)

    run(main())
