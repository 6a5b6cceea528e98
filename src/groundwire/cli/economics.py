"""`groundwire economics …`: the workbench in a terminal."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from groundwire.cli import economics_accuracy
from groundwire.cli.context import out, print_json, utc_now
from groundwire.cli.economics_catalog import catalog_rows, shape_json
from groundwire.cli.economics_tables import (
    plain_table,
    print_assumptions,
    print_carbon,
    print_levers,
    print_margins,
    print_shape,
    print_tornado,
    print_usage,
    print_ways,
)
from groundwire.economics import application
from groundwire.economics.answer import break_even, frontier, quote
from groundwire.economics.catalog import Catalog, load_catalog
from groundwire.economics.compare import compare
from groundwire.economics.config_json import read_config
from groundwire.economics.levers import levers
from groundwire.economics.phrases import headline, money, number, percent, seconds, small_money
from groundwire.economics.report import (
    answer_json,
    break_even_json,
    comparison_json,
    frontier_json,
    levers_json,
    toml_of,
)
from groundwire.economics.scenario import Scenario
from groundwire.economics.sweep import sweep, sweep_batch, sweep_values
from groundwire.economics.usage import read_usage, usage_application
from groundwire.errors import EconomicsError

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="Unit economics of AI inference: what a request costs, what a user earns, what to change.",
    epilog="Start with: groundwire economics quote chat-assistant",
)

_FILE = f"A TOML application file, or an example: {', '.join(application.EXAMPLES)}."
File = Annotated[str, typer.Argument(metavar="FILE", help=_FILE)]
AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]
Own = Annotated[
    list[Path] | None,
    typer.Option(
        "--catalog", metavar="FILE", help="Your own models, devices, prices or grids (TOML), or a model's config.json."
    ),
]
Prices = Annotated[str | None, typer.Option("--on", metavar="DATE", help="API prices of this day; today if not given.")]


def _catalog(ctx: typer.Context, own: list[Path] | None) -> Catalog:
    """The shipped catalogue, the settings' files over it, the command's own over both."""
    settings = ctx.obj.settings if ctx.obj is not None else None
    known = [settings.home / name for name in settings.catalog_files] if settings else []
    return load_catalog([*known, *(own or ())])


def _scenario(ctx: typer.Context, file: str, own: list[Path] | None) -> Scenario:
    catalog = _catalog(ctx, own)
    if file in application.EXAMPLES and not Path(file).exists():
        return application.build(application.example(file), name=file, catalog=catalog)
    return application.read_application(file, catalog=catalog)


def _day(text: str | None) -> date:
    if text is None:
        return utc_now().date()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise EconomicsError("--on", f"{text!r} is not a date; write 2026-11-22") from error


@app.command("quote", epilog="Example: groundwire economics quote chat-assistant --json")
def quote_command(ctx: typer.Context, file: File, on: Prices = None, own: Own = None, as_json: AsJson = False) -> None:
    """Answer one application: what it costs, what it earns, what moves that."""
    scenario, day = _scenario(ctx, file, own), _day(on)
    answer = quote(scenario, on=day)
    crossing = break_even(scenario, on=day, sweep=answer.comparison.sweep)
    if as_json:
        curve = frontier_json(frontier(scenario, sweep=answer.comparison.sweep))
        print_json(answer_json(answer) | {"frontier": curve, "break_even": break_even_json(crossing)})
        return
    out.print(f"\n[bold]{escape(headline(answer))}[/]\n")
    print_ways(answer.comparison, limit=6)
    print_margins(answer)
    if crossing.at_users is not None and crossing.hosted_way is not None:
        users, api = number(crossing.at_users), escape(crossing.hosted_way.label)
        out.print(f"From {users} users on, own devices cost less than {api}.\n")
    print_tornado(answer)
    print_carbon(answer)
    print_assumptions(answer)


@app.command("compare", epilog="Example: groundwire economics compare coding-agent --all --top 30")
def compare_command(
    ctx: typer.Context,
    file: File,
    everything: Annotated[
        bool,
        typer.Option("--all", help="Every model of the catalogue, every format; quality is yours to judge."),
    ] = False,
    top: Annotated[int, typer.Option(min=1, max=200, help="Rows.")] = 20,
    on: Prices = None,
    own: Own = None,
    as_json: AsJson = False,
) -> None:
    """Rank all models, devices, number formats and APIs by what a request costs within the latency limits."""
    scenario = _scenario(ctx, file, own)
    models = list(scenario.catalog.models) if everything else None
    precisions = ("auto", "fp8", "int4", "nvfp4") if everything else None
    found = compare(scenario, on=_day(on), models=models, precisions=precisions, top=top)
    if as_json:
        print_json(comparison_json(found))
        return
    print_ways(found, limit=top)


@app.command("levers", epilog="Example: groundwire economics levers coding-agent")
def levers_command(ctx: typer.Context, file: File, on: Prices = None, own: Own = None, as_json: AsJson = False) -> None:
    """Rank what to change by money, alone and together; what runs today is the first of each list in the file."""
    report = levers(_scenario(ctx, file, own), on=_day(on))
    if as_json:
        print_json(levers_json(report))
        return
    print_levers(report)


@app.command("sweep", epilog="Example: groundwire economics sweep chat-assistant --vary users --values 1e4,1e5,1e6")
def sweep_command(
    ctx: typer.Context,
    file: File,
    vary: Annotated[str, typer.Option("--vary", help="A key of the file (users, tpot_s, …), or batch, context.")],
    values: Annotated[str, typer.Option("--values", help="Separated by commas; a tenth to ten times by default.")] = "",
    on: Prices = None,
    own: Own = None,
    as_json: AsJson = False,
) -> None:
    """Vary one number and watch cost, margin and speed."""
    scenario, day = _scenario(ctx, file, own), _day(on)
    if vary == "batch":
        _sweep_batch(scenario, day, as_json=as_json)
        return
    try:
        chosen = [float(v) for v in values.split(",") if v.strip()]
    except ValueError as error:
        raise EconomicsError("--values", f"{values!r} must be numbers separated by commas") from error
    points = sweep(scenario, vary, chosen or sweep_values(scenario, vary), on=day)
    if as_json:
        print_json({"vary": vary, "points": [asdict(point) for point in points]})
        return
    columns = (vary, "a request", "a month", "gross margin", "per token", "devices")
    table = plain_table(*columns, "cheapest", right=columns)
    for point in points:
        cost, margin = point.usd_per_request, point.gross_margin
        table.add_row(
            number(point.value, 4),
            "–" if cost is None else small_money(cost.p50),
            "–" if point.usd_per_month is None else money(point.usd_per_month),
            "–" if margin is None else percent(margin.p50),
            "–" if point.tpot is None else seconds(point.tpot),
            "–" if point.devices is None else number(point.devices, 2),
            escape(point.way),
        )
    out.print(table)


def _sweep_batch(scenario: Scenario, day: date, *, as_json: bool) -> None:
    points = sweep_batch(scenario, on=day)
    if as_json:
        print_json({"vary": "batch", "points": [asdict(p) for p in points]})
        return
    columns = ("in flight", "first token", "per token", "tokens/s", "USD/Mtoken out", "watts")
    table = plain_table(*columns, "waits for", "limits", right=columns)
    for p in points:
        table.add_row(
            number(p.concurrency), seconds(p.ttft), seconds(p.tpot), number(p.tokens_per_s),
            number(p.usd_per_mtok_output), number(p.power), p.binding, "kept" if p.within else "[red]missed[/]",
        )  # fmt: skip
    out.print(table)


@app.command("usage", epilog="Example: groundwire economics usage openai_usage.csv --toml > mine.toml")
def usage_command(
    file: Annotated[Path, typer.Argument(help="OpenAI or Anthropic usage, OpenTelemetry spans, LiteLLM spend logs.")],
    on: Prices = None,
    toml: Annotated[bool, typer.Option("--toml", help="Print the start of an application file.")] = False,
    as_json: AsJson = False,
) -> None:
    """Measure real usage: tokens per call, load over the day, and what it costs today."""
    found = read_usage(file, on=None if on is None else _day(on))
    if as_json:
        print_json(asdict(found))
    elif toml:
        out.print(toml_of(usage_application(found, name=file.stem)), markup=False)
    else:
        print_usage(found)


@app.command("model", epilog="Example: groundwire economics model ./Qwen3-32B/config.json")
def model_command(
    ctx: typer.Context,
    source: Annotated[str, typer.Argument(metavar="NAME|PATH", help="A catalogue name, or a config.json on disk.")],
    own: Own = None,
    as_json: AsJson = False,
) -> None:
    """Show a model's parameters, bytes and cache, computed from its shape, and which devices hold it."""
    catalog, path = _catalog(ctx, own), Path(source)
    shape = read_config(path) if path.suffix == ".json" or path.is_dir() else catalog.model_or_generic(source)
    if as_json:
        print_json(shape_json(shape))
    else:
        print_shape(shape, catalog)


@app.command("catalog", epilog="Example: groundwire economics catalog accelerators --find h200")
def catalog_command(
    ctx: typer.Context,
    what: Annotated[
        str, typer.Argument(help="models, accelerators, grids, cooling, precisions, hosted or formulas.")
    ] = "models",
    find: Annotated[str, typer.Option("--find", help="Only names that contain this; for hosted: provider/model.")] = "",
    own: Own = None,
    as_json: AsJson = False,
) -> None:
    """List what the workbench knows, each figure with its source."""
    rows = catalog_rows(_catalog(ctx, own), what, find.lower(), utc_now().date())
    if as_json:
        print_json({what: rows})
        return
    columns = list(rows[0])
    table = plain_table(*columns, right=tuple(c for c in columns if isinstance(rows[0][c], (int, float))))
    for row in rows:
        table.add_row(*(number(v, 4) if isinstance(v, (int, float)) else escape(str(v or "–")) for v in row.values()))
    out.print(table)


economics_accuracy.register(app)
