"""A recap tells a story in the reader's language where its page is told in it; place and score are the same in both."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from lxml import etree
from starlette.testclient import TestClient
from web_desk import NOW, ZH, Desk

from groundwire import recaps
from groundwire.briefs import statements, to_json
from groundwire.editions.mail import text_of
from groundwire.editions.reader import NOBODY
from groundwire.editions.recap import Recap, week_of
from groundwire.storage.briefs import StoredBrief
from groundwire.web import desk as reading
from groundwire.web.messages import messages

WEEK = week_of(NOW.date())
ATOM = "{http://www.w3.org/2005/Atom}"
CUT = "费鲁尔公司周一把布林德模型的输出价格下调35%，至每百万词元1.30美元。"


@pytest.fixture
def bilingual(own_desk: Desk) -> Desk:
    """The desk with its first event told in Chinese too, from its Chinese source."""
    event = own_desk.store.events.by_slug(own_desk.slugs["full"])
    own = own_desk.store.briefs.get(event.id)
    assert own is not None
    other = own_desk.plain("zh", event.id, language="zh")
    document = json.dumps(to_json(other), ensure_ascii=False, sort_keys=True)
    told = StoredBrief(event_id=event.id, language="zh", document=document, build="c" * 64, made_at=NOW)
    own_desk.store.briefs.save(own, [*statements(reading.brief_of(own)), *statements(other)], None, [told])
    return own_desk


def read(desk: Desk, language: str) -> Recap:
    return recaps.read_recap(desk.store, WEEK, NOBODY, language)


def test_a_story_is_told_in_the_readers_language(bilingual: Desk) -> None:
    chinese, english = read(bilingual, "zh"), read(bilingual, "en")
    assert (chinese.stories[0].title, chinese.stories[0].language) == (ZH[0], "zh")
    assert chinese.stories[0].lines[0].text == CUT
    assert english.stories[0].title.startswith("Ferrule Systems cuts")
    assert [e.why for e in chinese.stories] == [e.why for e in english.stories]


def test_a_story_that_is_not_told_in_it_stays_in_its_own(bilingual: Desk) -> None:
    slug = bilingual.slugs["hostile"]
    assert [e for e in read(bilingual, "zh").stories if e.slug == slug] == [
        e for e in read(bilingual, "en").stories if e.slug == slug
    ]


def test_a_kept_week_holds_both_languages_and_stays(bilingual: Desk) -> None:
    fresh = {language: read(bilingual, language) for language in ("en", "zh")}
    assert recaps.keep_past(bilingual.store, NOW + timedelta(days=9)) >= 1
    assert {language: read(bilingual, language) for language in ("en", "zh")} == fresh


def test_pages_feeds_and_data_follow_the_address(bilingual: Desk, own_client: TestClient) -> None:
    assert ZH[0] in own_client.get(f"/weekly/{WEEK.name}?lang=zh").text
    assert ZH[0] not in own_client.get(f"/weekly/{WEEK.name}?lang=en").text
    assert own_client.get(f"/api/weekly/{WEEK.name}?lang=zh").json()["stories"][0]["title"] == ZH[0]
    # a program that says nothing gets the settings' language, whatever its Accept-Language and whoever came before
    plain = own_client.get("/weekly/feed.atom", headers={"Accept-Language": "zh"}).text
    chinese = own_client.get("/weekly/feed.atom?lang=zh").text
    assert ZH[0] in chinese
    assert ZH[0] not in plain
    self_link = etree.fromstring(chinese.encode()).find(f"{ATOM}link[@rel='self']")
    assert self_link is not None
    assert self_link.get("href", "").endswith("/weekly/feed.atom?lang=zh")


def test_the_mail_tells_it_in_the_words_language(bilingual: Desk) -> None:
    text = text_of(read(bilingual, "zh"), lambda path: path, messages("zh"))
    assert ZH[0] in text
