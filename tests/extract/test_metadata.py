from __future__ import annotations

import json

import pytest
from page_samples import URL

from groundwire.extract.blocks import blocks_of
from groundwire.extract.metadata import Metadata, byline, read_metadata
from groundwire.markup import parse_html

SITE = '<meta property="og:site_name" content="Daily Chip">'
AUTHOR_PAGE = '<meta property="article:author" content="https://news.example/ada">'


def read(head: str = "", body: str = "<p>text</p>", url: str = URL) -> Metadata:
    root = parse_html(f"<html><head>{head}</head><body>{body}</body></html>")
    assert root is not None
    return read_metadata(root, url)


def ld(**fields: object) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle"} | fields)}</script>'


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>Chips get cheaper | News Example</title>", "", "Chips get cheaper"),
        ("<title>Chips get cheaper - Technology - News Example</title>", "", "Chips get cheaper"),
        ("<title>芯片价格下降_科技频道_样例网</title>", "", "芯片价格下降"),
        ("<title>芯片价格下降-样例网</title>", "", "芯片价格下降"),
        ("<title>Half-price chips: a self-made problem</title>", "", "Half-price chips: a self-made problem"),
        ('<meta property="og:title" content="Chips get cheaper"><title>x</title>', "", "Chips get cheaper"),
        ("<title>Chips get cheaper | News</title>", "<h1>Chips get cheaper</h1>", "Chips get cheaper"),
        (SITE + "<title>Prices fall – Daily Chip</title>", "<h1>Daily Chip</h1>", "Prices fall"),
        ("<title>Chips &amp; more</title>", "<h1>Chips <em>&amp;</em> more</h1>", "Chips & more"),
        (ld(headline="From &amp; to"), "", "From & to"),
        ("<title></title>", "<h1>Only a heading</h1>", "Only a heading"),
        ("", "", ""),
    ],
)  # fmt: skip
def test_the_title_is_the_headline_without_the_sites_name(head: str, body: str, title: str) -> None:
    assert read(head, body).title == title


@pytest.mark.parametrize(
    ("head", "body", "author"),
    [
        (ld(author={"@type": "Person", "name": "Ada Quill"}), "", "Ada Quill"),
        (ld(author=[{"name": "Ada Quill"}, {"name": "Bo Ink"}]), "", "Ada Quill, Bo Ink"),
        (ld(author="Ada Quill"), "", "Ada Quill"),
        ('<meta name="author" content="By Ada Quill">', "", "Ada Quill"),
        (AUTHOR_PAGE, '<a rel="author">Ada Quill</a>', "Ada Quill"),
        ("", '<span class="byline">By Ada Quill | Published on Monday</span>', "Ada Quill"),
        ('<meta name="author" content="admin">', "", None),
        ("", "", None),
    ],
)  # fmt: skip
def test_authors_are_read_where_pages_name_them(head: str, body: str, author: str | None) -> None:
    assert read(head, body).author == author


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("作者：张三", "张三"),
        ("2026年11月20日 09:30 来源：样例网 作者：张三", "张三"),
        ("文 | 李四 编辑 | 王五", "李四"),
        ("By Ada Quill", "Ada Quill"),
        ("By the end of the year prices will fall.", None),
    ],
)
def test_bylines_in_the_text(line: str, author: str | None) -> None:
    root = parse_html(f"<h1>Title</h1><p>{line}</p><p>Text.</p>")
    assert root is not None
    assert byline(blocks_of(root)) == author


def test_site_description_and_json_ld_in_a_graph() -> None:
    graph = {
        "@graph": [
            {"@type": "WebSite"},
            {"@type": ["NewsArticle"], "publisher": {"name": "News Example"}, "datePublished": "2026-11-02"},
        ]
    }
    found = read(
        f'<script type="application/ld+json">{json.dumps(graph)}</script>'
        '<meta name="Description" content="What it is about">'
    )
    assert (found.site_name, found.description, found.published) == ("News Example", "What it is about", "2026-11-02")


@pytest.mark.parametrize(
    "text", ["{", "[" * 100_000, '{"@type": "Article", "author": {"name": {"name": {}}}}', "null", '{"a":' * 5000]
)
def test_broken_json_ld_is_passed_over(text: str) -> None:
    assert read(f'<script type="application/ld+json">{text}</script><title>T</title>').title == "T"


@pytest.mark.parametrize(
    ("link", "canonical"),
    [
        ("https://news.example/chips", "https://news.example/chips"),
        ("/chips", "https://news.example/chips"),
        ("https://www.news.example/chips", "https://www.news.example/chips"),
        ("https://evil.example.org/chips", None),
        ("https://news.example/", None),
        ("javascript:alert(1)", None),
        ("http://[::1", None),
    ],
)
def test_a_page_may_name_its_address_but_not_pose_as_another_sites(link: str, canonical: str | None) -> None:
    assert read(f'<link rel="canonical" href="{link}">').canonical_url == canonical
