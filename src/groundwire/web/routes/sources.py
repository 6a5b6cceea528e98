"""The sources and how they fare."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from groundwire.web import outputs, pages
from groundwire.web.site import Here, Section

router = APIRouter(include_in_schema=False)
SECTION = Section(path="/sources", names={"en": "Sources", "zh": "信源"}, order=80)


@router.get("/sources")
async def sources(request: Request, site: Here) -> Response:
    """All sources with their health."""
    return await site.page(request, lambda reader: pages.sources(site, reader))


@router.get("/sources.opml")
async def opml(request: Request, site: Here) -> Response:
    """The sources as a subscription list."""
    return await site.document(request, lambda _: outputs.opml(site))
