"""`groundwire events | show | search`: reading in a terminal."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer
from rich.padding import Padding
from rich.text import Text

from groundwire.briefs import from_json, statements, to_json
from groundwire.cli import page
from groundwire.cli.context import console, context, out, print_json
from groundwire.editions.markdown import event_markdown
from groundwire.errors import NotFound
from groundwire.storage import Store
from groundwire.storage.briefs import StoredBrief
from groundwire.types import Article, Brief, Event


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog="Example: groundwire events --json")(events)
    app.command(epilog="Example: groundwire show 2026-11-03-some-event --markdown")(show)
    app.command(epilog="Example: groundwire search 推理成本")(search)


AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]


def events(
    ctx: typer.Context,
    topic: Annotated[str | None, typer.Option(help="Only events on this topic.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List events, most important first."""
    with context(ctx).store() as store:
        found = store.events.page(topic=topic, limit=limit)
        documents = store.briefs.many([event.id for event in found])
    if as_json:
        print_json({"events": [_summary(event, _brief(documents[event.id])) for event in found]})
        return
    if not found:
        out.print("no events yet; `groundwire run --once` collects, `groundwire demo` shows a sample")
        return
    terminal = console()
    for number, event in enumerate(found, start=1):
        terminal.print(*page.listed(number, event, _brief(documents[event.id])), sep="\n")


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
