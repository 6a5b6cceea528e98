"""The site behind its real server, spoken to byte by byte."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given
from hypothesis import settings as check
from hypothesis import strategies as st
from web_desk import Desk

from groundwire.web.server import listen, server

HEAD_S = 0.4


@pytest.fixture(scope="module")
def port(desk: Desk, app: FastAPI) -> Iterator[int]:
    """A server on a free port of this machine."""
    listener = listen(0)
    running = server(app, head_s=HEAD_S)
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not running.started:
        time.sleep(0.01)
    yield listener.getsockname()[1]
    running.should_exit = True
    thread.join(10)


def speak(port: int, request: bytes) -> list[bytes]:
    """Send bytes; return the status lines of all answers until the server ends or is silent."""
    answer = b""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection, contextlib.suppress(OSError):
        connection.sendall(request)
        connection.settimeout(1.0)
        while chunk := connection.recv(65_536):
            answer += chunk
    return [line for line in answer.split(b"\r\n") if line.startswith(b"HTTP/1.1 ")]


HIDDEN_REQUEST = b"GET /robots.txt HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.mark.parametrize(
    "headers",
    [
        b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n",
        b"Content-Length: 5\r\nContent-Length: 6\r\n",
        b"Content-Length: +5\r\n",
        b"Content-Length: 5, 6\r\n",
        b"Transfer-Encoding: xchunked\r\n",
        b"Transfer-Encoding: chunked, identity\r\n",
        b"Transfer-Encoding : chunked\r\n",
        b"Transfer-Encoding:\x0bchunked\r\n",
        b"X: a\rContent-Length: 5\r\n",
    ],
)
def test_no_second_request_hides_in_the_body_of_a_first(port: int, headers: bytes) -> None:
    request = b"POST /sources HTTP/1.1\r\nHost: localhost\r\n" + headers + b"\r\n0\r\n\r\n" + HIDDEN_REQUEST
    answers = speak(port, request)
    # refused whole, or read as one chunked request followed by a second one that stands there openly
    assert answers[:1] in ([], [b"HTTP/1.1 400 Bad Request"]) or len(answers) <= 2
    if b"Transfer-Encoding: chunked\r\n" not in headers:
        assert len(answers) <= 1


@pytest.mark.parametrize(
    ("request_bytes", "statuses"),
    [
        (b"GET // HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", (404,)),
        (b"GET //evil.example/%2e%2e HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", (404,)),
        (b"GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", (200, 400, 404)),
        (b"GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n", (400,)),
        (b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n", (400,)),
        (b"GET / HTTP/1.0\r\n\r\n", (400,)),
        (b"GET /../../../../etc/passwd HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", (404,)),
        (b"GET /\xff\xfe HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", (400, 404)),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", (400,)),
    ],
)
def test_odd_requests_are_answered_soberly(port: int, request_bytes: bytes, statuses: tuple[int, ...]) -> None:
    answers = speak(port, request_bytes)
    assert len(answers) == 1
    assert int(answers[0].split()[1]) in statuses


def test_headers_without_end_are_refused(port: int) -> None:
    answers = speak(port, b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 200_000 + b"\r\n\r\n")
    assert answers in ([], [b"HTTP/1.1 400 Bad Request"])


@pytest.mark.parametrize("sent", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "])
def test_a_request_that_never_ends_is_refused_in_time(port: int, sent: bytes) -> None:
    assert speak(port, sent) == [b"HTTP/1.1 400 Bad Request"]


def test_dripping_bytes_buy_no_more_time(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n")
        with pytest.raises(OSError):  # reset, or a broken pipe, as the moment has it
            for _ in range(60):
                connection.sendall(b"X")
                time.sleep(0.05)


def test_a_connection_is_kept_for_the_next_request(port: int) -> None:
    request = b"GET /robots.txt HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        for _ in range(3):
            connection.sendall(request)
            answer = b""
            while not answer.endswith(b"Disallow: /token\n"):
                part = connection.recv(65_536)
                assert part
                answer += part
            assert answer.startswith(b"HTTP/1.1 200 ")
            time.sleep(0.25)  # together longer than one head may take


TARGETS = st.one_of(
    st.binary(max_size=60),
    st.text("/.%2eE0fF\\;:@?#&=+a\u00e9\u4e2d", max_size=60).map(str.encode),
    st.sampled_from(["events", "articles", "topics", "weeks", "search", "static", "api/events", "forecasts"]).flatmap(
        lambda part: st.text("%0123456789abcdefABCDEF/.?=&q", max_size=40).map(lambda rest: f"{part}/{rest}".encode())
    ),
    st.text("%0123456789abcdefABCDEF/.?=&+", max_size=60).map(lambda words: f"search?q={words}".encode()),
)


@check(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(target=TARGETS)
def test_no_address_breaks_the_site(port: int, target: bytes) -> None:
    answers = speak(port, b"GET /" + target + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    assert all(int(answer.split()[1]) < 500 for answer in answers)
