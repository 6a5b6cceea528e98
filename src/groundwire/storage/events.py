"""Events, their members, what a person decided about them, and their permanent addresses."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

import sqlalchemy as sa

from groundwire.errors import NotFound
from groundwire.storage.database import Database
from groundwire.storage.schema import (
    article_versions,
    articles,
    briefs,
    decisions,
    events,
    fingerprints,
    members,
    redirects,
    related,
    statements,
)
from groundwire.storage.schema_models import translations, unwritten
from groundwire.storage.slugs import free_slug
from groundwire.types import Event, Member, Reason, RelatedEvent

DecisionKind = Literal["pin", "merge", "split", "hide", "show"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where the events stage put an article."""

    article_id: int
    event_id: int
    origin_id: int
    reasons: tuple[Reason, ...]
    fingerprint: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFacts:
    """What is known of an event from its members."""

    event_id: int
    title: str
    language: str
    first_published_at: datetime
    last_published_at: datetime
    topics: tuple[str, ...]
    importance: float


class Relation(Protocol):
    """Another event and how it relates to one (``events.relate`` finds them)."""

    @property
    def event_id(self) -> int:
        """The other event."""

    @property
    def relation(self) -> Literal["earlier", "parallel", "later"]:
        """When it was."""

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a person decided; it binds every later run."""

    kind: DecisionKind
    first_id: int
    second_id: int | None


class Events:
    """The events' records."""

    def __init__(self, database: Database) -> None:
        self._db = database

    # --- what the stages write ---------------------------------------------------------------------------------

    def next_id(self) -> int:
        """The first id that no event ever had."""
        with self._db.read() as connection:
            return _next_id(connection)

    def place(
        self, placements: Sequence[Placement], merges: Sequence[tuple[int, int]], model: str, now: datetime
    ) -> None:
        """Store what the events stage decided, in one transaction; the events concerned become due for a brief.

        Args:
            placements: Where articles belong, with reasons and fingerprints.
            merges: (survivor, absorbed) pairs of events, done first; the absorbed one's address leads to the survivor.
            model: What the fingerprints were made with.
            now: When the events became due.
        """
        with self._db.write(alone=True) as connection:
            for survivor_id, absorbed_id in merges:
                _absorb(connection, survivor_id, absorbed_id, now)
            wanted = {placement.event_id for placement in placements}
            known = set(connection.execute(sa.select(events.c.id).where(events.c.id.in_(wanted))).scalars())
            for placement in placements:
                if placement.event_id not in known:
                    known.add(placement.event_id)
                    article = connection.execute(
                        sa.select(
                            article_versions.c.title,
                            article_versions.c.text,
                            article_versions.c.language,
                            article_versions.c.published_at,
                        )
                        .join(articles, articles.c.current_version_id == article_versions.c.id)
                        .where(articles.c.id == placement.article_id)
                    ).one()
                    _create(connection, placement.event_id, *article)
                _place(connection, placement, model, now)
            _touch(connection, wanted, now)

    def keep_edited(self, article_ids: Sequence[int], now: datetime) -> set[int]:
        """Articles that are in an event stay there, and the event becomes due for a brief; returns the other ids."""
        with self._db.write(alone=True) as connection:
            rows = connection.execute(
                sa.select(members.c.article_id, members.c.event_id).where(members.c.article_id.in_(article_ids))
            ).all()
            _touch(connection, {row.event_id for row in rows}, now)
            placed = {row.article_id for row in rows}
            connection.execute(articles.update().where(articles.c.id.in_(placed)).values(due_at=None))
        return set(article_ids) - placed

    def save_facts(self, facts: EventFacts) -> None:
        """Store what the members and the brief tell of an event."""
        values = {name: getattr(facts, name) for name in EventFacts.__slots__ if name != "event_id"}
        with self._db.write() as connection:
            chosen = events.update().where(events.c.id == facts.event_id)
            connection.execute(chosen.values(values | {"topics": list(facts.topics)}))

    def save_related(self, event_id: int, relations: Sequence[Relation]) -> None:
        """Store which other events one is related to, strongest first."""
        with self._db.write(alone=True) as connection:
            connection.execute(related.delete().where(related.c.event_id == event_id))
            rows = [
                {
                    "event_id": event_id,
                    "other_id": other.event_id,
                    "relation": other.relation,
                    "reasons": _reasons_out(other.reasons),
                    "position": position,
                }
                for position, other in enumerate(relations)
            ]
            if rows:
                connection.execute(related.insert(), rows)

    def due(self, limit: int) -> list[tuple[int, datetime]]:
        """(id, due since) of events whose brief is not current, longest due first; empty events are left out.

        Of those due for equally long the earliest to be reported comes first: pages of later events lead to it. Ids
        would not do, as they follow the order in which pages happened to arrive.
        """
        first = (
            sa.select(sa.func.min(article_versions.c.published_at))
            .join(articles, articles.c.current_version_id == article_versions.c.id)
            .join(members, members.c.article_id == articles.c.id)
            .where(members.c.event_id == events.c.id)
            .scalar_subquery()
        )
        query = sa.select(events.c.id, events.c.due_at).where(events.c.due_at.is_not(None), first.is_not(None))
        with self._db.read() as connection:
            rows = connection.execute(query.order_by(events.c.due_at, first, events.c.id).limit(limit))
            return [(row.id, row.due_at) for row in rows]

    def due_since(self, event_ids: Collection[int]) -> dict[int, datetime]:
        """Since when each of some events has been due for a brief; those that are not are left out."""
        query = sa.select(events.c.id, events.c.due_at).where(events.c.id.in_(event_ids), events.c.due_at.is_not(None))
        with self._db.read() as connection:
            return {row.id: row.due_at for row in connection.execute(query)}

    def count_due(self) -> int:
        """How many events' briefs are not current."""
        with self._db.read() as connection:
            query = sa.select(sa.func.count()).select_from(events).where(events.c.due_at.is_not(None))
            return int(connection.execute(query).scalar_one())

    def touch(self, event_ids: Collection[int], now: datetime) -> None:
        """Make events due for a new brief."""
        with self._db.write() as connection:
            _touch(connection, event_ids, now)

    # --- what pages read ---------------------------------------------------------------------------------------

    def get(self, event_id: int) -> Event:
        """One event by id; raises NotFound."""
        return self._one(events.c.id == event_id, f"event {event_id}")

    def by_slug(self, slug: str) -> Event:
        """One event by its address, or by one that led to it once (compare ``slug``); raises NotFound."""
        with self._db.read() as connection:
            target = connection.execute(
                sa.select(redirects.c.event_id).where(redirects.c.slug == slug)
            ).scalar_one_or_none()
        return self._one(events.c.id == target if target is not None else events.c.slug == slug, f"event {slug!r}")

    def page(
        self,
        *,
        topic: str | None = None,
        language: str | None = None,
        since: datetime | None = None,
        limit: int = 50,
        offset: int = 0,
        hidden: bool = False,
        order: Literal["importance", "latest"] = "importance",
    ) -> list[Event]:
        """Events that have a brief, most important (or latest) first."""
        query = sa.select(events).join(briefs, briefs.c.event_id == events.c.id)
        if not hidden:
            query = query.where(~events.c.hidden)
        if since is not None:
            query = query.where(events.c.last_published_at >= since)
        if language is not None:
            spoken = sa.select(members.c.event_id).join(articles, articles.c.id == members.c.article_id)
            spoken = spoken.join(article_versions, article_versions.c.id == articles.c.current_version_id)
            query = query.where(events.c.id.in_(spoken.where(article_versions.c.language == language)))
        if topic is not None:
            # a JSON list of plain words: its text holds the word in quotes, in both databases
            query = query.where(sa.cast(events.c.topics, sa.Text).contains(f'"{topic}"', autoescape=True))
        first = events.c.importance.desc() if order == "importance" else events.c.last_published_at.desc()
        query = query.order_by(first, events.c.last_published_at.desc(), events.c.id).limit(limit).offset(offset)
        return self._read(query)

    def visible(self, ids: Collection[int]) -> dict[int, str]:
        """Those of some events that are shown, with the names of their pages."""
        query = sa.select(events.c.id, events.c.slug).where(
            events.c.id.in_(sorted(ids)), ~events.c.hidden, sa.exists().where(briefs.c.event_id == events.c.id)
        )
        with self._db.read() as connection:
            return {row.id: row.slug for row in connection.execute(query)}

    def standings(self, ids: Collection[int]) -> dict[int, float]:
        """What some events are ordered by (``rank.standing``), by id."""
        query = sa.select(events.c.id, events.c.importance).where(events.c.id.in_(sorted(ids)))
        with self._db.read() as connection:
            return {row.id: float(row.importance) for row in connection.execute(query)}

    def topics(self) -> dict[str, int]:
        """Topic -> number of visible events with a brief, most frequent first."""
        counted: dict[str, int] = {}
        query = sa.select(events.c.topics).join(briefs, briefs.c.event_id == events.c.id).where(~events.c.hidden)
        with self._db.read() as connection:
            for topics in connection.execute(query).scalars():
                for topic in topics:
                    counted[topic] = counted.get(topic, 0) + 1
        return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))

    def related(self, event_id: int) -> list[RelatedEvent]:
        """What an event is related to, in the order stored; merged and hidden ones resolved or left out."""
        query = (
            sa.select(related, events.c.slug, events.c.title)
            .join(events, events.c.id == related.c.other_id)
            .where(related.c.event_id == event_id, ~events.c.hidden)
            .where(sa.exists().where(briefs.c.event_id == events.c.id))
            .order_by(related.c.position)
        )
        with self._db.read() as connection:
            return [
                RelatedEvent(
                    event_id=row.other_id,
                    slug=row.slug,
                    title=row.title,
                    relation=row.relation,
                    reasons=_reasons_in(row.reasons),
                )
                for row in connection.execute(query)
            ]

    def of_article(self, article_id: int) -> int | None:
        """The event that an article is in."""
        with self._db.read() as connection:
            query = sa.select(members.c.event_id).where(members.c.article_id == article_id)
            return connection.execute(query).scalar_one_or_none()

    def spans(self) -> list[tuple[datetime, datetime]]:
        """(first, last publication) of each event on the site."""
        query = sa.select(events.c.first_published_at, events.c.last_published_at).where(~events.c.hidden)
        with self._db.read() as connection:
            rows = connection.execute(query.join(briefs, briefs.c.event_id == events.c.id))
            return [(row.first_published_at, row.last_published_at) for row in rows]

    # --- what a person decides ---------------------------------------------------------------------------------

    def decisions(self) -> list[Decision]:
        """All decisions, oldest first."""
        with self._db.read() as connection:
            rows = connection.execute(sa.select(decisions).order_by(decisions.c.id))
            return [Decision(kind=row.kind, first_id=row.first_id, second_id=row.second_id) for row in rows]

    def pin(self, article_id: int, event_id: int, now: datetime) -> None:
        """Put an article into an event for good."""
        event = self.get(event_id)
        anchor = next((m.article_id for m in event.members if m.article_id != article_id), None)
        with self._db.write(alone=True) as connection:
            before = connection.execute(
                sa.select(members.c.event_id).where(members.c.article_id == article_id)
            ).scalar_one_or_none()
            if before is None:
                raise NotFound(f"no article {article_id} in any event")
            person = [Reason(kind="person", detail="pinned", weight=1.0)]
            connection.execute(
                members.update()
                .where(members.c.article_id == article_id)
                .values(event_id=event_id, pinned=True, reasons=_reasons_out(person))
            )
            _decide(connection, "pin", article_id, anchor, now)
            _touch(connection, {before, event_id}, now)
            if before != event_id:
                _redirect_if_empty(connection, before, event_id)

    def merge(self, survivor_id: int, absorbed_id: int, now: datetime) -> None:
        """Declare two events the same."""
        survivor, absorbed = self.get(survivor_id), self.get(absorbed_id)
        if survivor_id == absorbed_id:
            raise NotFound("an event can't be merged with itself: name another one")
        with self._db.write(alone=True) as connection:
            anchor, *others = (member.article_id for member in (*survivor.members, *absorbed.members))
            for other in others:
                _decide(connection, "merge", anchor, other, now)
            _absorb(connection, survivor_id, absorbed_id, now)

    def split(self, article_ids: Collection[int], event_id: int, now: datetime) -> int:
        """Take articles out of an event into a new one; return the new event's id."""
        event = self.get(event_id)
        leaving = [m.article_id for m in event.members if m.article_id in article_ids]
        staying = [m.article_id for m in event.members if m.article_id not in article_ids]
        if not leaving or not staying:
            raise NotFound(
                f"event {event.slug}: name some, not all, of its articles: {', '.join(map(str, leaving + staying))}"
            )
        with self._db.write(alone=True) as connection:
            first = connection.execute(
                sa.select(article_versions)
                .join(articles, articles.c.current_version_id == article_versions.c.id)
                .where(articles.c.id == leaving[0])
            ).one()
            new_id = _next_id(connection)
            _create(connection, new_id, first.title, first.text, first.language, first.published_at)
            connection.execute(members.update().where(members.c.article_id.in_(leaving)).values(event_id=new_id))
            for article_id in leaving:
                for other in staying:
                    _decide(connection, "split", article_id, other, now)
            _touch(connection, {event_id, new_id}, now)
        return new_id

    def set_hidden(self, event_id: int, now: datetime, *, hidden: bool) -> None:
        """Hide an event from every page, or show it again."""
        self.get(event_id)
        with self._db.write() as connection:
            connection.execute(events.update().where(events.c.id == event_id).values(hidden=hidden))
            _decide(connection, "hide" if hidden else "show", event_id, None, now)

    # --- reading -----------------------------------------------------------------------------------------------

    def _one(self, condition: sa.ColumnElement[bool], name: str) -> Event:
        found = self._read(sa.select(events).where(condition))
        if not found:
            raise NotFound(f"no {name}; `groundwire events` lists them")
        return found[0]

    def _read(self, query: sa.Select[Any]) -> list[Event]:
        with self._db.read() as connection:
            rows = connection.execute(query).all()
            joined: dict[int, list[Member]] = {row.id: [] for row in rows}
            wanted = sa.select(members).where(members.c.event_id.in_(joined)).order_by(members.c.article_id)
            for row in connection.execute(wanted):
                joined[row.event_id].append(
                    Member(
                        article_id=row.article_id,
                        origin_id=row.origin_id,
                        reasons=_reasons_in(row.reasons),
                        pinned=row.pinned,
                    )
                )
        return [
            Event(
                id=row.id,
                slug=row.slug,
                title=row.title,
                language=row.language,
                members=tuple(joined[row.id]),
                first_published_at=row.first_published_at,
                last_published_at=row.last_published_at,
                topics=tuple(row.topics),
                hidden=row.hidden,
            )
            for row in rows
        ]


