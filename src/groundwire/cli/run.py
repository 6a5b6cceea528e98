"""`groundwire run`: collect, build, brief what is due."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as RichProgress

from groundwire import pipeline
from groundwire.cli.context import context, err, out, print_json, utc_now
from groundwire.cli.sources import AllowHost
from groundwire.settings import Settings
from groundwire.storage import Store

STAGE_WORDS = {
    "collect": "Polling sources",
    "read": "Reading pages",
    "recheck": "Looking again",
    "events": "Building events",
    "briefs": "Writing briefs",
}
LONGEST_NAP_S = 60.0


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: groundwire run --once")(run)


def run(
    ctx: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="Do what is due now, then stop.")] = False,
    allow_host: AllowHost = [],  # noqa: B006  typer copies it
    as_json: Annotated[bool, typer.Option("--json", help="For programs: a report for each round.")] = False,
) -> None:
    """Collect, build events, write briefs: what is due. Without --once it keeps going."""
    settings = context(ctx).with_hosts(allow_host)
    with context(ctx).store() as store, pipeline.only_run(store, utc_now):
        while True:
            report = run_round(store, settings)
            if as_json:
                print_json({name: getattr(report, name) for name in pipeline.Report.__slots__})
            elif once or report.new_entries or report.briefs:
                out.print(summary(report))
            if once:
                return
            wake = store.sources.next_due_at()
            until = (wake - utc_now()).total_seconds() if wake else LONGEST_NAP_S
            time.sleep(min(max(until, 1.0), LONGEST_NAP_S))


def run_round(store: Store, settings: Settings) -> pipeline.Report:
    """One round with progress bars on standard error."""
    with progress_bars() as bars:
        return asyncio.run(pipeline.run_once(store, settings, utc_now, bars))


@contextmanager
def progress_bars() -> Iterator[Bars]:
    """Bars on standard error for the length of a ``with`` block, then the problems that they were told of."""
    bars = Bars()
    with bars.display:
        yield bars
    for words in bars.problems:
        err.print(f"problem: {words}", markup=False)


def summary(report: pipeline.Report) -> str:
    """The round in one line."""
    parts = [
        f"{report.polled} sources polled ({report.not_modified} unchanged, {report.failed_sources} failed)",
        f"{report.new_entries} new entries",
        f"{report.articles} articles",
        f"{report.placed} placed into events",
        f"{report.briefs} briefs",
    ]
    return ", ".join(parts)


class Bars:
    """Progress bars of the pipeline's stages."""

    def __init__(self) -> None:
        self.display = RichProgress(
            TextColumn("{task.description:<16}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=err
        )
        self.problems: list[str] = []
        self._tasks: dict[str, TaskID] = {}

    def start(self, stage: str, total: int) -> None:
        """A stage begins; when it has run before, its bar grows."""
        if stage not in self._tasks:
            self._tasks[stage] = self.display.add_task(STAGE_WORDS[stage], total=0)
        task = self._tasks[stage]
        self.display.update(task, total=(self.display.tasks[task].total or 0) + total)

    def advance(self, stage: str, count: int = 1) -> None:
        """So many more items are done."""
        task = self.display.tasks[self._tasks[stage]]
        done = task.completed + count
        self.display.update(task.id, completed=done, total=max(done, task.total or 0))

    def problem(self, stage: str, words: str) -> None:
        """Kept and printed after the bars."""
        self.problems.append(f"{STAGE_WORDS[stage].lower()}: {words}")
