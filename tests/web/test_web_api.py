"""The API: the same under the same names, and strict about what it takes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as check
from hypothesis import strategies as st
from starlette.testclient import TestClient
from test_web_pages import ELEMENTS
from web_desk import HOSTILE_TITLE, TOKEN, WIRE, Desk

from groundwire.web.plain import for_script, plain, to_json

BEARER = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}


def strict(body: bytes) -> Any:
    """JSON that any parser takes: UTF-8, no NaN, no key twice."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        assert len(dict(pairs)) == len(pairs)
        return dict(pairs)

    def refuse(name: str) -> Any:
        raise AssertionError(name)

    return json.loads(body.decode("utf-8", "strict"), object_pairs_hook=unique, parse_constant=refuse)


def test_an_event_has_every_element_under_the_name_that_the_page_uses(client: TestClient, desk: Desk) -> None:
    event = strict(client.get(f"/api/events/{desk.slugs['full']}").content)
    names = set(event) | set(event["tldr"])
    assert [e for e in [*ELEMENTS, "tldr"] if e not in names] == []
    assert event["headline"]["text"] == WIRE[0]
    assert event["freshness"] == {
        "fresh": True,
        "newest_published_at": "2026-03-09T10:00:00Z",
        "collected_in_s": 5160.0,
    }
    assert event["sources"]["coverage"]["origins"] == 3
    assert event["provenance"] | {"absent": 0, "build": 0, "made_at": 0} == {
        "model": None, "proposed": 40, "kept": 14, "dropped": 26, "withheld": 0, "calls": 0, "processor_s": None,
        "taken": None, "complete": True, "absent": 0, "build": 0, "made_at": 0,
    }  # fmt: skip


def test_every_citation_of_the_api_is_true(client: TestClient, desk: Desk) -> None:
    texts = {a.id: a.text for a in desk.articles.values()}
    found = list(citations(strict(client.get(f"/api/events/{desk.slugs['full']}").content)))
    assert len(found) > 15
    for citation in found:
        assert texts[citation["version_id"]][citation["start"] : citation["end"]] == citation["quote"]
        page = strict(client.get(f"/api{citation['url']}").content)
        assert any(
            piece["quoted"] and piece["text"] == citation["quote"] for p in page["passages"] for piece in p["pieces"]
        )


def citations(value: Any) -> Any:
    if isinstance(value, dict):
        if "quote" in value:
            yield value
        for item in value.values():
            yield from citations(item)
    elif isinstance(value, list):
        for item in value:
            yield from citations(item)


def test_the_json_beside_a_page_is_the_apis(client: TestClient, desk: Desk) -> None:
    assert (
        client.get(f"/events/{desk.slugs['full']}.json").content
        == client.get(f"/api/events/{desk.slugs['full']}").content
    )


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 3), ("topic=energy", 1), ("topic=none", 0), ("language=zh", 1), ("limit=1", 1), ("offset=2", 1),
        ("since=2026-03-01", 2), ("since=2026-03-09T00:00:00%2B00:00", 1), ("order=latest", 3),
        ("since=0001-01-01T00:00:00%2B14:00", 3), ("since=9999-12-31T23:59:59-14:00", 0),
    ],
)  # fmt: skip
def test_events_can_be_chosen(client: TestClient, query: str, count: int) -> None:
    assert len(strict(client.get(f"/api/events?{query}").content)["events"]) == count


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=101",
        "limit=x",
        "offset=-1",
        "order=best",
        "since=yesterday",
        "since=99999-01-01",
        "topic=" + "a" * 201,
    ],
)
def test_a_wrong_choice_is_not_understood(client: TestClient, query: str) -> None:
    answer = client.get(f"/api/events?{query}")
    assert answer.status_code == 422
    assert strict(answer.content)["error"]


def test_search_topics_sources_and_health(client: TestClient) -> None:
    assert strict(client.get("/api/search?q=费鲁尔").content)["events"][0]["headline"]["text"] == WIRE[0]
    assert strict(client.get("/api/topics").content) == {"topics": {"price": 2, "energy": 1, "models": 1}}
    sources = strict(client.get("/api/sources").content)["sources"]
    assert {s["title"] for s in sources} == {"Lanternpost Wire", "Copperplate Daily", "灯柱快报"}
    assert sources[0]["latency_s"] == 5160.0
    assert strict(client.get("/api/health").content) == {"status": "ok", "articles": 7, "sources": 3}


