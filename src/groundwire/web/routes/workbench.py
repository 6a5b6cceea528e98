"""The workbench: a form that is an address, and the answer to it as a page, a fragment, CSV, JSON, TOML or a report."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from groundwire.economics.answer import break_even, frontier, quote
from groundwire.economics.catalog import Catalog, load_catalog
from groundwire.economics.formulas import formulas
from groundwire.economics.levers import levers
from groundwire.economics.query import scenario_of_query, table_of_query
from groundwire.economics.report import (
    answer_json,
    break_even_json,
    comparison_csv,
    frontier_json,
    levers_json,
    scenario_toml,
)
from groundwire.economics.scenario import Scenario
from groundwire.errors import EconomicsError
from groundwire.settings import Settings
from groundwire.web.caching import Rendered
from groundwire.web.site import HTML, Here, Reader, Section, Site, json_page
from groundwire.web.views.workbench import answer_view, levers_view
from groundwire.web.views.workbench_form import sheet

router = APIRouter(include_in_schema=False)
SECTION = Section(path="/workbench", names={"en": "Workbench", "zh": "工作台"}, order=40)

Pairs = list[tuple[str, str]]


def _pairs(request: Request) -> Pairs:
    return [(str(k), str(v)) for k, v in request.query_params.multi_items()]


def _day(reader: Reader) -> date:
    return (reader.now or datetime.now(UTC)).date()


@router.get("/workbench")
async def workbench(request: Request, site: Here) -> Response:
    """The sheet: inputs and the answer; empty inputs are dropped from the address, to keep it short enough to share."""
    pairs = _pairs(request)
    kept = [(k, v) for k, v in pairs if v.strip()]
    rows = [(k, v) for k, v in pairs if k.startswith("plan_")]
    if len(kept) < len(pairs) and len(pairs) - len(kept) > sum(1 for _, v in rows if not v.strip()):
        short = [(k, v) for k, v in pairs if v.strip() or k.startswith("plan_")]
        return RedirectResponse(f"/workbench?{urlencode(short)}", 303, headers={"Cache-Control": "no-store"})
    return await site.page(request, lambda reader: _page(site, reader, pairs, "workbench/page.html"))


@router.get("/workbench/report")
async def report(request: Request, site: Here) -> Response:
    """The answer alone, with what to change, to print."""
    return await site.page(
        request, lambda reader: _page(site, reader, _pairs(request), "workbench/report.html", with_levers=True)
    )


@router.get("/workbench/answer")
async def answer(request: Request, site: Here) -> Response:
    """The answer as a fragment, for the script that updates the page at once."""
    return await site.page(request, lambda reader: _fragment(site, reader, _pairs(request)))


@router.get("/workbench/levers")
async def lever_page(request: Request, site: Here) -> Response:
    """What to change, ranked by money, alone and together."""
    return await site.page(request, lambda reader: _levers(site, reader, _pairs(request)))


@router.get("/workbench/formulas")
async def formula_page(request: Request, site: Here) -> Response:
    """Every formula with its inputs and units."""
    return await site.page(request, lambda reader: _formulas(site, reader))


@router.get("/workbench.csv")
async def as_csv(request: Request, site: Here) -> Response:
    """The ranking as CSV."""
    return await site.page(request, lambda reader: _download(site, reader, _pairs(request), "csv"))


@router.get("/workbench.json")
async def as_json(request: Request, site: Here) -> Response:
    """The whole answer as JSON."""
    return await site.page(request, lambda reader: _download(site, reader, _pairs(request), "json"))


@router.get("/workbench.toml")
async def as_toml(request: Request, site: Here) -> Response:
    """The scenario as an application file for the command line."""
    return await site.page(request, lambda reader: _download(site, reader, _pairs(request), "toml"))


# --- pages --------------------------------------------------------------------------------------------------------


@cache
def _catalog(settings: Settings) -> Catalog:
    """The shipped catalogue with the site's own files over it."""
    return load_catalog([settings.home / name for name in settings.catalog_files])


