"""The ledger of forecasts: entries are never changed; evidence and outcomes are added."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Literal, cast

import sqlalchemy as sa

from groundwire.errors import NotFound
from groundwire.forecasts import Outcome, Probability, Proposal, Registered, State, Verdict, parse_rule, state_of
from groundwire.forecasts.houses import houses
from groundwire.storage.database import Database, insert
from groundwire.storage.schema import events, members
from groundwire.storage.schema_living import forecast_subjects, forecasts, outcomes, proposals


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A forecast with all that the ledger knows of it."""

    id: int
    forecast: Registered
    outcome: Outcome | None
    proposals: tuple[Proposal, ...]
    """Newest first."""
    event_slug: str | None
    """The event that its article is in; None while that is hidden."""

    def state(self, today: date) -> State:
        """Where it stands on a day."""
        return state_of(self.forecast, self.outcome, today)


MOST_NAMED = 5_000
_PLAIN = (
    "key", "article_id", "version_id", "text", "language", "who", "source", "hedge", "horizon", "first", "last",
    "grain", "reason", "unresolvable", "said_at", "registered_at",
)  # fmt: skip
"""Fields that are stored as they are."""


class Forecasts:
    """The ledger's records."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def register(self, found: Iterable[Registered]) -> list[int]:
        """Enter forecasts; those that are in the ledger stay as they were. Returns the ids of new ones."""
        new: list[int] = []
        with self._db.write() as connection:
            for forecast in found:
                known = sa.select(forecasts.c.id).where(forecasts.c.key == forecast.key)
                if connection.execute(known).scalar_one_or_none() is not None:
                    continue
                values = {name: getattr(forecast, name) for name in _PLAIN}
                values |= {
                    "start_offset": forecast.start,
                    "end_offset": forecast.end,
                    "probability": asdict(forecast.probability) if forecast.probability else None,
                    "rule": str(forecast.rule) if forecast.rule else None,
                    "until": forecast.rule.until if forecast.rule else None,
                }
                forecast_id = insert(connection, forecasts.insert().values(values))
                for subject in forecast.rule.subject if forecast.rule else ():
                    connection.execute(forecast_subjects.insert().values(forecast_id=forecast_id, subject=subject))
                new.append(forecast_id)
        return new

    def about(self, subjects: Collection[str]) -> list[Kept]:
        """Unresolved forecasts that are about any of the names, or about a measure of nothing named."""
        asked = sorted(subjects)
        named = sa.select(forecast_subjects.c.forecast_id).where(forecast_subjects.c.subject.in_(asked))
        nameless = ~sa.exists().where(forecast_subjects.c.forecast_id == forecasts.c.id)
        query = sa.select(forecasts).where(forecasts.c.rule.is_not(None), forecasts.c.id.in_(named) | nameless)
        return [kept for kept in self._read(query) if kept.outcome is None]

    def propose(self, forecast_id: int, proposal: Proposal, now: datetime) -> bool:
        """Add a passage that bears on a forecast; False if one of this article version is there already."""
        values = {"version_id": proposal.version_id, "quote": proposal.quote, "why": proposal.why}
        values |= {"start_offset": proposal.start, "end_offset": proposal.end, "suggests": proposal.suggests}
        with self._db.write() as connection:
            known = sa.select(proposals.c.id).where(
                proposals.c.forecast_id == forecast_id, proposals.c.version_id == proposal.version_id
            )
            if connection.execute(known).scalar_one_or_none() is not None:
                return False
            connection.execute(proposals.insert().values(forecast_id=forecast_id, proposed_at=now, **values))
        return True

    def resolve(
        self,
        forecast_id: int,
        verdict: Verdict | Literal["open"],
        *,
        note: str,
        decided_by: Literal["person", "model", "correction"],
        now: datetime,
    ) -> Kept:
        """Say what became of a forecast; "open" takes an earlier verdict back. Every word of it is kept.

        Raises:
            NotFound: There is no such forecast, or it is one that can't be resolved.
        """
        kept = self.get(forecast_id)
        if kept.forecast.rule is None and verdict != "void":
            raise NotFound(f"forecast {forecast_id} can't be resolved ({kept.forecast.unresolvable}); it may be void")
        with self._db.write() as connection:
            connection.execute(
                outcomes.insert().values(
                    forecast_id=forecast_id, verdict=verdict, note=note, decided_by=decided_by, decided_at=now
                )
            )
        return self.get(forecast_id)

    def get(self, forecast_id: int) -> Kept:
        """One forecast; raises NotFound."""
        found = self._read(sa.select(forecasts).where(forecasts.c.id == forecast_id))
        if not found:
            raise NotFound(f"no forecast {forecast_id}; `groundwire forecasts list` shows them")
        return found[0]

    def all(self) -> list[Kept]:
        """The whole ledger: what has to come true first, first; then what has no day."""
        return self._read(sa.select(forecasts).order_by(forecasts.c.until.is_(None), forecasts.c.until, forecasts.c.id))

    def of_articles(self, article_ids: Collection[int]) -> list[Kept]:
        """The forecasts of some articles."""
        query = sa.select(forecasts).where(forecasts.c.article_id.in_(sorted(article_ids)))
        return self._read(query.order_by(forecasts.c.id))

    def of_sources(self, sources: Collection[str]) -> list[Kept]:
        """Everything that some sources forecast, under whichever of their names."""
        with self._db.read() as connection:
            shown = _houses(connection)
        names = sorted({name for name, house in shown.items() if house in sources or name in sources})
        return self._read(sa.select(forecasts).where(forecasts.c.source.in_(names)).order_by(forecasts.c.id))

    def _read(self, query: sa.Select[Any]) -> list[Kept]:
        with self._db.read() as connection:
            rows = connection.execute(query).all()
            shown = _houses(connection) if rows else {}
            ids, articles = [row.id for row in rows], {row.article_id for row in rows}
            decided = _outcomes(connection, ids)
            found = _proposals(connection, ids)
            slugs = {
                row.article_id: row.slug
                for row in connection.execute(
                    sa.select(members.c.article_id, events.c.slug)
                    .join(events, events.c.id == members.c.event_id)
                    .where(_among(members.c.article_id, articles), ~events.c.hidden)
                )
            }
        return [
            Kept(
                id=row.id,
                forecast=_registered(row, shown),
                outcome=decided.get(row.id),
                proposals=tuple(found.get(row.id, ())),
                event_slug=slugs.get(row.article_id),
            )
            for row in rows
        ]


def _among(column: sa.Column[int], ids: Collection[int]) -> sa.ColumnElement[bool]:
    """Rows of these ids; of all where they are too many to name (databases allow only so many parameters)."""
    return column.in_(ids) if len(ids) <= MOST_NAMED else sa.true()


def _outcomes(connection: sa.Connection, ids: Collection[int]) -> Mapping[int, Outcome]:
    """The last word on each forecast; none where it was taken back."""
    last: dict[int, Outcome] = {}
    query = sa.select(outcomes).where(_among(outcomes.c.forecast_id, ids)).order_by(outcomes.c.id)
    for row in connection.execute(query):
        if row.verdict == "open":
            last.pop(row.forecast_id, None)
        else:
            last[row.forecast_id] = Outcome(
                verdict=row.verdict, note=row.note, decided_by=row.decided_by, decided_at=row.decided_at
            )
    return last


def _proposals(connection: sa.Connection, ids: Collection[int]) -> Mapping[int, list[Proposal]]:
    found: dict[int, list[Proposal]] = {}
    query = sa.select(proposals).where(_among(proposals.c.forecast_id, ids)).order_by(proposals.c.id.desc())
    for row in connection.execute(query):
        found.setdefault(row.forecast_id, []).append(
            Proposal(
                version_id=row.version_id,
                start=row.start_offset,
                end=row.end_offset,
                quote=row.quote,
                why=row.why,
                suggests=row.suggests,
            )
        )
    return found


def _houses(connection: sa.Connection) -> Mapping[str, str]:
    return houses(connection.execute(sa.select(forecasts.c.source).distinct()).scalars())


def _registered(row: sa.Row[Any], shown: Mapping[str, str]) -> Registered:
    """The entry as it was made, under the name that its source's house is shown under."""
    plain = {name: getattr(row, name) for name in _PLAIN}
    plain["source"] = shown.get(row.source, row.source)
    stated = cast("dict[str, Any] | None", row.probability)
    return Registered(
        **plain,
        start=row.start_offset,
        end=row.end_offset,
        probability=Probability(**stated) if stated else None,
        rule=parse_rule(row.rule) if row.rule else None,
    )
