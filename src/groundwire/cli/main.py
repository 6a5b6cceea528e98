"""The `groundwire` command: its top-level options, its commands, and how it fails."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from groundwire import __version__
from groundwire.cli import bill, demo, doctor, economics, forecasts, publish, read, run, sources, weekly, worker
from groundwire.cli.context import Context, err
from groundwire.errors import GroundwireError

app = typer.Typer(
    name="groundwire",
    no_args_is_help=True,
    rich_markup_mode="rich",
    add_completion=False,
    help="News you can check, about the AI industry, that ends in your own numbers.",
    epilog="Start with: groundwire demo",
)


def _version(value: bool) -> None:
    if value:
        typer.echo(f"groundwire {__version__}")
        raise typer.Exit


@app.callback()
def top(
    ctx: typer.Context,
    home: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Holds database and settings. [env: GROUNDWIRE_HOME]", show_default=False),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Options that come before the command (--home may also stand after it)."""
    del version  # handled by its callback
    ctx.obj = Context(home=home)


demo.register(app)
app.add_typer(sources.app, name="sources")
run.register(app)
worker.register(app)
read.register(app)
publish.register(app)
weekly.register(app)
doctor.register(app)
bill.register(app)
app.add_typer(forecasts.app, name="forecasts")
app.add_typer(economics.app, name="economics")


def main() -> None:
    """Run the command line; what we foresee ends in one line on standard error and exit status 1."""
    try:
        app(args=_home_first(sys.argv[1:]), prog_name="groundwire")
    except GroundwireError as error:
        err.print(f"groundwire: {error}", markup=False)
        sys.exit(1)
    except KeyboardInterrupt:
        err.print("groundwire: stopped; run again to go on where it was")
        sys.exit(130)


def _home_first(arguments: list[str]) -> list[str]:
    """Let ``--home DIR`` stand anywhere: people type it last."""
    for i, word in enumerate(arguments):
        if word == "--":
            break
        if word == "--home" and i + 1 < len(arguments):
            return [*arguments[i : i + 2], *arguments[:i], *arguments[i + 2 :]]
        if word.startswith("--home="):
            return [word, *arguments[:i], *arguments[i + 1 :]]
    return arguments
