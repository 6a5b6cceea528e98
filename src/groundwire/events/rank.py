"""How important an event is by its reports alone: the order of a page where no editor has chosen.

``importance = log2(1 + origins) + 0.5 log2(1 + sources) + 0.5 (languages - 1) + 0.15 log2(1 + quantities) + novelty``

- *origins*, independent reports, say most: a wire story in forty papers is one report;
- *sources* (reach) say how many editors found it worth their space;
- more than one language: it matters beyond one market;
- agreed or stated *quantities*: hard news has figures; the logarithm keeps tables from winning;
- *novelty*, 0 to 1: how far the event is from the nearest earlier one; the same story again earns nothing.

On a page importance halves with every 36 hours since the last report: ``score = importance * 2 ** (-age / 36 h)``.
The weights are plain judgement, rounded; ``benchmarks/ranking.py`` measures rankings against an editor's choice.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import UTC, datetime

from groundwire.events.outline import Outline

HALF_LIFE_HOURS = 36.0


def importance(event: Outline, earlier: Iterable[Outline] = ()) -> float:
    """Importance of an event, whenever it is looked at; see the module for the formula.

    Args:
        event: The event.
        earlier: Events before it that it may repeat.
    """
    novelty = 1 - max((float(event.centre @ other.centre) for other in earlier), default=0.0)
    return (
        math.log2(1 + event.origins)
        + 0.5 * math.log2(1 + event.sources)
        + 0.5 * (len(event.languages) - 1)
        + 0.15 * math.log2(1 + event.quantities)
        + min(max(novelty, 0.0), 1.0)
    )


def standing(importance: float, last_published_at: datetime) -> float:
    """A number that orders events as ``page_score`` does at every moment, without a clock: to sort by in a database.

    ``log2(score) = log2(importance) - age / half-life``, and the present moment is the same for all.
    """
    hours = last_published_at.astimezone(UTC).timestamp() / 3600
    return math.log2(max(importance, 1e-9)) + hours / HALF_LIFE_HOURS


def page_score(importance: float, last_published_at: datetime, now: datetime) -> float:
    """Importance less what time took from it; the future counts as now."""
    age_hours = max((now.astimezone(UTC) - last_published_at.astimezone(UTC)).total_seconds() / 3600, 0.0)
    return importance * math.exp2(-age_hours / HALF_LIFE_HOURS)
