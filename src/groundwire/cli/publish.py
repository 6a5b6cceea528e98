"""`groundwire serve | verify | export | token`: what leaves the desk."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from groundwire.cli.context import context, err, out, print_json, utc_now
from groundwire.errors import GroundwireError
from groundwire.settings import Settings
from groundwire.storage import Store
from groundwire.subscribe import add_url
from groundwire.types import Source
from groundwire.verify import verify as check_everything
from groundwire.web.app import create_app
from groundwire.web.server import listen, server
from groundwire.web.static_copy import export_site
from groundwire.web.token import access_token

GIVE_WAY_S = 0.0005
"""After so long a thread that renders lets the one that answers go on; Python's own 5 ms add up in each answer. [s]"""


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog="Example: groundwire serve --port 8700")(serve)
    app.command(epilog="Example: groundwire verify --json")(verify)
    app.command(epilog="Example: groundwire export public/")(export)
    app.command(epilog="Example: groundwire token")(token)


def serve(
    ctx: typer.Context,
    port: Annotated[
        int | None, typer.Option(min=0, max=65_535, help="0 picks a free one.", show_default="8700")
    ] = None,
) -> None:
    """Serve the site on 127.0.0.1."""
    settings = context(ctx).settings
    with context(ctx).store() as store:
        serve_site(store, settings if port is None else replace(settings, port=port), utc_now)


def serve_site(store: Store, settings: Settings, now: Callable[[], datetime]) -> None:
    """Serve until interrupted; prints the address and how to get the right to change things."""
    try:
        listener = listen(settings.port)
    except OSError as error:
        raise GroundwireError(f"port {settings.port}: {error.strerror}; choose another with --port") from error
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    if settings.base_url == Settings(home=settings.home).base_url:  # nobody says otherwise: readers come here
        settings = replace(settings, base_url=address)

    async def add_source(url: str) -> Source:
        return await add_url(store, settings, url, now)

    app = create_app(store, settings, token=access_token(settings.home), now=now, add_source=add_source)
    out.print(f"Groundwire is at {address}/ (Ctrl-C stops it)", markup=False)
    err.print(f"To pin, merge, split or hide: {address}/token with what `groundwire token` prints", markup=False)
    sys.setswitchinterval(GIVE_WAY_S)
    server(app).run(sockets=[listener])


def verify(ctx: typer.Context, as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False) -> None:
    """Re-check every published citation against the stored article text; exit status 1 if one is false."""
    with context(ctx).store() as store:
        result = check_everything(store)
    if as_json:
        print_json({"checked": result.checked, "false": [asdict(falsehood) for falsehood in result.false]})
    else:
        for falsehood in result.false:
            words = f"{falsehood.event} {falsehood.section}: {falsehood.statement!r} {falsehood.reason}"
            out.print(f"FALSE {words}", markup=False)
        out.print(
            f"{result.checked} citations on {result.events} pages checked against {result.versions} stored texts, "
            f"character for character: {len(result.false)} false"
        )
    if result.false:
        raise typer.Exit(1)


def export(
    ctx: typer.Context, directory: Annotated[Path, typer.Argument(metavar="DIR", help="Made if it is not there.")]
) -> None:
    """Write a static copy of the site; a second run writes the same bytes."""
    with context(ctx).store() as store:
        written = export_site(store, context(ctx).settings, directory)
    out.print(f"{written} files in {directory}", markup=False)


def token(ctx: typer.Context) -> None:
    """Print the token that allows changes in the browser and the API; keep it to yourself."""
    out.print(access_token(context(ctx).settings.home), markup=False)
