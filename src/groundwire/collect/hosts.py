"""What we owe each host: few requests at once, some time between them, and rest when it is in trouble."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

TROUBLES = 3
"""So many overload answers or dead connections in a row, with no good answer between, and a host is left to rest."""

FIRST_REST_S = 60.0
LONGEST_REST_S = 3600.0
_MAX_REMEMBERED = 4096


class HostRests(Exception):  # noqa: N818  names what is the case
    """Too many errors of this host: it is left alone for ``rest_s`` more seconds."""

    def __init__(self, rest_s: float) -> None:
        super().__init__(f"left to rest for {rest_s:.0f} s")
        self.rest_s = rest_s


@dataclass(slots=True)
class _Host:
    slots: asyncio.Semaphore
    users: int = 0
    next_start: float = 0.0
    """Loop time before which no request starts. [s]"""
    troubles: int = 0
    rests: int = 0
    rest_until: datetime | None = None
    probing: bool = False
    """After a rest one request goes ahead alone."""


class Hosts:
    """Every host's turn-taking and health, for one fetcher.

    Args:
        total: Requests under way at once, all hosts together.
    """

    def __init__(self, total: int) -> None:
        self._total = asyncio.Semaphore(total)
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(self, host: str, now: datetime, *, concurrency: int, spacing_s: float) -> AsyncIterator[None]:
        """Wait for a slot of this host and for its spacing, then for a slot of ours.

        Raises:
            HostRests: The host is in trouble; nothing was sent.
        """
        state = self._state(host, concurrency)
        state.users += 1
        try:
            async with state.slots:
                if (rest := _rest_s(state, now)) is not None:
                    raise HostRests(rest)
                loop = asyncio.get_running_loop()
                wait = state.next_start - loop.time()
                state.next_start = max(loop.time(), state.next_start) + spacing_s
                if wait > 0:
                    await asyncio.sleep(wait)
                async with self._total:  # last, so that waiting for one slow host never holds up another
                    yield
        finally:
            state.users -= 1
            if not state.users:
                state.probing = False

    def owed_s(self, host: str) -> float:
        """How long until this host may be asked again. [s]"""
        known = self._hosts.get(host)
        return max(0.0, known.next_start - asyncio.get_running_loop().time()) if known else 0.0

    def troubled(self, host: str, now: datetime, retry_after_s: float | None) -> None:
        """Note that a host was overloaded (429, 503) or dead; enough of that and it rests."""
        state = self._hosts.get(host)
        if state is None:
            return
        state.troubles += 1
        state.probing = False
        if state.troubles < TROUBLES:
            return
        if state.rest_until is not None and now < state.rest_until:
            return  # answers of requests that were already under way
        rest = max(retry_after_s or 0.0, min(FIRST_REST_S * 2**state.rests, LONGEST_REST_S))
        state.rests += 1
        state.rest_until = now + timedelta(seconds=min(rest, 86400.0))

    def well(self, host: str) -> None:
        """Note that a host answered in good order."""
        state = self._hosts.get(host)
        if state is not None:
            state.troubles, state.rests, state.rest_until, state.probing = 0, 0, None, False

    def _state(self, host: str, concurrency: int) -> _Host:
        state = self._hosts.get(host)
        if state is None:
            if len(self._hosts) >= _MAX_REMEMBERED:
                idle = [name for name, known in self._hosts.items() if not known.users and known.rest_until is None]
                for name in idle[: _MAX_REMEMBERED // 2]:
                    del self._hosts[name]
            state = self._hosts[host] = _Host(asyncio.Semaphore(concurrency))
        return state


def _rest_s(state: _Host, now: datetime) -> float | None:
    if state.rest_until is None:
        return None
    if now < state.rest_until:
        return (state.rest_until - now).total_seconds()
    if state.probing:
        return FIRST_REST_S
    state.probing = True
    return None
