"""Showing the token, and the forms that change things: every one of them checked by ``Access``."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from groundwire.web.access import (
    FORM_HEADERS,
    LOGIN_COOKIE,
    SESSION_COOKIE,
    SESSION_LENGTH,
    Access,
    Refused,
    address_of,
    own_path,
)
from groundwire.web.decisions import KINDS, AddSource, decide
from groundwire.web.requests import Form, read_form
from groundwire.web.site import HTML, Here, Site

router = APIRouter(include_in_schema=False)

SourceId = Annotated[int, Path(ge=1, le=2**62)]


async def access_of(site: Here) -> Access:
    """Who guards the site's changes; FastAPI dependency."""
    if site.access is None:
        raise Refused(403, "nothing can be changed here")
    return site.access


Guarded = Annotated[Access, Depends(access_of)]


@router.get("/token")
async def ask(request: Request, site: Here, access: Guarded, next: str = "/") -> Response:  # noqa: A002  the parameter's public name
    """The form that asks for the token."""
    reader = site.reader(request)
    nonce, form_token = access.login_form()
    body = site.template("token.html", reader, form_token=form_token, next=own_path(next), problem="")
    response = Response(body, media_type=HTML, headers=FORM_HEADERS)
    _set_cookie(response, access, LOGIN_COOKIE, nonce, max_age=3_600, path="/token")
    return response


@router.post("/token")
async def enter(request: Request, site: Here, access: Guarded) -> Response:
    """Open a session for whoever shows the token; always a new one, whatever cookie came along."""
    form = await read_form(request)
    access.check_login_form(request, form.get("csrf"))
    try:
        cookie = access.open(form.get("token").strip(), address_of(request))
    except Refused as refused:
        reader = site.reader(request)
        target = own_path(form.get("next"))
        body = site.template("token.html", reader, form_token=form.get("csrf"), next=target, problem=refused.reason)
        headers = dict(FORM_HEADERS)
        if refused.retry_after_s:
            headers["Retry-After"] = str(refused.retry_after_s)
        return Response(body, refused.status, headers, HTML)
    response = _see(own_path(form.get("next")))
    _set_cookie(response, access, SESSION_COOKIE, cookie, max_age=int(SESSION_LENGTH.total_seconds()))
    response.delete_cookie(LOGIN_COOKIE, path="/token")
    return response


@router.post("/token/leave")
async def leave(request: Request, access: Guarded) -> Response:
    """End the session."""
    form = await read_form(request)
    access.close(access.may_change(request, {"csrf": form.get("csrf")}))
    response = _see("/")
    response.delete_cookie(SESSION_COOKIE)
    return response


@router.post("/events/{slug}/decisions")
async def decision(request: Request, site: Here, access: Guarded, slug: str) -> Response:
    """Hide, show, merge, split or pin."""
    form = await _checked(request, access)
    kind = next((k for k in KINDS if k == form.get("kind")), None)
    if kind is None:
        raise Refused(422, f"kind is one of {', '.join(KINDS)}")
    articles = [int(a) for a in form.all("article") if a.isdecimal() and len(a) < 19]
    other = form.get("other") or None
    decided = await run_in_threadpool(decide, site.store, slug, kind, other=other, articles=articles, now=site.now())
    site.cache.clear()
    return _see(f"/events/{decided.event}")


@router.post("/sources")
async def add_source(request: Request, site: Here, access: Guarded) -> Response:
    """Add the feed behind an address."""
    form = await _checked(request, access)
    await source_adder(site)(form.get("url").strip())
    site.cache.clear()
    return _see("/sources")


@router.post("/sources/{source_id}")
async def pause_source(request: Request, site: Here, access: Guarded, source_id: SourceId) -> Response:
    """Pause or resume a source."""
    form = await _checked(request, access)
    paused = form.get("kind") == "pause"
    await run_in_threadpool(site.store.sources.set_paused, source_id, paused=paused)
    site.cache.clear()
    return _see("/sources")


def source_adder(site: Site) -> AddSource:
    """What adds sources here; raises Refused where nothing can be changed."""
    if site.add_source is None:
        raise Refused(403, "nothing can be changed here")
    return site.add_source


async def _checked(request: Request, access: Access) -> Form:
    # who asks is checked before what they sent is read, as far as that goes without the form
    access.check_origin(request)
    form = await read_form(request)
    access.may_change(request, {"csrf": form.get("csrf")})
    return form


def _see(path: str) -> RedirectResponse:
    return RedirectResponse(path, 303, headers={"Cache-Control": "no-store"})


def _set_cookie(response: Response, access: Access, name: str, value: str, *, max_age: int, path: str = "/") -> None:
    response.set_cookie(name, value, max_age=max_age, path=path, httponly=True, samesite="strict", secure=access.secure)
