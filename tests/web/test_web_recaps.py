"""Recaps on the site: week, day, feeds, a reader's own ranking."""

from __future__ import annotations

import json

import pytest
from lxml import etree
from starlette.testclient import TestClient

ATOM = "{http://www.w3.org/2005/Atom}"


def test_a_week_shows_each_story_with_why_it_is_there(client: TestClient) -> None:
    page = client.get("/weekly/2026-W11").text
    assert "What mattered" in page
    assert "Why this is here" in page
    assert "/events/" in page


def test_the_newest_week_is_at_weekly_and_the_old_address_leads_there(client: TestClient) -> None:
    assert client.get("/weekly").status_code == 200
    moved = client.get("/weeks/2026-W11", follow_redirects=False)
    assert (moved.status_code, moved.headers["location"]) == (301, "/weekly/2026-W11")


def test_a_day_works_the_same(client: TestClient) -> None:
    first = client.get("/api/weekly/2026-W11").json()["stories"][0]["since"]
    assert client.get(f"/daily/{first}").status_code == 200
    assert client.get(f"/api/daily/{first}").json()["period"]["kind"] == "day"


def test_what_is_no_week_or_has_no_news_is_not_there(client: TestClient) -> None:
    for path in ("/weekly/2026-W54", "/weekly/2020-W01", "/weekly/2026-03-09", "/daily/2026-W11", "/weekly/x"):
        assert client.get(path).status_code == 404


def test_topics_and_roles_in_the_address_rank_without_javascript(client: TestClient) -> None:
    path = "/weekly/2026-W11?topic=energy&role=founders&topic=%3Cscript%3E"
    page = client.get(path).text
    assert "for-you" in page
    assert "<script>" not in page
    assert "for-you" not in client.get("/weekly/2026-W11").text
    named = client.get("/api" + path).json()["interests"]
    assert named["roles"] == ["founders"]
    assert "energy" in named["topics"]


@pytest.mark.parametrize(("folder", "newest"), [("weekly", "2026-W11"), ("daily", "2026-03-09")])
def test_the_feeds_hold_an_item_a_period_that_keeps_its_identity(client: TestClient, folder: str, newest: str) -> None:
    entries = etree.fromstring(client.get(f"/{folder}/feed.atom").content).findall(f"{ATOM}entry")
    listed = json.loads(client.get(f"/{folder}/feed.json").content)["items"]
    assert len(entries) == len(listed) >= 1
    assert {e.findtext(f"{ATOM}id") for e in entries} == {item["id"] for item in listed}
    assert listed[0]["url"].endswith(f"/{folder}/{newest}")
    assert f'href="/{folder}/feed.atom"' in client.get(f"/{folder}").text


def test_a_role_that_ranks_a_story_higher_comes_with_the_words_that_decided_it(client: TestClient) -> None:
    told = client.get("/api/weekly/2026-W11?role=founders").json()["stories"][0]["why"]
    assert told["deciding"] == [{"role": "founders", "words": "创业公司", "language": "zh"}]
    assert '<q lang="zh-Hans">创业公司</q>' in client.get("/weekly/2026-W11?role=founders").text
    assert client.get("/api/weekly/2026-W11").json()["stories"][0]["why"]["deciding"] == []
