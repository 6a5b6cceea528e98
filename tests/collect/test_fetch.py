"""What a fetch sends, brings back and refuses."""

from __future__ import annotations

import asyncio
import gzip
import shutil
import ssl
import subprocess
import zlib
from datetime import timedelta
from pathlib import Path

import pytest
from fault_server import FEED, NOW, FaultServer, Handler, answer, fetcher, forever, gzip_bomb, raw, redirect, run
from hypothesis import given, settings
from hypothesis import strategies as st

from groundwire.collect.fetch import Fetcher, FetchSettings, HostResting, Response
from groundwire.collect.hosts import FIRST_REST_S, TROUBLES
from groundwire.errors import FetchError, ForbiddenAddress, SettingsError


def get(handler: Handler, **ask: object) -> tuple[Response, FaultServer]:
    """One fetch of /feed from a server with one handler."""

    async def main() -> tuple[Response, FaultServer]:
        async with FaultServer() as server, fetcher(server) as client:
            server.handlers["/feed"] = handler
            return await client.get(server.url("/feed"), now=NOW, **ask), server  # type: ignore[arg-type]  # test's choice

    return run(main())


def refusal(handler: Handler, **ask: object) -> FetchError:
    with pytest.raises(FetchError) as caught:
        get(handler, **ask)
    return caught.value


def test_a_feed_comes_back_with_what_its_publisher_said_about_it() -> None:
    response, server = get(
        answer(
            body=FEED,
            ETag='W/"a b"',
            Last_Modified="yesterday, honestly",
            Cache_Control="public, max-age=1800",
            Content_Type="application/rss+xml; charset=utf-8",
        )
    )
    assert response.body == FEED
    assert (response.status, response.not_modified) == (200, False)
    assert response.etag == 'W/"a b"'
    assert response.last_modified == "yesterday, honestly"
    assert response.max_age_s == 1800
    assert response.content_type == "application/rss+xml; charset=utf-8"
    assert response.url == response.permanent_url == server.url("/feed")
    assert response.fetched_at == NOW


def test_we_say_who_we_are_and_send_nothing_else_about_anyone() -> None:
    _, server = get(answer(body=FEED))
    assert server.requests[0].headers["user-agent"].startswith("Groundwire/0.1 (+http")
    assert set(server.requests[0].headers) == {"host", "user-agent", "accept", "accept-encoding"}
    assert server.requests[0].headers["accept-encoding"] == "gzip, deflate"


def test_validators_go_back_verbatim_and_304_needs_no_body() -> None:
    response, server = get(answer(304, ETag='"new"'), etag='W/"x"', last_modified="Tuesdayish")
    assert response.not_modified
    assert response.body == b""
    assert response.etag == '"new"'
    assert server.requests[0].headers["if-none-match"] == 'W/"x"'
    assert server.requests[0].headers["if-modified-since"] == "Tuesdayish"


def test_304_to_an_unconditional_request_is_an_error() -> None:
    assert "not modified" in refusal(answer(304)).reason


@pytest.mark.parametrize(
    "wrapped",
    [gzip.compress(FEED, mtime=0), gzip.compress(FEED[:20], mtime=0) + gzip.compress(FEED[20:], mtime=0)],
    ids=["one", "several"],
)
def test_gzip_is_unpacked_in_one_member_or_several(wrapped: bytes) -> None:
    assert get(answer(body=wrapped, Content_Encoding="gzip"))[0].body == FEED


@pytest.mark.parametrize("packed", [zlib.compress(FEED), zlib.compress(FEED)[2:-4], FEED])
def test_deflate_is_unpacked_with_and_without_its_wrapper_and_when_it_was_never_applied(packed: bytes) -> None:
    assert get(answer(body=packed, Content_Encoding="deflate"))[0].body == FEED


def test_rubbish_after_the_last_gzip_member_is_ignored() -> None:
    assert get(answer(body=gzip.compress(FEED) + b"\0\0\0", Content_Encoding="gzip"))[0].body == FEED


