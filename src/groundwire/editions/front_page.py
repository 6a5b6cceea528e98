"""Front page: how important each item of a day is beside the day's others.

A linear score over features that any news day has: how many others report it, in whichever language; how much its
names are in the news; figures, length, kind of news, newness. No outlet, company or topic has a weight of its own.
Weights and scales are data (``data/front_page.toml``), fitted by ``benchmarks/ranking.py --fit``.
"""

from __future__ import annotations

import math
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from groundwire.evidence import cues, roles
from groundwire.types import Evidence

Vectors = npt.NDArray[np.float32]

WINDOW = timedelta(days=1)
"""Reports from so long before an item's day until its end count as coverage of it."""
MEMORY = timedelta(days=30)
"""How far back "how much a name is in the news" looks."""
RECENT = timedelta(days=7)
"""How far back a repetition makes an item less new."""
ALIKE = 0.45
"""Cosine from which another report counts as being about the same."""

KINDS = ("funding", "deal", "model", "product", "price", "earnings", "people", "research", "rumour", "opinion")
"""Kinds of news that may weigh: what sort of happening it is. Fields (chips, energy, policy) may not: which field a
reader cares for is the reader's choice, not an editor's."""

CLIP = 3.0
"""Standard deviations that one feature may count for at most."""
LONG = 600
"""Characters from which length says nothing more: digests cut to size, articles don't."""