def _scenario(site: Site, pairs: Pairs) -> Scenario:
    return scenario_of_query(pairs, catalog=_catalog(site.settings))


def _page(site: Site, reader: Reader, pairs: Pairs, template: str, *, with_levers: bool = False) -> Rendered:
    """The sheet with its answer; where an input is wrong, with the one line that says which and what to do."""
    error, wrong, scenario, view, advice, table = "", "", None, None, None, {}
    given = [(k, v) for k, v in pairs if k != "lang"]
    try:
        table = table_of_query(given)
        scenario = _scenario(site, given)
        view = answer_view(scenario, reader.words, on=_day(reader))
        advice = levers_view(scenario, reader.words, on=_day(reader)) if with_levers else None
    except EconomicsError as problem:
        error, wrong = str(problem), problem.field
        table = table or _as_far_as_it_goes(given)
    body = site.template(
        template, reader, sheet=sheet(table, scenario, reader.words, scenario.catalog if scenario else load_catalog()), answer=view, error=error, wrong=wrong, levers=advice,
        fresh=not given, event=dict(given).get("event", ""), address=urlencode([p for p in given if p[0] != "event"]),
    )  # fmt: skip
    return Rendered(body=body, media_type=HTML, status=422 if error else 200)


def _as_far_as_it_goes(pairs: Pairs) -> dict[str, object]:
    """What can be read of a wrong address, so that nobody has to type it again."""
    table: dict[str, object] = {}
    for i in range(len(pairs)):
        try:
            table = table_of_query(pairs[: i + 1])
        except EconomicsError:
            return table_of_query([p for p in pairs if p != pairs[i]][:i])
    return table


def _fragment(site: Site, reader: Reader, pairs: Pairs) -> Rendered:
    error, wrong, view = "", "", None
    try:
        view = answer_view(_scenario(site, pairs), reader.words, on=_day(reader))
    except EconomicsError as problem:
        error, wrong = str(problem), problem.field
    body = site.template("workbench/answer.html", reader, answer=view, error=error, wrong=wrong)
    return Rendered(body=body, media_type=HTML, status=422 if error else 200)


def _formulas(site: Site, reader: Reader) -> Rendered:
    body = site.template("workbench/formulas.html", reader, formulas=formulas())
    return Rendered(body=body, media_type=HTML)


def _levers(site: Site, reader: Reader, pairs: Pairs) -> Rendered:
    error, view = "", None
    try:
        view = levers_view(_scenario(site, pairs), reader.words, on=_day(reader))
    except EconomicsError as problem:
        error = str(problem)
    address = urlencode([(k, v) for k, v in pairs if k not in ("lang", "event")])
    body = site.template("workbench/levers.html", reader, levers=view, error=error, address=address)
    return Rendered(body=body, media_type=HTML, status=422 if error else 200)


def _download(site: Site, reader: Reader, pairs: Pairs, kind: str) -> Rendered:
    try:
        advice = ("levers", "true") in pairs
        scenario = _scenario(site, [(k, v) for k, v in pairs if k != "levers"])
        if kind == "toml":
            text = scenario_toml(scenario)
            return Rendered(body=text.encode(), media_type="application/toml; charset=utf-8", headers=_named("toml"))
        answered = quote(scenario, on=_day(reader), top=40)
        if kind == "csv":
            text = comparison_csv(answered.comparison.rows)
            return Rendered(body=text.encode(), media_type="text/csv; charset=utf-8", headers=_named("csv"))
        crossing = break_even_json(break_even(scenario, on=_day(reader), sweep=answered.comparison.sweep))
        report = levers_json(levers(scenario, on=_day(reader), draws=120)) if advice else None
        curve = frontier_json(frontier(scenario, sweep=answered.comparison.sweep))
        return json_page(answer_json(answered) | {"frontier": curve, "break_even": crossing, "levers": report})
    except EconomicsError as problem:
        return json_page({"error": str(problem), "field": problem.field}, status=422)


def _named(suffix: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="workbench.{suffix}"'}
