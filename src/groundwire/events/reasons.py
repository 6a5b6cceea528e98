"""Why two articles are held to tell of one event, in words for people."""

from __future__ import annotations

import math

import numpy as np

from groundwire.events.near_duplicates import COPY
from groundwire.events.similarity import INDEX, Block, Profile
from groundwire.types import Reason

_SHOWN = 5
_TELLING_RARITY = 0.25


def reasons(mine: Profile, other: Profile, channels: Block) -> tuple[Reason, ...]:
    """What two articles have in common, strongest first.

    Args:
        mine: The article that is explained.
        other: The member of the event that is nearest to it.
        channels: The pair's ``similarity.CHANNELS``, shape (channels,).
    """
    a, b = mine.fingerprint, other.fingerprint
    found: list[Reason] = []
    copied = float(channels[INDEX["copied"]])
    if copied >= COPY:
        found.append(Reason(kind="near-duplicate", detail=f"{copied:.0%} of the text is the same", weight=copied))
    if channels[INDEX["link"]] > 0:
        found.append(Reason(kind="link", detail="both link to the same page", weight=0.9))
    names = shared_names(mine, other)
    if names:
        weight = float(channels[INDEX["names_contained"]])
        found.append(Reason(kind="entities", detail=", ".join(names[:_SHOWN]), weight=min(weight, 1.0)))
    quantities = [
        b.shown_quantities[int(h)] if int(h) in b.shown_quantities else a.shown_quantities[int(h)]
        for h in np.intersect1d(a.quantities[a.quantity_marks >= 2], b.quantities[b.quantity_marks >= 2])
        if int(h) in a.shown_quantities or int(h) in b.shown_quantities
    ]
    if quantities:
        weight = min(0.2 * len(quantities), 0.8)
        found.append(Reason(kind="numbers", detail=", ".join(quantities[:_SHOWN]), weight=weight))
    similarity = max(float(channels[INDEX[name]]) for name in ("meaning", "cross_meaning"))
    found.append(
        Reason(kind="similarity", detail=f"{max(similarity, 0):.0%} alike in meaning", weight=max(similarity, 0))
    )
    if not math.isnan(a.day) and not math.isnan(b.day):
        gap = abs(a.day - b.day)
        found.append(Reason(kind="time", detail=f"published {in_words(gap)} apart", weight=math.exp(-gap) * 0.5))
    return tuple(sorted(found, key=lambda reason: -reason.weight))


def shared_names(mine: Profile, other: Profile) -> list[str]:
    """Names that both articles tell of, most telling first, as one of them writes them; a full name once."""
    a, b = mine.fingerprint, other.fingerprint
    common, at, _ = np.intersect1d(a.names, b.names, return_indices=True)
    rarity = a.name_rarity[at].astype(np.float64) / 255
    shown: list[str] = []
    for i in np.argsort(-rarity * (1 + 0.5 * a.name_in_title[at]), kind="stable"):
        key = int(common[i])
        name = a.shown_names.get(key) or b.shown_names.get(key)
        if name and rarity[i] >= _TELLING_RARITY and not any(name in other_name for other_name in shown):
            shown = [n for n in shown if n not in name] + [name]
    return shown


def in_words(days: float) -> str:
    """A stretch of time for people, coarse: "40 minutes", "5 hours", "3 days"."""
    minutes = days * 1440
    for size, word in ((1440.0, "day"), (60.0, "hour"), (1.0, "minute")):
        if minutes >= size or word == "minute":
            number = max(round(minutes / size), 1)
            return f"{number} {word}{'' if number == 1 else 's'}"
    raise AssertionError
