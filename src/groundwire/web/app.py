"""The web application: the parts of the site, the guard in front of them, and a page for everything that goes wrong."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from datetime import datetime

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from groundwire import __version__
from groundwire.bill import check
from groundwire.errors import FetchError, GroundwireError, NotFound, StorageError
from groundwire.settings import Settings
from groundwire.storage import Store
from groundwire.subscribe import add_url
from groundwire.web import pages
from groundwire.web.access import FORM_HEADERS, Access, Refused
from groundwire.web.decisions import AddSource
from groundwire.web.desk import Moved, NotWritten, Withdrawn
from groundwire.web.guard import SECURITY_HEADERS, Guard, allowed_hosts
from groundwire.web.plain import to_json
from groundwire.web.routes import parts
from groundwire.web.site import JSON, Site, site_of

log = logging.getLogger(__name__)


def create_app(
    store: Store,
    settings: Settings,
    *,
    token: str,
    now: Callable[[], datetime],
    add_source: AddSource | None = None,
) -> FastAPI:
    """The site over a store.

    Args:
        store: Open for as long as the app runs.
        settings: Address, language, how long news is fresh.
        token: Whoever shows it may change things.
        now: The clock, aware UTC.
        add_source: Finds the feed behind an address and stores it; over the network by default.
    """
    check(settings)
    found = list(parts())
    site = Site(
        store=store,
        settings=settings,
        now=now,
        access=Access(token, settings.base_url, now),
        add_source=add_source or functools.partial(add_url, store, settings, now=now),
        sections=sorted((section for _, section in found if section is not None), key=lambda s: s.order),
    )
    site.warm()
    app = FastAPI(
        title="Groundwire",
        version=__version__,
        description="News you can check: events, briefs and their citations under the names that the pages use.",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.site = site
    routes = list(app.routes)
    for router, _ in found:
        routes += router.routes
        app.include_router(router)
    app.add_middleware(
        Guard,
        routes=routes,
        hosts=allowed_hosts(settings.base_url),
        https=settings.base_url.startswith("https://"),
    )
    _handle_errors(app)
    return app


def _handle_errors(app: FastAPI) -> None:
    handlers: dict[type[Exception], Callable[[Request, Exception], Response]] = {
        HTTPException: _http_error,
        RequestValidationError: _not_understood,
        NotFound: _not_found,
        Moved: _moved,
        NotWritten: _not_written,
        Withdrawn: _withdrawn,
        Refused: _refused,
        StorageError: _no_database,
        FetchError: _not_fetched,
        GroundwireError: _foreseen,
        Exception: _surprise,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)


def _notice(request: Request, status: int, key: str, detail: str, **headers: str) -> Response:
    """Why there is no page: in the reader's language, or as JSON for programs."""
    headers |= {"Cache-Control": "no-store"}
    if request.url.path.startswith("/api/") or request.url.path.endswith(".json"):
        return Response(to_json({"error": detail}), status, headers, JSON)
    site = site_of(request)
    reader = site.reader(request)
    title, text = reader.words(f"notice.{key}.title"), reader.words(f"notice.{key}.text")
    page = pages.notice(site, reader, status, title, text, detail if key in _DETAILED else "")
    if reader.session is not None:
        headers |= FORM_HEADERS
    return Response(page.body, status, headers, page.media_type)


_DETAILED = ("refused", "failed")
"""Notices on which what went wrong is told in its own words: the reader can act on them."""


def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101  registered for it
    if error.status_code == 404:
        return _notice(request, 404, "not_found", "no such address")
    return _notice(request, error.status_code, "refused", str(error.detail))


def _not_understood(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101  registered for it
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    return _notice(request, 422, "not_understood", f"{where}: {first['msg']}")


def _not_found(request: Request, error: Exception) -> Response:
    if request.method == "POST" and not request.url.path.startswith("/api/"):
        return _notice(request, 422, "failed", str(error))
    return _notice(request, 404, "not_found", str(error))


def _moved(request: Request, error: Exception) -> Response:
    assert isinstance(error, Moved)  # noqa: S101  registered for it
    path = request.url.path.replace(request.path_params["slug"], error.slug)
    return RedirectResponse(path, 301, headers={"Cache-Control": "no-cache"})


def _not_written(request: Request, _: Exception) -> Response:
    return _notice(request, 503, "not_written", "the page is not written yet", **{"Retry-After": "60"})


def _withdrawn(request: Request, _: Exception) -> Response:
    return _notice(request, 410, "withdrawn", "the event's only sources were retracted")


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)  # noqa: S101  registered for it
    headers = {} if error.retry_after_s is None else {"Retry-After": str(error.retry_after_s)}
    if error.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return _notice(request, error.status, "refused", error.reason, **headers)


def _no_database(request: Request, error: Exception) -> Response:
    log.error("%s %s: %s", request.method, request.url.path, error)
    return _notice(request, 503, "no_database", "the database does not answer", **{"Retry-After": "30"})


def _not_fetched(request: Request, error: Exception) -> Response:
    return _notice(request, 422, "failed", str(error))


def _foreseen(request: Request, error: Exception) -> Response:
    return _notice(request, 422, "failed", str(error))


def _surprise(request: Request, error: Exception) -> Response:
    # told without any template: whatever broke may be in them; outside the guard, hence the headers
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return PlainTextResponse("Something went wrong here; the log says what.\n", 500, dict(SECURITY_HEADERS))
