"""A small OpenAI-compatible endpoint on loopback that misbehaves as a test wants."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from groundwire.llm.scripted import repeat_evidence


@dataclass(frozen=True, kw_only=True)
class Reply:
    """One HTTP answer."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    wait_s: float = 0.0
    """Before anything is sent. [s]"""
    drip_s: float = 0.0
    """Before each byte of the body. [s]"""
    endless: bool = False
    """The body is sent again and again, until the client hangs up."""


Script = Callable[[dict[str, Any]], Reply]


def completion(text: str, **other: Any) -> Reply:
    """A chat completion that says ``text``."""
    message = {"role": "assistant", "content": text}
    body = {
        "id": "1", "object": "chat.completion", "created": 1, "model": "tiny",
        "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
        "usage": {"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7}, **other,
    }  # fmt: skip
    return Reply(body=json.dumps(body).encode())


def refusal(status: int, words: str = "no", **headers: str) -> Reply:
    """An error as such endpoints send it."""
    return Reply(status=status, headers=headers, body=json.dumps({"error": {"message": words}}).encode())


def schema_of(request: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON schema of the answer that is asked for."""
    schema: dict[str, Any] = request["response_format"]["json_schema"]["schema"]
    return schema


def prompt_of(request: Mapping[str, Any]) -> str:
    """The words that are asked."""
    return str(request["messages"][0]["content"])


def sensible(request: dict[str, Any]) -> Reply:
    """What a model says that does its work: the first evidence sentences, as they stand."""
    return completion(repeat_evidence(prompt_of(request), schema_of(request)))


class Endpoint:
    """What was asked, and what is answered.

    Args:
        answers: A script for all requests, or the replies to the first ones in order; the last one repeats.
    """

    def __init__(self, *answers: Script | Reply) -> None:
        self._answers = answers
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.at_once = 0
        """Most requests that were under way together."""
        self._under_way = 0
        self._lock = threading.Lock()

    def reply(self, request: dict[str, Any], key: str) -> Reply:
        """The answer to one request."""
        with self._lock:
            self.requests.append(request)
            self.keys.append(key)
            self._under_way += 1
            self.at_once = max(self.at_once, self._under_way)
            answer = self._answers[min(len(self.requests), len(self._answers)) - 1]
        return answer(request) if callable(answer) else answer

    def done(self) -> None:
        """One request has its reply."""
        with self._lock:
            self._under_way -= 1


@contextmanager
def serving(endpoint: Endpoint) -> Iterator[str]:
    """The base URL of the endpoint while it runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.give({"path": self.path})

        def do_POST(self) -> None:
            self.give(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def give(self, asked: dict[str, Any]) -> None:
            reply = endpoint.reply(asked, self.headers.get("Authorization", ""))
            time.sleep(reply.wait_s)
            endpoint.done()
            try:
                self.send_response(reply.status)
                told = {"Content-Type": "application/json"}
                if not reply.endless:
                    told["Content-Length"] = str(len(reply.body))
                for name, value in {**told, **reply.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                while reply.endless:
                    self.wfile.write(reply.body)
                if not reply.drip_s:
                    self.wfile.write(reply.body)
                    return
                for byte in reply.body:
                    time.sleep(reply.drip_s)
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()
            except OSError:  # the client has given up, as the test wants
                return

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class's name
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        server.server_close()
