"""`groundwire withheld`: what a model proposed and the checks did not let through, for whoever runs the desk."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

import typer

from groundwire.cli.context import context, out, print_json
from groundwire.text import one_line


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: groundwire withheld 2026-11-03-some-event")(withheld)


def withheld(
    ctx: typer.Context,
    event: Annotated[str | None, typer.Argument(metavar="EVENT", help="Its slug, or its number; else all.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """List statements that a model wrote and no page shows, with everything that speaks against them."""
    with context(ctx).store() as store:
        chosen = (
            None if event is None else store.events.get(int(event)) if event.isdigit() else store.events.by_slug(event)
        )
        found = store.model_calls.all_withheld(None if chosen is None else chosen.id)
    if as_json:
        names = ("event", "section", "text", "reasons")
        print_json({"withheld": [dict(zip(names, row, strict=True)) for row in found[:limit]], "count": len(found)})
        return
    if not found:
        out.print("nothing is withheld")
        return
    for slug, section, text, reasons in found[:limit]:
        out.print(f"{slug} {one_line(section)}: {one_line(text, 1000)}", markup=False)
        for reason in reasons:
            out.print(f"    {one_line(reason)}", markup=False, style="yellow")
    first = Counter(reasons[0].split(":")[0] if reasons else "unknown" for *_, reasons in found)
    told = ", ".join(f"{one_line(kind)} {count}" for kind, count in first.most_common())
    out.print(f"{len(found)} withheld, by the first reason: {told}", markup=False, style="bold")
