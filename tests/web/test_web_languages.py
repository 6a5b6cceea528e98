"""A brief that a model made in a second language: who sees it, and what says that it is a translation."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from starlette.testclient import TestClient
from web_desk import NOW, Desk

from groundwire.briefs import statements, to_json
from groundwire.settings import Settings
from groundwire.storage.briefs import StoredBrief
from groundwire.types import Statement
from groundwire.web import desk as reading
from groundwire.web.static_copy import static_files

HEADLINE = "费鲁尔公司把推理价格下调40%"


@pytest.fixture
def translated(own_desk: Desk) -> Desk:
    """The desk with the headline of its first event translated."""
    event = own_desk.store.events.by_slug(own_desk.slugs["full"])
    own = own_desk.store.briefs.get(event.id)
    assert own is not None
    brief = reading.brief_of(own)
    cited = [c for c in brief.headline.citations if c.version_id == own_desk.articles["wire"].id]
    headline = Statement(section="headline", text=HEADLINE, citations=tuple(cited), language="zh", made_by="model")
    other = dataclasses.replace(brief, language="zh", headline=headline)
    document = json.dumps(to_json(other), ensure_ascii=False, sort_keys=True)
    told = StoredBrief(event_id=event.id, language="zh", document=document, build="c" * 64, made_at=NOW)
    own_desk.store.briefs.save(own, [*statements(brief), *statements(other)], None, [told])
    return own_desk


def headline(client: TestClient, path: str) -> str:
    root: Any = html.fromstring(client.get(path).content)
    (found,) = root.xpath("//h1[@id='headline']/..")
    return " ".join(found.text_content().split())


def test_a_reader_of_the_language_gets_the_translation_and_is_told_so(translated: Desk, own_client: TestClient) -> None:
    path = f"/events/{translated.slugs['full']}"
    assert HEADLINE in headline(own_client, f"{path}?lang=zh")
    assert "译自英文" in headline(own_client, f"{path}?lang=zh")
    assert HEADLINE not in headline(own_client, f"{path}?lang=en")
    assert HEADLINE in own_client.get("/?lang=zh").text
    assert HEADLINE not in own_client.get("/?lang=en").text


def test_an_original_in_another_language_names_it(own_desk: Desk, own_client: TestClient) -> None:
    assert "原文为英文" in headline(own_client, f"/events/{own_desk.slugs['full']}?lang=zh")


def test_a_static_copy_has_each_page_in_its_language(translated: Desk, tmp_path: Path) -> None:
    files = {file.path: file.body.decode() for file in static_files(translated.store, Settings(home=tmp_path))}
    pages = {name: body for name, body in files.items() if translated.slugs["full"] in name and name.endswith(".html")}
    assert len(pages) == 2
    assert sorted(HEADLINE in body for body in pages.values()) == [False, True]
