"""A web server that misbehaves on command, and a fetcher that takes parts of loopback for the public internet."""

from __future__ import annotations

import asyncio
import gzip
import socket
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any, Literal, TypeVar

from groundwire.collect.addresses import IPAddress, denial
from groundwire.collect.fetch import Fetcher, FetchSettings

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
PUBLIC = "127.0.0.1"
"""Plays a public address."""
PRIVATE = "127.0.0.2"
"""Plays a private one."""
FEED = b"<?xml version='1.0'?><rss version='2.0'><channel><title>Made-up News</title></channel></rss>"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Request:
    """What arrived."""

    target: str
    headers: Mapping[str, str]
    """Names in lower case."""
    line: str
    raw: bytes


Handler = Callable[[asyncio.StreamWriter, Request], Awaitable[None]]


@dataclass(slots=True)
class FaultServer:
    """Serves ``handlers`` by path (without the query) on loopback; counts what it sees."""

    host: str = PUBLIC
    port: int = 0
    handlers: dict[str, Handler] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    _server: asyncio.Server | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def __aenter__(self) -> FaultServer:
        self._server = await asyncio.start_server(self._serve, self.host, self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def url(self, path: str = "/", name: str = "news.example.com") -> str:
        return f"http://{name}:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        return [request.target for request in self.requests]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            while True:
                raw = await reader.readuntil(b"\r\n\r\n")
                line, *lines = raw.decode("latin-1").split("\r\n")
                headers = {
                    name.strip().lower(): value.strip()
                    for name, _, value in (row.partition(":") for row in lines if row)
                }
                request = Request(line.split(" ")[1], headers, line, raw)
                self.requests.append(request)
                handler = self.handlers.get(request.target.partition("?")[0], answer(404))
                await handler(writer, request)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            writer.close()


def answer(status: int = 200, body: bytes = b"", headers: Mapping[str, str] | None = None, **more: str) -> Handler:
    """A well-formed answer; ``more`` are headers with _ for -."""
    named = {**(headers or {}), **{name.replace("_", "-"): value for name, value in more.items()}}

    async def handle(writer: asyncio.StreamWriter, request: Request) -> None:
        lines = [f"HTTP/1.1 {status} Whatever", *(f"{name}: {value}" for name, value in named.items())]
        if "Content-Length" not in named and "Transfer-Encoding" not in named:
            lines.append(f"Content-Length: {0 if status in (204, 304) else len(body)}")
        head = "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"
        writer.write(head if status in (204, 304) else head + body)
        await writer.drain()

    return handle


def raw(*chunks: bytes, then: Literal["close", "hang", "serve"] = "close", pause_s: float = 0.0) -> Handler:
    """These very bytes; then close, or stay silent, or serve the next request."""

    async def handle(writer: asyncio.StreamWriter, request: Request) -> None:
        for chunk in chunks:
            writer.write(chunk)
            await writer.drain()
            await asyncio.sleep(pause_s)
        if then == "close":
            writer.close()
        elif then == "hang":
            await asyncio.sleep(3600)

    return handle


def forever(head: bytes, chunk: bytes, pause_s: float = 0.0) -> Handler:
    """A head, then one chunk again and again."""

    async def handle(writer: asyncio.StreamWriter, request: Request) -> None:
        writer.write(head)
        while True:
            writer.write(chunk)
            await writer.drain()
            await asyncio.sleep(pause_s)

    return handle


def redirect(location: str, status: int = 302) -> Handler:
    return answer(status, headers={"Location": location})


def reset(head: bytes = b"") -> Handler:
    """Some bytes, then a TCP reset."""

    async def handle(writer: asyncio.StreamWriter, request: Request) -> None:
        writer.write(head)
        await writer.drain()
        sock = writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        writer.transport.abort()

    return handle


def gzip_bomb(megabytes: int) -> bytes:
    """One letter, so often."""
    return gzip.compress(b"x" * (megabytes * 1_000_000), 9)


def play_internet(address: IPAddress) -> str | None:
    """The real rule, but one loopback address passes for public."""
    return None if address == ip_address(PUBLIC) else denial(address)


def names(answers: Mapping[str, str | list[str]] | None = None) -> Callable[[str, int], list[tuple[Any, ...]]]:
    """A name server: these names as given, all others at the public address."""
    known = dict(answers or {})

    def lookup(host: str, port: int) -> list[tuple[Any, ...]]:
        given = known.get(host, PUBLIC)
        return [
            (
                socket.AF_INET6 if ":" in address else socket.AF_INET,
                socket.SOCK_STREAM,
                6,
                "",
                (address, port, 0, 0) if ":" in address else (address, port),
            )
            for address in ([given] if isinstance(given, str) else given)
        ]

    return lookup


def fetcher(*servers: FaultServer, answers: Mapping[str, str | list[str]] | None = None, **settings: Any) -> Fetcher:
    """A fetcher for which these servers are on the public internet; quick to give up."""
    chosen: dict[str, Any] = {
        "deadline_s": 5.0,
        "host_spacing_s": 0.0,
        "ports": frozenset({80, 443, *(server.port for server in servers)}),
    }
    return Fetcher(FetchSettings(**(chosen | settings)), denial=play_internet, lookup=names(answers))


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """To the end, in a loop of its own."""
    return asyncio.run(coroutine)
