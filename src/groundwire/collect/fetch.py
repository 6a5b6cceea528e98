"""The only HTTP to publishers: safe, polite and bounded; every failure is a FetchError in words for people."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from urllib.parse import quote, urljoin

import aiohttp

from groundwire.collect.addresses import (
    PORTS,
    AddressGuard,
    AddressRefused,
    CheckedResolver,
    CheckedUrl,
    Denial,
    Lookup,
)
from groundwire.collect.addresses import denial as default_denial
from groundwire.collect.body import ACCEPT_ENCODING, BodyDecoder, BodyRefused, megabytes
from groundwire.collect.headers import max_age_s, retry_after_s, validator
from groundwire.collect.hosts import HostRests, Hosts
from groundwire.errors import FetchError, ForbiddenAddress

FEED_BYTES = 10_000_000
PAGE_BYTES = 5_000_000

ACCEPT_FEED = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, "
    "application/json;q=0.8, */*;q=0.5"
)
ACCEPT_PAGE = "text/html, application/xhtml+xml;q=0.9, */*;q=0.5"

_PERMANENT, _TEMPORARY = frozenset({301, 308}), frozenset({302, 303, 307})
_OVERLOADED = frozenset({429, 502, 503, 504})
_SAFE_IN_LOCATION = "%/:?#[]@!$&'()*+,;=~-._\\"
_STATUS_WORDS = {
    204: "it answered without any content",
    206: "it sent only a part of the document",
    304: "it says 'not modified' though we asked for the whole",
    400: "the server calls our request bad",
    401: "it asks for a login",
    402: "it asks for payment",
    403: "it refuses us",
    404: "there is nothing at this address",
    406: "the server has it in no form that we read",
    408: "the server got tired of waiting",
    410: "it is gone for good, says the publisher",
    429: "it asks us to come less often",
    451: "it is withheld for legal reasons",
    500: "the server failed",
    502: "the server behind the front door failed",
    503: "the server is overloaded or in maintenance",
    504: "the server behind the front door did not answer",
}


class HostResting(FetchError):  # noqa: N818  names what is the case, as its parent's other child does
    """Nothing was sent: its host failed too often just now. ``retry_after_s`` says how long it is left alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchSettings:
    """How we behave towards publishers."""

    user_agent: str = "Groundwire/0.1 (+https://groundwire.invalid/self-hosted)"
    """One honest name, with an address under which a publisher finds out who we are."""
    deadline_s: float = 20.0
    """For one document, redirects included, waiting for our turn excluded. [s]"""
    connect_deadline_s: float = 10.0
    """For one address of the host. [s]"""
    max_bytes: int = FEED_BYTES
    """Largest body, decoded. [byte]"""
    max_redirects: int = 5
    total_concurrency: int = 32
    """Requests under way at once, all hosts together."""
    host_concurrency: int = 2
    host_spacing_s: float = 1.0
    """Between the starts of two requests to one host. [s]"""
    allowed_host_concurrency: int = 8
    """For hosts in ``allow_hosts``: they are the owner's, so no spacing either, and no rest after errors."""
    allow_hosts: tuple[str, ...] = ()
    """HOST:PORT of private addresses that may be fetched all the same."""
    own_hosts: tuple[str, ...] = ()
    """HOST or HOST:PORT where this desk itself is served."""
    ports: frozenset[int] = PORTS
    """Ports that may be asked on all other hosts."""
    allow_downgrade: bool = False
    """Whether an https address may redirect to http, where anyone on the way can rewrite the news."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A document, or the word that it has not changed."""

    url: str
    """Where it was in the end."""
    status: int
    permanent_url: str
    """The address to use from now on: the one asked for, or where an unbroken chain of 301 and 308 leads."""
    etag: str | None
    last_modified: str | None
    """Verbatim, to be sent back."""
    max_age_s: float | None
    retry_after_s: float | None
    content_type: str | None
    body: bytes
    fetched_at: datetime
    elapsed_s: float
    """From connecting to the last byte, all hops. [s]"""
    not_modified: bool = False
    hops: tuple[str, ...] = ()
    """The addresses passed through, the first one first."""


