"""Every recorded hostile HTTP behaviour, acted out by a server on loopback that plays the public internet."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import json
import tracemalloc
import zlib
from collections.abc import Callable, Coroutine
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from fault_server import (
    FEED,
    NOW,
    PRIVATE,
    FaultServer,
    answer,
    fetcher,
    forever,
    gzip_bomb,
    raw,
    redirect,
    reset,
    run,
)

from groundwire.collect import schedule
from groundwire.collect.addresses import MAX_ADDRESSES, AddressGuard, CheckedResolver
from groundwire.collect.fetch import Fetcher, FetchSettings
from groundwire.collect.hosts import TROUBLES
from groundwire.collect.poll import PollResult, poll
from groundwire.errors import FetchError, ForbiddenAddress
from groundwire.types import PollState, Source

OK = b"HTTP/1.1 200 OK\r\n"

Scenario = Callable[[], Coroutine[Any, Any, None]]
SCENARIOS: dict[str, Scenario] = {}

ELSEWHERE: dict[str, str] = {
    "HP-042": "the fetcher passes type and bytes on untouched; sniffing is tested with the feed parser",
}
"""Cases that no scenario here acts out, and why."""


def case(name: str) -> Callable[[Scenario], Scenario]:
    def note(scenario: Scenario) -> Scenario:
        assert name not in SCENARIOS
        SCENARIOS[name] = scenario
        return scenario

    return note


async def refused(server: FaultServer, path: str = "/feed", **settings: Any) -> FetchError:
    async with fetcher(server, **settings) as client:
        with pytest.raises(FetchError) as caught:
            await client.get(server.url(path), now=NOW)
        return caught.value


async def no_parser(body: bytes, url: str, content_type: str | None) -> Any:
    raise AssertionError("nothing should reach the parser")


async def polled(server: FaultServer, state: PollState | None = None, **settings: Any) -> PollResult:
    async with fetcher(server, **settings) as client:
        source = Source(id=1, url=server.url("/feed"), title="Made-up News")
        return await poll(source, state or PollState(), client, no_parser, NOW)


@case("HP-001")
async def accepts_and_never_answers() -> None:
    async with FaultServer(handlers={"/feed": raw(then="hang")}) as server, fetcher(server, deadline_s=0.1) as client:
        for _ in range(2):  # the slot is free again
            with pytest.raises(FetchError, match="took longer than"):
                await client.get(server.url("/feed"), now=NOW)
        result = await polled(server, deadline_s=0.1)
    assert result.state.failures == 1
    assert result.state.next_poll_at is not None
    assert result.state.next_poll_at - NOW >= timedelta(seconds=schedule.MIN_INTERVAL_S)


@case("HP-003")
async def one_header_byte_at_a_time() -> None:
    slow = raw(*(bytes([byte]) for byte in OK + b"X: " + b"x" * 1000), pause_s=0.02)
    async with FaultServer(handlers={"/feed": slow}) as server:
        assert "took longer than" in (await refused(server, deadline_s=0.2)).reason


@case("HP-005")
async def redirects_to_itself_with_a_new_query_each_time() -> None:
    async def onwards(writer: asyncio.StreamWriter, request: Any) -> None:
        await redirect(f"/feed?{len(server.requests)}")(writer, request)

    async with FaultServer(handlers={"/feed": onwards}) as server:
        assert "more than 5 times" in (await refused(server)).reason
        assert len(server.requests) == 6


@case("HP-006")
async def redirects_in_a_circle() -> None:
    async with FaultServer(handlers={"/feed": redirect("/b"), "/b": redirect("/feed")}) as server:
        assert "circle" in (await refused(server)).reason
        assert len(server.requests) == 2


@case("HP-007")
async def redirects_to_a_private_address() -> None:
    async with FaultServer() as server, FaultServer(host=PRIVATE) as private:
        for place in (private.url("/", PRIVATE), private.url("/", "intern.example.com"), "http://127.0.0.1/"):
            server.handlers["/feed"] = redirect(place)
            async with fetcher(server, private, answers={"intern.example.com": PRIVATE}) as client:
                with pytest.raises(ForbiddenAddress):
                    await client.get(server.url("/feed"), now=NOW)
        assert private.connections == 0


@case("HP-008")
async def redirects_to_other_schemes() -> None:
    for place in ("file:///etc/passwd", "ftp://news.example.com/", "gopher://news.example.com/", "data:,x"):
        async with FaultServer(handlers={"/feed": redirect(place)}) as server:
            error = await refused(server)
            assert isinstance(error, ForbiddenAddress)
            assert "only http and https" in error.reason


@case("HP-009")
async def redirects_from_https_to_http() -> None:
    # our side of TLS is aiohttp's; the decision is ours, and is taken on the addresses alone
    strict, lenient = Fetcher(FetchSettings()), Fetcher(FetchSettings(allow_downgrade=True))
    with pytest.raises(FetchError, match="unprotected http"):
        strict._next("https://news.example.com/feed", "http://news.example.com/feed", ["https://news.example.com/feed"])
    followed = lenient._next("https://a.example.com/", "http://a.example.com/feed", ["https://a.example.com/"])
    assert followed == "http://a.example.com/feed"  # noted: the response's ``hops`` name both


@case("HP-010")
async def redirects_to_another_origin_and_wants_our_secrets() -> None:
    handlers = {"/feed": answer(302, headers={"Location": "http://other.example.com:PORT/b", "Set-Cookie": "a=b"})}
    async with FaultServer() as server:
        place = server.url("/b", "other.example.com")
        handlers["/feed"] = answer(302, headers={"Location": place, "Set-Cookie": "a=b; Domain=example.com"})
        server.handlers |= handlers | {"/b": answer(body=FEED)}
        async with fetcher(server) as client:
            await client.get(server.url("/feed"), now=NOW)
        assert not {"authorization", "cookie", "referer"} & {n for r in server.requests for n in r.headers}
        server.handlers["/feed"] = redirect(place.replace("http://", "http://user:secret@"))
        assert "user name or password" in (await refused(server)).reason


@case("HP-011")
async def an_expired_domain_sends_readers_elsewhere() -> None:
    async def parse(body: bytes, url: str, content_type: str | None) -> Any:
        raise AssertionError

    async with FaultServer() as server, fetcher(server) as client:
        bought = server.url("/feed", "bought.example.net")
        server.handlers |= {"/old": redirect(bought, 301), "/feed": answer(304)}
        source = Source(id=1, url=server.url("/old"), title="Made-up News")
        state = PollState(etag='"1"')
        now, moved = NOW, []
        for _ in range(9):
            result = await poll(source, state, client, parse, now)
            state, now = result.state, now + timedelta(days=1)
            moved.append(result.moved_to)
            assert result.moved_to or "moved" in result.warnings[0]  # the owner is told at once
        assert moved == [None] * 7 + [bought, None]  # said again and again for a week, then believed


@case("HP-014")
async def redirects_to_an_address_that_is_none() -> None:
    for place in ("http://[::1", "http://a:b:c/", "http://", "//", "http://%00/", "http://\x80\xff/", "?" * 9000):
        async with FaultServer(handlers={"/feed": redirect(place)}) as server:
            await refused(server)


async def bounded(server: FaultServer, limit: int) -> None:
    tracemalloc.start()
    try:
        async with fetcher(server, deadline_s=5, max_bytes=limit) as client:
            with pytest.raises(FetchError):
                await client.get(server.url("/feed"), now=NOW)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


@case("HP-015")
async def gzip_bomb_of_a_gigabyte() -> None:
    bomb = gzip_bomb(100) * 10
    async with FaultServer(handlers={"/feed": answer(body=bomb, Content_Encoding="gzip")}) as server:
        await bounded(server, 5_000_000)


async def coding_that_nobody_asked_for(coding: str) -> None:
    async with FaultServer(handlers={"/feed": answer(body=b"\x8b" * 1617, Content_Encoding=coding)}) as server:
        assert "not one that we asked for" in (await refused(server)).reason


@case("HP-016")
async def brotli_unasked() -> None:
    await coding_that_nobody_asked_for("br")


@case("HP-017")
async def zstd_unasked() -> None:
    await coding_that_nobody_asked_for("zstd")


@case("HP-018")
async def gzip_a_hundred_times_over() -> None:
    await coding_that_nobody_asked_for(", ".join(["gzip"] * 100))
    twice = raw(OK + b"Content-Encoding: gzip\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc")
    async with FaultServer(handlers={"/feed": twice}) as server:
        assert "not one that we asked for" in (await refused(server)).reason


@case("HP-020")
async def says_gzip_and_sends_plain_text() -> None:
    async with (
        FaultServer(handlers={"/feed": answer(body=FEED, Content_Encoding="gzip")}) as server,
        fetcher(server) as client,
    ):
        assert (await client.get(server.url("/feed"), now=NOW)).body == FEED


@case("HP-021")
async def endless_chunks() -> None:
    head = OK + b"Transfer-Encoding: chunked\r\n\r\n"
    async with FaultServer(handlers={"/feed": forever(head, b"1000\r\n" + b"x" * 4096 + b"\r\n")}) as server:
        await bounded(server, 2_000_000)
    async with FaultServer(handlers={"/feed": forever(head, b"1\r\nx\r\n", pause_s=0.01)}) as server:
        assert "took longer" in (await refused(server, deadline_s=0.2)).reason


@case("HP-023")
async def absurd_chunk_sizes() -> None:
    for size in (b"FFFFFFFFFFFFFFFF", b"FFFFFFFFFFFFFFFFFFFFFFFF", b"-1", b"0x10", b"5;" + b"a" * 500_000, b"zz"):
        body = OK + b"Transfer-Encoding: chunked\r\n\r\n" + size + b"\r\nhello\r\n"
        async with FaultServer(handlers={"/feed": raw(body)}) as server:
            await refused(server)


@case("HP-025")
async def absurd_statuses_and_floods_of_interim_answers() -> None:
    for line in (b"HTTP/1.1 999 Ha\r\n", b"HTTP/1.1 000 Ha\r\n", b"HTTP/1.1 99999 Ha\r\n", b"ICY 200 OK\r\n", b"\r\n"):
        async with FaultServer(handlers={"/feed": raw(line + b"Content-Length: 0\r\n\r\n")}) as server:
            await refused(server)
    flood = forever(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" * 100)
    async with FaultServer(handlers={"/feed": flood}) as server:
        assert "took longer" in (await refused(server, deadline_s=0.3)).reason


@case("HP-028")
async def the_same_body_under_a_new_etag_each_time() -> None:
    async def storm(writer: asyncio.StreamWriter, request: Any) -> None:
        await answer(body=FEED, ETag=f'"{len(server.requests)}"')(writer, request)

    async with FaultServer(handlers={"/feed": storm}) as server:
        state = PollState(etag='"0"', body_hash=hashlib.sha256(FEED).hexdigest(), interval_s=1000)
        result = await polled(server, state)
    assert result.not_modified
    assert result.error is None
    assert result.entries == ()
    assert result.state.etag == '"1"'
    assert result.state.interval_s > 1000


@case("HP-029")
async def strange_etags() -> None:
    async def after(etag: bytes) -> str | None:
        handler = raw(OK + b"ETag: " + etag + b"\r\nContent-Length: 3\r\n\r\nabc", then="serve")
        async with FaultServer(handlers={"/feed": handler}) as server, fetcher(server) as client:
            first = await client.get(server.url("/feed"), now=NOW)
            server.handlers["/feed"] = answer(body=FEED)
            await client.get(server.url("/feed"), now=NOW, etag=first.etag)
            return server.requests[-1].headers.get("if-none-match")

    for echoed in (b'"a"', b'W/"a b\\"c"', b"no-quotes", b'""', b'"' + b"e" * 1000 + b'"'):
        assert await after(echoed) == echoed.decode()
    assert await after(b'"' + b"e" * 64_000 + b'"') is None
    assert await after(b'"\xff\xfe"') is None

    async with FaultServer(handlers={"/feed": answer(body=FEED)}) as server, fetcher(server) as client:
        for injected in ('"a"\r\nX-Evil: 1', '"a"\nX-Evil: 1', '"a"\x00'):
            await client.get(server.url("/feed"), now=NOW, etag=injected, last_modified=injected)
            assert {"if-none-match", "if-modified-since", "x-evil"}.isdisjoint(server.requests[-1].headers)


@case("HP-030")
async def last_modified_that_is_no_date_or_in_the_future() -> None:
    for said in ("the day after tomorrow", "Fri, 01 Jan 2100 00:00:00 GMT", "0", "-1"):
        async with (
            FaultServer(handlers={"/feed": answer(body=FEED, Last_Modified=said)}) as server,
            fetcher(server) as client,
        ):
            first = await client.get(server.url("/feed"), now=NOW)
            await client.get(server.url("/feed"), now=NOW, last_modified=first.last_modified)
            assert server.requests[-1].headers["if-modified-since"] == said
            await client.get(server.url("/feed"), now=NOW, etag='"x"')
            assert "if-modified-since" not in server.requests[-1].headers  # never invented


@case("HP-032")
async def overload_of_a_host_with_many_feeds() -> None:
    async with FaultServer() as server, fetcher(server) as client:
        server.handlers["/good"] = answer(304)
        sources = [Source(id=n, url=server.url(f"/{n}", "busy.example.com"), title=str(n)) for n in range(20)]
        server.handlers |= {f"/{n}": answer(503) for n in range(20)}
        results = [await poll(source, PollState(), client, no_parser, NOW) for source in sources]
        assert len(server.requests) == TROUBLES
        assert [result.deferred for result in results] == [False] * TROUBLES + [True] * (20 - TROUBLES)
        assert all(result.state.failures == 0 for result in results if result.deferred)
        other = Source(id=99, url=server.url("/good", "calm.example.com"), title="calm")
        assert (await poll(other, PollState(etag='"1"'), client, no_parser, NOW)).error is None
        for source in sources:
            await poll(source, PollState(), client, no_parser, NOW + timedelta(seconds=61))
        assert len(server.requests) == TROUBLES + 2  # the calm one, and one probe


@case("HP-034")
async def refusals() -> None:
    for status in (401, 403, 451):
        async with FaultServer(handlers={"/feed": answer(status)}) as server:
            state, waits = PollState(), []
            for _ in range(10):
                state = (await polled(server, state)).state
                assert state.next_poll_at is not None
                waits.append((state.next_poll_at - NOW).total_seconds())
        assert state.last_error
        assert waits == sorted(waits)
        assert waits[1] == pytest.approx(2 * waits[0])
        assert schedule.MAX_INTERVAL_S <= waits[-1] <= 1.1 * schedule.MAX_INTERVAL_S


@case("HP-037")
async def connections_cut_by_force() -> None:
    async with FaultServer(handlers={"/feed": reset(OK + b"Content-Length: 50\r\n\r\n<rss>")}) as server:
        await refused(server)
        result = await polled(server)
        assert result.entries == ()
        assert result.state.failures == 1
        assert result.state.body_hash is None

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.transport.abort()

    tls = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    async with tls:
        port = tls.sockets[0].getsockname()[1]
        async with fetcher(FaultServer(port=port)) as client:
            with pytest.raises(FetchError):
                await client.get(f"https://news.example.com:{port}/", now=NOW)


@case("HP-038")
async def troubles_with_names() -> None:
    def fails(*_: object) -> Any:
        raise OSError(-3, "Temporary failure in name resolution")

    async with Fetcher(FetchSettings(), lookup=fails) as client:
        with pytest.raises(FetchError, match="could not be resolved"):
            await client.get("http://news.example.com/", now=NOW)

    release = Event()
    try:
        stalls = CheckedResolver(AddressGuard(), lambda *_: [(release.wait(30),)], deadline_s=0.05)
        with pytest.raises(OSError, match="did not answer"):
            await stalls.resolve("news.example.com", 80)
        await stalls.close()
    finally:
        release.set()

    many = [(2, 1, 6, "", (f"93.184.{n // 250}.{n % 250 + 1}", 80)) for n in range(500)]
    resolver = CheckedResolver(AddressGuard(), lambda *_: many)
    assert len(await resolver.resolve("news.example.com", 80)) == MAX_ADDRESSES
    await resolver.close()


@case("HP-040")
async def ten_thousand_cookies() -> None:
    async with FaultServer() as server, fetcher(server) as client:
        few = b"".join(b"Set-Cookie: a%d=b\r\n" % n for n in range(50))
        server.handlers["/feed"] = raw(OK + few + b"Content-Length: 3\r\n\r\nabc", then="serve")
        for _ in range(2):
            assert (await client.get(server.url("/feed"), now=NOW)).body == b"abc"
            server.handlers["/feed"] = answer(body=b"abc")
        assert "cookie" not in server.requests[-1].headers
        many = b"".join(b"Set-Cookie: a%d=b\r\n" % n for n in range(10_000))
        server.handlers["/feed"] = raw(OK + many + b"Content-Length: 3\r\n\r\nabc")
        with pytest.raises(FetchError, match="not proper HTTP"):
            await client.get(server.url("/feed"), now=NOW)


@case("HP-041")
async def a_hundred_feeds_on_one_host() -> None:
    starts: list[float] = []
    at_once: set[int] = set()
    most: list[int] = []

    async def feed(writer: asyncio.StreamWriter, request: Any) -> None:
        starts.append(asyncio.get_running_loop().time())
        at_once.add(len(starts))
        most.append(len(at_once))
        mine = len(starts)
        await asyncio.sleep(0.02)
        at_once.discard(mine)
        await answer(304)(writer, request)

    async with (
        FaultServer(handlers={f"/{n}": feed for n in range(100)}) as server,
        fetcher(server, host_spacing_s=0.005, deadline_s=5) as client,
    ):  # the default is 1 s
        await asyncio.gather(*(client.get(server.url(f"/{n}"), now=NOW, etag='"1"') for n in range(100)))
    assert max(most) <= 2
    assert FetchSettings().host_spacing_s == 1.0
    assert starts[-1] - starts[0] >= 99 * 0.005 * 0.8


@case("HP-043")
async def archives_and_media_in_place_of_a_feed() -> None:
    for start in (b"PK\x03\x04", b"%PDF-1.4", b"\x00\x00\x00 ftypisom", b"\x1f\x8b\x08", b"\0" * 512):
        endless = forever(OK + b"Content-Type: application/rss+xml\r\n\r\n" + start, b"\x01" * 1024)
        async with FaultServer(handlers={"/feed": endless}) as server:
            error = await refused(server)
            assert "not a feed or a page" in error.reason


@case("HP-044")
async def http2_tricks() -> None:
    async with FaultServer(handlers={"/feed": answer(body=FEED)}) as server, fetcher(server) as client:
        await client.get(server.url("/feed"), now=NOW)
        assert server.requests[0].line.endswith(" HTTP/1.1")  # aiohttp speaks nothing else
        assert "upgrade" not in server.requests[0].headers
    async with FaultServer(handlers={"/feed": raw(b"\x00\x00\x12\x04\x00\x00\x00\x00\x00" + b"\0" * 18)}) as server:
        await refused(server)


@case("HP-045")
async def a_body_without_length_on_a_connection_that_stays_open() -> None:
    async with FaultServer(handlers={"/feed": raw(OK + b"\r\n" + FEED, then="hang")}) as server:
        assert "took longer" in (await refused(server, deadline_s=0.2)).reason  # whole or not, nobody can know
    async with FaultServer(handlers={"/feed": raw(OK + b"\r\n" + FEED)}) as server, fetcher(server) as client:
        assert (await client.get(server.url("/feed"), now=NOW)).body == FEED


@case("HP-046")
async def headers_that_would_lead_a_browser_on() -> None:
    hints = {"Alt-Svc": 'h3=":443"', "Refresh": "0;url=/evil", "Link": "</evil>; rel=preload"}
    async with FaultServer(handlers={"/feed": answer(body=FEED, headers=hints)}) as server, fetcher(server) as client:
        await client.get(server.url("/feed"), now=NOW)
        await client.get(server.url("/feed"), now=NOW)
        assert server.paths == ["/feed", "/feed"]


# --- behaviours of the same kinds that the recorded list does not name ------------------------------------------


@case("slow body")
async def one_body_byte_at_a_time() -> None:
    slow = forever(OK + b"Content-Length: 1000000\r\n\r\n", b"x", pause_s=0.02)
    async with FaultServer(handlers={"/feed": slow}) as server:
        assert "took longer" in (await refused(server, deadline_s=0.2)).reason


@case("slow redirects")
async def many_slow_redirects_share_one_deadline() -> None:
    async def slow(writer: asyncio.StreamWriter, request: Any) -> None:
        await asyncio.sleep(0.1)
        await redirect(f"/feed?{len(server.requests)}")(writer, request)

    async with FaultServer(handlers={"/feed": slow}) as server:
        assert "took longer" in (await refused(server, deadline_s=0.25)).reason
        assert len(server.requests) <= 3


@case("endless header")
async def a_header_without_end() -> None:
    async with FaultServer(handlers={"/feed": forever(OK + b"X: ", b"x" * 10_000)}) as server:
        assert "not proper HTTP" in (await refused(server, deadline_s=5)).reason
    async with FaultServer(handlers={"/feed": forever(OK, b"X-Y: z\r\n" * 100)}) as server:
        assert "not proper HTTP" in (await refused(server, deadline_s=5)).reason


@case("request smuggling")
async def both_length_and_chunks_and_two_lengths() -> None:
    for framing in (
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"Content-Length: 3\r\nContent-Length: 5\r\n\r\nabcde",
        b"Content-Length: -5\r\n\r\nabc",
        b"Content-Length: 1e3\r\n\r\nabc",
    ):
        async with FaultServer(handlers={"/feed": raw(OK + framing)}) as server:
            await refused(server)


@case("more than announced")
async def a_body_longer_than_its_length_leaves_nothing_for_the_next_answer() -> None:
    extra = OK + b"Content-Length: 3\r\n\r\nabc" + OK + b"Content-Length: 4\r\n\r\nevil"
    async with (
        FaultServer(handlers={"/feed": raw(extra, then="serve"), "/next": answer(body=FEED)}) as server,
        fetcher(server) as client,
    ):
        assert (await client.get(server.url("/feed"), now=NOW)).body == b"abc"
        assert (await client.get(server.url("/next"), now=NOW)).body == FEED


@case("http/0.9")
async def no_status_line_at_all() -> None:
    async with FaultServer(handlers={"/feed": raw(FEED)}) as server:
        await refused(server)


@case("silent close")
async def closes_without_a_word() -> None:
    async with FaultServer(handlers={"/feed": raw()}) as server:
        assert "without an answer" in (await refused(server)).reason


@case("304 with a body")
async def not_modified_with_a_body() -> None:
    head, body = b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", b"hello"
    for pieces in ((head, body), (head + body,)):
        lying = raw(*pieces, then="serve", pause_s=0.02)
        server = FaultServer(handlers={"/feed": lying, "/next": answer(body=FEED)})
        async with server, fetcher(server) as client:
            try:
                first = await client.get(server.url("/feed"), now=NOW, etag='"1"')
                assert first.not_modified
                assert first.body == b""
            except FetchError as error:  # in one piece it is not proper HTTP
                assert len(pieces) == 1
                assert "not proper HTTP" in error.reason
            await asyncio.sleep(0.03)
            try:
                following = await client.get(server.url("/next"), now=NOW)
            except FetchError as error:  # the late body spoils the connection, which is given up: no answer is mixed up
                assert "not proper HTTP" in error.reason
                following = await client.get(server.url("/next"), now=NOW)
            assert following.body == FEED


@case("retry-after")
async def absurd_retry_after() -> None:
    for said in ("9" * 18, "9" * 400, "-5", "soon", "Fri, 31 Dec 9999 23:59:59 GMT"):
        async with FaultServer(handlers={"/feed": answer(429, Retry_After=said)}) as server:
            state = (await polled(server)).state
            assert state.next_poll_at is not None
            wait = (state.next_poll_at - NOW).total_seconds()
            assert schedule.MIN_INTERVAL_S <= wait <= schedule.MAX_RETRY_AFTER_S


@case("gone")
async def gone_for_good() -> None:
    async with FaultServer(handlers={"/feed": answer(410)}) as server:
        state = (await polled(server)).state
    assert state.gone
    assert not schedule.is_due(state, NOW + timedelta(days=365))


@case("deflate bomb")
async def deflate_bomb() -> None:
    bomb = zlib.compress(b"x" * 200_000_000, 9)
    async with FaultServer(handlers={"/feed": answer(body=bomb, Content_Encoding="deflate")}) as server:
        await bounded(server, 5_000_000)


@case("tiny gzip members")
async def a_million_empty_gzip_members() -> None:
    async with (
        FaultServer(handlers={"/feed": answer(body=gzip.compress(b"") * 100_000, Content_Encoding="gzip")}) as server,
        fetcher(server, deadline_s=5) as client,
    ):
        assert (await client.get(server.url("/feed"), now=NOW)).body == b""


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_a_hostile_server_harms_nothing(name: str) -> None:
    run(SCENARIOS[name]())


@pytest.mark.data
def test_every_recorded_case_is_acted_out_or_has_a_reason(data_dir: Path) -> None:
    lines = (data_dir / "adversarial" / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    recorded = {row["id"] for row in map(json.loads, lines) if row["category"] == "http"}
    assert recorded <= SCENARIOS.keys() | ELSEWHERE.keys()
    assert not SCENARIOS.keys() & ELSEWHERE.keys()
