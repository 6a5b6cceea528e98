"""The site as files: every page in every language of the interface, feeds, JSON, Markdown, style and script.

Links are relative, so the copy works from a folder and from any host. Nothing in it depends on the time it was made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NoReturn

from groundwire.briefs import statements
from groundwire.editions.export import File, write_files
from groundwire.recaps import periods
from groundwire.settings import LANGUAGES, Settings
from groundwire.storage import Store
from groundwire.types import Brief, Event
from groundwire.web import desk, living, outputs, pages, recaps
from groundwire.web.caching import Rendered
from groundwire.web.links import StaticLinks, file_of, topic_url
from groundwire.web.routes import parts
from groundwire.web.site import Reader, Site

COPIED_SECTIONS = ("/", "/weekly", "/forecasts", "/sources", "/about")
"""Parts of the site that need no server."""
_BATCH = 100


def export_site(store: Store, settings: Settings, directory: Path) -> int:
    """Write the whole site into a folder; return the number of files."""
    return write_files(static_files(store, settings), directory)


def static_files(store: Store, settings: Settings) -> Iterator[File]:
    """Every file of the copy."""
    found = sorted((section for _, section in parts() if section is not None), key=lambda section: section.order)
    site = Site(
        store=store,
        settings=settings,
        now=_no_clock,
        access=None,
        sections=[section for section in found if section.path in COPIED_SECTIONS],
    )
    return _Copy(site).files()


class _Copy:
    def __init__(self, site: Site) -> None:
        self._site = site
        self._events = _events(site.store)
        self._spans: dict[int, set[tuple[int, int]]] = {}
        for event in self._events:
            for told in site.store.briefs.in_all_languages(event.id):
                for version, span in _citations(desk.brief_of(told)):
                    self._spans.setdefault(version, set()).add(span)

    def files(self) -> Iterator[File]:
        site = self._site
        for asset in site.assets.by_name.values():
            yield File(f"static/{asset.name}", asset.body)
        yield self._file("/feed.atom", outputs.atom(site))
        yield self._file("/feed.json", outputs.json_feed(site))
        for kind, folder in recaps.FOLDER.items():
            yield self._file(f"/{folder}/feed.atom", recaps.feed(site, site.settings.language, kind, as_json=False))
            yield self._file(f"/{folder}/feed.json", recaps.feed(site, site.settings.language, kind, as_json=True))
        yield self._file("/sources.opml", outputs.opml(site))
        for topic in site.store.events.topics():
            yield self._file(f"{topic_url(topic)}/feed.atom", outputs.atom(site, topic))
            yield self._file(f"{topic_url(topic)}/feed.json", outputs.json_feed(site, topic))
        for event in self._events:
            yield self._file(f"/events/{event.slug}.md", outputs.markdown(site, event.slug))
            yield self._file(f"/events/{event.slug}.json", outputs.event_json(site, event.slug, None))
        for path, make in self._pages():
            for language in LANGUAGES:
                links = StaticLinks(site.assets, site.base_url, path, language)
                reader = Reader(language=language, links=links, path=path.partition("?")[0], now=None)
                yield File(file_of(path, language), make(reader).body)

    def _pages(self) -> Iterator[tuple[str, Callable[[Reader], Rendered]]]:
        site = self._site
        yield from self._lists("/", None, len(self._events))
        for topic, count in site.store.events.topics().items():
            yield from self._lists(topic_url(topic), topic, count)
        for kind, folder in recaps.FOLDER.items():
            for span in periods(site.store, kind):
                yield f"/{folder}/{span.name}", partial(_recap, site, kind, span.name)
            if self._events:
                yield f"/{folder}", partial(_recap, site, kind, None)
        for event in self._events:
            yield f"/events/{event.slug}", partial(_event, site, event.slug)
        versions = set(self._spans)
        for event in self._events:  # the lists of reports lead to each article, quoted or not
            versions |= {article.id for article in site.store.articles.of_event(event.id)}
        for version in sorted(versions):
            spans = sorted(self._spans.get(version, ()))
            yield f"/articles/{version}", partial(_article, site, version, spans)
        yield "/forecasts", partial(living.forecasts, site)
        yield "/sources", partial(pages.sources, site)
        yield "/about", partial(pages.about, site)

    def _lists(self, path: str, topic: str | None, count: int) -> Iterator[tuple[str, Callable[[Reader], Rendered]]]:
        for page in range(1, max(1, -(-count // pages.PER_PAGE)) + 1):
            address = path if page == 1 else f"{path}?page={page}"
            yield address, partial(_front, self._site, topic, page)

    def _file(self, path: str, document: Rendered) -> File:
        return File(file_of(path, LANGUAGES[0]), document.body)


def _front(site: Site, topic: str | None, page: int, reader: Reader) -> Rendered:
    return pages.front(site, reader, topic, page)


def _recap(site: Site, kind: str, name: str | None, reader: Reader) -> Rendered:
    return recaps.page(site, reader, name, kind)


def _event(site: Site, slug: str, reader: Reader) -> Rendered:
    return pages.event(site, reader, slug)


def _article(site: Site, version_id: int, spans: pages.Spans, reader: Reader) -> Rendered:
    return pages.article(site, reader, version_id, spans)


def _events(store: Store) -> list[Event]:
    events: list[Event] = []
    while batch := store.events.page(order="latest", limit=_BATCH, offset=len(events)):
        events += batch
    return events


def _citations(brief: Brief) -> Iterator[tuple[int, tuple[int, int]]]:
    for statement in statements(brief):
        for citation in statement.citations:
            yield citation.version_id, (citation.start, citation.end)


def _no_clock() -> NoReturn:
    raise AssertionError("a static copy has no clock")
