"""What every request passes before any page: host, address, method; and the headers that every answer carries."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECURITY_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self';"
        " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), browsing-topics=()",
}
MAX_TARGET: Final = 4_096
"""Longest path and query taken. [byte]"""
_HOST = re.compile(r"(?P<name>[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[::1\])(?::\d{1,5})?", re.IGNORECASE)
_UNFIT = re.compile("[\x00-\x1f\x7f\\\\\ud800-\udfff]")
_CONTROL_ESCAPE = re.compile(rb"%(?:[01][0-9a-f]|7f)", re.IGNORECASE)


def allowed_hosts(base_url: str, more: Iterable[str] = ()) -> frozenset[str]:
    """Names under which the site answers: this machine's, and that of its configured address."""
    own = urlsplit(base_url).hostname or ""
    return frozenset({"127.0.0.1", "localhost", "[::1]", own.lower(), *(name.lower() for name in more)} - {""})


class Guard:
    """ASGI middleware in front of the whole site.

    A foreign Host is refused (DNS rebinding, poisoned links); so are paths with control characters or backslashes and
    queries with escaped control characters. HEAD is GET without its body; OPTIONS and methods that a path does not know
    are answered from the routes. X-Forwarded-Host is never read: absolute links come from the settings.
    """

    def __init__(self, app: ASGIApp, *, routes: Sequence[BaseRoute], hosts: Collection[str], https: bool) -> None:
        self._app, self._routes, self._hosts = app, routes, hosts
        self._headers = dict(SECURITY_HEADERS)
        if https:
            self._headers["Strict-Transport-Security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check one request and pass it on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        refusal = self._refuse(scope)
        answer: Send = guarded
        if scope["method"] == "HEAD":
            answer = _without_body(guarded)
            scope = {**scope, "method": "GET"}  # one code path for both, so that they can't disagree
        await (refusal or self._app)(scope, receive, answer)

    def _refuse(self, scope: Scope) -> Response | None:
        host = _HOST.fullmatch(Headers(scope=scope).get("host", ""))
        if host is None or host["name"].lower() not in self._hosts:
            return PlainTextResponse("This site does not answer to that host name (setting base_url).\n", 400)
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > MAX_TARGET:
            return PlainTextResponse("Address too long.\n", 414)
        if _UNFIT.search(scope["path"]):
            return PlainTextResponse("Not found.\n", 404)
        if _CONTROL_ESCAPE.search(scope["query_string"]):
            return PlainTextResponse("Control characters in the query.\n", 422)
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        allowed = self._allowed(scope)
        if not allowed or method in allowed:
            return None  # unknown paths get the site's own page
        names = {*allowed, "OPTIONS"} | ({"HEAD"} if "GET" in allowed else set())
        allow = {"Allow": ", ".join(sorted(names))}
        if method == "OPTIONS":
            return Response(status_code=204, headers=allow)
        return PlainTextResponse(f"{method[:20]} is not done here.\n", 405, headers=allow)

    def _allowed(self, scope: Scope) -> set[str]:
        methods: set[str] = set()
        for route in self._routes:
            match, _ = route.matches(scope)
            if match is not Match.NONE:
                methods |= set(getattr(route, "methods", None) or {"GET"})
        return methods


def _without_body(send: Send) -> Send:
    async def bodiless(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return bodiless
