"""Unsubscribing from the mailed recap: a page with a button, and one click from a mail program (RFC 8058)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from groundwire.errors import NotFound
from groundwire.storage.mailings import Subscriber
from groundwire.web.site import Here, Site

router = APIRouter(include_in_schema=False)
Token = Annotated[str, Path(min_length=8, max_length=100, pattern=r"^[A-Za-z0-9_-]+$")]


@router.get("/unsubscribe/{token}")
async def ask(request: Request, site: Here, token: Token) -> Response:
    """The page: looking at it changes nothing, for mail scanners look at every link."""
    subscriber = await run_in_threadpool(_whose, site, token)
    return _page(request, site, subscriber)


@router.post("/unsubscribe/{token}")
async def leave(request: Request, site: Here, token: Token) -> Response:
    """Unsubscribe. No cookie and no form token, as RFC 8058 has it: the address itself is the secret."""
    subscriber = await run_in_threadpool(_whose, site, token)
    await run_in_threadpool(site.store.mailings.leave, subscriber.address, site.now())
    return _page(request, site, await run_in_threadpool(_whose, site, token))


def _whose(site: Site, token: str) -> Subscriber:
    found = site.store.mailings.by_token(token)
    if found is None:
        raise NotFound("no such subscription")
    return found


def _page(request: Request, site: Site, subscriber: Subscriber) -> Response:
    body = site.template("living/leave.html", site.reader(request), subscriber=subscriber)
    return Response(body, media_type="text/html; charset=utf-8", headers={"Cache-Control": "private, no-store"})
