"""Weekly and daily recaps as pages, data and feed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from groundwire import recaps
from groundwire.editions import feeds
from groundwire.editions.mail import counted
from groundwire.editions.reader import Interests
from groundwire.editions.recap import Entry, Recap, period, week_of
from groundwire.errors import NotFound
from groundwire.web.caching import Lifetime, Rendered
from groundwire.web.messages import Messages, messages
from groundwire.web.site import HTML, Reader, Site

LATEST: Final = {"week": 12, "day": 14}
"""Recaps in a feed."""
FOLDER: Final = {"week": "weekly", "day": "daily"}


def read(site: Site, name: str | None, kind: str, interests: Interests, language: str) -> tuple[Recap, Lifetime]:
    """The recap of a week or day (None: the newest), its stories in a language where they are told in it.

    Raises:
        NotFound: There is no such period, or no news in it.
    """
    if name is None:
        known = recaps.periods(site.store, kind)
        if not known:
            raise NotFound("no news yet")
        name = known[-1].name
    span = period(name)
    if span.kind != kind:
        raise NotFound(f"no recap of {name}")
    found = recaps.read_recap(site.store, span, interests, language)
    if not found.reports:
        raise NotFound(f"no news in {span.name}")
    return found, Lifetime(since=found.updated_at, until=None)


def page(site: Site, reader: Reader, name: str | None, kind: str) -> Rendered:
    """The page of a recap; errors as ``read``."""
    found, holds = read(site, name, kind, reader.interests, reader.language)
    folder = FOLDER[kind]
    first = found.period.first
    known = recaps.periods(site.store, kind)
    earlier = [span for span in known if span.first < first][-1:]
    later = [span for span in known if span.first > first][:1]
    body = site.template(
        "living/recap.html",
        reader,
        page=found,
        earlier="".join(f"/{folder}/{span.name}" for span in earlier),
        later="".join(f"/{folder}/{span.name}" for span in later),
        week=week_of(first),
        days=[d for d in recaps.periods(site.store, "day") if kind == "week" and first <= d.first <= found.period.last],
    )
    return Rendered(body=body, media_type=HTML, holds=holds)


def feed(site: Site, language: str, kind: str, *, as_json: bool) -> Rendered:
    """The last weeks' (days') recaps as a feed: one item each, which changes as the week goes on.

    Args:
        site: The site.
        kind: "week" or "day".
        language: Of titles and stories; one beside the settings' own is another feed, with items of its own.
        as_json: JSON Feed, not Atom.
    """
    words = messages(language)
    asked = "" if language == site.settings.language else f"?lang={language}"
    items = []
    for span in recaps.periods(site.store, kind)[-LATEST[kind] :][::-1]:
        found = recaps.read_recap(site.store, span, site.interests, language)
        if found.reports and found.updated_at is not None:
            items.append(_item(site, found, words, found.updated_at, asked))
    name, folder = "feed.json" if as_json else "feed.atom", FOLDER[kind]
    made = feeds.Feed(
        title=f"Groundwire: {words('week.heading') if kind == 'week' else words('day.heading')}",
        description=words("site.tagline"),
        language=words.language,
        home_url=f"{site.base_url}/{folder}{asked}",
        feed_url=f"{site.base_url}/{folder}/{name}{asked}",
        items=tuple(items),
        updated_at=max((item.updated_at for item in items), default=datetime(1970, 1, 1, tzinfo=UTC)),
    )
    return Rendered(
        body=feeds.render_json_feed(made) if as_json else feeds.render_atom(made),
        media_type=feeds.JSON_FEED_TYPE if as_json else feeds.ATOM_TYPE,
        holds=Lifetime(since=made.updated_at, until=None),
    )


def _item(site: Site, found: Recap, words: Messages, updated: datetime, asked: str) -> feeds.FeedItem:
    span = found.period
    folder, week = FOLDER[span.kind], span.kind == "week"
    return feeds.FeedItem(
        slug=f"{folder}:{span.name}{asked}",
        url=f"{site.base_url}/{folder}/{span.name}{asked}",
        title=words("weekly.title", week=span.name)
        if week
        else words("weekly.day_title", day=words.long_day(span.first)),
        language=words.language,
        summary=counted(found, words),
        paragraphs=tuple((e.title, _line(e)) for e in (*found.stories, *found.running)),
        topics=(),
        outlets=(),
        sources=tuple((e.title, f"{site.base_url}/events/{e.slug}") for e in (*found.stories, *found.running)),
        published_at=span.start_at,
        updated_at=updated,
    )


def _line(entry: Entry) -> str:
    return " ".join(line.text for line in entry.lines)
