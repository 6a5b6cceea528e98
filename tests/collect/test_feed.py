from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundwire.collect.feed import ParsedFeed, parse_feed, person_name
from groundwire.collect.identity import guid_key
from groundwire.errors import ParseError

URL = "https://news.example/feeds/all.xml"

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom">
<channel><title>Example &amp; Sons</title><link>https://news.example/</link><language>en-GB</language><ttl>60</ttl>
<atom:link rel="self" href="https://elsewhere.example/feed"/>
<skipHours><hour>0</hour><hour>23</hour></skipHours><skipDays><day>Sunday</day></skipDays>
<item><title>Rates &lt;em&gt;fall&lt;/em&gt;</title><link>/2026/rates</link><guid isPermaLink="false">n-1</guid>
<pubDate>Mon, 02 Nov 2026 10:00:00 +0100</pubDate><author>desk@news.example (Ada Quill)</author>
<category>chips</category><category>prices</category><description>Short.</description>
<content:encoded><![CDATA[<p>Long text with a <a href="more">link</a>.</p>]]></content:encoded></item>
<item><guid>https://news.example/2026/second</guid><media:title>From a media group</media:title>
<dc:creator>Bo Ink</dc:creator><dc:date>2026-11-01T08:00:00Z</dc:date></item>
</channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-Hans" xml:base="https://news.example/atom/">
<title type="text">样例 &lt;快讯&gt;</title><link href="/"/><link rel="self" href="feed"/>
<author><name>编辑部</name></author>
<entry><id>tag:news.example,2026:1</id><title type="html">价格&amp;lt;下降&amp;gt;</title><link href="one.html"/>
<published>2026-11-02T10:00:00+08:00</published><updated>2026-11-02T12:00:00+08:00</updated>
<category term="c1" label="芯片"/>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>一 &lt; 二</p></div></content></entry>
<entry xml:lang="en"><id>tag:news.example,2026:2</id><title>Plain &lt;b&gt;</title><link rel="enclosure" href="x.mp3"/>
<summary>Words &amp; more</summary><author><name>Ada Quill</name></author>
<author><name>Bo Ink</name></author></entry></feed>"""

RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://news.example/"><title>RDF news</title><link>https://news.example/</link>
<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency></channel>
<item rdf:about="https://news.example/a"><title>A</title><link>https://news.example/a</link>
<dc:date>2026-11-02</dc:date></item></rdf:RDF>"""


def read(text: str, url: str = URL) -> ParsedFeed:
    return parse_feed(text.encode(), url)


def item(inner: str) -> str:
    return f'<rss version="2.0"><channel><title>T</title><item>{inner}</item></channel></rss>'


def test_rss_gives_all_fields_of_feed_and_entry() -> None:
    feed = read(RSS)
    assert (feed.title, feed.homepage, feed.language, feed.format) == (
        "Example & Sons",
        "https://news.example/",
        "en",
        "rss20",
    )
    assert (feed.ttl_s, feed.skip_hours, feed.skip_days) == (3600.0, frozenset({0, 23}), frozenset({"sunday"}))
    first, second = feed.entries
    assert (first.title, first.url, first.author) == ("Rates fall", "https://news.example/2026/rates", "Ada Quill")
    assert first.key == guid_key("n-1")
    assert first.published_at == datetime(2026, 11, 2, 9, tzinfo=UTC)
    assert first.categories == ("chips", "prices")
    assert first.html == '<p>Long text with a <a href="https://news.example/feeds/more">link</a>.</p>'
    assert (second.title, second.url) == ("From a media group", "https://news.example/2026/second")
    assert (second.author, second.published_at) == ("Bo Ink", datetime(2026, 11, 1, 8, tzinfo=UTC))


def test_the_feed_cannot_move_itself_elsewhere() -> None:
    feed = read(RSS)
    assert feed.self_url == "https://elsewhere.example/feed"  # told, for information
    assert not hasattr(feed, "url")


def test_atom_texts_links_languages_and_people() -> None:
    feed = read(ATOM)
    assert (feed.title, feed.homepage, feed.language, feed.format) == (
        "样例 <快讯>",
        "https://news.example/",
        "zh",
        "atom10",
    )
    first, second = feed.entries
    assert (first.title, first.url, first.author) == ("价格<下降>", "https://news.example/atom/one.html", "编辑部")
    assert first.published_at == datetime(2026, 11, 2, 2, tzinfo=UTC)
    assert first.updated_at == datetime(2026, 11, 2, 4, tzinfo=UTC)
    assert (first.html, first.language, first.categories) == ("<p>一 &lt; 二</p>", "zh", ("芯片",))
    assert (second.title, second.url, second.language) == ("Plain <b>", None, "en")
    assert (second.html, second.author) == ("Words &amp; more", "Ada Quill, Bo Ink")


def test_rss_1_has_its_items_beside_the_channel() -> None:
    feed = read(RDF)
    assert (feed.format, feed.title, feed.ttl_s) == ("rss10", "RDF news", 6 * 3600.0)
    assert feed.entries[0].key == guid_key("https://news.example/a")


@pytest.mark.parametrize(
    ("broken", "title"),
    [
        (item("<title>caf&eacute; x &amp; y</title>"), "café x & y"),
        (item("<title>x & y</title>"), "x & y"),
        (item("<title>a?b=1&c=2</title>"), "a?b=1&c=2"),
        (item("<title>control\x0b\x08 here</title>"), "control here"),
        (item("<title>numbered &#x0B; reference</title>"), "numbered reference"),
        (item("<title>prefix</title><media:thumbnail url='x'/><foo:bar/>"), "prefix"),
        ("\n\n<?xml version='1.0'?>" + item("<title>late declaration</title>"), "late declaration"),
        ("<!DOCTYPE rss SYSTEM 'http://127.0.0.1:9/d.dtd'>" + item("<title>&nbsp;with DTD</title>"), "with DTD"),
    ],
)
def test_xml_broken_in_common_ways_loses_no_text(broken: str, title: str) -> None:
    assert read(broken).entries[0].title == title


