"""Which addresses may be connected to: decided before the lookup, after it, and once more at the socket.

A check that is followed by a second lookup protects nothing: the name's owner moves the record in between. Here
the resolver that aiohttp asks *is* the check, its answers are what the socket connects to, and the socket factory
refuses whatever came another way (a literal address never meets a resolver). Two independent lists decide
(ssrfguard's IANA table, which also decodes addresses wrapped in others, and Microsoft AntiSSRF's): either may deny.
"""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import quote, urlsplit

from aiohttp.abc import AbstractResolver, ResolveResult
from AntiSSRF import IPAddressRanges  # type: ignore[import-untyped]  # it ships no types
from ssrfguard import DEFAULT_DENIED, BlockedAddressError, Policy, SSRFGuardError
from yarl import URL

from groundwire.errors import FetchError, ForbiddenAddress, SettingsError

PORTS = frozenset({80, 443, 8000, 8008, 8080, 8443, 8888})
"""Where the web is usually served. Others speak other protocols (mail, databases, caches) and are refused."""

MAX_ADDRESSES = 16
"""So many of a name's addresses are tried at most: the count is the name owner's to choose, the time is ours."""

LOOKUP_DEADLINE_S = 5.0
"""``getaddrinfo`` has no time-out of its own. [s]"""

MAX_URL = 4096
"""Longer addresses are refused. [character]"""

_LOOKUP_THREADS = 32
_SPECIAL_NAMES = ("localhost", "local", "internal", "home.arpa", "onion")  # RFC 6761, 6762, 8375, 7686; ICANN 2024
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\\]")
_ENDS_IN_A_NUMBER = re.compile(r"(?:^|\.)(?:\d+|0x[0-9a-f]*)$")  # no such top-level domain; inet_aton reads them
_SAFE_IN_URL = "%/:?#[]@!$&'()*+,;=~-._"
_EXTRA_DENIED = tuple(ip_network(block) for block in IPAddressRanges.recommended_latest)

IPAddress = IPv4Address | IPv6Address
Denial = Callable[[IPAddress], str | None]
Lookup = Callable[[str, int], list[tuple[Any, ...]]]
"""``(host, port)`` to ``socket.getaddrinfo``'s answers; runs in a thread, may block, raises OSError."""


