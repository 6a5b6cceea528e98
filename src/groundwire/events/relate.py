"""Other events that a reader of one may care for: earlier, parallel, later, with the reason."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from groundwire.events.outline import Outline
from groundwire.events.reasons import in_words
from groundwire.types import Reason

_APART_DAYS = 1.0
"""Events whose reports lie less than this apart ran in parallel."""
_NAMES_WORTH = 1.0
_ENOUGH = 0.62
"""Relatedness from which an event is shown: half a shared cast and a like meaning, or more of either."""
_MEANING_FLOOR = 0.2
_SHOWN = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """Another event and how it relates; ``types.RelatedEvent`` without what only storage knows."""

    event_id: int
    relation: Literal["earlier", "parallel", "later"]
    reasons: tuple[Reason, ...]
    score: float


def relate(event: Outline, others: Iterable[Outline], limit: int = 6) -> tuple[Relation, ...]:
    """The events most related to one, strongest first.

    Relatedness adds nearness of meaning (cosine of centres above 0.2) to the overlap of casts: names weighted by rarity
    and by the share of reports that have them, ``sum min(w) / min(sum w)``.
    """
    found = [relation for other in others if (relation := _relation(event, other)) is not None]
    return tuple(sorted(found, key=lambda r: (-r.score, r.event_id))[:limit])


def _relation(event: Outline, other: Outline) -> Relation | None:
    if other.event_id == event.event_id:
        return None
    common = {h: min(event.names[h], other.names[h]) for h in event.names.keys() & other.names.keys()}
    smaller = min(sum(event.names.values()), sum(other.names.values()))
    cast = sum(common.values()) / max(smaller, 1.0)
    nearness = float(event.centre @ other.centre)
    score = max(nearness - _MEANING_FLOOR, 0) + _NAMES_WORTH * cast
    if score < _ENOUGH or not common:
        return None
    told = sorted(common, key=lambda h: (-common[h], h))
    names = [n for h in told if (n := other.shown_names.get(h) or event.shown_names.get(h))]
    reasons = [Reason(kind="entities", detail=", ".join(dict.fromkeys(names[:_SHOWN])), weight=min(cast, 1.0))]
    reasons.append(
        Reason(kind="similarity", detail=f"{max(nearness, 0):.0%} alike in meaning", weight=max(nearness, 0))
    )
    relation: Literal["earlier", "parallel", "later"] = "parallel"
    before, after = event.first_day - other.last_day, other.first_day - event.last_day
    gap = max(before, after)
    if not math.isnan(gap):
        if before > _APART_DAYS:
            relation = "earlier"
        elif after > _APART_DAYS:
            relation = "later"
        if gap > 0:
            words = {"earlier": "before", "later": "after"}.get(relation, "apart")
            reasons.append(Reason(kind="time", detail=f"{in_words(gap)} {words}", weight=0.1))
    kept = tuple(reason for reason in reasons if reason.detail)
    return Relation(event_id=other.event_id, relation=relation, reasons=kept, score=score)
