"""What the site gives to machines: feeds, subscription list, JSON and Markdown; the same for every reader."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from groundwire.collect.opml import render_opml
from groundwire.editions import feeds
from groundwire.editions.markdown import event_markdown
from groundwire.errors import NotFound
from groundwire.storage.corrections import Logged
from groundwire.web import desk, pages
from groundwire.web.caching import Lifetime, Rendered
from groundwire.web.desk import Listed
from groundwire.web.links import topic_url
from groundwire.web.messages import messages
from groundwire.web.site import Site, json_page
from groundwire.web.views.parts import lead_of
from groundwire.web.views.proof import web_address

FEED_LENGTH: Final = 50
MOST_CORRECTIONS: Final = 3
"""Of an event, told in its feed entry."""
MARKDOWN: Final = "text/markdown; charset=utf-8"
OPML: Final = "text/x-opml; charset=utf-8"


def atom(site: Site, topic: str | None = None) -> Rendered:
    """The newest events as Atom.

    Raises:
        NotFound: There is no such topic.
    """
    feed = _feed(site, topic, "feed.atom")
    return Rendered(
        body=feeds.render_atom(feed), media_type=feeds.ATOM_TYPE, holds=Lifetime(since=feed.updated_at, until=None)
    )


def json_feed(site: Site, topic: str | None = None) -> Rendered:
    """The newest events as JSON Feed; errors as ``atom``."""
    feed = _feed(site, topic, "feed.json")
    return Rendered(
        body=feeds.render_json_feed(feed),
        media_type=feeds.JSON_FEED_TYPE,
        holds=Lifetime(since=feed.updated_at, until=None),
    )


def opml(site: Site) -> Rendered:
    """The sources as a subscription list."""
    text = render_opml(site.store.sources.all(), "Groundwire")
    return Rendered(body=text.encode("utf-8", "replace"), media_type=OPML)


def event_json(site: Site, slug: str, now: datetime | None) -> Rendered:
    """The event's page as data; errors as ``desk.dossier``, and NotFound for a hidden one."""
    view, dossier = pages.read_event(site, slug, now)
    if view.hidden:
        raise NotFound(f"no event {slug!r}")
    return json_page(view, pages.lifetime(site, [dossier], now))


def markdown(site: Site, slug: str) -> Rendered:
    """The event as Markdown with citations; errors as ``event_json``."""
    dossier = desk.dossier(site.store, slug)
    if dossier.event.hidden:
        raise NotFound(f"no event {slug!r}")
    text = event_markdown(dossier.event, dossier.brief, tuple(dossier.versions.values()), site.base_url)
    return Rendered(
        body=text.encode("utf-8", "replace"), media_type=MARKDOWN, holds=Lifetime(since=dossier.made_at, until=None)
    )


def _feed(site: Site, topic: str | None, name: str) -> feeds.Feed:
    if topic is not None and topic not in site.store.events.topics():
        raise NotFound(f"no topic {topic!r}")
    words = messages(site.settings.language)
    home = "/" if topic is None else topic_url(topic)
    events = site.store.events.page(topic=topic, limit=FEED_LENGTH, order="latest")
    logs = site.store.corrections.of_events([event.id for event in events])
    items = tuple(_item(site, item, logs.get(item.event.id, [])) for item in site.listing.of(events))
    return feeds.Feed(
        title="Groundwire" if topic is None else f"Groundwire: {words.name('topics', topic)}",
        description=words("site.tagline"),
        language=words.language,
        home_url=site.base_url + home,
        feed_url=f"{site.base_url}{home.rstrip('/')}/{name}",
        items=items,
        updated_at=max((item.updated_at for item in items), default=datetime(1970, 1, 1, tzinfo=UTC)),
    )


def _item(site: Site, item: Listed, corrected: Sequence[Logged]) -> feeds.FeedItem:
    event, brief = item.event, item.brief
    words = messages(brief.language)
    parts = (
        ("tldr.what_changed", brief.what_changed),
        ("tldr.why_it_matters", brief.why_it_matters),
        ("tldr.what_to_do", brief.what_to_do),
    )
    cited = {c.version_id for c in brief.headline.citations}
    lead = lead_of(item.current, next((a for a in item.current if a.id in cited), None))
    ordered = ([lead] if lead else []) + [a for a in item.current if a is not lead]
    hook = brief.hook or brief.what_changed
    return feeds.FeedItem(
        slug=event.slug,
        url=f"{site.base_url}/events/{event.slug}",
        title=brief.headline.text,
        language=brief.headline.language,
        summary=hook.text if hook else "",
        paragraphs=(
            *((words(f"{key}"), said.text) for key, said in parts if said is not None),
            *(
                (words("correction.feed"), f"{c.quote} → {c.now_says or words(f'correction.{c.kind}')}")
                for c in (logged.correction for logged in corrected[:MOST_CORRECTIONS])
            ),
        ),
        topics=event.topics,
        outlets=tuple(dict.fromkeys(a.outlet for a in ordered)),
        sources=tuple((a.outlet, web_address(a.url)) for a in ordered if web_address(a.url)),
        published_at=event.first_published_at,
        updated_at=max(event.last_published_at, item.made_at),
    )
