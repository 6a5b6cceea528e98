"""`groundwire readers add | list | remove`: who gets the recap by mail, ranked for whom."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Annotated

import typer

from groundwire.cli.context import context, out, print_json, utc_now
from groundwire.editions.reader import named
from groundwire.errors import GroundwireError
from groundwire.evidence.roles import AUDIENCES

app = typer.Typer(help="Who gets the recap by mail, and what is ranked higher for them.", no_args_is_help=True)
_ADDRESS = re.compile(r"[^@\s<>,;]{1,64}@[^@\s<>,;]{1,190}")
Address = Annotated[str, typer.Argument(metavar="ADDRESS")]


@app.command(epilog="Example: groundwire readers add ada@example.org --role engineers --topic chips --language en")
def add(
    ctx: typer.Context,
    address: Address,
    role: Annotated[list[str], typer.Option(help="A role of theirs; may be repeated.")] = [],  # noqa: B006  typer copies it
    topic: Annotated[list[str], typer.Option(help="A topic that they follow; may be repeated.")] = [],  # noqa: B006  the same
    language: Annotated[str, typer.Option(help="en or zh.", show_default="the settings' own")] = "",
) -> None:
    """Subscribe an address, or change what it is sent."""
    if not _ADDRESS.fullmatch(address):
        raise GroundwireError(f"{address!r} is no mail address; write name@host")
    if unknown := [r for r in role if r not in AUDIENCES]:
        raise GroundwireError(f"role {unknown[0]!r} is not known; known are {', '.join(AUDIENCES)}")
    if language not in ("", "en", "zh"):
        raise GroundwireError(f"language {language!r}; allowed are en and zh")
    with context(ctx).store() as store:
        store.mailings.join(address, named(role, topic), language, utc_now())
    out.print(f"{address} gets the weekly recap; `groundwire weekly --mail` sends it", markup=False)


@app.command("list")
def list_readers(
    ctx: typer.Context, as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False
) -> None:
    """List subscribers, those who left as well."""
    with context(ctx).store() as store:
        found = store.mailings.all()
    if as_json:
        print_json({"readers": [{k: v for k, v in asdict(s).items() if k != "token"} for s in found]})
        return
    for s in found:
        chosen = ", ".join((*s.interests.roles, *s.interests.topics)) or "as the settings say"
        left = f"  left {s.left_at:%Y-%m-%d}" if s.left_at else ""
        out.print(f"{s.address}  {chosen}{left}", markup=False)


@app.command(epilog="Example: groundwire readers remove ada@example.org")
def remove(ctx: typer.Context, address: Address) -> None:
    """Send an address nothing more."""
    with context(ctx).store() as store:
        store.mailings.known([address], utc_now())
        store.mailings.leave(address, utc_now())
    out.print(f"{address} gets no more mail", markup=False)
