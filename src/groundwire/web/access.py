"""Who may change things: a token that the command line prints, sessions made from it, and protection of both.

Sessions are signed and stateless (any number of server processes); forms carry a token bound to the session; requests
that another site causes are refused whatever they carry.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request

from groundwire.errors import GroundwireError

SESSION_COOKIE: Final = "groundwire_session"
LOGIN_COOKIE: Final = "groundwire_login"
SESSION_LENGTH: Final = timedelta(hours=12)
FAILURES_ALLOWED: Final = 8
"""Wrong tokens from one address within ``FAILURE_WINDOW``; ten times as many from all together."""
FAILURE_WINDOW: Final = timedelta(minutes=10)
CHANGES_ALLOWED: Final = 120
"""Requests that change something, from one address within ``CHANGE_WINDOW``."""
CHANGE_WINDOW: Final = timedelta(minutes=1)
_MOST_ADDRESSES: Final = 4_096
_MOST_REVOKED: Final = 1_024


FORM_HEADERS: Final = {"Cache-Control": "private, no-store", "Referrer-Policy": "same-origin"}
"""For pages with forms that change things. Under "no-referrer" browsers say "Origin: null" of a form, as they do of one
in a sandboxed frame of another site; so these pages let their own site, and no other, know where the form stood."""


class Refused(GroundwireError):  # noqa: N818  what the requester is told
    """A request that may not change anything."""

    def __init__(self, status: int, reason: str, retry_after_s: int | None = None) -> None:
        super().__init__(reason)
        self.status, self.reason, self.retry_after_s = status, reason, retry_after_s


@dataclass(frozen=True, slots=True)
class Session:
    """Someone who showed the token."""

    nonce: str
    """"" for a request that carries the token itself."""
    csrf: str
    """What forms of this session must send back."""


class Window:
    """Counts what each address did lately, in bounded memory."""

    def __init__(self, allowed: int, length: timedelta) -> None:
        self._allowed, self._length = allowed, length
        self._times: dict[str, list[datetime]] = {}

    def full(self, address: str, now: datetime) -> bool:
        """Whether the address has used up what it may do."""
        recent = [at for at in self._times.get(address, ()) if now - at < self._length]
        if recent:
            self._times[address] = recent
        else:
            self._times.pop(address, None)
        return len(recent) >= self._allowed

    def count(self, address: str, now: datetime) -> None:
        """Remember one."""
        if len(self._times) >= _MOST_ADDRESSES and address not in self._times:
            self._times.pop(next(iter(self._times)))
        self._times.setdefault(address, []).append(now)

    @property
    def retry_after_s(self) -> int:
        """When to try again. [s]"""
        return int(self._length.total_seconds())


class Access:
    """The one who lets in."""

    def __init__(self, token: str, base_url: str, now: Callable[[], datetime]) -> None:
        if len(token) < 16:
            raise GroundwireError("the access token is too short to be safe: at least 16 characters")
        self._token = token.encode()
        self._key = hashlib.sha256(b"groundwire session" + self._token).digest()
        self._now = now
        self._base = base_url
        self._failures = Window(FAILURES_ALLOWED, FAILURE_WINDOW)
        self._all_failures = Window(10 * FAILURES_ALLOWED, FAILURE_WINDOW)
        self._changes = Window(CHANGES_ALLOWED, CHANGE_WINDOW)
        self._revoked: dict[str, None] = {}
        self.secure = base_url.startswith("https://")

    # --- sessions ----------------------------------------------------------------------------------------------

    def session(self, request: Request) -> Session | None:
        """The session that the request's cookie proves, if any."""
        expires, _, rest = request.cookies.get(SESSION_COOKIE, "").partition(".")
        nonce, _, signature = rest.partition(".")
        if not self._equal(signature, self._sign("session", expires, nonce)) or nonce in self._revoked:
            return None
        if int(expires) <= self._now().timestamp():  # the signature holds: we wrote it, it is a number
            return None
        return Session(nonce, self._sign("csrf", nonce))

    def open(self, presented: str, address: str) -> str:
        """A new session's cookie for whoever shows the token.

        Raises:
            Refused: 403 for a wrong token, 429 after too many of them.
        """
        self._check_token(presented, address)
        expires = str(int((self._now() + SESSION_LENGTH).timestamp()))
        nonce = secrets.token_urlsafe(18)
        return f"{expires}.{nonce}.{self._sign('session', expires, nonce)}"

    def close(self, session: Session) -> None:
        """End a session before its time."""
        if len(self._revoked) >= _MOST_REVOKED:
            self._revoked.pop(next(iter(self._revoked)))
        self._revoked[session.nonce] = None

    def login_form(self) -> tuple[str, str]:
        """(cookie, form token) for the page that asks for the token: nobody can be logged in from elsewhere."""
        nonce = secrets.token_urlsafe(18)
        return nonce, self._sign("login", nonce)

    def check_login_form(self, request: Request, form_token: str) -> None:
        """Raise Refused unless the form is one that we gave to this browser."""
        self.check_origin(request)
        nonce = request.cookies.get(LOGIN_COOKIE, "")
        if not nonce or not self._equal(form_token, self._sign("login", nonce)):
            raise Refused(403, "the form is not from this site or too old; load the page again")

    # --- changes -----------------------------------------------------------------------------------------------

    def may_change(self, request: Request, form: Mapping[str, str]) -> Session:
        """The session under which a request may change something.

        Raises:
            Refused: 401 without a session or token, 403 for a request of another site or without the form's token, 429.
        """
        self.check_origin(request)
        address = address_of(request)
        if self._changes.full(address, self._now()):
            raise Refused(429, "too many changes in a minute", self._changes.retry_after_s)
        scheme, _, presented = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            self._check_token(presented.strip(), address)
            found = Session("", "")
        else:
            session = self.session(request)
            if session is None:
                raise Refused(401, "this needs the access token: `groundwire token` prints it")
            if not self._equal(form.get("csrf") or request.headers.get("x-csrf-token", ""), session.csrf):
                raise Refused(403, "the form is not from this site or too old; load the page again")
            found = session
        self._changes.count(address, self._now())
        return found

    def check_origin(self, request: Request) -> None:
        """Raise Refused for a request that another site's page caused."""
        if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            raise Refused(403, "the request comes from another site")
        origin = request.headers.get("origin")
        if origin is not None and urlsplit(origin).netloc.lower() not in (
            request.headers.get("host", "").lower(),
            urlsplit(self._base).netloc.lower(),
        ):
            raise Refused(403, "the request comes from another site")

    # --- inside ------------------------------------------------------------------------------------------------

    def _check_token(self, presented: str, address: str) -> None:
        now = self._now()
        if self._failures.full(address, now) or self._all_failures.full("", now):
            raise Refused(429, "too many wrong tokens; wait ten minutes", self._failures.retry_after_s)
        if not hmac.compare_digest(presented.encode("utf-8", "replace"), self._token):
            self._failures.count(address, now)
            self._all_failures.count("", now)
            raise Refused(403, "that is not the token; `groundwire token` prints it")

    def _sign(self, purpose: str, *parts: str) -> str:
        return hmac.new(self._key, "\x00".join((purpose, *parts)).encode("utf-8", "replace"), "sha256").hexdigest()

    @staticmethod
    def _equal(given: str, expected: str) -> bool:
        return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())


def address_of(request: Request) -> str:
    """Whose request it is, for counting."""
    return request.client.host if request.client else ""


def own_path(target: str) -> str:
    """``target`` if it is a path on this site, else the front page: nothing here leads a reader elsewhere."""
    plain = target.isprintable() and "\\" not in target and len(target) <= 1_000
    if not plain or not target.startswith("/") or target.startswith("//") or "%" in target.split("?", 1)[0][:6]:
        return "/"
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc else "/"
