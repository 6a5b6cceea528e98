"""The ledger of forecasts: its page, the same as data, and deciding what became of one."""

from __future__ import annotations

from typing import Annotated, Literal, cast

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from groundwire.web import living
from groundwire.web.access import Refused
from groundwire.web.requests import read_form, read_json
from groundwire.web.routes.manage import Guarded
from groundwire.web.site import Here, Section, json_page
from groundwire.web.views.forecasts import ForecastsPage, ForecastView

router = APIRouter()
SECTION = Section(path="/forecasts", names={"en": "Forecasts", "zh": "预测"}, order=20)

Id = Annotated[int, Path(ge=1, le=2**62)]
Decision = Literal["true", "false", "void", "open"]
DECISIONS: tuple[Decision, ...] = ("true", "false", "void", "open")


class OutcomeIn(BaseModel):
    """What became of a forecast; "open" takes an earlier verdict back."""

    model_config = ConfigDict(extra="forbid", strict=True)

    verdict: Decision
    note: str = Field(default="", max_length=500)


@router.get("/forecasts", include_in_schema=False)
async def forecasts(request: Request, site: Here) -> Response:
    """The ledger's page."""
    return await site.page(request, lambda reader: living.forecasts(site, reader))


@router.get("/api/forecasts", response_model=ForecastsPage)
async def as_json(request: Request, site: Here) -> Response:
    """The whole ledger with its scores."""
    return await site.document(request, lambda reader: json_page(*living.read_forecasts(site, reader.now)))


@router.post("/forecasts/{forecast_id}", include_in_schema=False)
async def decide(request: Request, site: Here, access: Guarded, forecast_id: Id) -> Response:
    """Say what became of a forecast, from the page."""
    access.check_origin(request)
    form = await read_form(request)
    access.may_change(request, {"csrf": form.get("csrf")})
    if form.get("verdict") not in DECISIONS:
        raise Refused(422, f"verdict is one of {', '.join(DECISIONS)}")
    verdict = cast("Decision", form.get("verdict"))
    await run_in_threadpool(living.resolve, site, forecast_id, verdict, form.get("note")[:500])
    return RedirectResponse(f"/forecasts#forecast-{forecast_id}", 303, headers={"Cache-Control": "no-store"})


@router.post("/api/forecasts/{forecast_id}", response_model=ForecastView)
async def resolve(request: Request, site: Here, access: Guarded, forecast_id: Id) -> Response:
    """Say what became of a forecast: true, false, void; or open, to take that back."""
    access.may_change(request, {})
    asked = await read_json(request, OutcomeIn)
    view = await run_in_threadpool(living.resolve, site, forecast_id, asked.verdict, asked.note)
    page = json_page(view)
    return Response(page.body, media_type=page.media_type, headers={"Cache-Control": "private, no-store"})
