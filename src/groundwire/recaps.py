"""Reading from the store what a recap is made of: for the site, the command line and the mail alike."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from pydantic import TypeAdapter

from groundwire.briefs import from_json, statements
from groundwire.editions.reader import Interests
from groundwire.editions.recap import Draft, Due, Figure, Period, Recap, Story, Told, day_of, draft, ranked, week_of
from groundwire.settings import LANGUAGES, Settings
from groundwire.storage import Store
from groundwire.storage.forecasts import Kept
from groundwire.types import Brief

MOST_EVENTS = 2_000
GRACE = timedelta(days=1)
"""How long after its end a period's recap is still worked out anew: reports come late."""
PAST_WEEKS, PAST_DAYS = 4, 3
"""So far back periods are kept by a round; older ones that were not are worked out when asked for."""
_DRAFT = TypeAdapter(Draft)


def read_recap(store: Store, span: Period, interests: Interests, language: str = "") -> Recap:
    """The recap of a week or a day; hidden events are left out.

    Stories are told in a language where their pages are, else in the settings' own. A past one is as it was kept (``keep_past``), unless something that it tells has been corrected since.
    """
    kept = store.recaps.get(span.name)
    made = None if kept is None else _DRAFT.validate_json(kept[0])
    if made is None or kept is None or _corrected_since(store, made, kept[1]):
        made = make_draft(store, span)
    slugs = store.events.visible([t.event_id for t in made.told])
    told = tuple(_under(t, slugs[t.event_id]) for t in made.told if t.event_id in slugs)
    return ranked(replace(made, told=told), _due(store.forecasts.all(), span), interests, language)


def _under(told: Told, slug: str) -> Told:
    def moved(figure: Figure | None) -> Figure | None:
        return None if figure is None else replace(figure, slug=slug)

    others = tuple(replace(t, figure=moved(t.figure)) for t in told.others)
    return replace(told, entry=replace(told.entry, slug=slug), figure=moved(told.figure), others=others)


def make_draft(store: Store, span: Period) -> Draft:
    """What a period's recap is ranked from, worked out from the pages as they are now."""
    events = [
        e for e in store.events.page(since=span.start_at, limit=MOST_EVENTS) if e.first_published_at < span.end_at
    ]
    ids = [event.id for event in events]
    stored = store.briefs.many(ids)
    translated = [store.briefs.many(ids, language) for language in LANGUAGES]
    stories = []
    for event in events:
        if event.id not in stored:
            continue
        brief = _brief(stored[event.id].document)
        told = {b.language: b for b in (_brief(briefs[event.id].document) for briefs in translated)}
        others = tuple(b for language, b in told.items() if language != brief.language)
        articles = {a.id: a for a in store.articles.of_event(event.id)}
        cited = {c.version_id for page in (brief, *others) for s in statements(page) for c in s.citations}
        articles |= {a.id: a for a in store.articles.versions(sorted(cited - articles.keys()))}
        stories.append(Story(event=event, brief=brief, articles=tuple(articles.values()), others=others))
    return draft(span, stories, max((b.made_at for b in stored.values()), default=None))


def keep_past(store: Store, now: datetime) -> int:
    """Keep the recaps of periods that are over for a day, and make anew those that a correction touched; how many."""
    ended = now.astimezone(UTC) - GRACE
    wanted = [week_of(ended.date() - timedelta(weeks=n)) for n in range(1, PAST_WEEKS + 1)]
    wanted += [day_of(ended.date() - timedelta(days=n)) for n in range(1, PAST_DAYS + 1)]
    made = 0
    for name in store.recaps.outdated():
        kept = store.recaps.get(name)
        if kept is not None:
            old = _DRAFT.validate_json(kept[0])
            again = make_draft(store, old.period) if _corrected_since(store, old, kept[1]) else old
            store.recaps.save(name, _DRAFT.dump_json(again).decode(), now)
            made += again is not old
    for span in wanted:
        if store.recaps.get(span.name) is None:
            found = make_draft(store, span)
            if found.reports:
                store.recaps.save(span.name, _DRAFT.dump_json(found).decode(), now)
                made += 1
    return made


def _corrected_since(store: Store, made: Draft, at: datetime) -> bool:
    logs = store.corrections.of_events([t.event_id for t in made.told])
    return any(entry.noticed_at > at for log in logs.values() for entry in log)


def interests_of(settings: Settings) -> Interests:
    """What the settings name."""
    return Interests(roles=settings.reader_roles, topics=settings.reader_topics)


def periods(store: Store, kind: str) -> list[Period]:
    """The weeks or days that surely have a report, the first or last of some event; oldest first."""
    of = week_of if kind == "week" else day_of
    days = {at.date() for span in store.events.spans() for at in span}
    return sorted({of(day) for day in days}, key=lambda span: span.first)


def completed_week(now: datetime) -> Period:
    """The last week that is over."""
    return week_of(now.astimezone(UTC).date() - timedelta(days=7))


def _due(ledger: list[Kept], span: Period) -> list[Due]:
    """Forecasts whose last day is in the period, and those decided in it."""
    found = []
    for kept in ledger:
        rule, outcome = kept.forecast.rule, kept.outcome
        if rule is None or kept.event_slug is None:
            continue
        decided = outcome is not None and span.holds(outcome.decided_at)
        if decided or (span.first <= rule.until <= span.last and _said_before(kept, span.last)):
            found.append(
                Due(
                    id=kept.id,
                    text=kept.forecast.text,
                    language=kept.forecast.language,
                    source=kept.forecast.source,
                    until=rule.until,
                    verdict=outcome.verdict if outcome else "",
                )
            )
    return found


def _said_before(kept: Kept, day: date) -> bool:
    return kept.forecast.said_at.date() <= day


@lru_cache(maxsize=512)
def _brief(document: str) -> Brief:
    return from_json(json.loads(document))