def test_half_a_gzip_stream_is_refused() -> None:
    assert "ends early" in refusal(answer(body=gzip.compress(FEED)[:-9], Content_Encoding="gzip")).reason


def test_a_large_feed_is_refused_by_its_announcement_without_being_read() -> None:
    sent: list[int] = []

    async def handle(writer: asyncio.StreamWriter, request: object) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\n\r\n")
        for _ in range(50):
            writer.write(bytes(1_000_000))
            await writer.drain()
            sent.append(1)

    error = refusal(handle)
    assert error.reason == "larger than 10 MB (50 MB announced)"
    assert len(sent) < 50


def test_a_body_that_outgrows_the_limit_is_refused_or_cut_as_asked() -> None:
    endless = forever(b"HTTP/1.1 200 OK\r\n\r\n", b"<p>more</p>" * 1000)
    assert "larger than 100 kB" in refusal(endless, max_bytes=100_000).reason
    response, _ = get(endless, max_bytes=100_000, truncate=True)
    assert len(response.body) == 100_000


def test_a_packed_body_is_cut_at_the_limit_of_its_unpacked_size() -> None:
    bomb = answer(body=gzip_bomb(20), Content_Encoding="gzip")
    assert refusal(bomb, max_bytes=5_000_000).reason == "larger than 5 MB"


def test_permanent_redirects_give_the_address_to_use_from_now_on() -> None:
    async def main() -> Response:
        async with FaultServer() as server, fetcher(server) as client:
            server.handlers |= {
                "/old": redirect("/newer", 301),
                "/newer": redirect("/today", 308),
                "/today": redirect("/here", 302),
                "/here": redirect("/last", 301),
                "/last": answer(body=FEED),
            }
            response = await client.get(server.url("/old"), now=NOW)
            assert response.permanent_url == server.url("/today")
            assert response.url == server.url("/last")
            assert response.hops == tuple(server.url(path) for path in ("/old", "/newer", "/today", "/here"))
            return response

    assert run(main()).body == FEED


def test_a_temporary_redirect_changes_nothing_for_the_next_time() -> None:
    async def main() -> None:
        async with FaultServer() as server, fetcher(server) as client:
            server.handlers |= {"/feed": redirect("/b", 307), "/b": answer(body=FEED)}
            assert (await client.get(server.url("/feed"), now=NOW)).permanent_url == server.url("/feed")

    run(main())


def test_addresses_that_people_write_are_sent_properly() -> None:
    async def main() -> None:
        async with FaultServer() as server, fetcher(server) as client:
            server.handlers["/%E6%96%B0%20x"] = answer(body=FEED)
            response = await client.get(f"  {server.url('/新 x?q=é&keep=%2F+%41#part')} ", now=NOW)
            assert response.body == FEED
            assert server.requests[0].line == "GET /%E6%96%B0%20x?q=%C3%A9&keep=%2F+%41 HTTP/1.1"

    run(main())


@pytest.mark.parametrize(
    ("status", "words", "permanent"),
    [
        (401, "login", False),
        (403, "refuses us", False),
        (404, "nothing at this address", False),
        (410, "gone for good", True),
        (429, "less often", False),
        (451, "legal", False),
        (503, "overloaded", False),
        (599, "failed", False),
        (418, "unexpected", False),
        (204, "without any content", False),
        (206, "part", False),
    ],
)
def test_every_status_is_told_in_words(status: int, words: str, permanent: bool) -> None:
    error = refusal(answer(status, b"error page", Retry_After="120"))
    assert words in error.reason
    assert (error.status, error.permanent) == (status, permanent)
    assert error.retry_after_s == 120