class AddressRefused(Exception):  # noqa: N818  names what happened, as ForbiddenAddress does
    """What the resolver and the socket raise: they know the host but not the URL; the fetcher adds it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedUrl:
    """A URL that may be tried: its scheme, host and port are permitted, its addresses are still to be checked."""

    url: URL
    """As it will be sent: fragment dropped, host as A-label, path and query verbatim but for what must be escaped."""
    host: str
    port: int
    allowed_by_name: bool
    """The owner listed ``host:port``: its addresses are not checked, and no spacing is owed to strangers."""


def denial(address: IPAddress) -> str | None:
    """Why nothing may connect to this address, in words; None if it may."""
    verdict = DEFAULT_DENIED.classify(address)
    if verdict.blocked:
        return verdict.reason
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    for candidate in (address, mapped):
        for network in _EXTRA_DENIED:
            if candidate is not None and candidate.version == network.version and candidate in network:
                return f"{network} is a special-purpose or cloud-internal network"
    return None


class AddressGuard:
    """The rules of one fetcher.

    Args:
        allow_hosts: ``HOST:PORT`` entries whose addresses are not checked (a private RSS bridge, the sample wire).
        own_hosts: ``HOST`` or ``HOST:PORT`` where this very desk is served: refused, or it would read its own news.
        ports: Ports that may be asked.
        denial: The address rule; tests hand in one that treats some loopback addresses as public.
    """

    def __init__(
        self,
        *,
        allow_hosts: Iterable[str] = (),
        own_hosts: Iterable[str] = (),
        ports: frozenset[int] = PORTS,
        denial: Denial = denial,
    ) -> None:
        self._allowed = frozenset(_host_and_port(entry) for entry in allow_hosts)
        self._own = frozenset(entry.lower().rstrip(".") for entry in own_hosts)
        self._denial = denial
        self._ports = ports
        self._policy = Policy(allowed_ports=ports, max_url_length=MAX_URL)
        self._allowed_sockets: set[tuple[str, int]] = set()

    def check_url(self, url: str) -> CheckedUrl:
        """Decide all that a URL alone can decide; no packet leaves.

        Raises:
            ForbiddenAddress: A scheme, port, host or literal address that we refuse; names the rule.
            FetchError: Not a web address at all.
        """
        text = url.strip(" \t\r\n")
        if len(text) > MAX_URL:
            raise FetchError(text[:80] + "…", f"the address is longer than {MAX_URL} characters", permanent=True)
        if _CONTROLS.search(text):
            # Browsers, proxies and libraries read these differently: what we check must be what all of them see.
            raise ForbiddenAddress(_printable(text), "control characters and backslashes are refused in an address")
        try:
            parts = urlsplit(text)
            parsed = URL(text)
            scheme, host, port = parsed.scheme, parsed.raw_host, parsed.port
            user = "@" in parts.netloc
        except (ValueError, UnicodeError) as error:
            raise FetchError(_printable(text), f"not a valid web address ({error})", permanent=True) from error
        if scheme not in ("http", "https"):
            raise ForbiddenAddress(text, f"only http and https are fetched, not {scheme or 'a relative address'}")
        if not host or port is None:
            raise FetchError(text, "the address names no host", permanent=True)
        if user:
            raise ForbiddenAddress(text, "a user name or password inside an address is refused")
        return self._check_parts(text, scheme, host.lower(), port, parts.path, parts.query)

    def _check_parts(self, text: str, scheme: str, host: str, port: int, path: str, query: str) -> CheckedUrl:
        name = host.rstrip(".")
        if name in self._own or f"{name}:{port}" in self._own:
            raise ForbiddenAddress(text, "this is our own site: it would read its own news")
        bracketed = f"[{host}]" if ":" in host else host
        sent = f"{scheme}://{bracketed}:{port}{quote(path, _SAFE_IN_URL, errors='surrogateescape') or '/'}"
        if query:
            sent += "?" + quote(query, _SAFE_IN_URL, errors="surrogateescape")
        checked = CheckedUrl(
            url=URL(sent, encoded=True), host=host, port=port, allowed_by_name=(name, port) in self._allowed
        )
        if checked.url.raw_host != host or checked.url.port != port:
            raise ForbiddenAddress(text, "its host is read differently by different programs")
        if checked.allowed_by_name:
            if (literal := _literal(host)) is not None:
                self._allowed_sockets.add((str(literal), port))
            return checked
        try:
            target = self._policy.check_url(sent)
        except SSRFGuardError as error:
            raise ForbiddenAddress(text, _policy_words(error, host, port, self._ports)) from error
        if target.host.rstrip(".") != name or target.port != port:
            raise ForbiddenAddress(text, "its host is read differently by different programs")
        if target.address is not None:
            if (reason := self._denial(target.address)) is not None:
                raise ForbiddenAddress(text, f"{target.address} is refused: {reason}{_remedy(host, port)}")
        elif _ENDS_IN_A_NUMBER.search(name):
            raise ForbiddenAddress(text, f"{name!r} is an encoded number, not a name")
        elif "." not in name or any(name == special or name.endswith("." + special) for special in _SPECIAL_NAMES):
            raise ForbiddenAddress(text, f"{name!r} is a name inside a private network{_remedy(host, port)}")
        return checked

    def check_answers(self, host: str, port: int, answers: Iterable[str]) -> None:
        """Check all addresses that a name resolved to; one that is denied condemns the name (rebinding's signature).

        Raises:
            AddressRefused: Names the address and the rule.
        """
        if (host.rstrip(".").lower(), port) in self._allowed:
            self._allowed_sockets.update((str(ip_address(answer)), port) for answer in answers)
            return
        for answer in answers:
            if (reason := self._denial(ip_address(answer))) is not None:
                raise AddressRefused(f"{host} leads to {answer}, which is refused: {reason}{_remedy(host, port)}")

    def open_socket(self, info: tuple[Any, ...]) -> socket.socket:
        """Aiohttp's socket factory: the last look at an address before anything is sent to it.

        Raises:
            AddressRefused: The address is denied and was not allowed by name.
        """
        family, kind, protocol, _, address = info
        where = ip_address(str(address[0]))
        allowed = (str(where), int(address[1])) in self._allowed_sockets
        if not allowed and (reason := self._denial(where)) is not None:
            raise AddressRefused(f"{where} is refused: {reason}")
        return socket.socket(family, kind, protocol)


class CheckedResolver(AbstractResolver):
    """The one lookup of a connection: off the event loop, with a deadline, every answer checked.

    Raises:
        OSError: The name can't be resolved, or not in time.
        AddressRefused: It leads somewhere forbidden.
    """

    def __init__(
        self, guard: AddressGuard, lookup: Lookup | None = None, *, deadline_s: float = LOOKUP_DEADLINE_S
    ) -> None:
        self._guard = guard
        self._lookup = lookup or _getaddrinfo
        self._deadline_s = deadline_s
        self._threads = ThreadPoolExecutor(_LOOKUP_THREADS, "lookup")

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_UNSPEC,  # noqa: ARG002  aiohttp's signature; both families are asked
    ) -> list[ResolveResult]:
        """Look a name up once and check it."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self._deadline_s):
                infos = await loop.run_in_executor(self._threads, self._lookup, host, port)
        except TimeoutError as error:
            raise OSError(f"the name server did not answer within {self._deadline_s:g} s") from error
        except UnicodeError as error:  # the platform's IDNA codec, on a name that no zone could hold
            raise OSError("not a usable host name") from error
        answers = list(dict.fromkeys((int(info[0]), str(info[4][0])) for info in infos))
        self._guard.check_answers(host, port, (address for _, address in answers))
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=answer_family,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for answer_family, address in answers[:MAX_ADDRESSES]
        ]

    async def close(self) -> None:
        """Let go of the threads; a lookup that hangs ends by itself."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _getaddrinfo(host: str, port: int) -> list[tuple[Any, ...]]:
    return list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))


def _host_and_port(entry: str) -> tuple[str, int]:
    host, separator, port = entry.strip().lower().rpartition(":")
    host = host.strip("[]").rstrip(".")
    if not (separator and host and port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise SettingsError(f"allowed host {entry!r}: write HOST:PORT, for example 127.0.0.1:8765")
    literal = _literal(host)
    return (host if literal is None else str(literal)), int(port)


def _policy_words(error: SSRFGuardError, host: str, port: int, ports: frozenset[int]) -> str:
    reason = str(getattr(error, "reason", error))
    if isinstance(error.__cause__, BlockedAddressError):
        return f"{host} is refused: {reason}{_remedy(host, port)}"
    if port not in ports:
        return f"port {port} is refused (allowed: {', '.join(map(str, sorted(ports)))}){_remedy(host, port)}"
    return reason


def _remedy(host: str, port: int) -> str:
    where = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return f"; if it is yours, allow it with --allow-host {where}"


def _literal(host: str) -> IPAddress | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _printable(text: str) -> str:
    return text.encode("unicode_escape").decode("ascii")