def test_what_is_not_there_is_said_in_json(client: TestClient) -> None:
    for path in ("/api/events/nothing", "/api/articles/99", "/api/nowhere", "/events/nothing.json"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert strict(answer.content)["error"]


def test_the_description_names_every_operation(client: TestClient) -> None:
    described = strict(client.get("/api/openapi.json").content)
    assert described["openapi"].startswith("3.")
    assert set(described["paths"]) == {
        "/api/events", "/api/events/{slug}", "/api/events/{slug}/decisions", "/api/articles/{version_id}",
        "/api/search", "/api/sources", "/api/sources/{source_id}", "/api/topics", "/api/health",
        "/api/forecasts", "/api/forecasts/{forecast_id}", "/api/weekly/{week}", "/api/daily/{day}", "/api/bill",
    } | {path for path in described["paths"] if "economics" in path or "workbench" in path}  # fmt: skip
    assert "EventPage" in described["components"]["schemas"]


# --- bodies ----------------------------------------------------------------------------------------------------


SENSELESS = [
    b"", b"{", b"null", b"[]", b'"hide"', b"1", b'{"kind": NaN}', b'{"kind": "hide", "kind": "show"}',
    b'{"kind": "\\ud800"}', b'{"kind": "merge", "event": "\\udfff"}', b"\xff\xfe", b'{"kind": "hide", "extra": 1}',
    b'{"kind": "split", "articles": [1.5]}', b'{"kind": "split", "articles": ["1"]}',
    b'{"kind": "pin", "articles": [-1]}',
    b'{"kind": "pin", "articles": [99999999999999999999999]}', b'{"kind": 1e999}', b"[" * 60_000, b'{"a":' * 10_000,
    b'{"kind": "pin", "articles": ' + b"9" * 5_000 + b"}",
]  # fmt: skip


def test_a_body_that_makes_no_sense_is_not_understood(own_client: TestClient, own_desk: Desk) -> None:
    for body in SENSELESS:
        answer = own_client.post(f"/api/events/{own_desk.slugs['quiet']}/decisions", content=body, headers=BEARER)
        assert answer.status_code == 422, body[:100]
        assert strict(answer.content)["error"]
    assert not own_desk.store.events.by_slug(own_desk.slugs["quiet"]).hidden


def test_bodies_are_bounded_and_of_one_type(own_client: TestClient, own_desk: Desk) -> None:
    path = f"/api/events/{own_desk.slugs['quiet']}/decisions"
    huge = b'{"kind": "hide", "event": "' + b"a" * 70_000 + b'"}'
    assert own_client.post(path, content=huge, headers=BEARER).status_code == 413
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""):
        answer = own_client.post(path, content=b'{"kind": "hide"}', headers=BEARER | {"Content-Type": kind})
        assert answer.status_code == 415
    form = {"Content-Type": "multipart/form-data; boundary=x"}
    assert own_client.post("/sources", content=b"--x--", headers=form).status_code == 415


def test_forms_with_more_fields_than_any_of_ours_are_refused(own_client: TestClient) -> None:
    many = "&".join(f"a{n}=1" for n in range(700))
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert own_client.post("/sources", content=many, headers=form).status_code == 422
    assert own_client.post("/sources", content=b"url=%ff%fe", headers=form).status_code == 422


# --- whatever is sent ------------------------------------------------------------------------------------------

ANY = st.text(max_size=30)


@check(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_no_operation_ever_breaks(client: TestClient, data: st.DataObject) -> None:
    """Every GET of the description with any parameters: below 500, and JSON."""
    described = json.loads(client.get("/api/openapi.json").content)["paths"]
    gets = sorted(path for path, operations in described.items() if "get" in operations and "economics" not in path)
    path = data.draw(st.sampled_from(gets))
    parameters = described[path]["get"].get("parameters", [])
    query = {
        p["name"]: data.draw(ANY | st.integers().map(str) | st.dates().map(str))
        for p in parameters
        if p["in"] == "query"
    }
    for name in [p["name"] for p in parameters if p["in"] == "path"]:
        value = data.draw(ANY.filter(bool) | st.integers().map(str))
        path = path.replace(f"{{{name}}}", "".join(f"%{b:02x}" for b in value.encode("utf-8", "replace")))
    answer = client.get(path, params={k: v.encode("utf-8", "replace") for k, v in query.items()})
    assert answer.status_code < 500
    if answer.headers.get("content-type") == "application/json":
        strict(answer.content)


@check(max_examples=40, deadline=None)
@given(
    st.recursive(
        st.text() | st.floats() | st.none() | st.characters(categories=["Cs"]),
        lambda v: st.lists(v) | st.dictionaries(st.text(), v),
    )
)
def test_our_json_is_valid_whatever_the_strings_hold(value: object) -> None:
    body = to_json(value)
    strict(body) if not isinstance(value, dict) else json.loads(body.decode("utf-8", "strict"))
    assert b"\xe2\x80\xa8" not in body
    assert b"\xe2\x80\xa9" not in body
    inside = for_script(value)
    assert "<" not in inside
    assert json.loads(inside) == json.loads(body)


def test_a_number_that_is_none_becomes_null() -> None:
    assert plain({"a": float("nan"), "b": [float("inf")]}) == {"a": None, "b": [None]}


def test_hostile_titles_are_plain_strings(client: TestClient, desk: Desk) -> None:
    event = strict(client.get(f"/api/events/{desk.slugs['hostile']}").content)
    assert event["headline"]["text"] == HOSTILE_TITLE
    assert event["sources"]["lead"]["original_url"] == ""  # it was a javascript: address
