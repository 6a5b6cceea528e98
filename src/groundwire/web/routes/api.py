"""The same as data: JSON under the names of the pages' elements; described at /api/openapi.json."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from groundwire.editions.reader import MOST_NAMED
from groundwire.web import outputs, pages
from groundwire.web.caching import Rendered, soon
from groundwire.web.decisions import Decided, Kind, decide
from groundwire.web.requests import read_json
from groundwire.web.routes.events import Offset, passage
from groundwire.web.routes.manage import Guarded, source_adder
from groundwire.web.site import Here, Reader, Site, json_page
from groundwire.web.views.article import ArticlePage
from groundwire.web.views.event import EventPage
from groundwire.web.views.lists import CardList, card
from groundwire.web.views.sources import SourceList, SourceView, source_list

Id = Annotated[int, Path(ge=1, le=2**62)]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a request was not answered."""

    error: str


@dataclass(frozen=True, slots=True)
class Topics:
    """Topic -> number of events."""

    topics: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """Counts, nothing else."""

    status: Literal["ok"]
    articles: int
    sources: int


class DecisionIn(BaseModel):
    """What is decided about an event."""

    model_config = ConfigDict(extra="forbid", strict=True)

    kind: Kind
    event: str | None = Field(
        default=None, max_length=200, description="merge: slug of the event to merge into this one"
    )
    articles: list[Annotated[int, Field(ge=1, le=2**62)]] = Field(
        default=[], max_length=500, description="split, pin: article ids"
    )


class SourceIn(BaseModel):
    """A source to add."""

    model_config = ConfigDict(extra="forbid", strict=True)

    url: str = Field(min_length=4, max_length=2_000, description="a feed, or a page that names one")


class PauseIn(BaseModel):
    """Whether a source is polled."""

    model_config = ConfigDict(extra="forbid", strict=True)

    paused: bool


def _body(model: type[BaseModel]) -> dict[str, Any]:
    schema = model.model_json_schema()
    return {
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        "security": [{"token": []}],
    }


_CHANGES: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": words}
    for status, words in (
        (401, "No token"),
        (403, "Wrong token, or a request of another site"),
        (413, "Body too large"),
        (415, "Not JSON"),
        (422, "Not understood"),
        (429, "Too many requests"),
    )
}
router = APIRouter(
    prefix="/api",
    responses={
        400: {"model": Problem, "description": "A host name that the site does not answer to"},
        404: {"model": Problem, "description": "No such thing"},
        422: {"model": Problem, "description": "Not understood"},
        503: {"model": Problem, "description": "Not written yet, or the database does not answer"},
    },
)


