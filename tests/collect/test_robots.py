"""What robots.txt lets us read, and what we do without one."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from fault_server import NOW, PRIVATE, FaultServer, answer, fetcher, raw, redirect, reset, run
from hypothesis import given
from hypothesis import strategies as st

from groundwire.collect.pages import fetch_page
from groundwire.collect.robots import KEEP, MAX_CRAWL_DELAY_S, Robots, RobotsDisallow, Rules, parse_robots
from groundwire.errors import FetchError, ForbiddenAddress

PAGE = b"<!doctype html><title>x</title>"


def allowed(text: str, path: str) -> bool:
    return Rules(fetched_at=NOW, parsed=parse_robots(text.encode()), closed=False).allows("https://example.com" + path)


def test_our_own_group_beats_the_one_for_all() -> None:
    text = "User-agent: *\nDisallow: /\n\nUser-agent: groundwire\nDisallow: /private\n"
    assert allowed(text, "/news")
    assert not allowed(text, "/private/x")


def test_groups_of_other_robots_do_not_concern_us() -> None:
    assert allowed("User-agent: ground\nUser-agent: OtherBot\nDisallow: /\n", "/news")
    assert not allowed("User-agent: OtherBot\nUser-agent: *\nDisallow: /\n", "/news")


def test_the_longest_rule_wins_and_wildcards_work() -> None:
    text = "User-agent: *\nDisallow: /a/\nAllow: /a/b\nDisallow: /*.pdf$\n"
    assert not allowed(text, "/a/x")
    assert allowed(text, "/a/b/c")
    assert not allowed(text, "/x.pdf")
    assert allowed(text, "/x.pdf?y")


def test_a_crawl_delay_is_kept_up_to_a_minute() -> None:
    for said, meant in (("2.5", 2.5), ("86400", MAX_CRAWL_DELAY_S), ("-1", 0), ("inf", 0), ("soon", 0)):
        parsed = parse_robots(f"User-agent: *\nCrawl-delay: {said}\n".encode())
        assert Rules(fetched_at=NOW, parsed=parsed, closed=False).delay_s == meant


@given(st.binary(max_size=300))
def test_whatever_it_holds_it_can_be_read(body: bytes) -> None:
    rules = Rules(fetched_at=NOW, parsed=parse_robots(b"User-agent: *\nDisallow: /x\n" + body), closed=False)
    rules.allows("https://example.com/y?z")
    assert 0 <= rules.delay_s <= MAX_CRAWL_DELAY_S


def test_many_agents_with_many_rules_take_no_time_to_speak_of() -> None:
    agents = "".join(f"User-agent: bot{n}\n" for n in range(15_000))
    rules = "".join(f"Disallow: /{n}/*a*b*c*d*e\n" for n in range(15_000))
    assert allowed(agents + "User-agent: *\n" + rules, "/" + "abcd" * 500)  # finishes; was agents times rules


def ask(server: FaultServer, times: int = 1) -> None:
    async def main() -> None:
        async with server, fetcher(server) as client:
            robots = Robots(client)
            await asyncio.gather(*(robots.permission(server.url("/news"), NOW) for _ in range(times)))

    run(main())


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_without_a_robots_txt_all_may_be_read(status: int) -> None:
    ask(FaultServer(handlers={"/robots.txt": answer(status)}))


@pytest.mark.parametrize("status", [429, 500, 503])
def test_while_robots_txt_is_out_of_order_nothing_is_read(status: int) -> None:
    with pytest.raises(RobotsDisallow, match="can't be read now") as caught:
        ask(FaultServer(handlers={"/robots.txt": answer(status)}))
    assert not caught.value.permanent


def test_a_dead_connection_counts_as_out_of_order() -> None:
    with pytest.raises(RobotsDisallow):
        ask(FaultServer(handlers={"/robots.txt": reset()}))


def test_many_pages_of_one_host_ask_once_a_day() -> None:
    server = FaultServer(handlers={"/robots.txt": answer(body=b"User-agent: *\nDisallow: /x")})
    ask(server, times=20)
    assert server.paths == ["/robots.txt"]

    async def main() -> None:
        async with FaultServer(handlers=server.handlers) as again, fetcher(again) as client:
            robots = Robots(client)
            for now in (NOW, NOW + KEEP - timedelta(seconds=1), NOW + KEEP):
                await robots.permission(again.url("/news"), now)
            assert len(again.requests) == 2

    run(main())


def test_a_huge_robots_txt_is_read_as_far_as_it_must_be() -> None:
    body = b"User-agent: *\nDisallow: /private\n" + b"# filler\n" * 200_000
    server = FaultServer(handlers={"/robots.txt": answer(body=body)})
    ask(server)


def test_a_page_is_fetched_where_its_publisher_allows_it() -> None:
    async def main() -> None:
        async with FaultServer() as server, fetcher(server) as client:
            server.handlers |= {
                "/robots.txt": answer(body=b"User-agent: *\nDisallow: /private"),
                "/news": answer(body=PAGE, Content_Type="text/html"),
                "/moved": redirect("/private/news"),
            }
            robots = Robots(client)
            page = await fetch_page(server.url("/news"), client, robots, NOW)
            assert (page.body, page.content_type, page.fetched_at) == (PAGE, "text/html", NOW)
            for path in ("/private/news", "/moved"):
                with pytest.raises(RobotsDisallow, match="asks robots not to read") as caught:
                    await fetch_page(server.url(path), client, robots, NOW)
                assert caught.value.permanent
            assert "/private/news" not in server.paths

    run(main())


def test_a_redirect_to_another_host_asks_that_hosts_robots_txt() -> None:
    async def main() -> None:
        async with FaultServer() as server, fetcher(server) as client:
            server.handlers |= {"/news": redirect(server.url("/b", "other.example.com")), "/b": answer(body=PAGE)}
            await fetch_page(server.url("/news"), client, Robots(client), NOW)
            hosts = [request.headers["host"].partition(":")[0] for request in server.requests]
            assert list(zip(server.paths, hosts, strict=True)) == [
                ("/robots.txt", "news.example.com"),
                ("/news", "news.example.com"),
                ("/robots.txt", "other.example.com"),
                ("/b", "other.example.com"),
            ]

    run(main())


def test_pages_are_bounded_and_forbidden_addresses_stay_forbidden() -> None:
    async def main() -> None:
        async with FaultServer() as server, fetcher(server, answers={"in.example.com": PRIVATE}) as client:
            server.handlers["/news"] = raw(b"HTTP/1.1 200 OK\r\nContent-Length: 6000000\r\n\r\n", then="hang")
            with pytest.raises(FetchError, match="larger than 5 MB"):
                await fetch_page(server.url("/news"), client, Robots(client), NOW)
            with pytest.raises(ForbiddenAddress):
                await fetch_page(server.url("/news", "in.example.com"), client, Robots(client), NOW)

    run(main())
