"""Event pages, their other forms, and the passages that they cite."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from groundwire.errors import NotFound
from groundwire.web import outputs, pages
from groundwire.web.site import Here

router = APIRouter(include_in_schema=False)

Offset = Annotated[int | None, Query(ge=0, le=2**31)]


@router.get("/events/{slug}.md")
async def markdown(request: Request, site: Here, slug: str) -> Response:
    """One event as Markdown with citations."""
    return await site.document(request, lambda _: outputs.markdown(site, slug))


@router.get("/events/{slug}.json")
async def as_json(request: Request, site: Here, slug: str) -> Response:
    """One event as data."""
    return await site.document(request, lambda reader: outputs.event_json(site, slug, reader.now))


@router.get("/events/{slug}")
async def event(request: Request, site: Here, slug: str) -> Response:
    """An event's page."""
    return await site.page(request, lambda reader: pages.event(site, reader, slug))


@router.get("/articles/{version_id}")
async def article(request: Request, site: Here, version_id: int, start: Offset = None, end: Offset = None) -> Response:
    """The target of a citation: the quote highlighted in its paragraph."""
    span = passage(start, end)
    response = await site.page(request, lambda reader: pages.article(site, reader, version_id, span))
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def passage(start: int | None, end: int | None) -> list[tuple[int, int]] | None:
    """The span that two query parameters name; None without them.

    Raises:
        NotFound: Only one of them, or none between them.
    """
    if start is None and end is None:
        return None
    if start is None or end is None or start >= end:
        raise NotFound("a passage has a start and a later end")
    return [(start, end)]