@router.get("/events", response_model=CardList)
async def events(
    request: Request,
    site: Here,
    topic: Annotated[str | None, Query(max_length=200)] = None,
    language: Annotated[str | None, Query(max_length=12, description="Events with an article in it")] = None,
    since: Annotated[
        datetime | None, Query(description="Last publication at or after; UTC if no offset is given")
    ] = None,
    order: Literal["importance", "latest"] = "importance",
    role: Annotated[list[str], Query(max_length=MOST_NAMED, description="Rank events for these readers higher")] = [],  # noqa: ARG001, B006  described here, read by Site.reader
    interest: Annotated[list[str], Query(max_length=MOST_NAMED, description="Rank these topics higher")] = [],  # noqa: ARG001, B006  as above
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Response:
    """Events that have a page, most important (to whoever names a role or an interest) or latest first."""

    def make(reader: Reader) -> Rendered:
        if order == "latest":
            found = site.store.events.page(
                topic=topic, language=language, since=aware(since), limit=limit, offset=offset, order=order
            )
            items = site.listing.of(found)
        else:
            items = pages.read_events(
                site, reader.interests, topic=topic, language=language, since=aware(since), limit=limit, offset=offset
            )
        hours = site.settings.fresh_hours
        cards = tuple(card(i, now=reader.now, fresh_hours=hours, interests=reader.interests) for i in items)
        return json_page(CardList(events=cards), pages.lifetime(site, items, reader.now))

    return await site.document(request, make)


@router.get("/events/{slug}", response_model=EventPage, responses={301: {"description": "Merged into another event"}})
async def event(request: Request, site: Here, slug: str) -> Response:
    """An event's page: every element under its own name."""
    return await site.document(request, lambda reader: outputs.event_json(site, slug, reader.now))


@router.get("/articles/{version_id}", response_model=ArticlePage)
async def article(request: Request, site: Here, version_id: Id, start: Offset = None, end: Offset = None) -> Response:
    """What is quoted of an article version: one passage, or all that its event's page cites."""
    spans = passage(start, end)
    return await site.document(request, lambda _: json_page(pages.read_article(site, version_id, spans)[0]))


@router.get("/search", response_model=CardList)
async def search(request: Request, site: Here, q: Annotated[str, Query(max_length=300)]) -> Response:
    """Events whose articles hold all the words, English or Chinese."""
    return await site.document(request, lambda reader: json_page(*pages.read_search(site, q, reader.now)))


@router.get("/topics", response_model=Topics)
async def topics(request: Request, site: Here) -> Response:
    """All topics, most frequent first."""
    return await site.document(request, lambda _: json_page(Topics(site.store.events.topics())))


@router.get("/sources", response_model=SourceList)
async def sources(request: Request, site: Here) -> Response:
    """All sources with their health."""
    return await site.document(
        request,
        lambda reader: json_page(source_list(site.store.sources.health(site.now())), soon(reader.now)),
    )


@router.get("/health", response_model=Health)
async def health(request: Request, site: Here) -> Response:
    """Whether the site answers."""
    return await site.document(
        request,
        lambda _: json_page(
            Health(status="ok", articles=site.store.articles.count(), sources=len(site.store.sources.all()))
        ),
    )


@router.post("/events/{slug}/decisions", response_model=Decided, responses=_CHANGES, openapi_extra=_body(DecisionIn))
async def decision(request: Request, site: Here, access: Guarded, slug: str) -> Response:
    """Hide, show, merge, split or pin."""
    access.may_change(request, {})
    asked = await read_json(request, DecisionIn)
    decided = await run_in_threadpool(
        decide, site.store, slug, asked.kind, other=asked.event, articles=asked.articles, now=site.now()
    )
    site.cache.clear()
    return _plain(decided)


@router.post("/sources", response_model=SourceView, responses=_CHANGES, openapi_extra=_body(SourceIn))
async def add_source(request: Request, site: Here, access: Guarded) -> Response:
    """Add the feed behind an address."""
    access.may_change(request, {})
    asked = await read_json(request, SourceIn)
    added = await source_adder(site)(asked.url)
    site.cache.clear()
    return _plain(_one(site, added.id))


@router.post("/sources/{source_id}", response_model=SourceView, responses=_CHANGES, openapi_extra=_body(PauseIn))
async def pause_source(request: Request, site: Here, access: Guarded, source_id: Id) -> Response:
    """Pause or resume a source."""
    access.may_change(request, {})
    asked = await read_json(request, PauseIn)
    await run_in_threadpool(site.store.sources.set_paused, source_id, paused=asked.paused)
    site.cache.clear()
    return _plain(_one(site, source_id))


def aware(at: datetime | None) -> datetime | None:
    """A time of a query; UTC if it says no offset; the first moment that there is if it lies before."""
    if at is None:
        return None
    try:
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC) if at.year == 1 else datetime.max.replace(tzinfo=UTC)


def _one(site: Site, source_id: int) -> SourceView:
    listed = source_list(site.store.sources.health(site.now()))
    return next(source for source in listed.sources if source.id == source_id)


def _plain(value: object) -> Response:
    page = json_page(value)
    return Response(page.body, media_type=page.media_type, headers={"Cache-Control": "private, no-store"})
