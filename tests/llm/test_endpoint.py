"""The endpoint's client against a real HTTP server on loopback: every way to fail ends in one clear sentence."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

pytest.importorskip("openai", reason="the models extra is not installed")

from groundwire.llm import ModelError
from groundwire.llm.endpoint import EndpointModel

SCHEMA = {"type": "object"}
GOOD = {
    "id": "1", "object": "chat.completion", "created": 1, "model": "tiny",
    "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "{}"}}],
    "usage": {"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7},
}  # fmt: skip


class Endpoint:
    """Answers each request with the next of its replies: (status, headers, body, delay in seconds)."""

    def __init__(self, *replies: tuple[int, dict[str, str], bytes, float]) -> None:
        self.replies, self.requests = list(replies), list[dict[str, Any]]()


@contextmanager
def serving(endpoint: Endpoint) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            endpoint.requests.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            status, headers, body, delay = endpoint.replies.pop(0)
            time.sleep(delay)
            self.send_response(status)
            for name, value in {
                "Content-Type": "application/json",
                "Content-Length": str(len(body)),
                **headers,
            }.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                self.wfile.write(body)
            except OSError:  # the client has given up, as the test wants
                return

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class's name
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        server.server_close()


def good() -> tuple[int, dict[str, str], bytes, float]:
    return 200, {}, json.dumps(GOOD).encode(), 0.0


def refusal(status: int, **headers: str) -> tuple[int, dict[str, str], bytes, float]:
    return status, headers, b'{"error": {"message": "no"}}', 0.0


def model(url: str, *, retries: int = 0, timeout_s: float = 5.0) -> EndpointModel:
    return EndpointModel("tiny", base_url=url, key="k", timeout_s=timeout_s, retries=retries)


def test_an_answer_comes_with_what_it_took() -> None:
    with serving(Endpoint(good())) as url:
        answer = model(url).answer("say", schema=SCHEMA, max_output_tokens=9)
    assert (answer.text, answer.input_tokens, answer.output_tokens, answer.model) == ("{}", 5, 2, "tiny")


def test_a_server_that_asks_for_patience_is_asked_again() -> None:
    endpoint = Endpoint(refusal(429, **{"Retry-After": "0.01"}), good())
    with serving(endpoint) as url:
        assert model(url, retries=1).answer("say", schema=SCHEMA, max_output_tokens=9).text == "{}"
    assert len(endpoint.requests) == 2


def test_a_server_without_schemas_is_asked_in_words() -> None:
    endpoint = Endpoint(refusal(400), good(), good())
    with serving(endpoint) as url:
        asked = model(url)
        asked.answer("say", schema=SCHEMA, max_output_tokens=9)
        asked.answer("say more", schema=SCHEMA, max_output_tokens=9)
    assert ["response_format" in request for request in endpoint.requests] == [True, False, False]


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (refusal(401), "refuses the key"),
        (refusal(404), "no such model"),
        (refusal(429), "asked too often"),
        (refusal(500), "answers 500"),
        ((200, {}, b"", 1.0), "no answer in time"),
    ],
)
def test_each_refusal_is_one_sentence_and_ends_the_asking(
    reply: tuple[int, dict[str, str], bytes, float], words: str
) -> None:
    with serving(Endpoint(reply)) as url, pytest.raises(ModelError, match=words) as caught:
        model(url, timeout_s=0.3).answer("say", schema=SCHEMA, max_output_tokens=9)
    assert caught.value.lasting


def test_an_endpoint_that_is_down_says_so() -> None:
    with pytest.raises(ModelError, match="can't be reached"):
        model("http://127.0.0.1:9/v1").answer("say", schema=SCHEMA, max_output_tokens=9)
