"""What every command needs: settings, the store, the clock, and how to print."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console

from groundwire.settings import Settings, load

if TYPE_CHECKING:
    from groundwire.storage import Store

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)
WIDEST = 100
"""Columns; longer lines are hard to read."""


@dataclass(slots=True)
class Context:
    """Given by the top-level options to each command."""

    home: Path | None = None
    settings: Settings = field(init=False)

    def __post_init__(self) -> None:
        self.settings = load(self.home)

    def with_hosts(self, hosts: list[str]) -> Settings:
        """The settings with more private addresses allowed by name."""
        return load(self.home, allow_hosts=(*self.settings.allow_hosts, *hosts)) if hosts else self.settings

    @contextmanager
    def store(self) -> Iterator[Store]:
        """The store in the home folder, made if it is not there."""
        from groundwire.storage import Store  # half a second that the workbench's commands are spared

        self.settings.home.mkdir(parents=True, exist_ok=True)
        with Store(self.settings.url) as opened:
            yield opened


def context(ctx: typer.Context) -> Context:
    """The context that the top-level options made."""
    found: Context = ctx.obj
    return found


def console() -> Console:
    """Wraps to the terminal, or to 80 columns in a pipe; nothing is cut."""
    found = Console(highlight=False)
    found.width = min(found.width, WIDEST)
    return found


def utc_now() -> datetime:
    """The clock: the one place where the command line reads it."""
    return datetime.now(UTC)


def print_json(value: Mapping[str, Any]) -> None:
    """One JSON object on standard output, for programs."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2, default=_plain)
    sys.stdout.write("\n")


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    raise TypeError(f"{type(value).__name__} has no JSON form")
