"""Each page of the site as a function of the site, the reader and its address: served and copied alike."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from groundwire import __version__
from groundwire.bill import Bill, bill
from groundwire.briefs import statements
from groundwire.editions.reader import NOBODY, Interests, match
from groundwire.errors import NotFound
from groundwire.types import Article
from groundwire.web import desk, living
from groundwire.web.caching import Lifetime, Rendered, soon
from groundwire.web.desk import Dossier, Listed
from groundwire.web.site import HTML, Reader, Site
from groundwire.web.structured import event_data, front_data
from groundwire.web.views.article import ArticlePage, article_page
from groundwire.web.views.bill import BillPage, amount, between, bill_page
from groundwire.web.views.event import EventPage, event_page
from groundwire.web.views.lists import Card, CardList, FrontPage, card, front_page
from groundwire.web.views.sources import source_list

LEADING: Final = 8
"""Events with their hooks on a front page: what reads in a minute."""
PER_PAGE: Final = 32
SEARCH_LIMIT: Final = 30
RERANKED: Final = 128
"""Events that a reader's choice can move: four pages; what the desk holds less important stays behind them."""
LAST_PAGE: Final = 10_000
WORKBENCH: Final = "/workbench"
Spans = Collection[tuple[int, int]]


# --- what there is to show -------------------------------------------------------------------------------------


def read_front(
    site: Site,
    now: datetime | None,
    topic: str | None = None,
    page: int = 1,
    language: str | None = None,
    interests: Interests = NOBODY,
) -> tuple[FrontPage, Lifetime]:
    """A front page's data, and from when until when it holds; ``language`` None: the settings' own.

    Raises:
        NotFound: There is no such topic, or no such page.
    """
    topics = site.store.events.topics()
    if topic is not None and topic not in topics:
        raise NotFound(f"no topic {topic!r}")
    items = read_events(
        site, interests, topic=topic, told_in=language, limit=PER_PAGE + 1, offset=(page - 1) * PER_PAGE
    )
    if not items and page > 1:
        raise NotFound(f"no page {page}")
    more, items = len(items) > PER_PAGE, items[:PER_PAGE]
    cards = _cards(site, items, now, interests)
    view = front_page(cards, topics, topic=topic, page=page, more=more, leading=LEADING, interests=interests)
    return view, lifetime(site, items, now)


def read_events(
    site: Site,
    interests: Interests,
    *,
    topic: str | None = None,
    language: str | None = None,
    since: datetime | None = None,
    told_in: str | None = None,
    limit: int,
    offset: int = 0,
) -> list[Listed]:
    """Events as they matter to a reader: the desk's ``RERANKED`` most important in their order, the rest in the desk's.

    ``told_in``: as ``Listing.of``.
    """
    chosen = {"topic": topic, "language": language, "since": since}
    if not interests or offset >= RERANKED:
        return site.listing.of(site.store.events.page(**chosen, limit=limit, offset=offset), told_in)  # type: ignore[arg-type]  # a mapping of three types
    listed = site.listing.of(site.store.events.page(**chosen, limit=RERANKED), told_in)  # type: ignore[arg-type]  # as above
    standings = site.store.events.standings([item.event.id for item in listed])
    lifts = {item.event.id: match(item.event, item.brief, interests).lift for item in listed}
    listed.sort(key=lambda item: -(standings[item.event.id] + lifts[item.event.id]))
    shown = listed[offset : offset + limit]
    if offset + limit > RERANKED and len(listed) == RERANKED:
        beyond = site.store.events.page(**chosen, limit=offset + limit - RERANKED, offset=RERANKED)  # type: ignore[arg-type]  # as above
        shown += site.listing.of(beyond, told_in)
    return shown


def read_event(site: Site, slug: str, now: datetime | None, language: str | None = None) -> tuple[EventPage, Dossier]:
    """An event's page; ``language`` and errors as ``desk.dossier``."""
    dossier = desk.dossier(site.store, slug, language)
    ledger = living.notes_for(site, (article.article_id for article in dossier.versions.values()), now)
    view = event_page(
        dossier,
        now=now,
        fresh_hours=site.settings.fresh_hours,
        base_url=site.base_url,
        ledger=ledger,
        bill=_bill_of(site, dossier.event.id, measured=now is not None),
        corrections=site.store.corrections.of_events([dossier.event.id]).get(dossier.event.id, []),
    )
    return view, dossier


def _bill_of(site: Site, event_id: int, *, measured: bool) -> Bill:
    """What an event's page took; without measured seconds in a static copy, which the same evidence always makes alike."""
    worked = site.store.work.done(event_id) if measured else []
    return bill(worked, site.store.work.asked(event_id), site.settings)


def read_bill(site: Site) -> BillPage:
    """The desk's own bill."""
    return bill_page(bill(site.store.work.done(), site.store.work.asked(), site.settings), site.settings)


