"""The living events side by side: what each is about, and which of the others are near."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache

import numpy as np
import numpy.typing as npt

from groundwire.events.features import Fingerprint
from groundwire.events.outline import Outline, outline
from groundwire.events.relate import Relation, relate

NEAREST = 64
"""So many events, nearest in meaning, are looked at for relations: the cost does not grow with the archive."""
_DIMENSIONS = 64


@cache
def _projection(dimension: int) -> npt.NDArray[np.float32]:
    """From vectors to 64 dimensions, fixed and random: cosines stay within about 0.1, and the vectors of all living
    events stay in the processor's cache while the nearest are looked for."""
    drawn = np.random.default_rng(11).standard_normal((dimension, _DIMENSIONS))
    made: npt.NDArray[np.float32] = (drawn / _DIMENSIONS**0.5).astype(np.float32)
    return made


def _cut(centre: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    cut: npt.NDArray[np.float32] = centre @ _projection(centre.size)
    return cut


class Landscape:
    """Outlines of living events, made when first asked for and again when an event changed."""

    def __init__(self) -> None:
        self._articles: dict[int, tuple[int, int, Fingerprint]] = {}
        self._members: dict[int, set[int]] = defaultdict(set)
        self._outlines: dict[int, Outline] = {}
        self._rows: dict[int, int] = {}
        self._ids: list[int] = []
        self._centres = np.zeros((0, _DIMENSIONS), dtype=np.float32)
        self._changed: set[int] = set()
        self._near: dict[int, list[int]] = {}

    def place(self, article_id: int, event_id: int, origin_id: int, fingerprint: bytes) -> None:
        """Note where an article is."""
        before = self._articles.get(article_id)
        if before is not None:
            self._members[before[0]].discard(article_id)
            self._change(before[0])
        self._articles[article_id] = (event_id, origin_id, Fingerprint.from_bytes(fingerprint))
        self._members[event_id].add(article_id)
        self._change(event_id)

    def merge(self, survivor_id: int, absorbed_id: int) -> None:
        """All articles of one event are now in another."""
        for article_id in self._members.pop(absorbed_id, set()):
            _, origin_id, fingerprint = self._articles[article_id]
            self._articles[article_id] = (survivor_id, origin_id, fingerprint)
            self._members[survivor_id].add(article_id)
        self._near.pop(absorbed_id, None)
        self._change(absorbed_id)
        self._change(survivor_id)

    def fingerprints(self, event_id: int) -> list[Fingerprint]:
        """Of an event's articles, by article id."""
        return [self._articles[article_id][2] for article_id in sorted(self._members[event_id])]

    def outline(self, event_id: int) -> Outline:
        """What is known of an event at a glance."""
        if event_id not in self._outlines:
            origins: Mapping[int, int] = {a: self._articles[a][1] for a in self._members[event_id]}
            self._outlines[event_id] = outline(event_id, self.fingerprints(event_id), origins)
            self._keep_centre(event_id, self._outlines[event_id].centre)
        return self._outlines[event_id]

    def related(self, event_id: int) -> tuple[Relation, ...]:
        """The events most related to one, strongest first."""
        while self._changed:
            changed = self._changed.pop()
            if self._members.get(changed):
                self.outline(changed)
        own = self.outline(event_id)
        rough = -(self._centres[: len(self._ids)] @ _cut(own.centre))
        rows = np.sort(np.argpartition(rough, min(NEAREST, rough.size - 1))[: NEAREST + 1])
        self._near[event_id] = [self._ids[row] for row in rows if self._ids[row] != event_id]
        return self._relate(own, self._near[event_id])

    def related_again(self, event_id: int, changed_id: int) -> tuple[Relation, ...]:
        """As ``related``, where only one other event changed since: the archive is not looked through again."""
        if event_id not in self._near:
            return self.related(event_id)
        near = self._near[event_id]
        return self._relate(self.outline(event_id), near if changed_id in near else [*near, changed_id])

    def _relate(self, own: Outline, others: Sequence[int]) -> tuple[Relation, ...]:
        return relate(own, [self.outline(other) for other in others if self._members.get(other)])

    def __contains__(self, event_id: int) -> bool:
        """Whether any article of the event is here."""
        return bool(self._members.get(event_id))

    def forget(self, before: datetime) -> None:
        """Leave out events whose last report is older."""
        day = before.timestamp() / 86_400
        for event_id in [e for e in self._members if e in self._outlines and self._outlines[e].last_day < day]:
            for article_id in self._members.pop(event_id):
                del self._articles[article_id]
            del self._outlines[event_id]
            self._near.pop(event_id, None)
            self._centres[self._rows[event_id]] = 0

    def _change(self, event_id: int) -> None:
        self._outlines.pop(event_id, None)
        self._changed.add(event_id)

    def _keep_centre(self, event_id: int, centre: npt.NDArray[np.float32]) -> None:
        row = self._rows.setdefault(event_id, len(self._ids))
        if row == len(self._ids):
            self._ids.append(event_id)
        if row >= len(self._centres):
            grown = np.zeros((max(2 * len(self._centres), 256), _DIMENSIONS), dtype=np.float32)
            grown[: len(self._centres)] = self._centres
            self._centres = grown
        self._centres[row] = _cut(centre)
