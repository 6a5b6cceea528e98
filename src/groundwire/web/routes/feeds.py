"""Atom and JSON Feed of the whole desk and of each topic."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from groundwire.web import outputs
from groundwire.web.site import Here

router = APIRouter(include_in_schema=False)


@router.get("/feed.atom")
async def atom(request: Request, site: Here) -> Response:
    """The desk as Atom."""
    return await site.document(request, lambda _: outputs.atom(site))


@router.get("/feed.json")
async def json_feed(request: Request, site: Here) -> Response:
    """The desk as JSON Feed."""
    return await site.document(request, lambda _: outputs.json_feed(site))


@router.get("/topics/{topic}/feed.atom")
async def topic_atom(request: Request, site: Here, topic: str) -> Response:
    """A topic as Atom."""
    return await site.document(request, lambda _: outputs.atom(site, topic))


@router.get("/topics/{topic}/feed.json")
async def topic_json_feed(request: Request, site: Here, topic: str) -> Response:
    """A topic as JSON Feed."""
    return await site.document(request, lambda _: outputs.json_feed(site, topic))
