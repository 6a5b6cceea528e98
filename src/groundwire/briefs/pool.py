"""The sentences that a brief may choose from, with what the choice needs: place, meaning, names, numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import numpy.typing as npt

from groundwire.briefs import quality, words
from groundwire.evidence import roles
from groundwire.types import Article, Event, Evidence, Role, SentenceEvidence

_COLON = re.compile(r"\s?[:：]\s*(?=[\w@“\"])")
Vectors = npt.NDArray[np.float32]

PER_ARTICLE = 16
"""Sentences of one article that are embedded; the cheap scores choose which."""
PER_EVENT, LEAST = 160, 6
"""Sentences of one event that are embedded (some 3 ms each), but never fewer than ``LEAST`` of an article."""
MAX_ARTICLES = 24
"""Articles of one event that are read; origins first, then in order of publication."""


FAR, CLOSE = 0.15, 0.8
"""Cosines to the event's centre that count as beside the point and as its very core."""


class Embedder(Protocol):
    """Texts -> vectors of unit length in which near means alike, across languages."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Shape (n, d), float32."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Candidate:
    """A sentence that may be printed, cut to its printable part."""

    index: int
    """Row in the pool's vectors."""
    article: Article
    found: SentenceEvidence
    origin: int
    position: int
    """In its article; 0 is the title."""
    start: int
    end: int
    text: str
    """``article.text[start:end]``."""
    content: frozenset[str]
    keys: frozenset[str]
    """Names in it."""
    numbers: frozenset[tuple[str, float]]
    """(unit, value) of the quantities in it."""
    looseness: float

    def role(self, name: Role) -> float:
        """Score of a role, 0 if it doesn't apply."""
        return self.found.roles.get(name, 0.0)

    @property
    def is_title(self) -> bool:
        """Whether it is its article's title."""
        return self.position == 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pool:
    """Every candidate of an event, in a fixed order."""

    event: Event
    language: str
    candidates: tuple[Candidate, ...]
    vectors: Vectors
    salience: npt.NDArray[np.float64]
    """How central each candidate is to the event; about 0 to 1."""
    key_names: frozenset[str]
    """Names that the event is about."""
    dropped: Mapping[str, int]
    """Why sentences were not even considered, counted."""
    origins: int

    def similarity(self, a: Candidate, b: Candidate) -> float:
        """Cosine of two candidates' meanings."""
        return float(self.vectors[a.index] @ self.vectors[b.index])

    def of(self, candidate: Candidate) -> float:
        """Salience of one candidate."""
        return float(self.salience[candidate.index])

    def central(self, candidate: Candidate, floor: float) -> bool:
        """Whether it is salient enough; a single report is all about its event, several digress differently."""
        return self.of(candidate) >= (floor if self.origins > 1 else 0.4 * floor)


