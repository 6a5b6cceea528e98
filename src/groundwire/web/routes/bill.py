"""The desk's own bill, as a page and as data."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from groundwire.web import pages
from groundwire.web.site import Here, json_page
from groundwire.web.views.bill import BillPage

router = APIRouter()


@router.get("/bill", include_in_schema=False)
async def bill(request: Request, site: Here) -> Response:
    """What the desk's work cost."""
    return await site.page(request, lambda reader: pages.own_bill(site, reader))


@router.get("/api/bill", response_model=BillPage)
async def as_json(request: Request, site: Here) -> Response:
    """Processor seconds, calls of models, energy, gases and money: by stage, model and week."""
    return await site.document(request, lambda _: json_page(pages.read_bill(site)))
