"""How fast a thousand feeds are polled, and how little a second poll of unchanged feeds costs their publishers.

A server in a process of its own, on loopback, serves the feeds (made up, or the .xml files under --data, in turn)
with ETags; they are fetched, parsed in killable workers and scheduled as in production, without a database.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from urllib.request import urlopen

from benchmarks.common import need, parser, report
from groundwire.collect.feed import ParsedFeed, parse_feed
from groundwire.collect.fetch import Fetcher, FetchSettings
from groundwire.collect.poll import PollResult, poll_all
from groundwire.collect.workers import Workers
from groundwire.types import PollState, Source

TARGET_S = 60.0
ENTRIES = 20
EPOCH = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def made_up_feed(number: int) -> bytes:
    """RSS with twenty entries of a few sentences, one an hour."""
    words = "The hall holds racks that draw power, and a made-up spokesperson is pleased. " * 8
    items = "".join(
        f"<item><title>Example {number} opens hall {n}</title><link>https://example.com/{number}/{n}</link>"
        f"<guid>{number}-{n}</guid><pubDate>{format_datetime(EPOCH - timedelta(hours=n))}</pubDate>"
        f"<description>{words}</description></item>"
        for n in range(ENTRIES)
    )
    head = f"<title>Example {number}</title><link>https://example.com/{number}</link><description>x</description>"
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{items}</channel></rss>'.encode()


def bodies(data: Path | None) -> list[bytes]:
    """What is served, in turn."""
    if data is None:
        return [made_up_feed(number) for number in range(50)]
    files = [data] if data.is_file() else sorted(data.rglob("*.xml"))
    return [path.read_bytes() for path in files[:1000]]


async def serve(data: Path | None) -> None:
    """The publishers: /N is a feed, /stats what was asked of us since the last /stats."""
    served = bodies(data)
    tags = [f'"{hashlib.sha256(body).hexdigest()[:16]}"' for body in served]
    stats = {"requests": 0, "conditional": 0, "not_modified": 0, "body_bytes": 0}

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                request = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                target = request.split(" ", 2)[1][1:]
                if target == "stats":
                    body = json.dumps(stats).encode()
                    stats.update(dict.fromkeys(stats, 0))
                    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
                    continue
                place = int(target) % len(served)
                stats["requests"] += 1
                asked = next(
                    (line[15:] for line in request.split("\r\n") if line.lower().startswith("if-none-match: ")), ""
                )
                stats["conditional"] += bool(asked)
                if asked == tags[place]:
                    stats["not_modified"] += 1
                    writer.write(b"HTTP/1.1 304 Not Modified\r\nETag: %b\r\n\r\n" % tags[place].encode())
                    continue
                stats["body_bytes"] += len(served[place])
                head = f"HTTP/1.1 200 OK\r\nETag: {tags[place]}\r\nContent-Length: {len(served[place])}\r\n\r\n"
                writer.write(head.encode() + served[place])
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextmanager
def publishers(data: Path | None) -> Iterator[int]:
    """The server's port while it runs."""
    command = [sys.executable, "-m", "benchmarks.polling", "--serve", *(["--data", str(data)] if data else [])]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline())
    finally:
        process.terminate()
        process.wait()


async def one_round(
    due: Sequence[tuple[Source, PollState]], port: int, workers: Workers, now: datetime
) -> tuple[list[PollResult], float]:
    """Poll all that is due; return the results and the seconds that it took."""

    async def parse(body: bytes, url: str, content_type: str | None) -> ParsedFeed:
        return await workers.run(parse_feed, body, url, content_type)

    begun = time.perf_counter()
    async with Fetcher(FetchSettings(allow_hosts=(f"127.0.0.1:{port}",))) as fetcher:
        results = [r async for r in poll_all(due, fetcher, parse, lambda: now)]
    return results, time.perf_counter() - begun


def measure(feeds: int, data: Path | None) -> list[dict[str, object]]:
    """Two rounds; a row each."""
    rows: list[dict[str, object]] = []
    with publishers(data) as port, Workers() as workers:
        states = {n: PollState() for n in range(feeds)}
        for round_number in (1, 2):
            urls = {n: f"http://127.0.0.1:{port}/{n}" for n in states}
            due = [(Source(id=n, url=urls[n], title=""), state) for n, state in states.items()]
            results, seconds = asyncio.run(one_round(due, port, workers, EPOCH + timedelta(days=round_number)))
            with urlopen(f"http://127.0.0.1:{port}/stats") as answer:
                asked = json.load(answer)
            states |= {result.source.id: replace(result.state, next_poll_at=None) for result in results}
            rows.append(
                {
                    "round": round_number,
                    "feeds": len(results),
                    "seconds": seconds,
                    "feeds/s": len(results) / seconds,
                    "failed": sum(result.error is not None for result in results),
                    "entries": sum(len(result.entries) for result in results),
                    "conditional": asked["conditional"] / asked["requests"],
                    "not modified": asked["not_modified"] / asked["requests"],
                    "body bytes sent": asked["body_bytes"],
                    "body bytes read": sum(result.bytes_read for result in results),
                }
            )
    return rows


def main() -> None:
    options = parser(__doc__, "")
    options.set_defaults(data=None)
    options.add_argument("--feeds", type=int, default=1000)
    options.add_argument("--serve", action="store_true", help="only run the server (prints its port)")
    chosen = options.parse_args()
    if chosen.data is not None:
        need(chosen.data)
    if chosen.serve:
        asyncio.run(serve(chosen.data))
        return
    rows = measure(chosen.feeds, chosen.data)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    report(
        f"polling {chosen.feeds} feeds on loopback",
        rows,
        as_json=chosen.json,
        note=f"Target: 1000 feeds in under {TARGET_S:g} s; second round 100 % conditional, 0 bytes of bodies. "
        f"Peak memory without workers: {peak:.0f} MB.",
    )


if __name__ == "__main__":
    main()
