"""The sample articles and their labels, read from ``articles/*.toml`` and placed in time around a base date.

One file is one event (its name orders the files), or ``noise.toml``: what belongs to no event. ``outlooks/*.toml``
holds what the demo shows beside them: forecasts whose days have passed, and what came of them. ``docs/sample-wire.md``
describes the format.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal

from groundwire.errors import GroundwireError
from groundwire.sample.outlets import OUTLETS, Outlet
from groundwire.sample.story_time import GoldDate, StoryTime

DEFAULT_BASE: Final = datetime(2026, 11, 19, 16, 0, tzinfo=UTC)
"""The moment that the samples lead up to where nobody gives another: fixed, so that results can be repeated."""

_AT = re.compile(r"day (-\d+) (\d{2}):(\d{2})|now -(\d+)m")


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What an outlet says that it changed, and when."""

    at: datetime
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleArticle:
    """One article as its outlet shows it at one time, with its labels."""

    key: str
    outlet: Outlet
    title: str
    paragraphs: tuple[str, ...]
    author: str
    published_at: datetime
    event: str | None
    """Key of the event that it reports; None for noise."""
    copy_of: str | None
    """Key of the wire report that it copies."""
    follow_up: bool
    """Whether it extends an event that others have reported on an earlier day."""
    members_only: bool
    """Whether its page lies where robots.txt says not to go; its feed has the whole text."""
    dates: tuple[GoldDate, ...]
    version: int = 1
    correction: Correction | None = None
    """Set on version 2."""

    @property
    def path(self) -> str:
        """Where its page is, below the server's root; stable over versions."""
        folder = "members" if self.members_only else f"{self.published_at:%Y/%m}"
        return f"/{self.outlet.key}/{folder}/{self.key}"

    @property
    def changed_at(self) -> datetime:
        """When it was last touched."""
        return self.correction.at if self.correction else self.published_at

    @property
    def body(self) -> str:
        """Paragraphs separated by one newline, as extraction should find them."""
        return "\n".join(self.paragraphs)


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldFigure:
    """What some articles say of a measure."""

    value: float
    words: str
    """As each of the articles writes it, languages apart."""
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldConflict:
    """A measure on which the sources differ."""

    measures: str
    unit: str
    status: Literal["conflicts", "superseded"]
    figures: tuple[GoldFigure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldForecast:
    """A prediction that an article makes or reports."""

    article: str
    words: str
    """A part of the sentence, as printed."""
    horizon: GoldDate | None
    who: str
    """Verbatim; "" if the outlet itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldMilestone:
    """A date that a timeline of the event should have."""

    date: GoldDate
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleEvent:
    """One happening of the samples and what is known of it."""

    key: str
    title: str
    related: tuple[str, ...]
    conflicts: tuple[GoldConflict, ...]
    forecasts: tuple[GoldForecast, ...]
    milestones: tuple[GoldMilestone, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleVerdict:
    """What came of a forecast of an outlook, as the sample's made-up reader decides it."""

    words: str
    """A part of the sentence, as printed: no other forecast of the wire has it."""
    verdict: Literal["true", "false", "void"]
    at: datetime
    note: str


def articles(base: datetime = DEFAULT_BASE, *, corrected: bool = False) -> list[SampleArticle]:
    """All sample articles, oldest first.

    Args:
        base: The moment that they lead up to; aware.
        corrected: Whether the corrected article is given in its second version.
    """
    if base.tzinfo is None:
        raise ValueError("base must be an aware datetime")
    base = base.astimezone(UTC)
    found: list[SampleArticle] = []
    for event, rows in _files().items():
        by_key: dict[str, Mapping[str, Any]] = {}
        for given in rows["articles"]:
            row = _inherit(given, by_key)
            by_key[row["key"]] = row
            found.append(_article(row, None if event == "noise" else event, base, corrected=corrected))
    return sorted(found, key=lambda article: (article.published_at, article.key))


def outlooks(base: datetime = DEFAULT_BASE) -> list[SampleArticle]:
    """Articles that forecast for the days just past, oldest first: not part of the labelled wire, for the demo alone."""
    base = base.astimezone(UTC)
    rows = [row for file in _outlooks() for row in file["articles"]]
    found = [_article(row, None, base, corrected=False) for row in rows]
    return sorted(found, key=lambda article: (article.published_at, article.key))


def verdicts(base: datetime = DEFAULT_BASE) -> list[SampleVerdict]:
    """What came of the forecasts of ``outlooks``; the undecided ones are left out."""
    base = base.astimezone(UTC)
    rows = [row for file in _outlooks() for row in file["verdicts"]]
    return [
        SampleVerdict(words=row["words"], verdict=row["verdict"], at=_time(row["at"], base), note=row["note"])
        for row in rows
    ]


@cache
def _outlooks() -> tuple[Mapping[str, Any], ...]:
    folder = files("groundwire.sample").joinpath("outlooks")
    listed = sorted(folder.iterdir(), key=lambda item: item.name)
    return tuple(tomllib.loads(file.read_text(encoding="utf-8")) for file in listed if file.name.endswith(".toml"))


def events(base: datetime = DEFAULT_BASE) -> list[SampleEvent]:
    """The events of the samples with their labels, in the order of the files."""
    return [_event(key, rows["event"], base.astimezone(UTC)) for key, rows in _files().items() if key != "noise"]


@cache
def _files() -> dict[str, Mapping[str, Any]]:
    folder = files("groundwire.sample").joinpath("articles")
    found: dict[str, Mapping[str, Any]] = {}
    for file in sorted(folder.iterdir(), key=lambda item: item.name):
        if file.name.endswith(".toml"):
            rows = tomllib.loads(file.read_text(encoding="utf-8"))
            found[rows["event"]["key"] if "event" in rows else "noise"] = rows
    return found


def _inherit(row: Mapping[str, Any], earlier: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    """A wire copy gets the body of its original, less what the outlet cut, with its edits."""
    if "copy_of" not in row:
        return row
    original = earlier[row["copy_of"]]
    paragraphs = _split(original["body"])
    kept = [text for index, text in enumerate(paragraphs, start=1) if index not in row.get("cut", ())]
    body = _edited(
        "\n\n".join([*_split(row.get("before", "")), *kept, *_split(row.get("after", ""))]), row.get("edits", ())
    )
    return {"title": original["title"], "author": original["author"], **row, "body": body}


def _split(body: str) -> list[str]:
    return [" ".join(part.split()) for part in body.split("\n\n") if part.strip()]


def _edited(text: str, edits: Sequence[Sequence[str]]) -> str:
    for old, new in edits:
        if old not in text:
            raise GroundwireError(f"sample article: nothing to edit: {old!r}")
        text = text.replace(old, new)
    return text


def _article(row: Mapping[str, Any], event: str | None, base: datetime, *, corrected: bool) -> SampleArticle:
    outlet = OUTLETS[row["outlet"]]
    published_at = _time(row["at"], base)
    correction = None
    title, body = row["title"], row["body"]
    if corrected and "correction" in row:
        change = row["correction"]
        correction = Correction(at=_time(change["at"], base), note=change["note"])
        title, body = (_edited(text, [pair for pair in change["edits"] if pair[0] in text]) for text in (title, body))
        body += f"\n\n{change['note']}"
    story = StoryTime(base=base.date(), published=published_at.astimezone(outlet.zone).date(), style=outlet.dates)
    title, dates = story.render(title)
    paragraphs = []
    for paragraph in _split(body):
        text, more = story.render(paragraph)
        paragraphs.append(text)
        dates += more
    return SampleArticle(
        key=row["key"],
        outlet=outlet,
        title=title,
        paragraphs=tuple(paragraphs),
        author=row["author"],
        published_at=published_at,
        event=event,
        copy_of=row.get("copy_of"),
        follow_up=row.get("follow_up", False),
        members_only=row.get("members_only", False),
        dates=dates,
        version=2 if correction else 1,
        correction=correction,
    )


def _time(at: str, base: datetime) -> datetime:
    """``day -20 13:05`` is a time of day (UTC) so many days before the base's; ``now -86m`` so long before the base."""
    match = _AT.fullmatch(at)
    if not match:
        raise GroundwireError(f"sample article: no time: {at!r}")
    if match[4]:
        return base - timedelta(minutes=int(match[4]))
    midnight = base.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=int(match[1]), hours=int(match[2]), minutes=int(match[3]))


def _event(key: str, row: Mapping[str, Any], base: datetime) -> SampleEvent:
    story = StoryTime(base=base.date(), published=base.date(), style="us")

    def when(text: str) -> GoldDate:
        return story.render(f"{{{text}}}")[1][0]

    return SampleEvent(
        key=key,
        title=row["title"],
        related=tuple(row.get("related", ())),
        conflicts=tuple(
            GoldConflict(
                measures=conflict["measures"],
                unit=conflict["unit"],
                status=conflict["status"],
                figures=tuple(
                    GoldFigure(value=float(figure["value"]), words=figure["words"], articles=tuple(figure["articles"]))
                    for figure in conflict["figures"]
                ),
            )
            for conflict in row.get("conflicts", ())
        ),
        forecasts=tuple(
            GoldForecast(
                article=forecast["article"],
                words=forecast["words"],
                horizon=when(forecast["horizon"]) if "horizon" in forecast else None,
                who=forecast.get("who", ""),
            )
            for forecast in row.get("forecasts", ())
        ),
        milestones=tuple(
            GoldMilestone(date=when(milestone["date"]), what=milestone["what"])
            for milestone in row.get("milestones", ())
        ),
    )
