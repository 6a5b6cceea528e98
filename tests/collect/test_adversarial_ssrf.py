"""Every recorded attempt to make us connect to ourselves or to our neighbours."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from fault_server import FEED, NOW, PRIVATE, PUBLIC, FaultServer, answer, fetcher, names, play_internet, redirect, run

from groundwire.collect.fetch import Fetcher, FetchSettings
from groundwire.errors import FetchError, ForbiddenAddress

SCENARIOS: dict[str, Callable[[], Coroutine[Any, Any, None]]] = {}


def case(name: str) -> Callable[[Callable[[], Coroutine[Any, Any, None]]], Callable[[], Coroutine[Any, Any, None]]]:
    def note(scenario: Callable[[], Coroutine[Any, Any, None]]) -> Callable[[], Coroutine[Any, Any, None]]:
        SCENARIOS[name] = scenario
        return scenario

    return note


def recorded() -> list[dict[str, Any]]:
    path = Path(os.environ.get("GROUNDWIRE_DATA", Path(__file__).parents[3] / "shared" / "data"))
    cases = path / "adversarial" / "cases.jsonl"
    if not cases.exists():
        return []
    rows = map(json.loads, cases.read_text(encoding="utf-8").splitlines())
    return [row for row in rows if row["category"] == "ssrf_url"]


@pytest.mark.data
@pytest.mark.parametrize("row", [row for row in recorded() if row["kind"] == "literal"], ids=lambda row: row["id"])
def test_a_recorded_address_is_refused_before_any_packet_leaves(row: dict[str, Any]) -> None:
    lookups: list[str] = []

    def lookup(host: str, port: int) -> list[tuple[Any, ...]]:
        lookups.append(host)
        return names({host: PUBLIC})(host, port)  # even a name server in league would not help

    async def main() -> None:
        async with Fetcher(FetchSettings(deadline_s=0.5), denial=play_internet, lookup=lookup) as client:
            with pytest.raises(FetchError) as caught:
                await client.get(row["payload"], now=NOW)
            assert isinstance(caught.value, ForbiddenAddress) or caught.value.permanent
            assert len(caught.value.reason) > 10

    run(main())
    assert lookups == []


@case("SU-061")
async def a_name_that_changes_between_check_and_connect() -> None:
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[tuple[Any, ...]]:
        asked.append(host)
        return names({host: PUBLIC if len(asked) == 1 else PRIVATE})(host, port)

    async with FaultServer() as public, FaultServer(host=PRIVATE, port=public.port) as private:
        public.handlers["/feed"] = answer(body=FEED, Connection="close")
        settings = FetchSettings(ports=frozenset({public.port}), host_spacing_s=0)
        async with Fetcher(settings, denial=play_internet, lookup=rebinding) as client:
            assert (await client.get(public.url("/feed"), now=NOW)).body == FEED
            assert len(asked) == 1  # one lookup, and the socket went to its answer
            with pytest.raises(ForbiddenAddress, match="leads to"):
                await client.get(public.url("/feed"), now=NOW)
        assert private.connections == 0
        assert public.connections == 1


@case("SU-062")
async def public_and_private_answers_mixed() -> None:
    async with FaultServer() as server, FaultServer(host=PRIVATE, port=server.port) as private:
        for mixed in ([PUBLIC, PRIVATE], [PRIVATE, PUBLIC], [PUBLIC, "::1"]):
            async with fetcher(server, answers={"news.example.com": mixed}) as client:
                with pytest.raises(ForbiddenAddress):
                    await client.get(server.url(), now=NOW)
        assert server.connections == private.connections == 0


@case("SU-064")
async def connections_are_not_shared_between_hosts() -> None:
    server = FaultServer(handlers={"/": answer(body=FEED)})
    async with server, fetcher(server, answers={"evil.example.com": PRIVATE}) as client:
        await client.get(server.url("/", "a.example.com"), now=NOW)
        await client.get(server.url("/", "a.example.com"), now=NOW)
        assert server.connections == 1  # kept alive for its own host
        await client.get(server.url("/", "b.example.com"), now=NOW)
        assert server.connections == 2
        with pytest.raises(ForbiddenAddress):
            await client.get(server.url("/", "evil.example.com"), now=NOW)
        assert server.connections == 2


@case("SU-066")
async def our_own_address_as_a_source() -> None:
    server = FaultServer(handlers={"/feed": redirect("https://desk.example.com/feed.xml")})
    async with server, fetcher(server, own_hosts=("desk.example.com",)) as client:
        for url in ("https://desk.example.com/feed.xml", server.url("/feed")):
            with pytest.raises(ForbiddenAddress, match="our own site"):
                await client.get(url, now=NOW)


@case("SU-068")
async def an_allowed_host_redirects_to_its_neighbour() -> None:
    async with FaultServer(host=PRIVATE) as bridge, FaultServer(host=PRIVATE) as neighbour:
        allowed = f"{PRIVATE}:{bridge.port}"
        bridge.handlers |= {"/feed": answer(body=FEED), "/away": redirect(neighbour.url("/", PRIVATE))}
        other = {"other.example.com": PRIVATE}
        async with fetcher(bridge, neighbour, answers=other, allow_hosts=(allowed,)) as client:
            assert (await client.get(f"http://{allowed}/feed", now=NOW)).body == FEED
            for url in (f"http://{allowed}/away", neighbour.url("/", PRIVATE), bridge.url("/", "127.0.0.3")):
                with pytest.raises(ForbiddenAddress):
                    await client.get(url, now=NOW)
            with pytest.raises(ForbiddenAddress):  # another name for the same place was not allowed
                await client.get(bridge.url("/feed", "other.example.com"), now=NOW)
        assert neighbour.connections == 0


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_a_hostile_name_or_redirect_reaches_nothing(name: str) -> None:
    run(SCENARIOS[name]())


@pytest.mark.data
def test_every_recorded_case_is_tried(data_dir: Path) -> None:
    rows = recorded()
    assert rows
    assert {row["id"] for row in rows if row["kind"] != "literal"} <= SCENARIOS.keys()
