"""`groundwire events | show | search`: reading in a terminal."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.padding import Padding
from rich.text import Text

from groundwire.briefs import from_json, statements, to_json
from groundwire.cli import page
from groundwire.cli.context import console, context, out, print_json
from groundwire.editions.markdown import event_markdown
from groundwire.editions.reader import match, named
from groundwire.errors import GroundwireError, NotFound
from groundwire.evidence.roles import AUDIENCES
from groundwire.storage import Store
from groundwire.storage.briefs import StoredBrief
from groundwire.types import Article, Brief, Event


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog="Example: groundwire events --json")(events)
    app.command(epilog="Example: groundwire show 2026-11-03-some-event --markdown")(show)
    app.command(epilog="Example: groundwire search 推理成本")(search)


RANKED = 128
"""Most important events among which a role chooses."""

AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]


def events(
    ctx: typer.Context,
    topic: Annotated[str | None, typer.Option(help="Only events on this topic.")] = None,
    role: Annotated[list[str], typer.Option(help="Events for this reader first, with why; may be repeated.")] = [],  # noqa: B006  typer copies it
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List events, most important (for you, if you name a role) first."""
    if unknown := [r for r in role if r not in AUDIENCES]:
        raise GroundwireError(f"role {unknown[0]!r} is not known; known are {', '.join(AUDIENCES)}")
    interests = named(role, [])
    with context(ctx).store() as store:
        found = store.events.page(topic=topic, limit=max(limit, RANKED) if interests else limit)
        documents = store.briefs.many([event.id for event in found])
        touched = {event.id: match(event, _brief(documents[event.id]), interests) for event in found}
        standing = store.events.standings(touched) if interests else {}
    if interests:
        found = sorted(found, key=lambda event: -(standing[event.id] + touched[event.id].lift))[:limit]
    if as_json:
        listed = [
            {**_summary(event, _brief(documents[event.id])), "match": asdict(touched[event.id])} for event in found
        ]
        print_json({"events": listed})
        return
    if not found:
        out.print("no events yet; `groundwire run --once` collects, `groundwire demo` shows a sample")
        return
    terminal = console()
    for number, event in enumerate(found, start=1):
        terminal.print(*page.listed(number, event, _brief(documents[event.id])), sep="\n")
        for fit in touched[event.id].roles:
            terminal.print(Padding(Text(f"for {fit.role}: {fit.words}", style="yellow"), (0, 0, 0, 4)))


def show(
    ctx: typer.Context,
    event: Annotated[str, typer.Argument(metavar="EVENT", help="Its slug, or its number.")],
    as_json: AsJson = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Markdown with citations.")] = False,
) -> None:
    """Show one event's brief, each statement with its source."""
    with context(ctx).store() as store:
        found, brief, articles = load_event(store, event)
    if as_json:
        print_json({**_summary(found, brief), "brief": to_json(brief)})
    elif markdown:
        out.print(event_markdown(found, brief, articles, context(ctx).settings.base_url), markup=False)
    else:
        shown = page.whole(found, brief, {article.id: article for article in articles})
        console().print(*shown, sep="\n")


def search(
    ctx: typer.Context,
    words: Annotated[list[str], typer.Argument(metavar="WORDS", help="English or Chinese; all must occur.")],
    as_json: AsJson = False,
) -> None:
    """Find events by words in their articles."""
    with context(ctx).store() as store:
        hits = store.search.find(" ".join(words))
    if as_json:
        print_json(
            {
                "events": [
                    {"id": hit.event_id, "slug": hit.slug, "title": hit.title, "articles": hit.articles} for hit in hits
                ]
            }
        )
        return
    terminal = console()
    for hit in hits:
        terminal.print(Text(hit.title, style="bold"), Padding(Text(hit.slug, style="cyan"), (0, 0, 0, 2)), sep="\n")
    if not hits:
        out.print("nothing found; fewer words find more")
        raise typer.Exit(1)


def load_event(store: Store, name: str) -> tuple[Event, Brief, list[Article]]:
    """An event by slug or number, its brief, and every article version that it has or cites; raises NotFound."""
    event = store.events.get(int(name)) if name.isdigit() else store.events.by_slug(name)
    stored = store.briefs.get(event.id)
    if stored is None:
        raise NotFound(f"event {event.slug} has no brief yet; `groundwire run --once` writes what is due")
    brief = _brief(stored)
    current = store.articles.of_event(event.id)
    cited = {citation.version_id for statement in statements(brief) for citation in statement.citations}
    return event, brief, current + store.articles.versions(sorted(cited - {article.id for article in current}))


def _brief(stored: StoredBrief) -> Brief:
    return from_json(json.loads(stored.document))


def _summary(event: Event, brief: Brief) -> dict[str, Any]:
    return {
        "id": event.id,
        "slug": event.slug,
        "headline": brief.headline.text,
        "hook": brief.hook.text if brief.hook else None,
        "language": event.language,
        "topics": list(event.topics),
        "articles": len(event.members),
        "origins": len({member.origin_id for member in event.members}),
        "first_published_at": event.first_published_at,
        "last_published_at": event.last_published_at,
    }
