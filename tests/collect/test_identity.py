from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundwire.collect.feed import parse_feed
from groundwire.collect.identity import canonical_url, guid_key, safe_url, second_key
from groundwire.types import Entry

URL = "https://news.example/feed"


def rss(*items: str) -> bytes:
    listed = "".join(f"<item>{inner}</item>" for inner in items)
    return f'<rss version="2.0"><channel><title>T</title>{listed}</channel></rss>'.encode()


def keys(*items: str) -> list[str]:
    return [entry.key for entry in parse_feed(rss(*items), URL).entries]


def entry(**fields: str) -> Entry:
    return Entry(**({"key": "k", "url": None, "title": "", "html": ""} | fields))  # type: ignore[arg-type]


def test_one_guid_for_all_items_still_keeps_all_items() -> None:
    found = keys(*(f"<guid>same</guid><title>t{n}</title><link>https://news.example/{n}</link>" for n in range(5)))
    assert len(set(found)) == 5
    assert guid_key("same") not in found


def test_one_guid_and_one_link_for_all_items_leave_title_and_date() -> None:
    found = keys(*(f"<guid>x</guid><title>t{n}</title><link>https://news.example/</link>" for n in range(5)))
    assert len(set(found)) == 5


def test_an_item_given_twice_is_one_entry() -> None:
    same = "<guid>1</guid><title>t</title><link>https://news.example/1</link>"
    assert keys(same, same) == [guid_key("1")]


def test_an_item_without_guid_and_link_is_known_by_its_words() -> None:
    assert keys("<description>only words</description>") == keys("<description>only words</description>")
    assert keys("<description>only words</description>") != keys("<description>other words</description>")


@pytest.mark.parametrize("guid", ["g" * 1_000_000, "a'b\"c", "a&#0;b"])
def test_absurd_guids_become_short_keys(guid: str) -> None:
    (key,) = keys(f"<guid>{guid}</guid><title>t</title>")
    assert len(key) == 32


def test_order_and_neighbours_do_not_change_keys() -> None:
    items = [f"<guid>{n}</guid><title>t{n}</title>" for n in range(9)]
    assert set(keys(*items)) == set(keys(*items[::-1]))
    assert set(keys(*items[3:5])) < set(keys(*items))


@pytest.mark.parametrize(
    "variant",
    [
        "https://news.example/a/b?id=7",
        "http://news.example/a/b?id=7",
        "https://www.news.example/a/b?id=7",
        "HTTPS://News.Example:443/a/b/?id=7#section",
        "https://news.example/a/b?utm_source=x&id=7&utm_medium=y&fbclid=z&spm=1.2.3",
        "https://news.example/a//b/index.html?id=7",
        "https://news.example/a/c/../b?id=7",
        "https://news.example/a/b;jsessionid=0F3?id=7",
        "https://news.example/%61/b?id=7",
    ],
)
def test_addresses_of_one_page_are_equal(variant: str) -> None:
    assert canonical_url(variant) == "https://news.example/a/b?id=7"


@pytest.mark.parametrize(
    "other",
    [
        "https://news.example/a/b?id=8",
        "https://news.example/a/B?id=7",
        "https://m.news.example/a/b?id=7",
        "https://news.example/a/b?id=7&sid=9",
        "https://news.example/a%2Fb?id=7",
    ],
)
def test_addresses_of_different_pages_stay_apart(other: str) -> None:
    assert canonical_url(other) != "https://news.example/a/b?id=7"


def test_the_entrys_own_link_is_kept_as_published() -> None:
    link = "http://www.news.example/a/?utm_source=rss"
    (found,) = parse_feed(rss(f"<title>t</title><link>{link.replace('&', '&amp;')}</link>"), URL).entries
    assert found.url == link


@pytest.mark.parametrize(
    "address",
    ["", "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "http://", "http://[::1", "http://xn--a/",
     f"http://{'a' * 64}.example/", "http://a..b/", "http://exam\u202eple.com/", "http://a.example:99999/", "ftp://a.example/"],
)  # fmt: skip
def test_what_is_no_web_address_is_absent(address: str) -> None:
    assert safe_url(address) is None
    assert canonical_url(address) is None


def test_guids_and_session_ids_that_change_at_every_fetch_are_seen_through() -> None:
    first = entry(key="1", url="https://news.example/story?PHPSESSID=a1", title="Prices fall", html="<p>Words</p>")
    again = entry(
        key="2", url="https://news.example/story?PHPSESSID=b2", title="Prices  fall", html="<div>Words </div>"
    )
    assert second_key(first) == second_key(again)


def test_a_daily_column_and_links_that_all_point_home_stay_apart() -> None:
    assert second_key(entry(url="https://n.example/1", title="Briefing")) != second_key(
        entry(url="https://n.example/2", title="Briefing")
    )
    home = [entry(url="https://n.example/", title=f"t{n}", html="same words") for n in range(3)]
    assert len({second_key(found) for found in home}) == 3
    assert second_key(entry(title="only a title")) is None


@given(st.text())
def test_canonical_addresses_stay_as_they_are(text: str) -> None:
    once = canonical_url("https://news.example/" + text)
    if once is not None:
        assert canonical_url(once) == once


@given(st.text())
def test_any_link_is_safe_or_absent(text: str) -> None:
    found = safe_url(text, "https://news.example/feed")
    assert found is None or found.lower().startswith(("http://", "https://"))
