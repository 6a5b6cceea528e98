"""`groundwire doctor`: versions, disk, database, sources; what is slow or broken."""

from __future__ import annotations

import platform
import shutil
from dataclasses import dataclass
from importlib.metadata import version
from typing import Annotated, Literal

import typer
from rich.markup import escape

from groundwire import __version__
from groundwire.cli.context import context, out, print_json, utc_now
from groundwire.errors import SettingsError
from groundwire.llm import LanguageModel, ModelError, configured, configured_judge
from groundwire.settings import Settings
from groundwire.storage import Store
from groundwire.storage.queue import Queue

LOW_DISK_BYTES = 500 * 2**20


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report."""

    name: str
    state: Literal["ok", "warn", "broken"]
    detail: str


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: groundwire doctor --json")(doctor)


def doctor(ctx: typer.Context, as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False) -> None:
    """Check versions, disk, database and sources; exit status 1 if something is broken."""
    settings = context(ctx).settings
    with context(ctx).store() as store:
        findings = [
            *_machine(settings),
            *_database(store),
            *_sources(store),
            *_workers(store),
            *_models(store, settings),
        ]
    if as_json:
        print_json({"findings": [{"name": f.name, "state": f.state, "detail": f.detail} for f in findings]})
    else:
        colours = {"ok": "green", "warn": "yellow", "broken": "red"}
        for finding in findings:
            out.print(f"[{colours[finding.state]}]{finding.state:<6}[/] {finding.name}: {escape(finding.detail)}")
    if any(finding.state == "broken" for finding in findings):
        raise typer.Exit(1)


def _machine(settings: Settings) -> list[Finding]:
    free = shutil.disk_usage(settings.home).free
    libraries = ", ".join(f"{name} {version(name)}" for name in ("aiohttp", "trafilatura", "sqlalchemy", "fastapi"))
    return [
        Finding("groundwire", "ok", f"{__version__} on Python {platform.python_version()}, {libraries}"),
        Finding("home", "ok", str(settings.home)),
        Finding("disk", "warn" if free < LOW_DISK_BYTES else "ok", f"{free / 2**30:.1f} GiB free"),
    ]


def _database(store: Store) -> list[Finding]:
    version, safe = store.database.server
    remedy = "" if safe else "; older than 3.51.3 it can lose data with several writers: install pysqlite3"
    problem = store.database.damage()
    findings = [
        Finding("engine", "ok" if safe else "warn", f"{version}{remedy}"),
        Finding("database", "broken" if problem else "ok", problem or "no damage found"),
    ]
    findings.append(
        Finding("articles", "ok", f"{store.articles.count()} articles, {store.events.count_due()} events due")
    )
    return findings


def _workers(store: Store) -> list[Finding]:
    if store.database.is_sqlite:
        return []
    state = Queue(store.database).state()
    if state.last_sign_at is None and not state.waiting and not state.running:
        return [Finding("workers", "ok", "none; `groundwire run` does the work, or start `groundwire worker`")]
    waiting = ", ".join(f"{count} {task}" for task, count in state.waiting.items()) or "nothing"
    running = ", ".join(f"{count} {task}" for task, count in state.running.items()) or "nothing"
    silence = (utc_now() - state.last_sign_at).total_seconds() if state.last_sign_at else None
    sign = "never gave a sign of life" if silence is None else f"last sign of life {max(silence, 0):.0f} s ago"
    detail = f"{len(state.workers)} at work ({', '.join(state.workers)}); {sign}" if state.workers else f"none; {sign}"
    later = f"; {state.retrying} failed and wait for another try" if state.retrying else ""
    return [
        Finding("workers", "ok" if state.workers else "warn", detail),
        Finding("queue", "warn" if state.retrying else "ok", f"waiting: {waiting}; under way: {running}{later}"),
    ]


def _models(store: Store, settings: Settings) -> list[Finding]:
    if not settings.model:
        return [Finding("model", "ok", "none; every brief is extractive, and nothing is missed (docs/analysis.md)")]
    try:
        named = {"model": configured(settings), "judge_model": configured_judge(settings)}
    except SettingsError as error:
        return [Finding("model", "broken", str(error))]
    findings = [_reached(setting, model) for setting, model in named.items() if model is not None]
    for reason, number in store.model_calls.waiting():
        findings.append(Finding("model", "warn", f"briefs to be written again, {number}, because: {reason}"))
    return findings


def _reached(setting: str, model: LanguageModel) -> Finding:
    """Whether an endpoint serves a model, by its own list: nothing is asked, and nothing spent."""
    try:
        served = model.served()
    except ModelError as error:
        return Finding(setting, "broken", str(error))
    price = model.price(1_000_000, 0), model.price(0, 1_000_000)
    cost = "no list price: model_budget_tokens alone bounds a run"
    if price[0] is not None and price[1] is not None:
        cost = f"${price[0]:.2f} a million tokens in, ${price[1]:.2f} out"
    if served is None:
        return Finding(setting, "ok", f"{model.name}; its endpoint answers, and doesn't tell what it serves; {cost}")
    if model.name in served:
        return Finding(setting, "ok", f"{model.name} is served; {cost}")
    others = ", ".join("".join(c for c in name[:60] if c.isprintable()) for name in served[:8])
    more = f" and {len(served) - 8} more" if len(served) > 8 else ""
    return Finding(setting, "warn", f"{model.name} is not among what its endpoint lists: {others}{more}")


def _sources(store: Store) -> list[Finding]:
    health = store.sources.health(utc_now())
    if not health:
        return [Finding("sources", "warn", "none yet; try: groundwire sources import starter")]
    counts: dict[str, int] = {}
    for entry in health:
        counts[entry.word] = counts.get(entry.word, 0) + 1
    words = ", ".join(f"{count} {word}" for word, count in sorted(counts.items()))
    findings = [Finding("sources", "ok", f"{len(health)}: {words}")]
    findings += [
        Finding(
            f"source {h.source.id}", "warn", f"{h.source.title}: {h.word}; {h.state.last_error or 'no reason recorded'}"
        )
        for h in health
        if h.word in ("failing", "gone")
    ]
    findings += [
        Finding(f"source {h.source.id}", "warn", f"{h.source.title}: slow, {h.last_poll.elapsed_s:.1f} s")
        for h in health
        if h.word == "slow" and h.last_poll
    ]
    return findings