def _place(connection: sa.Connection, placement: Placement, model: str, now: datetime) -> None:
    mine = members.c.article_id == placement.article_id
    before = connection.execute(sa.select(members.c.event_id, members.c.pinned).where(mine)).one_or_none()
    values = {
        "event_id": placement.event_id,
        "origin_id": placement.origin_id,
        "reasons": _reasons_out(placement.reasons),
    }
    if before is None:
        connection.execute(members.insert().values(article_id=placement.article_id, **values))
    else:
        connection.execute(members.update().where(mine).values(values))
        if before.event_id != placement.event_id:
            _touch(connection, [before.event_id], now)
            _redirect_if_empty(connection, before.event_id, placement.event_id)
    stale = fingerprints.c.article_id == placement.article_id
    connection.execute(fingerprints.delete().where(stale))
    connection.execute(
        fingerprints.insert().values(article_id=placement.article_id, model=model, data=placement.fingerprint)
    )
    connection.execute(articles.update().where(articles.c.id == placement.article_id).values(due_at=None))


def _next_id(connection: sa.Connection) -> int:
    return int(connection.execute(sa.select(sa.func.max(events.c.id))).scalar_one() or 0) + 1


def _create(
    connection: sa.Connection, event_id: int, title: str, text: str, language: str, published_at: datetime
) -> None:
    """A new event, named and dated by its first article."""
    connection.execute(
        events.insert().values(
            id=event_id,
            slug=free_slug(connection, event_id, title, text, published_at),
            title=title,
            language=language,
            first_published_at=published_at,
            last_published_at=published_at,
            topics=[],
        )
    )


