"""Later passages that bear on a forecast, for a person to look at: names, figures and meaning in common."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from itertools import zip_longest
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

from groundwire.forecasts.record import Proposal, Registered
from groundwire.forecasts.rule import Rule
from groundwire.times import MONTH_NUMBERS
from groundwire.types import Article, Evidence, Quantity, SentenceEvidence

Vectors = npt.NDArray[np.float32]

ALIKE = 0.6
"""Cosine from which a passage that shares a name bears on a forecast of a happening."""
ALIKE_FIGURE = 0.35
"""The same where it also has a figure in the forecast's unit."""
ALIKE_ON_TIME = 0.35
"""The same for a report of the very days on which it was to happen that uses a word of it: a vote on the day of the vote."""
FEW_DAYS, REPORTED_WITHIN = timedelta(days=1), timedelta(days=3)
"""How far the last of those may be from the first, and how much later a report may come."""


class Embedder(Protocol):
    """Meaning of texts (``events.embeddings``)."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, one a text."""


def subjects(evidence: Evidence) -> frozenset[str]:
    """Keys of all names in an article: what chooses the forecasts to compare it with."""
    return frozenset(m.key for s in evidence.sentences for m in s.mentions if m.kind != "place")


def propose(
    forecast: Registered,
    evidence: Evidence,
    embedder: Embedder,
    *,
    alike: float = ALIKE,
    alike_figure: float = ALIKE_FIGURE,
) -> Proposal | None:
    """The passage of a later article that bears most on a forecast; None if none does.

    The article must be another one and later; a sentence that itself only looks ahead proves nothing.
    """
    article, rule = evidence.article, forecast.rule
    if rule is None or article.article_id == forecast.article_id or article.published_at <= forecast.said_at:
        return None
    fit: list[tuple[SentenceEvidence, tuple[str, ...], Quantity | None]] = []
    for found in evidence.sentences:
        shared = tuple(dict.fromkeys(m.key for m in found.mentions if m.key in rule.subject))
        figure = _figure(rule, found)
        if found.forecast is None and (shared or (not rule.subject and figure is not None)):
            fit.append((found, shared, figure))
    if not fit:
        return None
    vectors = embedder.encode([forecast.text, *(found.sentence.text for found, _, _ in fit)])
    cosines = (vectors[1:] @ vectors[0]).tolist()
    best = max(range(len(fit)), key=lambda i: (fit[i][2] is not None, cosines[i], -i))
    found, shared, figure = fit[best]
    cosine = float(cosines[best])
    bound = alike_figure if figure is not None else ALIKE_ON_TIME if _on_time(rule, found, article) else alike
    if cosine < min(bound, alike):
        return None
    why = [f"names {', '.join(shared)}"] if shared else []
    why += [f"figure {figure.text}"] if figure is not None else []
    return Proposal(
        version_id=article.id,
        start=found.sentence.start,
        end=found.sentence.end,
        quote=found.sentence.text,
        why="; ".join([*why, f"similarity {cosine:.2f}"]),
        suggests=_suggests(rule, figure, article),
    )


def _on_time(rule: Rule, found: SentenceEvidence, article: Article) -> bool:
    """Whether a report comes when it was to happen, and uses a word of what was: "vote", "voted"."""
    day = article.published_at.date()
    said = _words(rule.words) - MONTH_NUMBERS.keys() - {name for key in rule.subject for name in key.split()}
    stems = {word[:STEM] for word in said if len(word) >= STEM or not word.isascii()}
    return (
        rule.until - rule.since <= FEW_DAYS
        and rule.since <= day <= rule.until + REPORTED_WITHIN
        and any(word[:STEM] in stems for word in _words(found.sentence.text))
    )


def _figure(rule: Rule, found: SentenceEvidence) -> Quantity | None:
    """A figure of the forecast's unit that measures something called alike: a dollar amount alone is anybody's."""
    if rule.target is None:
        return None
    ordered = [q for q in found.quantities if q.unit == rule.target.unit and q.unit]
    same = [q for q, then in zip_longest(ordered, ordered[1:]) if then is None or not _onwards(found, q, then)]
    words = _words(rule.words)
    shared = {q.start: len(words & _words(q.measures)) for q in same}
    return max((q for q in same if shared[q.start]), key=lambda q: (shared[q.start], -q.start), default=None)


def _onwards(found: SentenceEvidence, before: Quantity, then: Quantity) -> bool:
    """Whether "from 25 % to 50 %" stands there: only the second is so now."""
    text, start = found.sentence.text, found.sentence.start
    lead, between = text[: before.start - start], text[before.end - start : then.start - start]
    return _FROM.search(lead) is not None and _ONWARDS.search(between) is not None


_FROM = re.compile(r"\bfrom\s(?:[^\s,]+\s){0,3}$|[由从自][^，。；]{0,10}$")
_ONWARDS = re.compile(r"\bto\b|[至到为]")
STEM = 4
"""Letters that two forms of a word share at least."""
_PIECE = re.compile(r"[a-z][a-z0-9.-]{2,}|[\u3400-\u9fff]+")


def _words(text: str) -> set[str]:
    """Words of three letters and more, and pairs of Chinese characters, but the most general ones."""
    found: set[str] = set()
    for piece in _PIECE.findall(text.lower()):
        found |= {piece} if piece.isascii() else {piece[i : i + 2] for i in range(len(piece) - 1)}
    return found - _GENERAL


_GENERAL = frozenset(
    (
        "the",
        "and",
        "for",
        "from",
        "its",
        "than",
        "more",
        "about",
        "公司",
        "亿美",
        "美元",
        "计划",
        "预计",
        "今年",
        "明年",
    )
)
"""Words that say nothing of what is measured."""


def _suggests(rule: Rule, figure: Quantity | None, article: Article) -> Literal["true", "false", ""]:
    """What the figure alone says: true once it is reached in time, false only after the last day."""
    day = article.published_at.date()
    if rule.target is None or figure is None or day < rule.since:
        return ""
    if rule.target.holds(figure.value, figure.upper):
        return "true"
    return "false" if day > rule.until else ""