BeforeHop = Callable[[str], Awaitable[float]]
"""Asked before each request of a chain: raises to forbid it, returns the spacing that this host wants. [s]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ask:
    headers: dict[str, str]
    conditional: bool
    max_bytes: int
    truncate: bool
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """One exchange: a body, a "not modified" or a redirect."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    location: str | None


class Fetcher:
    """HTTP GET as publishers would want it and as a careful host needs it.

    Nothing is remembered of a publisher but what the caller passes in: no cookies, no credentials, no cache.

    Args:
        settings: How we behave.
        denial: The rule about addresses; for tests.
        lookup: How names are resolved, default ``getaddrinfo``; whatever it answers is checked.

    Example:
        >>> async with Fetcher(FetchSettings()) as fetcher:  # doctest: +SKIP
        ...     response = await fetcher.get("https://example.org/feed.xml", now=datetime.now(UTC))
    """

    def __init__(
        self,
        settings: FetchSettings | None = None,
        *,
        denial: Denial = default_denial,
        lookup: Lookup | None = None,
    ) -> None:
        self.settings = settings or FetchSettings()
        self._guard = AddressGuard(
            allow_hosts=self.settings.allow_hosts,
            own_hosts=self.settings.own_hosts,
            ports=self.settings.ports,
            denial=denial,
        )
        self._lookup = lookup
        self._hosts = Hosts(self.settings.total_concurrency)
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Fetcher:
        connector = aiohttp.TCPConnector(
            resolver=CheckedResolver(self._guard, self._lookup),
            socket_factory=self._guard.open_socket,
            use_dns_cache=False,  # one lookup per connection, and the connection goes to what was looked up
            limit=0,  # Hosts decides
            keepalive_timeout=10,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            headers={"User-Agent": self.settings.user_agent, "Accept-Encoding": ACCEPT_ENCODING},
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,  # BodyDecoder does it, bounded
            trust_env=False,  # a proxy would resolve names itself, past our check
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=self.settings.connect_deadline_s),
            max_field_size=128_000,  # an absurd ETag costs its validator, not the feed
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def get(
        self,
        url: str,
        *,
        now: datetime,
        etag: str | None = None,
        last_modified: str | None = None,
        max_bytes: int | None = None,
        accept: str = ACCEPT_FEED,
        truncate: bool = False,
        before_hop: BeforeHop | None = None,
    ) -> Response:
        """Fetch one document.

        Args:
            url: http or https.
            now: Becomes ``fetched_at``.
            etag: Sent as If-None-Match, verbatim.
            last_modified: Sent as If-Modified-Since, verbatim.
            max_bytes: Largest decoded body, default of the settings. [byte]
            accept: The Accept header.
            truncate: Take the first ``max_bytes`` of a larger body instead of refusing it.
            before_hop: Asked before each request of the chain (robots.txt).

        Raises:
            ForbiddenAddress: It leads somewhere we don't connect to.
            HostResting: Its host failed too often just now; nothing was sent.
            FetchError: Anything else that went wrong, ``permanent`` if asking again is no use.
        """
        headers = {"Accept": accept}
        if (tag := validator(etag)) is not None:
            headers["If-None-Match"] = tag
        if (since := validator(last_modified)) is not None:
            headers["If-Modified-Since"] = since
        ask = _Ask(
            headers=headers,
            conditional=len(headers) > 1,
            max_bytes=self.settings.max_bytes if max_bytes is None else max_bytes,
            truncate=truncate,
            now=now,
        )
        current, permanent_url, permanent = url, url, True
        hops: list[str] = []
        elapsed = 0.0
        while True:
            checked = self._guard.check_url(current)
            spacing = await before_hop(current) if before_hop is not None else 0.0
            answer, took = await self._one_hop(current, checked, ask, spacing, self.settings.deadline_s - elapsed)
            elapsed += took
            if answer.location is None:
                return _response(current, permanent_url, answer, now, elapsed, hops)
            hops.append(current)
            following = self._next(current, answer.location, hops)
            permanent = permanent and answer.status in _PERMANENT
            current = following
            if permanent:
                permanent_url = current

    def is_allowed_by_name(self, url: str) -> bool:
        """Whether the owner listed this URL's host and port: a server of his own, to which no spacing is owed."""
        try:
            return self._guard.check_url(url).allowed_by_name
        except FetchError:
            return False

    def spaced_host(self, url: str) -> str | None:
        """The host to which spacing is owed before this URL is asked for; None: nothing is (ours), or is never asked."""
        try:
            checked = self._guard.check_url(url)
        except FetchError:
            return None
        return None if checked.allowed_by_name else checked.host

    def owed_s(self, host: str) -> float:
        """How long until a host may be asked again. [s]"""
        return self._hosts.owed_s(host)

    def _next(self, current: str, location: str, hops: list[str]) -> str:
        try:
            target = urljoin(current, quote(location.strip(), _SAFE_IN_LOCATION, errors="surrogateescape"))
        except ValueError as error:
            raise FetchError(current, f"it redirects to {location[:80]!r}, which is no valid address") from error
        if target in hops:
            raise FetchError(hops[0], "its redirects go round in a circle")
        if len(hops) > self.settings.max_redirects:
            raise FetchError(hops[0], f"it redirects more than {self.settings.max_redirects} times")
        if current.startswith("https:") and target.startswith("http:") and not self.settings.allow_downgrade:
            raise FetchError(hops[0], f"it redirects from https to unprotected http ({target[:120]}), which is refused")
        return target

    async def _one_hop(
        self, url: str, checked: CheckedUrl, ask: _Ask, spacing_s: float, deadline_s: float
    ) -> tuple[_Answer, float]:
        if self._session is None:
            raise RuntimeError("use the fetcher as an async context manager")
        ours = checked.allowed_by_name
        settings, host, loop = self.settings, checked.host, asyncio.get_running_loop()
        concurrency = settings.allowed_host_concurrency if ours else settings.host_concurrency
        spacing = spacing_s if ours else max(spacing_s, settings.host_spacing_s)
        key = f"{host}:{checked.port}" if ours else host
        try:
            async with self._hosts.turn(key, ask.now, concurrency=concurrency, spacing_s=spacing):
                begun = loop.time()
                try:
                    async with asyncio.timeout(max(0.0, deadline_s)):
                        answer = await self._exchange(self._session, url, checked, ask)
                except (FetchError, AddressRefused, TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
                    failure = _failure(url, error, settings.deadline_s)
                    if not ours:
                        self._note(host, failure, ask.now)
                    raise failure from error
                if not ours:
                    self._hosts.well(host)
                return answer, loop.time() - begun
        except HostRests as rests:
            raise HostResting(
                url, f"its host {host} failed several times just now and is left to rest", retry_after_s=rests.rest_s
            ) from rests

    def _note(self, host: str, failure: FetchError, now: datetime) -> None:
        if failure.status is None or failure.status in _OVERLOADED:
            if not failure.permanent:
                self._hosts.troubled(host, now, failure.retry_after_s)
        elif failure.status < 500:
            self._hosts.well(host)

    async def _exchange(self, session: aiohttp.ClientSession, url: str, checked: CheckedUrl, ask: _Ask) -> _Answer:
        async with session.get(checked.url, headers=ask.headers, allow_redirects=False) as response:
            headers, status = response.headers, response.status
            if status in _PERMANENT or status in _TEMPORARY:
                location = headers.get("Location")
                if not location:
                    raise FetchError(url, f"it redirects (status {status}) but does not say where to", status=status)
                response.close()
                return _Answer(status=status, headers=headers, body=b"", location=location)
            if status == 304 and ask.conditional:
                return _Answer(status=status, headers=headers, body=b"", location=None)
            if status not in (200, 203):
                response.close()  # an error page's body is of no use to anyone
                raise _status_error(url, status, retry_after_s(headers.get("Retry-After"), ask.now))
            try:
                body = await _read(response, ask)
            except BodyRefused as error:
                response.close()
                raise FetchError(url, str(error), status=status) from error
            return _Answer(status=status, headers=headers, body=body, location=None)


async def _read(response: aiohttp.ClientResponse, ask: _Ask) -> bytes:
    codings = ", ".join(response.headers.getall("Content-Encoding", []))
    decoder = BodyDecoder(codings, ask.max_bytes, truncate=ask.truncate)
    length = response.content_length
    if length is not None and length > ask.max_bytes and not ask.truncate:
        raise BodyRefused(f"larger than {megabytes(ask.max_bytes)} ({megabytes(length)} announced)")
    async for chunk in response.content.iter_any():
        decoder.feed(chunk)
        if decoder.full:
            response.close()
            break
    return decoder.finish()


def _response(
    url: str, permanent_url: str, answer: _Answer, now: datetime, elapsed_s: float, hops: list[str]
) -> Response:
    headers = answer.headers
    content_type = headers.get("Content-Type")
    return Response(
        url=url,
        status=answer.status,
        permanent_url=permanent_url,
        etag=validator(headers.get("ETag")),
        last_modified=validator(headers.get("Last-Modified")),
        max_age_s=max_age_s(headers),
        retry_after_s=retry_after_s(headers.get("Retry-After"), now),
        content_type=content_type[:200] if content_type else None,
        body=answer.body,
        fetched_at=now,
        elapsed_s=elapsed_s,
        not_modified=answer.status == 304,
        hops=tuple(hops),
    )


def _status_error(url: str, status: int, retry_after: float | None) -> FetchError:
    words = _STATUS_WORDS.get(status) or ("the server failed" if 500 <= status < 600 else "an unexpected answer")
    return FetchError(
        url, f"{words} (status {status})", permanent=status == 410, status=status, retry_after_s=retry_after
    )


def _failure(url: str, error: Exception, deadline_s: float) -> FetchError:
    """Any exception of the lower layers as one sentence."""
    match error:
        case FetchError():
            return error
        case AddressRefused():
            return ForbiddenAddress(url, str(error))
        case aiohttp.ClientConnectorCertificateError():
            return FetchError(url, f"its certificate is not valid ({_short(error.certificate_error)})")
        case aiohttp.ClientConnectorDNSError():
            return FetchError(url, f"its name could not be resolved ({_short(error.os_error)})")
        case aiohttp.ClientSSLError() | ssl.SSLError():
            return FetchError(url, f"no secure connection ({_short(error)})")
        case aiohttp.ConnectionTimeoutError():
            return FetchError(url, "it could not be reached in time")
        case TimeoutError():
            return FetchError(url, f"it took longer than {deadline_s:g} s")
        case aiohttp.ClientConnectorError():
            return FetchError(url, f"could not connect ({_short(error.os_error)})")
        case aiohttp.ServerDisconnectedError() | aiohttp.ClientOSError() | ConnectionError():
            return FetchError(url, "it closed the connection without an answer")
        case aiohttp.ClientPayloadError():
            return FetchError(url, "the connection ended before the document did, or its framing is broken")
        case aiohttp.ClientResponseError():
            return FetchError(url, f"its answer is not proper HTTP ({_short(error.message)})")
        case aiohttp.InvalidURL():
            return FetchError(url, "not a valid web address", permanent=True)
        case _:
            return FetchError(url, f"it could not be fetched ({_short(error)})")


def _short(reason: object) -> str:
    text = " ".join(str(getattr(reason, "strerror", None) or reason or type(reason).__name__).split())
    return text[:160]
