"""`groundwire demo`: three weeks of the sample wire, collected over HTTP, built, briefed and served."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from groundwire import pipeline
from groundwire.cli.context import context, err, out, utc_now
from groundwire.cli.publish import serve_site
from groundwire.cli.run import Bars, progress_bars, summary
from groundwire.errors import GroundwireError
from groundwire.sample.server import SampleWire, serve_sample
from groundwire.sample.wire import articles, outlooks, verdicts
from groundwire.settings import DEFAULT_HOME, Settings, load
from groundwire.storage import Store
from groundwire.subscribe import import_opml

POLL_EVERY = timedelta(minutes=80)
"""How often the replay looks at the wire while articles keep coming."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: groundwire demo --no-serve")(demo)


def demo(
    ctx: typer.Context,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Stop when the pages are built.")] = False,
    port: Annotated[int | None, typer.Option(min=0, max=65_535, help="For the site; 0 picks a free one.")] = None,
) -> None:
    """Collect the sample wire (made-up news), build its events and briefs, serve the site.

    Keeps its data in a folder of its own unless --home or GROUNDWIRE_HOME names one.
    """
    named = context(ctx).home is not None or "GROUNDWIRE_HOME" in os.environ
    home = context(ctx).settings.home if named else DEFAULT_HOME / "demo"
    home.mkdir(parents=True, exist_ok=True)
    base, wire_port = _wire_of(home)
    try:
        wire_server = serve_sample(base, wire_port, with_outlooks=True)
        with wire_server as wire:
            settings = load(home, allow_hosts=(*load(home).allow_hosts, wire.host), port=port)
            _remember(home, base, wire)
            with Store(settings.url) as store:
                err.print(f"Sample wire (made-up news) at {wire.url}/", markup=False)
                report = collect_sample(store, settings, wire, base)
                out.print(summary(report))
                out.print(f"{len(store.events.page(limit=1_000))} events in {home}", markup=False)
                if not no_serve:
                    serve_site(store, settings, utc_now)
    except OSError as error:
        raise GroundwireError(
            f"port {wire_port} for the sample wire: {error.strerror}; is another demo running?"
        ) from error
    if no_serve:
        out.print(f"Look at it: groundwire serve --home {home}", markup=False)


def collect_sample(store: Store, settings: Settings, wire: SampleWire, base: datetime) -> pipeline.Report:
    """Replay the wire: poll as articles come out, with the clock of then, so that freshness and updates are real."""
    report = pipeline.Report()
    asyncio.run(import_opml(store, settings, wire.opml_url, utc_now))
    done = store.sources.last_success_at()
    with progress_bars() as bars, pipeline.only_run(store, utc_now):
        asyncio.run(
            _replay(store, settings, wire, [at for at in moments(base) if done is None or at > done], bars, report)
        )
        _decide(store, base)
    return report


def _decide(store: Store, base: datetime) -> None:
    """Enter the verdicts that the sample's made-up reader gave; one that a person here gave since stands."""
    for kept in store.forecasts.all():
        for decided in verdicts(base):
            if kept.outcome is None and kept.forecast.rule is not None and decided.words in kept.forecast.text:
                store.forecasts.resolve(
                    kept.id, decided.verdict, note=decided.note, decided_by="person", now=decided.at
                )


async def _replay(
    store: Store, settings: Settings, wire: SampleWire, polls: Sequence[datetime], bars: Bars, report: pipeline.Report
) -> None:
    async with pipeline.Desk(store, settings) as desk:
        for at in polls:
            wire.show_until(at)
            store.sources.wake()  # it is our own server: it need not be spared
            await desk.run(_clock(at), bars, report)
        wire.show_until(None)
        wire.correct()
        store.sources.wake()
        await desk.run(utc_now, bars, report)


def moments(base: datetime) -> Iterator[datetime]:
    """When the replay polls: a while after articles came out, never sooner than ``POLL_EVERY`` after the last time."""
    last = None
    for published in sorted(article.published_at for article in (*articles(base), *outlooks(base))):
        if last is None or published > last:
            last = published + POLL_EVERY
            if last < base:
                yield last


def _clock(at: datetime) -> pipeline.Clock:
    return lambda: at


def _wire_of(home: Path) -> tuple[datetime, int]:
    """Base date and port of this home's sample wire: the same each time, or its articles would be new ones."""
    path = home / "demo.json"
    if not path.exists():
        return datetime.now(UTC).replace(second=0, microsecond=0), 0
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
        return datetime.fromisoformat(known["base"]), int(known["port"])
    except (ValueError, KeyError, TypeError) as error:
        raise GroundwireError(f"{path}: can't be read ({error}); remove the folder {home} and start again") from error


def _remember(home: Path, base: datetime, wire: SampleWire) -> None:
    port = int(wire.host.rpartition(":")[2])
    (home / "demo.json").write_text(json.dumps({"base": base.isoformat(), "port": port}), encoding="utf-8")