def read_article(site: Site, version_id: int, spans: Spans | None = None) -> tuple[ArticlePage, Article]:
    """What is quoted of an article version: the passages asked for, or all that its event's page cites.

    Raises:
        NotFound: There is no such version, or no such passage.
    """
    found = site.store.articles.versions([version_id]) if version_id < 2**63 else []
    if not found:
        raise NotFound(f"no article version {version_id}")
    article = found[0]
    event_id = site.store.events.of_article(article.article_id)
    asked, slug = spans, None
    stored = site.store.briefs.get(event_id) if event_id is not None else None
    if event_id is not None and stored is not None:
        event = site.store.events.get(event_id)
        slug = None if event.hidden else event.slug
        if spans is None and not event.hidden:
            briefs = [desk.brief_of(told) for told in site.store.briefs.in_all_languages(event.id)]
            cited = [c for brief in briefs for s in statements(brief) for c in s.citations]
            spans = [(c.start, c.end) for c in cited if c.version_id == version_id]
    newest = site.store.articles.history(article.article_id)[-1].id
    view = article_page(article, spans or (), newer_version=newest if newest != article.id else None, event=slug)
    if asked and not view.passages:
        raise NotFound(f"article version {version_id} has no such passage")
    return view, article


def read_search(site: Site, words: str, now: datetime | None, language: str | None = None) -> tuple[CardList, Lifetime]:
    """Events whose articles hold all the words; ``language`` as in ``read_front``."""
    items = site.listing.found(words, SEARCH_LIMIT, language)
    return CardList(events=tuple(_cards(site, items, now))), lifetime(site, items, now)


def lifetime(site: Site, items: Sequence[Listed | Dossier], now: datetime | None) -> Lifetime:
    """When what is shown of events last changed (a brief was made, news grew old) and when news will grow old next."""
    made = [item.made_at for item in items]
    if now is None:
        return Lifetime(since=max(made, default=None), until=None)
    fresh = timedelta(hours=site.settings.fresh_hours)
    lapses = [max(article.published_at for article in item.current) + fresh for item in items if item.current]
    return Lifetime(
        since=max((*made, *(at for at in lapses if at <= now)), default=None),
        until=min((at for at in lapses if at > now), default=None),
    )


# --- pages -----------------------------------------------------------------------------------------------------


def front(site: Site, reader: Reader, topic: str | None = None, page: int = 1) -> Rendered:
    """The front page, or a topic's."""
    view, holds = read_front(site, reader.now, topic, page, reader.language, reader.interests)
    return _html(site, reader, "front.html", holds, page=view, structured=front_data(view, site.base_url))


def event(site: Site, reader: Reader, slug: str) -> Rendered:
    """An event's page; hidden ones only for those who may show them again."""
    view, dossier = read_event(site, slug, reader.now, reader.language)
    if view.hidden and reader.session is None:
        raise NotFound(f"no event {slug!r}")
    structured = event_data(view, site.base_url)
    holds = lifetime(site, [dossier], reader.now)
    has_workbench = reader.links.live and any(section.path == WORKBENCH for section in site.sections)
    return _html(
        site, reader, "event.html", holds, page=view, structured=structured, has_workbench=has_workbench, amount=amount
    )


def article(site: Site, reader: Reader, version_id: int, spans: Spans | None = None) -> Rendered:
    """The target of a citation."""
    view, found = read_article(site, version_id, spans)
    return _html(site, reader, "article.html", Lifetime(since=found.collected_at, until=None), page=view)


def search(site: Site, reader: Reader, words: str) -> Rendered:
    """What was found, or the empty form."""
    view, holds = read_search(site, words, reader.now, reader.language)
    return _html(site, reader, "search.html", Lifetime(since=None, until=holds.until), page=view, query=words)


def sources(site: Site, reader: Reader) -> Rendered:
    """All sources; with their health where a clock runs."""
    health = site.store.sources.health(reader.now or datetime(1970, 1, 1, tzinfo=UTC))
    return _html(site, reader, "sources.html", soon(reader.now), page=source_list(health))


def own_bill(site: Site, reader: Reader) -> Rendered:
    """What the desk's work cost."""
    return _html(site, reader, "bill.html", soon(reader.now), page=read_bill(site), amount=amount, between=between)


def about(site: Site, reader: Reader) -> Rendered:
    """What this is and how it works."""
    return _html(site, reader, "about.html", Lifetime(since=None, until=None), version=__version__)


def notice(site: Site, reader: Reader, status: int, title: str, text: str, detail: str = "") -> Rendered:
    """A page that says why there is no other."""
    body = site.template("notice.html", reader, status=status, title=title, text=text, detail=detail)
    return Rendered(body=body, media_type=HTML, status=status)


# --- inside ----------------------------------------------------------------------------------------------------


def _html(site: Site, reader: Reader, template: str, holds: Lifetime, **values: Any) -> Rendered:
    return Rendered(body=site.template(template, reader, **values), media_type=HTML, holds=holds)


def _cards(site: Site, items: Sequence[Listed], now: datetime | None, interests: Interests = NOBODY) -> list[Card]:
    return [card(item, now=now, fresh_hours=site.settings.fresh_hours, interests=interests) for item in items]
