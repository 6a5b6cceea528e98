"""Who reads: a reader names roles and topics; the choice stays in a cookie of their own browser."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from groundwire.editions.reader import MOST_NAMED, named, to_cookie
from groundwire.evidence.roles import AUDIENCES
from groundwire.web.caching import Rendered
from groundwire.web.site import HTML, READER_COOKIE, Here, Reader

router = APIRouter(include_in_schema=False)
YEAR_S = 31_536_000

Named = Annotated[list[str], Query(max_length=MOST_NAMED)]


@router.get("/reader")
async def choose(request: Request, site: Here) -> Response:
    """The form: without a script, without an account."""

    def make(reader: Reader) -> Rendered:
        topics = list(site.store.events.topics())
        return Rendered(
            body=site.template("living/reader.html", reader, roles=AUDIENCES, topics=topics), media_type=HTML
        )

    return await site.page(request, make)


@router.get("/reader/set")
async def keep(site: Here, role: Named = [], topic: Named = [], forget: str = "") -> Response:  # noqa: B006  FastAPI copies it
    """Keep a choice, or forget it; changes nothing here, so that a link may do it."""
    response = RedirectResponse("/", 303, headers={"Cache-Control": "private, no-store"})
    secure = site.base_url.startswith("https://")
    if forget:
        response.delete_cookie(READER_COOKIE, samesite="lax", httponly=True, secure=secure)
    else:
        value = to_cookie(named(role, topic))
        response.set_cookie(READER_COOKIE, value, max_age=YEAR_S, samesite="lax", httponly=True, secure=secure)
    return response
