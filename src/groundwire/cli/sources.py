"""`groundwire sources …`: what is collected."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from groundwire.cli.context import context, err, out, print_json, utc_now
from groundwire.collect.opml import render_opml
from groundwire.subscribe import add_url, import_opml

app = typer.Typer(no_args_is_help=True, help="What is collected: add, import, export, list.")

AllowHost = Annotated[
    list[str],
    typer.Option("--allow-host", metavar="HOST:PORT", help="A private address that may be fetched all the same."),
]


@app.command(epilog="Example: groundwire sources add https://www.example.org/blog")
def add(
    ctx: typer.Context,
    url: Annotated[str, typer.Argument(help="A feed, or a page that names its feed.")],
    allow_host: AllowHost = [],  # noqa: B006  typer copies it
) -> None:
    """Add a source: a feed's address, or a page that names one."""
    settings = context(ctx).with_hosts(allow_host)
    with context(ctx).store() as store:
        source = asyncio.run(add_url(store, settings, url, utc_now))
        out.print(f"added {source.id}: {source.title} <{source.url}>", markup=False)


@app.command("import", epilog="Example: groundwire sources import my-feeds.opml")
def import_(
    ctx: typer.Context,
    where: Annotated[str, typer.Argument(metavar="FILE-or-URL", help="An OPML file, its URL, or 'starter'.")],
    allow_host: AllowHost = [],  # noqa: B006  typer copies it
) -> None:
    """Import an OPML file (nested folders become topics); `starter` is the list that ships."""
    settings = context(ctx).with_hosts(allow_host)
    with context(ctx).store() as store:
        added, known = asyncio.run(import_opml(store, settings, where, utc_now))
        out.print(f"{added} sources added, {known} were there already")


@app.command(epilog="Example: groundwire sources export my-feeds.opml")
def export(
    ctx: typer.Context,
    file: Annotated[Path | None, typer.Argument(help="Where to; standard output if left out.")] = None,
) -> None:
    """Write all sources as OPML."""
    with context(ctx).store() as store:
        document = render_opml(store.sources.all(), "Groundwire sources")
    if file is None:
        out.print(document, markup=False)
    else:
        file.write_text(document, encoding="utf-8")
        err.print(f"written to {file}", markup=False)


@app.command("list", epilog="Example: groundwire sources list --json")
def list_(ctx: typer.Context, as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False) -> None:
    """Show every source with its health."""
    with context(ctx).store() as store:
        health = store.sources.health(utc_now())
    if as_json:
        rows = [
            {
                "id": h.source.id,
                "title": h.source.title,
                "url": h.source.url,
                "language": h.source.language,
                "topics": list(h.source.topics),
                "health": h.word,
                "last_success_at": h.state.last_success_at,
                "last_error": h.state.last_error,
                "next_poll_at": h.state.next_poll_at,
                "articles": h.articles,
                "articles_per_week": h.articles_per_week,
                "latency_s": h.latency_s,
            }
            for h in health
        ]
        print_json({"sources": rows})
        return
    if not health:
        out.print("no sources yet; try: groundwire sources import starter")
        return
    table = Table(
        "id", "source", "health", "articles", "a week", "latency", "last error", box=None, header_style="bold"
    )
    for h in health:
        latency = "" if h.latency_s is None else f"{h.latency_s / 60:.0f} min"
        table.add_row(
            str(h.source.id),
            h.source.title,
            h.word,
            str(h.articles),
            f"{h.articles_per_week:.1f}",
            latency,
            h.state.last_error or "",
        )
    out.print(table)


@app.command(epilog="Example: groundwire sources pause 12")
def pause(ctx: typer.Context, source_id: Annotated[int, typer.Argument(help="As `sources list` shows it.")]) -> None:
    """Stop polling a source; its articles stay."""
    with context(ctx).store() as store:
        store.sources.set_paused(source_id, paused=True)


@app.command(epilog="Example: groundwire sources resume 12")
def resume(ctx: typer.Context, source_id: Annotated[int, typer.Argument(help="As `sources list` shows it.")]) -> None:
    """Poll a source again, also one that was gone."""
    with context(ctx).store() as store:
        store.sources.set_paused(source_id, paused=False)
