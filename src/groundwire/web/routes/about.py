"""What this is; the files that browsers and crawlers ask for."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from groundwire.errors import NotFound
from groundwire.web import pages
from groundwire.web.site import Here, Section

router = APIRouter(include_in_schema=False)
SECTION = Section(path="/about", names={"en": "About", "zh": "关于"}, order=90)

FOR_GOOD = "public, max-age=31536000, immutable"


@router.get("/about")
async def about(request: Request, site: Here) -> Response:
    """What this is and how it works."""
    return await site.page(request, lambda reader: pages.about(site, reader))


@router.get("/static/{name}")
async def static(site: Here, name: str) -> Response:
    """A static file, under the name that holds its hash."""
    asset = site.assets.by_name.get(name)
    if asset is None:
        raise NotFound(f"no file {name!r}")
    return Response(asset.body, headers={"Cache-Control": FOR_GOOD}, media_type=asset.media_type)


@router.get("/favicon.ico")
async def favicon(site: Here) -> Response:
    """The site's mark, for browsers that don't read the page's link to it."""
    return Response(status_code=301, headers={"Location": f"/static/{site.assets.name('mark.svg')}"})


@router.get("/robots.txt")
async def robots() -> Response:
    """Crawlers may read the pages, not the quoted passages."""
    return Response(
        "User-agent: *\nDisallow: /articles/\nDisallow: /search\nDisallow: /token\n", media_type="text/plain"
    )