FEATURES = (
    "coverage", "shared_names", "versions", "prominence", "lead_prominence", "length", "figures",
    "names", "newness", *(f"kind_{kind}" for kind in KINDS),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Report:
    """Any recent article, as far as it tells what is in the news."""

    day: date
    title_names: tuple[str, ...]
    """Keys of the names in its title, in order."""
    names: frozenset[str]
    """Keys of all its names."""
    vector: Vectors
    """Meaning of title and opening; shape (d,), unit norm."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Item(Report):
    """Something that may go on the front page: an event's lead article, or a single story."""

    id: int
    title_vector: Vectors
    """Meaning of the title alone; shape (d,)."""
    kinds: Mapping[str, int]
    """Cue words of each kind of news in title and opening."""
    length: int
    """Characters."""
    figures: int
    """Quantities stated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """An item's place, and why."""

    id: int
    score: float
    parts: Mapping[str, float]
    """What each feature added, for people who ask why; sums to ``score``."""


OPENING = 300
"""Characters of title and text that an item's vector stands for."""


def item(item_id: int, evidence: Evidence, vector: Vectors, title_vector: Vectors) -> Item:
    """An item from what was found in its (lead) article.

    Args:
        item_id: Whose place is asked for.
        evidence: Of the article.
        vector: Embeds ``article.text[:OPENING]``.
        title_vector: Embeds ``article.title``.
    """
    opening = evidence.sentences[:4]
    hits = [hit for found in opening for hit in cues.find(found.sentence.text)]
    first = opening[0].mentions if opening else ()
    return Item(
        id=item_id,
        day=evidence.article.published_at.date(),
        title_names=tuple(dict.fromkeys(m.key for m in first if m.kind != "place")),
        names=frozenset(m.key for s in evidence.sentences for m in s.mentions if m.kind != "place"),
        vector=vector,
        title_vector=title_vector,
        kinds={kind: len(found) for kind, found in roles.tally(hits, "kind").items()},
        length=len(evidence.article.text),
        figures=sum(len(s.quantities) for s in evidence.sentences),
    )


def rank(items: Sequence[Item], reports: Sequence[Report]) -> tuple[Ranked, ...]:
    """The items of one day, most important first; ties go to the smaller id.

    Args:
        items: What the page is made of.
        reports: Articles of the last ``MEMORY`` from every source, the items' own further articles included but
            not the items themselves.
    """
    if not items:
        return ()
    values = features(items, reports)
    scales, weights = model()
    parts = np.clip((values - values.mean(axis=0)) / scales, -CLIP, CLIP) * weights
    scores = np.round(parts.sum(axis=1), 9)
    ranked = [
        Ranked(
            id=it.id,
            score=float(score),
            parts={name: round(float(part), 4) for name, part in zip(FEATURES, row, strict=True) if abs(part) >= 5e-5},
        )
        for it, score, row in zip(items, scores, parts, strict=True)
    ]
    return tuple(sorted(ranked, key=lambda r: (-r.score, r.id)))


def features(items: Sequence[Item], reports: Sequence[Report]) -> npt.NDArray[np.float64]:
    """Raw feature values; shape (items, len(FEATURES))."""
    vectors = np.stack([r.vector for r in reports]) if reports else np.zeros((0, len(items[0].vector)), np.float32)
    days = np.array([r.day.toordinal() for r in reports], dtype=np.int64)
    names = _Names(reports)
    return np.array([_features(it, reports, vectors, days, names) for it in items], dtype=np.float64)


def _features(
    it: Item, reports: Sequence[Report], vectors: Vectors, days: npt.NDArray[np.int64], names: _Names
) -> list[float]:
    today = it.day.toordinal()
    near = np.flatnonzero((days >= today - WINDOW.days) & (days <= today))
    before = (days < today - WINDOW.days) & (days >= today - MEMORY.days)
    past = np.flatnonzero((days < today) & (days >= today - RECENT.days))
    alike = vectors[near] @ it.vector if len(near) else np.zeros(0, np.float32)
    titled = vectors[near] @ it.title_vector if len(near) else np.zeros(0, np.float32)
    repeated = float((vectors[past] @ it.vector).max()) if len(past) else 0.0
    now = names.counted(near)
    ever = names.counted(np.flatnonzero(before))
    total = int(before.sum()) + len(near) + 1
    shared = 0.0
    for cosine, j in zip(alike.tolist(), near.tolist(), strict=True):
        weight = sum(
            math.log(total / (ever.all[n] + 1)) for n in reports[j].names & it.names if ever.all[n] + 1 < total
        )
        product = weight * max(cosine, 0.0)
        shared += product if product > 1.5 else 0.0
    known = max(int(before.sum()) + len(near), 1)
    fame = [math.log1p(500 * (ever.title[n] + now.title[n]) / known) for n in it.title_names]
    versions = [math.log1p(now.all[n]) for n in it.title_names if any(ch.isdigit() for ch in n)]
    return [
        math.log1p(float((titled > ALIKE).sum())),
        math.log1p(shared),
        max(versions, default=0.0),
        max(fame, default=0.0),
        fame[0] if fame else 0.0,
        math.log(min(max(it.length, 1), LONG)),
        math.log1p(it.figures),
        math.log1p(len(it.names)),
        1.0 - repeated,
        *(math.log1p(it.kinds.get(kind, 0)) for kind in KINDS),
    ]


@dataclass(frozen=True, slots=True)
class _Counted:
    title: Counter[str]
    all: Counter[str]


class _Names:
    """Counts of names over subsets of the reports, each subset counted once."""

    def __init__(self, reports: Sequence[Report]) -> None:
        self._reports = reports
        self._known: dict[bytes, _Counted] = {}

    def counted(self, rows: npt.NDArray[np.int64]) -> _Counted:
        key = rows.tobytes()
        if key not in self._known:
            title: Counter[str] = Counter()
            every: Counter[str] = Counter()
            for j in rows:
                title.update(self._reports[j].title_names)
                every.update(self._reports[j].names)
            self._known[key] = _Counted(title, every)
        return self._known[key]


@cache
def model() -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Scales and weights in the order of ``FEATURES``."""
    raw = tomllib.loads(resources.files("groundwire.editions").joinpath("data/front_page.toml").read_text("utf-8"))
    return (
        np.array([raw["scale"][name] for name in FEATURES], dtype=np.float64),
        np.array([raw["weight"][name] for name in FEATURES], dtype=np.float64),
    )
