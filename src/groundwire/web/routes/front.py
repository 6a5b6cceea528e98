"""Front page, topics, search."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from groundwire.web import pages
from groundwire.web.site import Here, Section

router = APIRouter(include_in_schema=False)
SECTION = Section(path="/", names={"en": "Front page", "zh": "头版"}, order=0)

Page = Annotated[int, Query(ge=1, le=pages.LAST_PAGE)]


@router.get("/")
async def front(request: Request, site: Here, page: Page = 1) -> Response:
    """The ranked front page."""
    return await site.page(request, lambda reader: pages.front(site, reader, page=page))


@router.get("/topics/{topic}")
async def topic(request: Request, site: Here, topic: str, page: Page = 1) -> Response:
    """A topic's front page."""
    return await site.page(request, lambda reader: pages.front(site, reader, topic, page))


@router.get("/search")
async def search(request: Request, site: Here, q: Annotated[str, Query(max_length=300)] = "") -> Response:
    """Search in English and Chinese."""
    return await site.page(request, lambda reader: pages.search(site, reader, q.strip()))