def test_a_feed_that_was_cut_off_keeps_its_whole_items_only() -> None:
    whole = '<rss version="2.0"><channel><title>T</title>' + "".join(
        f"<item><title>t{n}</title><link>https://news.example/{n}</link></item>" for n in range(3)
    )
    feed = read(whole + "<item><title>half a tit")
    assert [entry.title for entry in feed.entries] == ["t0", "t1", "t2"]
    assert any("repaired" in warning for warning in feed.warnings)


def test_what_is_no_xml_at_all_goes_to_feedparser() -> None:
    feed = read(
        '<rss version="2.0"><channel><title>T</title><item><title>wrong</b> nesting</title></item></channel></rss>'
    )
    assert feed.entries[0].title.startswith("wrong")
    assert any("not well-formed" in warning for warning in feed.warnings)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("", "empty"),
        ("  \n ", "empty"),
        (
            "<!doctype html><html><head><title>Just a moment...</title></head></html>",
            "HTML instead of a feed (a bot check)",
        ),
        ("<html><body>Not found</body></html>", "HTML instead of a feed"),
        ("<opml version='2.0'><body/></opml>", "XML, but no feed: its root is <opml>"),
        ("plain words", "not a feed"),
        ('{"status": "ok"}', "not a JSON Feed"),
        ("<!DOCTYPE r [<!ENTITY x 'y'>]><rss><channel><title>&x;</title></channel></rss>", "entities refused"),
    ],
)
def test_what_is_no_feed_is_refused_in_words(body: str, words: str) -> None:
    with pytest.raises(ParseError, match=words.replace("(", r"\(").replace(")", r"\)")):
        read(body)


def test_an_article_about_entities_is_not_taken_for_an_attack() -> None:
    feed = read(
        item("<title>XXE</title><description><![CDATA[<pre><!DOCTYPE r [<!ENTITY x 'y'>]></pre>]]></description>")
    )
    assert feed.entries[0].title == "XXE"


def test_a_time_far_ahead_is_unknown_and_flagged() -> None:
    body = item("<title>t</title><pubDate>Mon, 02 Nov 2026 10:00:00 GMT</pubDate>").encode()
    early = datetime(2026, 10, 1, tzinfo=UTC)
    assert parse_feed(body, URL).entries[0].published_at is not None
    flagged = parse_feed(body, URL, now=early)
    assert flagged.entries[0].published_at is None
    assert any("future" in warning for warning in flagged.warnings)


def test_an_entry_last_changed_but_never_published_counts_from_its_change() -> None:
    feed = read(
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><entry><id>1</id><updated>2026-11-02T10:00:00Z</updated></entry></feed>'
    )
    assert feed.entries[0].published_at == feed.entries[0].updated_at == datetime(2026, 11, 2, 10, tzinfo=UTC)


@pytest.mark.parametrize("ttl", ["0", "-5", "99999999999999999999"])
def test_ttl_is_clamped_to_a_quarter_hour_and_a_day(ttl: str) -> None:
    feed = read(f"<rss version='2.0'><channel><title>T</title><ttl>{ttl}</ttl></channel></rss>")
    assert feed.ttl_s in (900.0, 86_400.0)


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("data:text/html,&lt;script&gt;", None),
        ("javascript:alert(1)", None),
        ("//cdn.example/x", "https://cdn.example/x"),
        ("?id=7", "https://news.example/feeds/all.xml?id=7"),
        (" https://news.example/with space ", "https://news.example/with%20space"),
        ("https://news.example/\u202egnp", None),
    ],
)
def test_links_are_absolute_web_addresses_or_absent(link: str, expected: str | None) -> None:
    assert read(item(f"<title>t</title><link>{link}</link>")).entries[0].url == expected


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ("desk@news.example (Ada Quill)", "Ada Quill"),
        ("Ada Quill <ada@news.example>", "Ada Quill"),
        ("ada@news.example", None),
        ("  Ada\n Quill ", "Ada Quill"),
    ],
)
def test_names_are_read_out_of_mail_addresses(author: str, name: str | None) -> None:
    assert person_name(author) == name


def test_an_endless_author_is_cut_before_anything_is_matched() -> None:
    assert person_name("a@" + "a." * 16_000 + "!") is None
    assert len(person_name("Ada " * 16_000) or "") <= 200


def test_the_same_bytes_give_the_same_feed() -> None:
    assert read(RSS) == read(RSS)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_arbitrary_bytes_are_a_feed_or_a_parse_error(body: bytes) -> None:
    with suppress(ParseError):
        parse_feed(body, URL)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([RSS, ATOM, RDF]),
    st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 40), st.text(max_size=12)), min_size=1, max_size=4),
    st.sampled_from([None, "text/xml; charset=gb2312", "application/json"]),
)
def test_mutated_feeds_are_a_feed_or_a_parse_error(
    feed: str, cuts: list[tuple[int, int, str]], content_type: str | None
) -> None:
    for at, length, inserted in cuts:
        feed = feed[:at] + inserted + feed[at + length :]
    try:
        parsed = parse_feed(feed.encode("utf-8", "surrogatepass"), URL, content_type)
    except ParseError:
        return
    assert len({entry.key for entry in parsed.entries}) == len(parsed.entries)