def build(
    event: Event, articles: Sequence[Article], evidence: Mapping[int, Evidence], embedder: Embedder, language: str
) -> Pool:
    """Read an event's articles into a pool.

    Args:
        event: Its members say which articles share an origin.
        articles: The versions to read, one an article.
        evidence: By version id.
        embedder: Embeds the chosen sentences in one call.
        language: The reader's.
    """
    origin_of = {m.article_id: m.origin_id for m in event.members}
    ordered = sorted(
        articles, key=lambda a: (origin_of.get(a.article_id, a.article_id) != a.article_id, a.published_at, a.id)
    )[:MAX_ARTICLES]
    most = min(PER_ARTICLE, max(LEAST, PER_EVENT // max(len(ordered), 1)))
    dropped: Counter[str] = Counter()
    candidates: list[Candidate] = []
    seen: set[tuple[int, str]] = set()
    for article in sorted(ordered, key=lambda a: (a.published_at, a.id)):
        origin = origin_of.get(article.article_id, article.article_id)
        for candidate in _of_article(article, evidence[article.id], origin, most, dropped):
            if (origin, candidate.text) in seen:
                continue
            seen.add((origin, candidate.text))
            candidates.append(replace(candidate, index=len(candidates)))
    vectors = embedder.encode([c.text for c in candidates]) if candidates else np.zeros((0, 1), np.float32)
    names = _key_names(candidates)
    return Pool(
        event=event,
        language=language,
        candidates=tuple(candidates),
        vectors=vectors,
        salience=_salience(candidates, vectors, names, language),
        key_names=names,
        dropped=dropped,
        origins=len({c.origin for c in candidates}),
    )


def _of_article(article: Article, evidence: Evidence, origin: int, most: int, dropped: Counter[str]) -> list[Candidate]:
    made: list[Candidate] = []
    lead = evidence.sentences[1].sentence.text if len(evidence.sentences) > 1 else ""
    title = evidence.sentences[0].sentence.text.rstrip(":：… ") if evidence.sentences else ""
    no_stops = not quality.sets_stops(article.text)
    for position, found in enumerate(evidence.sentences):
        whole = found.sentence.text
        left, right = quality.bounds(whole)
        left = max(left, _behind_title(whole, title)) if position else left
        text = whole[left:right]
        unstopped = no_stops and article.text[found.sentence.end : found.sentence.end + 1] in ("", "\n")
        reason = quality.unfit(whole, title=position == 0, unstopped=unstopped)
        if reason in (None, "tags") and text != whole:  # trailing handles are cut off
            reason = quality.unfit(text if right == len(whole) else text + ".", title=position == 0)
        if position == 0 and whole.endswith((":", "：")):
            right -= right == len(whole)
            text = whole[left:right]
            reason = reason if quality.is_clause(text) else "fragment"  # a label
        elif position == 0 and len(whole) < len(lead) and lead.startswith(whole):
            reason = "fragment"  # the body's first words cut off
        if reason is None and roles.is_first_person(text) and found.roles.get("quote", 0.0) < 0.3:
            reason = "fragment"
        if reason is not None:
            dropped[reason] += 1
            continue
        start, end = found.sentence.start + left, found.sentence.start + right
        made.append(
            Candidate(
                index=0,
                article=article,
                found=found,
                origin=origin,
                position=position,
                start=start,
                end=end,
                text=text,
                content=words.content(text),
                keys=frozenset(m.key for m in found.mentions),
                numbers=frozenset((q.unit, q.value) for q in found.quantities),
                looseness=quality.looseness(text),
            )
        )
    if len(made) <= most:
        return made
    best = sorted(made, key=lambda c: (-_cheap(c), c.position))[:most]
    dropped["less telling than others of its article"] += len(made) - most
    return sorted(best, key=lambda c: c.position)


def _behind_title(sentence: str, title: str) -> int:
    """Where a sentence that opens with its article's title and a colon goes on, if that can stand alone; else 0."""
    match = _COLON.match(sentence, len(title)) if title and sentence.startswith(title) else None
    return match.end() if match and quality.is_clause(sentence[match.end() :]) else 0


def _cheap(c: Candidate) -> float:
    """Which sentences of a long article are worth embedding."""
    if c.is_title:
        return 9.0
    roles_worth: tuple[Role, ...] = ("fact", "consequence", "recommendation", "forecast", "technical")
    best_role = max(c.role(r) for r in roles_worth)
    return best_role + 0.6 / c.position + 0.1 * min(len(c.numbers), 2) + 0.1 * bool(c.found.dates) - 0.3 * c.looseness


def _key_names(candidates: Sequence[Candidate]) -> frozenset[str]:
    """Names in titles and leads, the more articles the better."""
    count: Counter[str] = Counter()
    for c in candidates:
        if c.position <= 2:
            for key in c.keys:
                count[key] += 3 if c.is_title else 1
    most = count.most_common(1)[0][1] if count else 0
    ranked = sorted((k for k, n in count.items() if n >= max(2, most / 4)), key=lambda k: (-count[k], k))
    return frozenset(ranked[:6])


def _salience(
    candidates: Sequence[Candidate], vectors: Vectors, names: frozenset[str], language: str
) -> npt.NDArray[np.float64]:
    n = len(candidates)
    if n == 0:
        return np.zeros(0)
    alike = np.asarray(vectors, dtype=np.float64) @ np.asarray(vectors, dtype=np.float64).T
    origins = sorted({c.origin for c in candidates})
    member = np.array([[c.origin == o for c in candidates] for o in origins], dtype=np.float64)
    centre = (member / member.sum(axis=1, keepdims=True)).mean(axis=0) @ np.asarray(vectors, dtype=np.float64)
    titles = [c.index for c in candidates if c.is_title]
    if titles:
        centre = centre / max(float(np.linalg.norm(centre)), 1e-9) + np.asarray(vectors, np.float64)[titles].mean(
            axis=0
        )
    centrality = np.asarray(vectors, np.float64) @ (centre / max(float(np.linalg.norm(centre)), 1e-9))
    centrality = np.clip((centrality - FAR) / (CLOSE - FAR), 0.0, 1.0)
    support = np.zeros(n)
    if len(origins) > 1:
        for row in member:
            others = row > 0
            support += np.where(others, 0.0, (alike[:, others].max(axis=1) > 0.7).astype(float))
        support /= len(origins) - 1
    rest = np.array([_own_merit(c, names, language, alone=len(origins) == 1) for c in candidates])
    merit: npt.NDArray[np.float64] = np.round(0.35 * centrality + 0.15 * support + rest, 6)
    return merit


def _own_merit(c: Candidate, names: frozenset[str], language: str, *, alone: bool) -> float:
    """Place, names, figures and form. ``alone``: with one origin the headline says what "it" is."""
    named = len(c.keys & names) / max(min(len(names), 3), 1)
    length = quality.weight(c.text)
    return (
        0.2 / (1 + 0.25 * max(c.position - 1, 0))
        + 0.15 * min(named, 1.0)
        + 0.05 * min(len(c.numbers), 2)
        - (0.12 if alone else 0.2) * c.looseness
        - 0.12 * (c.role("quote") > 0.6)
        - 0.1 * (length > 320)
        - 0.05 * (length < 60)
        - 0.2 * (c.article.language != language)
    )