def _touch(connection: sa.Connection, event_ids: Iterable[int], now: datetime) -> None:
    connection.execute(events.update().where(events.c.id.in_(set(event_ids))).values(due_at=now))


def _decide(connection: sa.Connection, kind: DecisionKind, first_id: int, second_id: int | None, now: datetime) -> None:
    connection.execute(decisions.insert().values(kind=kind, first_id=first_id, second_id=second_id, decided_at=now))


def _absorb(connection: sa.Connection, survivor_id: int, absorbed_id: int, now: datetime) -> None:
    connection.execute(members.update().where(members.c.event_id == absorbed_id).values(event_id=survivor_id))
    _redirect_if_empty(connection, absorbed_id, survivor_id)
    _touch(connection, [survivor_id], now)


def _redirect_if_empty(connection: sa.Connection, empty_id: int, target_id: int) -> None:
    if connection.execute(sa.select(members.c.article_id).where(members.c.event_id == empty_id).limit(1)).first():
        return
    slug = connection.execute(sa.select(events.c.slug).where(events.c.id == empty_id)).scalar_one()
    connection.execute(redirects.update().where(redirects.c.event_id == empty_id).values(event_id=target_id))
    connection.execute(redirects.insert().values(slug=slug, event_id=target_id))
    connection.execute(related.delete().where(sa.or_(related.c.event_id == empty_id, related.c.other_id == empty_id)))
    connection.execute(statements.update().where(statements.c.event_id == empty_id).values(published=False))
    for told in (briefs, translations, unwritten):
        connection.execute(told.delete().where(told.c.event_id == empty_id))
    connection.execute(events.update().where(events.c.id == empty_id).values(due_at=None, hidden=True))


def _reasons_out(reasons: Iterable[Reason]) -> list[list[Any]]:
    return [[reason.kind, reason.detail, reason.weight] for reason in reasons]


def _reasons_in(stored: Iterable[Sequence[Any]]) -> tuple[Reason, ...]:
    return tuple(Reason(kind=kind, detail=detail, weight=weight) for kind, detail, weight in stored)
