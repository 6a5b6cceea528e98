"""The result does not depend on how a stream is cut into runs, within the documented tolerance."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from benchmarks.event_streaming import CUTS, agreement, grouped, sample

from groundwire.events import Document, EventIndex, UniversalSentenceEncoder
from groundwire.events.embeddings import Embedder
from groundwire.pipeline.briefing import Remembering

TOLERANCE = 0.9
"""Pairwise F1 with one batch (docs/events.md)."""


def test_agreement_counts_pairs_hand_worked() -> None:
    # {0,1,2} and {0,1},{2}: pairs 3 and 1, 1 in common: 2 * 1 / (3 + 1)
    assert agreement([1, 1, 1], [1, 1, 2]) == pytest.approx(0.5)
    assert agreement([1, 2], [3, 4]) == 1.0


def test_the_sample_wire_gives_the_same_events_and_origins_however_it_is_cut() -> None:
    documents, labels, origins = sample()
    embedder = Remembering(UniversalSentenceEncoder(), keep=10_000)
    found = {cut: grouped(documents, cut, embedder) for cut in CUTS}
    for events, copied in found.values():
        assert agreement(found["one batch"][0], events) >= TOLERANCE
        assert agreement(labels, events) >= TOLERANCE
        assert copied == origins


def test_of_copies_the_earliest_is_the_origin_even_if_it_is_collected_last() -> None:
    documents, _, origins = sample()
    embedder = Remembering(UniversalSentenceEncoder(), keep=10_000)
    copies = [i for i, origin in enumerate(origins) if origin != i]
    for late in {origins[i] for i in copies}:
        family = [late, *(i for i in copies if origins[i] == late)]
        reversed_in_time = [documents[i] for i in reversed(family)]
        events, origin_of = _one_by_one(reversed_in_time, embedder)
        assert len(set(events)) == 1
        assert set(origin_of) == {late}


def _one_by_one(documents: Sequence[Document], embedder: Embedder) -> tuple[list[int], list[int]]:
    index = EventIndex(embedder=embedder)
    event_of: dict[int, int] = {}
    origin_of: dict[int, int] = {}
    for document in documents:
        for assignment in index.add([document]).assignments:
            event_of[assignment.article_id] = assignment.event_id
            origin_of[assignment.article_id] = assignment.origin_id
    return list(event_of.values()), list(origin_of.values())
