"""`groundwire worker`: one of any number of workers on one PostgreSQL database."""

from __future__ import annotations

import asyncio
import signal
from datetime import timedelta

import typer

from groundwire import pipeline
from groundwire.cli.context import context, err, utc_now
from groundwire.cli.sources import AllowHost
from groundwire.errors import GroundwireError
from groundwire.settings import Settings
from groundwire.storage import Store
from groundwire.storage.queue import Queue

TOGETHER = "groundwire workers"
"""Under this name all workers hold the lease that keeps `groundwire run` apart."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        epilog="Example: GROUNDWIRE_DATABASE_URL=postgresql+psycopg://groundwire@db/groundwire groundwire worker"
    )(worker)


def worker(ctx: typer.Context, allow_host: AllowHost = []) -> None:  # noqa: B006  typer copies it
    """Share the work of `groundwire run` with other workers, on this and other machines, over one PostgreSQL database.

    Takes one job after the other until stopped (Ctrl-C, SIGTERM); what it has not finished, others do.
    """
    settings = context(ctx).with_hosts(allow_host)
    with context(ctx).store() as store:
        queue = Queue(store.database)
        silence = timedelta(seconds=settings.worker_silence_s)
        with pipeline.only_run(store, utc_now, TOGETHER, keep=lambda: queue.others_alive(silence)):
            asyncio.run(_work(store, settings))


async def _work(store: Store, settings: Settings) -> None:
    try:
        from groundwire.pipeline.tasks import Crew
    except ImportError as error:
        raise GroundwireError(
            f"workers need the package {error.name}; install it with: pip install 'groundwire[postgres]'"
        ) from error
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, stop.set)
    async with pipeline.Desk(store, settings) as desk:
        crew = Crew(store, settings, desk, utc_now, _Problems(), _say)
        _say(f"at work: {pipeline.this_process()}")
        await crew.run(stop)
    _say("stopped; what was left is still due")


class _Problems:
    """Progress of which only the problems are printed."""

    def start(self, stage: str, total: int) -> None: ...

    def advance(self, stage: str, count: int = 1) -> None: ...

    def problem(self, stage: str, words: str) -> None:
        err.print(f"problem: {stage}: {words}", markup=False)


def _say(words: str) -> None:
    err.print(words, markup=False, highlight=False)
