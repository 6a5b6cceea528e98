"""The starter list of sources that ships."""

from __future__ import annotations

from collections import Counter
from importlib.resources import files
from xml.etree import ElementTree

from groundwire.collect.identity import canonical_url
from groundwire.collect.opml import parse_opml

BODY = files("groundwire.data").joinpath("starter_sources.opml").read_bytes()
SOURCES = parse_opml(BODY)
GW = "{https://groundwire.invalid/ns/starter}"
OUTLINES = [row for row in ElementTree.fromstring(BODY).iter("outline") if "xmlUrl" in row.attrib]  # noqa: S314  ours


def test_it_is_well_formed_and_nothing_is_lost_in_reading() -> None:
    assert len(SOURCES) == len(OUTLINES) >= 60


def test_every_source_has_title_address_homepage_language_and_topic() -> None:
    for source in SOURCES:
        assert source.title
        assert source.homepage
        assert source.language in {"en", "zh"}
        assert source.topics
        assert source.url.startswith(("http://", "https://"))


def test_no_address_and_no_title_comes_twice() -> None:
    addresses = [canonical_url(url) for source in SOURCES for url in (source.url, *source.alternatives)]
    assert [address for address, count in Counter(addresses).items() if count > 1] == []
    assert [title for title, count in Counter(source.title for source in SOURCES).items() if count > 1] == []


def test_both_languages_are_there_with_the_sources_people_ask_for_first() -> None:
    chinese = {source.title for source in SOURCES if source.language == "zh"}
    assert len(chinese) >= 20
    assert {"虎嗅", "36氪", "量子位", "机器之心", "IT之家", "钛媒体", "雷峰网", "爱范儿", "极客公园", "品玩"} <= chinese
    assert sum(source.language == "en" for source in SOURCES) >= 40


def test_nearly_every_chinese_source_has_a_second_path() -> None:
    chinese = [source for source in SOURCES if source.language == "zh"]
    assert sum(bool(source.alternatives) for source in chinese) >= 0.8 * len(chinese)


def test_every_source_says_how_much_is_known_of_its_address_and_since_when() -> None:
    for row in OUTLINES:
        assert row.attrib[f"{GW}status"] in {"measured", "listed", "route", "troubled"}, row.attrib["text"]
        assert row.attrib[f"{GW}seen"][:4] == "2026"


def test_an_address_known_to_fail_has_another_to_fall_back_on() -> None:
    for row in OUTLINES:
        if row.attrib[f"{GW}status"] == "troubled" and row.attrib["language"] == "zh":
            assert row.attrib["alternatives"]


def test_its_topics_are_folders_two_deep_at_most() -> None:
    assert {len(source.topics) for source in SOURCES} == {1, 2}
