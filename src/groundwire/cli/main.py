"""The `groundwire` command: its top-level options, its commands, and how it fails.

A command's module is imported when it is asked for: the workbench then starts without the desk, and help about one
command without all the others.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Annotated, Final

import typer

from groundwire import __version__
from groundwire.cli.context import Context, err
from groundwire.errors import GroundwireError

MODULES: Final = {
    "demo": "demo", "sources": "sources", "run": "run", "worker": "worker", "events": "read", "show": "read",
    "search": "read", "serve": "publish", "verify": "publish", "export": "publish", "token": "publish",
    "weekly": "weekly", "doctor": "doctor", "bill": "bill", "withheld": "withheld", "forecasts": "forecasts",
    "readers": "readers", "economics": "economics",
}  # fmt: skip
"""Command -> the module that has it, in the order of the help."""


def _version(value: bool) -> None:
    if value:
        typer.echo(f"groundwire {__version__}")
        raise typer.Exit


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


def build(arguments: Sequence[str] = ()) -> typer.Typer:
    """The command line, with the command that the arguments name, or with all of them.

    Args:
        arguments: As typed, the home folder first (``_home_first``).
    """
    app = typer.Typer(
        name="groundwire",
        no_args_is_help=True,
        rich_markup_mode="rich",
        add_completion=False,
        help="News you can check, about the AI industry, that ends in your own numbers.",
        epilog="Start with: groundwire demo",
    )
    app.callback()(top)
    rest = arguments[2:] if arguments and arguments[0] == "--home" else arguments
    rest = [word for word in rest if not word.startswith("--home=")]
    asked = MODULES.get(rest[0]) if rest else None
    for name in dict.fromkeys(MODULES.values()):
        if asked in (None, name) and list(rest) != ["--version"]:
            _add(app, name, importlib.import_module(f"groundwire.cli.{name}"))
    return app


def _add(app: typer.Typer, name: str, module: ModuleType) -> None:
    """A module has a group of commands as its ``app``, or registers its commands itself."""
    if group := getattr(module, "app", None):
        app.add_typer(group, name=name)
    else:
        module.register(app)


def main() -> None:
    """Run the command line; what we foresee ends in one line on standard error and exit status 1."""
    try:
        arguments = _home_first(sys.argv[1:])
        build(arguments)(args=arguments, prog_name="groundwire")
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
