"""Polling: what comes back, what is remembered, and that one bad source never stops the others."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from fault_server import FEED, NOW, PRIVATE, FaultServer, answer, fetcher, raw, redirect, run

from groundwire.collect.poll import PollResult, poll, poll_all
from groundwire.errors import ParseError
from groundwire.types import Entry, PollState, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A stand-in for the parser's feed."""

    title: str | None = "Made-up News"
    homepage: str | None = "https://news.example.com/"
    language: str | None = "en"
    ttl_s: float | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[str] = frozenset()
    entries: tuple[Entry, ...] = (Entry(key="1", url=None, title="One", published_at=NOW - timedelta(hours=4)),)
    warnings: tuple[str, ...] = ()


async def fake_parse(body: bytes, url: str, content_type: str | None) -> Feed:
    if b"<rss" not in body:
        raise ParseError(url, "this is a web page, not a feed")
    if b"explode" in body:
        raise RuntimeError("a fault of ours")
    title = body.partition(b"<title>")[2].partition(b"</title>")[0].decode()
    return Feed(title=title or None)


def source(server: FaultServer, path: str = "/feed", **more: object) -> Source:
    return replace(Source(id=1, url=server.url(path), title="Made-up News"), **more)  # type: ignore[arg-type]  # test's choice


def polled(server: FaultServer, state: PollState | None = None, path: str = "/feed") -> PollResult:
    async def main() -> PollResult:
        async with server, fetcher(server) as client:
            return await poll(source(server, path), state or PollState(), client, fake_parse, NOW)

    return run(main())


def test_a_poll_brings_entries_and_a_state_to_keep() -> None:
    server = FaultServer(handlers={"/feed": answer(body=FEED, ETag='"1"', Last_Modified="then")})
    result = polled(server, PollState(failures=2, last_error="x"))
    assert [entry.key for entry in result.entries] == ["1"]
    assert result.error is None
    assert result.feed is not None
    assert result.bytes_read == len(FEED)
    state = result.state
    assert (state.etag, state.last_modified, state.failures, state.last_success_at) == ('"1"', "then", 0, NOW)
    assert state.interval_s == 3600  # one entry, 4 h old
    assert state.next_poll_at is not None


def test_an_unchanged_feed_costs_a_conditional_request_and_no_body() -> None:
    server = FaultServer(handlers={"/feed": answer(304)})
    result = polled(server, PollState(etag='"1"', last_modified="then", interval_s=1000))
    assert server.requests[0].headers["if-none-match"] == '"1"'
    assert server.requests[0].headers["if-modified-since"] == "then"
    assert result.not_modified
    assert result.bytes_read == 0
    assert result.state.interval_s == 1250


def test_a_page_in_place_of_a_feed_is_an_error_in_words() -> None:
    result = polled(FaultServer(handlers={"/feed": answer(body=b"<html>Welcome</html>")}), PollState(etag='"1"'))
    assert result.error == "this is a web page, not a feed"
    assert result.state.failures == 1
    assert result.state.etag == '"1"'
    assert result.bytes_read > 0


def test_alternatives_are_tried_in_order_and_keep_their_own_validators() -> None:
    async def main() -> None:
        async with FaultServer() as server, fetcher(server) as client:
            outlet = source(server, alternatives=(server.url("/b"), server.url("/c")))
            server.handlers |= {"/feed": answer(500), "/b": answer(404), "/c": answer(body=FEED, ETag='"c"')}
            first = await poll(outlet, PollState(etag='"main"'), client, fake_parse, NOW)
            assert first.url == server.url("/c")
            assert first.error is None
            assert len(first.warnings) == 2
            assert "if-none-match" not in server.requests[-1].headers
            assert (first.state.etag, first.state.validated_url) == ('"c"', server.url("/c"))

            server.handlers["/c"] = answer(304)
            second = await poll(outlet, first.state, client, fake_parse, NOW)
            assert second.not_modified
            assert server.requests[-1].headers["if-none-match"] == '"c"'

            server.handlers["/feed"] = answer(body=FEED + b" ", ETag='"main"')
            third = await poll(outlet, second.state, client, fake_parse, NOW)
            assert third.url == outlet.url
            assert "if-none-match" not in server.requests[-1].headers  # "c" is none of its business
            assert third.state.validated_url is None

    run(main())


def test_when_all_addresses_fail_all_are_told_and_only_410_everywhere_ends_it() -> None:
    async def main() -> None:
        async with FaultServer() as server, fetcher(server) as client:
            outlet = source(server, alternatives=(server.url("/b"),))
            server.handlers |= {"/feed": answer(410), "/b": answer(500)}
            result = await poll(outlet, PollState(), client, fake_parse, NOW)
            assert result.error is not None
            assert "gone for good" in result.error
            assert "failed" in result.error
            assert not result.state.gone
            server.handlers["/b"] = answer(410)
            assert (await poll(outlet, PollState(), client, fake_parse, NOW)).state.gone

    run(main())


