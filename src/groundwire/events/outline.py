"""An event in few numbers, made from its reports' fingerprints: what ranking and relating go by."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from groundwire.events.features import Fingerprint

_NAMES = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """What is known of an event at a glance."""

    event_id: int
    articles: int
    origins: int
    """Independent reports: articles that copy no other."""
    sources: int
    """Different outlets."""
    languages: tuple[str, ...]
    """Most frequent first."""
    first_day: float
    """Day of the first report, in days since 1970; NaN if no report's time is known."""
    last_day: float
    quantities: int
    """Telling quantities (with a unit, or of several digits) that more than one origin states, or a lone one states."""
    names: Mapping[int, float]
    """Hash of a name -> its weight in the event, 0 to 1: share of reports with it, times its rarity."""
    shown_names: Mapping[int, str]
    centre: npt.NDArray[np.float32]
    """Mean embedding of titles and leads, unit norm, shape (d,)."""


def outline(event_id: int, fingerprints: Sequence[Fingerprint], origins: Mapping[int, int]) -> Outline:
    """The outline of an event.

    Args:
        event_id: Its id.
        fingerprints: Of its articles, at least one.
        origins: Article id -> origin id.
    """
    by_origin: dict[int, Fingerprint] = {}
    for f in fingerprints:
        by_origin.setdefault(origins.get(f.article_id, f.article_id), f)
    days = [f.day for f in fingerprints if not math.isnan(f.day)]
    weights: Counter[int] = Counter()
    shown: dict[int, str] = {}
    stated: Counter[int] = Counter()
    for f in by_origin.values():
        for h, rarity in zip(f.names.tolist(), f.name_rarity.tolist(), strict=True):
            weights[h] += rarity / 255 / len(by_origin)
        shown |= f.shown_names
        stated.update(f.quantities[f.quantity_marks >= 2].tolist())
    kept = sorted(weights, key=lambda h: (-weights[h], h))[:_NAMES]
    centre = np.zeros(fingerprints[0].title.shape, dtype=np.float32)
    for f in by_origin.values():
        for vector in (f.title, f.lead):
            norm = float(np.linalg.norm(vector.astype(np.float32)))
            if norm > 0:
                centre += vector / np.float32(norm)
    norm = float(np.linalg.norm(centre))
    return Outline(
        event_id=event_id,
        articles=len(fingerprints),
        origins=len(by_origin),
        sources=len({f.source_id for f in fingerprints}),
        languages=tuple(language for language, _ in Counter(f.language for f in fingerprints).most_common()),
        first_day=min(days, default=math.nan),
        last_day=max(days, default=math.nan),
        quantities=sum(1 for count in stated.values() if count > 1 or len(by_origin) == 1),
        names={h: weights[h] for h in kept},
        shown_names={h: shown[h] for h in kept if h in shown},
        centre=centre / np.float32(norm) if norm > 0 else centre,
    )
