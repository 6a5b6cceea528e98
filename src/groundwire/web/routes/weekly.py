"""Weekly and daily recaps: pages, data, feed."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.responses import RedirectResponse

from groundwire.editions.reader import MOST_NAMED
from groundwire.editions.recap import Recap
from groundwire.web import recaps
from groundwire.web.site import Section, Site, json_page, site_of

router = APIRouter()
SECTION = Section(path="/weekly", names={"en": "Weekly", "zh": "每周"}, order=10)

Here = Annotated[Site, Depends(site_of)]
Named = Annotated[list[str], Query(max_length=MOST_NAMED)]


@router.get("/weekly/feed.atom", include_in_schema=False)
async def atom(request: Request, site: Here) -> Response:
    """The recaps as Atom."""
    return await site.document(request, lambda r: recaps.feed(site, r.language, "week", as_json=False))


@router.get("/weekly/feed.json", include_in_schema=False)
async def json_feed(request: Request, site: Here) -> Response:
    """The recaps as JSON Feed."""
    return await site.document(request, lambda r: recaps.feed(site, r.language, "week", as_json=True))


@router.get("/weekly", include_in_schema=False)
async def newest(request: Request, site: Here) -> Response:
    """The newest week's recap."""
    return await site.page(request, lambda reader: recaps.page(site, reader, None, "week"))


@router.get("/weekly/{week}", include_in_schema=False)
async def week(request: Request, site: Here, week: str) -> Response:
    """A week's recap."""
    return await site.page(request, lambda reader: recaps.page(site, reader, week, "week"))


@router.get("/daily/feed.atom", include_in_schema=False)
async def daily_atom(request: Request, site: Here) -> Response:
    """The days' recaps as Atom."""
    return await site.document(request, lambda r: recaps.feed(site, r.language, "day", as_json=False))


@router.get("/daily/feed.json", include_in_schema=False)
async def daily_json_feed(request: Request, site: Here) -> Response:
    """The days' recaps as JSON Feed."""
    return await site.document(request, lambda r: recaps.feed(site, r.language, "day", as_json=True))


@router.get("/daily", include_in_schema=False)
async def newest_day(request: Request, site: Here) -> Response:
    """The newest day's recap."""
    return await site.page(request, lambda reader: recaps.page(site, reader, None, "day"))


@router.get("/daily/{day}", include_in_schema=False)
async def day(request: Request, site: Here, day: str) -> Response:
    """A day's recap."""
    return await site.page(request, lambda reader: recaps.page(site, reader, day, "day"))


@router.get("/weeks/{week}", include_in_schema=False)
async def moved(week: str) -> Response:
    """Where recaps used to be."""
    return RedirectResponse(f"/weekly/{week}", 301)


@router.get("/api/weekly/{week}", response_model=Recap)
async def week_json(request: Request, site: Here, week: str, role: Named = [], topic: Named = []) -> Response:  # noqa: ARG001, B006  described here, read by Site.reader; FastAPI copies it
    """A week's recap, ranked for the ``role`` and ``topic`` named, else as the settings say."""
    return await site.document(request, lambda r: json_page(*recaps.read(site, week, "week", r.interests, r.language)))


@router.get("/api/daily/{day}", response_model=Recap)
async def day_json(request: Request, site: Here, day: str, role: Named = [], topic: Named = []) -> Response:  # noqa: ARG001, B006  as above
    """A day's recap, the same."""
    return await site.document(request, lambda r: json_page(*recaps.read(site, day, "day", r.interests, r.language)))
