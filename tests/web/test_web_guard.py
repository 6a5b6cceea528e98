"""What every request passes: host, address, method, headers."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from web_desk import Desk

from groundwire.web.guard import allowed_hosts


@pytest.mark.parametrize("host", ["127.0.0.1:8700", "localhost", "LOCALHOST:1", "[::1]:8700"])
def test_this_machines_names_are_answered(client: TestClient, host: str) -> None:
    assert client.get("/about", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "a/?x#",
        "127.0.0.1:8700@evil.example",
        "",
        "localhost:99999999",
        "127.0.0.1 evil",
    ],
)
def test_other_host_names_are_refused(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 400


def test_the_configured_host_is_answered() -> None:
    assert "news.example" in allowed_hosts("https://News.example:8443/")


def test_links_come_from_the_settings_never_from_the_request(client: TestClient, desk: Desk) -> None:
    path = f"/events/{desk.slugs['full']}"
    forged = {
        "Host": "localhost",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
        "Forwarded": "host=evil.example",
    }
    answer = client.get(path, headers=forged)
    assert "evil.example" not in answer.text
    assert f"http://127.0.0.1:8700{path}" in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/../../etc/passwd",
        "/static/..%2f..%2fapp.py",
        "/static/%2e%2e/app.py",
        "/static/../app.py",
        "/events/%00",
        "/events/x%00.md",
        "/static/..%5c..%5capp.py",
        "/topics/%ff",
        "/static/groundwire.css",
        "/events/",
    ],
)
def test_paths_out_of_the_site_lead_nowhere(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "root:" not in answer.text


@pytest.mark.parametrize("path", ["/search?q=a%00b", "/?page=%0a1", "/search?q=%7f"])
def test_control_characters_in_a_query_are_not_understood(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 422


def test_an_address_without_end_is_refused(client: TestClient) -> None:
    assert client.get("/search?q=" + "a" * 5_000).status_code == 414


@pytest.mark.parametrize("path", ["/", "/about", "/feed.atom", "/api/events", "/nowhere", "/robots.txt"])
def test_head_is_get_without_its_body(client: TestClient, path: str) -> None:
    head, get = client.head(path), client.get(path)
    assert head.status_code == get.status_code
    assert head.content == b""
    assert head.headers["content-length"] == str(len(get.content))
    assert head.headers.get("etag") == get.headers.get("etag")


def test_options_tell_what_a_path_takes(client: TestClient, desk: Desk) -> None:
    assert client.options("/").headers["allow"] == "GET, HEAD, OPTIONS"
    assert client.options("/sources").headers["allow"] == "GET, HEAD, OPTIONS, POST"
    assert client.options(f"/api/events/{desk.slugs['full']}/decisions").headers["allow"] == "OPTIONS, POST"
    answer = client.options("/", headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"})
    assert answer.status_code == 204
    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert client.options("/nowhere").status_code == 404


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH", "POST", "CONNECT", "BREW", "A" * 50])
def test_other_methods_are_not_allowed(client: TestClient, method: str) -> None:
    answer = client.request(method, "/")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/about",
        "/feed.atom",
        "/api/events",
        "/api/openapi.json",
        "/nowhere",
        "/token",
        "/static/x.css",
        "/?page=0",
    ],
)
def test_every_answer_carries_the_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["referrer-policy"] == ("same-origin" if path == "/token" else "no-referrer")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"


def test_a_surprise_tells_the_reader_nothing_and_keeps_the_headers(own_app: FastAPI, own_desk: Desk) -> None:
    async def broken() -> None:
        raise RuntimeError("secret detail")

    own_app.add_api_route("/broken", broken)
    client = TestClient(own_app, base_url="http://localhost", raise_server_exceptions=False)
    answer = client.get("/broken")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_ranges_are_not_computed(client: TestClient) -> None:
    ranges = "bytes=" + ",".join(f"{n}-{n + 1}" for n in range(0, 1_200, 2))
    path = client.get("/").text.split('rel="stylesheet" href="')[1].split('"')[0]
    answer = client.get(path, headers={"Range": ranges})
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_a_broken_database_is_told_in_words(own_client: TestClient, own_desk: Desk) -> None:
    with own_desk.store.database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE briefs RENAME TO gone")
    answer = own_client.get("/")
    assert answer.status_code == 503
    assert "database does not answer" in answer.text
    assert own_client.get("/api/events").json() == {"error": "the database does not answer"}