def test_a_move_within_the_host_is_followed_for_good() -> None:
    server = FaultServer(handlers={"/feed": redirect("/new", 301), "/new": answer(body=FEED)})
    result = polled(server)
    assert result.moved_to == server.url("/new")
    assert result.state.moved_to is None


def test_a_move_to_where_another_feed_is_waits_for_a_person() -> None:
    other = FEED.replace(b"Made-up News", b"Casino Tips")
    server = FaultServer(handlers={"/feed": redirect("/new", 308), "/new": answer(body=other)})
    result = polled(server)
    assert result.moved_to is None
    assert "change it by hand" in result.warnings[0]


def test_a_flood_of_entries_drowns_only_itself() -> None:
    many = tuple(
        Entry(key=str(n), url=None, title=str(n), published_at=NOW - timedelta(minutes=1000 - n)) for n in range(1000)
    )

    async def parse(body: bytes, url: str, content_type: str | None) -> Feed:
        return Feed(entries=many)

    async def main(state: PollState) -> PollResult:
        async with FaultServer(handlers={"/feed": answer(body=FEED)}) as server, fetcher(server) as client:
            return await poll(source(server), state, client, parse, NOW, max_entries=10)

    assert len(run(main(PollState())).entries) == 1000  # the first time: its archive
    result = run(main(PollState(last_success_at=NOW - timedelta(days=1))))
    assert [entry.key for entry in result.entries] == [str(n) for n in range(990, 1000)]
    assert "1000 entries at once" in result.warnings[-1]


def test_one_bad_source_never_stops_the_others() -> None:
    bad = {
        "/explodes": answer(body=FEED + b"explode"),
        "/page": answer(body=b"<html>"),
        "/error": answer(500),
        "/slow": raw(then="hang"),
        "/garbage": raw(b"\x00\xff\x00garbage\r\n\r\n"),
        "/loop": redirect("/loop"),
        "/away": redirect("http://127.0.0.1:1/"),
    }

    async def main() -> dict[int, PollResult]:
        async with (
            FaultServer() as server,
            fetcher(server, answers={"in.example.com": PRIVATE}, deadline_s=1.5) as client,
        ):
            urls = [server.url(path, f"bad{n}.example.com") for n, path in enumerate(bad)]
            urls += [server.url("/x", "in.example.com"), "not an address", "file:///etc/passwd"]
            urls += [server.url("/feed", f"good{n}.example.com") for n in range(20)]
            server.handlers |= bad | {"/feed": answer(body=FEED)}
            due = [(Source(id=n, url=url, title="Made-up News"), PollState()) for n, url in enumerate(urls)]
            return {
                result.source.id: result
                async for result in poll_all(due, client, fake_parse, lambda: NOW, per_second=1e6)
            }

    results = run(main())
    assert len(results) == len(bad) + 3 + 20
    for key, result in results.items():
        good = key >= len(bad) + 3
        assert (result.error is None) == good
        assert result.state.failures == (0 if good else 1)
        assert bool(result.state.last_error) != good
        assert result.state.next_poll_at is not None
        assert result.state.next_poll_at - NOW >= timedelta(minutes=15)
    assert "unforeseen fault" in (results[0].error or "")


def test_results_can_be_left_unread_and_nothing_keeps_running() -> None:
    async def main() -> None:
        async with FaultServer(handlers={"/feed": answer(body=FEED)}) as server, fetcher(server) as client:
            due = [(replace(source(server), id=n), PollState()) for n in range(50)]
            results = poll_all(due, client, fake_parse, lambda: NOW, per_second=1e6, concurrency=4)
            async for _ in results:
                break
            await results.aclose()
            seen = len(server.requests)
            await asyncio.sleep(0.05)
            assert len(server.requests) == seen
            assert len(asyncio.all_tasks()) <= 2 + server.connections

    run(main())


def test_polls_of_overdue_sources_are_rationed_per_second() -> None:
    times: list[float] = []

    async def parse(body: bytes, url: str, content_type: str | None) -> Feed:
        times.append(asyncio.get_running_loop().time())
        return Feed()

    async def main() -> None:
        async with FaultServer(handlers={"/feed": answer(body=FEED)}) as server, fetcher(server) as client:
            due = [
                (Source(id=n, url=server.url("/feed", f"h{n}.example.com"), title="x"), PollState()) for n in range(10)
            ]
            times.append(asyncio.get_running_loop().time())
            async for _ in poll_all(due, client, parse, lambda: NOW, per_second=100):
                pass

    run(main())
    assert times[-1] - times[0] >= 0.09  # the tenth may not start sooner; a busy machine only adds to it


@pytest.mark.parametrize("validator", ['"1"', None])
def test_the_same_bytes_again_are_no_news(validator: str | None) -> None:
    server = FaultServer(handlers={"/feed": answer(body=FEED, ETag='"2"')})
    first = polled(server)
    second = polled(FaultServer(handlers=server.handlers), replace(first.state, etag=validator))
    assert second.not_modified
    assert second.entries == ()
    assert second.state.etag == '"2"'