def test_retry_after_may_be_a_date() -> None:
    later = (NOW + timedelta(minutes=5)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    assert refusal(answer(503, Retry_After=later)).retry_after_s == 300


def test_a_redirect_without_a_place_to_go_is_an_error() -> None:
    assert "does not say where to" in refusal(answer(302)).reason


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"PK\x03\x04" + b"x" * 1000, "ZIP"),
        (b"%PDF-1.7" + b"x" * 1000, "PDF"),
        (b"\0" * 40_000, "binary"),
        (b"\0\0\0\x18ftypmp42" + b"x" * 600, "video"),
        (b"\x89PNG\r\n\x1a\n", "image"),
    ],
)
def test_what_is_no_text_is_refused_by_its_first_bytes(body: bytes, kind: str) -> None:
    assert kind in refusal(answer(body=body, Content_Type="application/rss+xml")).reason


def test_a_short_body_is_not_taken_for_the_whole() -> None:
    short = raw(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n<rss>")
    assert "ended before" in refusal(short).reason


def test_a_dead_host_is_told_in_words() -> None:
    async def main() -> None:
        async with FaultServer() as server:
            url, port = server.url("/feed"), server.port
        async with fetcher(FaultServer(port=port)) as client:
            with pytest.raises(FetchError, match="could not connect"):
                await client.get(url, now=NOW)

    run(main())


def test_hosts_that_the_owner_allowed_are_reached_by_name_and_only_they() -> None:
    async def main() -> None:
        async with FaultServer() as server, FaultServer() as other:
            server.handlers["/feed"] = answer(body=FEED)
            settings = FetchSettings(allow_hosts=(f"127.0.0.1:{server.port}", f"localhost:{server.port}"))
            async with Fetcher(settings) as client:
                for name in ("127.0.0.1", "localhost"):
                    assert (await client.get(server.url("/feed", name), now=NOW)).body == FEED
                with pytest.raises(ForbiddenAddress, match="--allow-host"):
                    await client.get(other.url("/feed", "127.0.0.1"), now=NOW)
            assert other.connections == 0

    run(main())


@pytest.mark.parametrize("entry", ["127.0.0.1", "host:", ":80", "host:0", "host:99999", "host:http"])
def test_an_allowed_host_without_a_port_is_a_wrong_setting(entry: str) -> None:
    with pytest.raises(SettingsError, match="HOST:PORT"):
        Fetcher(FetchSettings(allow_hosts=(entry,)))


def test_requests_to_one_host_are_few_at_once_and_spaced() -> None:
    started: list[float] = []
    under_way: list[int] = []
    busiest: list[int] = []

    async def handle(writer: asyncio.StreamWriter, request: object) -> None:
        started.append(asyncio.get_running_loop().time())
        under_way.append(1)
        busiest.append(len(under_way))
        await asyncio.sleep(0.03)
        under_way.pop()
        await answer(body=FEED)(writer, request)  # type: ignore[arg-type]  # unused there

    async def main() -> None:
        async with FaultServer() as server, fetcher(server, host_spacing_s=0.02) as client:
            server.handlers["/feed"] = handle
            await asyncio.gather(*(client.get(server.url("/feed"), now=NOW) for _ in range(8)))

    run(main())
    assert max(busiest) <= 2
    assert started[-1] - started[0] >= 7 * 0.02 * 0.8  # a fifth less, as clocks of sleep and server differ


def test_one_slow_host_does_not_hold_up_another() -> None:
    async def main() -> None:
        async with FaultServer() as server, fetcher(server, deadline_s=5, total_concurrency=4) as client:
            gate = asyncio.Event()

            async def wait(writer: asyncio.StreamWriter, request: object) -> None:
                await gate.wait()
                await answer(body=FEED)(writer, request)  # type: ignore[arg-type]  # unused there

            server.handlers |= {"/slow": wait, "/quick": answer(body=FEED)}
            slow = [
                asyncio.create_task(client.get(server.url("/slow", "slow.example.com"), now=NOW)) for _ in range(20)
            ]
            await asyncio.sleep(0.01)
            assert (await client.get(server.url("/quick", "quick.example.com"), now=NOW)).body == FEED
            gate.set()
            await asyncio.gather(*slow)

    run(main())


def test_a_host_in_trouble_rests_and_one_probe_ends_the_rest() -> None:
    async def main() -> None:
        async with FaultServer() as server, fetcher(server) as client:
            server.handlers |= {"/feed": answer(503), "/fine": answer(body=FEED)}
            for _ in range(TROUBLES):
                with pytest.raises(FetchError):
                    await client.get(server.url("/feed"), now=NOW)
            with pytest.raises(HostResting) as resting:
                await client.get(server.url("/feed"), now=NOW)
            assert resting.value.retry_after_s == FIRST_REST_S
            assert len(server.requests) == TROUBLES
            assert (await client.get(server.url("/fine", "other.example.com"), now=NOW)).body == FEED

            later = NOW + timedelta(seconds=FIRST_REST_S)
            with pytest.raises(FetchError) as probe:
                await client.get(server.url("/feed"), now=later)
            assert probe.value.status == 503
            with pytest.raises(HostResting) as again:  # twice as long
                await client.get(server.url("/feed"), now=later)
            assert again.value.retry_after_s == 2 * FIRST_REST_S

            server.handlers["/feed"] = answer(body=FEED)
            well = later + timedelta(seconds=2 * FIRST_REST_S)
            for _ in range(3):
                assert (await client.get(server.url("/feed"), now=well)).body == FEED

    run(main())


def test_feeds_that_are_not_found_do_not_make_their_host_rest() -> None:
    async def main() -> None:
        async with FaultServer() as server, fetcher(server) as client:
            server.handlers["/fine"] = answer(body=FEED)
            for _ in range(2 * TROUBLES):
                with pytest.raises(FetchError):
                    await client.get(server.url("/missing"), now=NOW)
            assert (await client.get(server.url("/fine"), now=NOW)).body == FEED

    run(main())


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl program to make a certificate with")
def test_a_certificate_that_nobody_vouches_for_is_refused_in_words(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    request = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=news.example.com",
    ]
    subprocess.run([*request, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    requests: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        requests.append(await reader.read(1000))

    async def main() -> None:
        server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
        async with server:
            port = server.sockets[0].getsockname()[1]
            async with fetcher(FaultServer(port=port)) as client:
                with pytest.raises(FetchError, match="its certificate is not valid"):
                    await client.get(f"https://news.example.com:{port}/feed", now=NOW)

    run(main())
    assert requests in ([], [b""])


PIECES = st.sampled_from(
    [
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 301 M\r\n",
        b"HTTP/1.1 100 C\r\n\r\n",
        b"HTTP/1.0 304 N\r\n",
        b"Content-Length: 5\r\n",
        b"Content-Length: 99999999999999999999\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"Content-Encoding: gzip\r\n",
        b"Content-Encoding: deflate\r\n",
        b"Location: /feed?\r\n",
        b"Location: http://\xff\xfe/\r\n",
        b"Connection: keep-alive\r\n",
        b"Cache-Control: max-age=1e9, max-age=99999999999999999999\r\n",
        b"Expires: Mon, 99 Foo 99999 99:99:99\r\nDate: 0\r\n",
        b" folded\r\n",
        b"\r\n",
        b"5\r\nhello\r\n",
        b"0\r\n\r\n",
        b"0\r\nTrailer: x\r\n",
        gzip.compress(b"hello", mtime=0)[:12],
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES | st.binary(max_size=40), max_size=12))
def test_whatever_bytes_a_server_sends_the_answer_is_a_document_or_an_error_in_words(pieces: list[bytes]) -> None:
    async def main() -> None:
        async with FaultServer(handlers={"/feed": raw(*pieces)}) as server, fetcher(server, deadline_s=2) as client:
            try:
                response = await client.get(server.url("/feed"), now=NOW, etag='"1"')
            except FetchError as error:
                assert error.reason
                assert "could not be fetched" not in error.reason  # that would be an error that we did not foresee
            else:
                assert response.status in (200, 203, 304)

    run(main())
