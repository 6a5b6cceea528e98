"""`groundwire bill`: what the desk's own work cost."""

from __future__ import annotations

from typing import Annotated

import typer

from groundwire.bill import bill
from groundwire.cli.context import context, out, print_json
from groundwire.web.plain import plain
from groundwire.web.views.bill import Taken, amount, between, bill_page


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("bill", epilog="Example: groundwire bill --json")(own_bill)


def own_bill(
    ctx: typer.Context, as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False
) -> None:
    """Show what the desk's own work took: processor seconds, calls of models, energy, gases, money."""
    settings = context(ctx).settings
    with context(ctx).store() as store:
        page = bill_page(bill(store.work.done(), store.work.asked(), settings), settings)
    if as_json:
        print_json(plain(page))
        return
    if not page.stages and not page.models:
        out.print("nothing has been measured yet; `groundwire run --once` books what it takes")
        return
    for stage in page.stages:
        out.print(f"{stage.stage:8} {stage.number:6}  {stage.processor_s:8.2f} s   {_words(stage.taken)}")
    for model in page.models:
        tokens = f"{model.calls} calls, {model.input_tokens} + {model.output_tokens} tokens"
        unknown = f" (energy unknown: {model.unknown})" if model.unknown else ""
        out.print(f"{model.model}: {tokens}   {_words(model.taken)}{unknown}", markup=False)
    least = "" if page.complete else "at least "
    out.print(f"[bold]all      {page.briefs:6} briefs {page.processor_s:.2f} s   {least}{_words(page.taken)}[/]")
    for key, value, source in page.assumed:
        out.print(f"[dim]{key} {value.mid:.3g} ({value.low:.3g} to {value.high:.3g}): {source}[/]", highlight=False)


def _words(taken: Taken) -> str:
    energy = f"{amount(taken.energy_wh, 'Wh')} ({between(taken.energy_wh, 'Wh') or 'exact'})"
    return f"{energy}, {amount(taken.co2e_g, 'g')} CO2e, {amount(taken.usd, '$')}"
