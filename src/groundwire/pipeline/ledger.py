"""The forecast ledger while briefs are written: entering what a page predicts, finding what bears on earlier entries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from groundwire.events.embeddings import Embedder
from groundwire.forecasts.propose import propose, subjects
from groundwire.forecasts.register import register
from groundwire.storage import Store
from groundwire.types import Article, Brief, Evidence

MOST_EVENTS = 8
"""Events looked through, for each name, for what bears on a forecast that is entered late."""


def register_forecasts(
    store: Store, brief: Brief, articles: Mapping[int, Article], evidence: Mapping[int, Evidence], now: datetime
) -> list[int]:
    """Enter a page's forecasts into the ledger, in the transaction that publishes it; returns the new ones' ids."""
    return store.forecasts.register(register(brief, articles, evidence, now))


def propose_earlier_evidence(
    store: Store, new: Iterable[int], analyse: Callable[[Sequence[Article]], Mapping[int, Evidence]], embedder: Embedder,
    now: datetime,
) -> int:  # fmt: skip
    """The same for forecasts that were entered after the report that bears on them had been collected.

    Args:
        store: Where reports are.
        new: Ids of the forecasts just entered.
        analyse: Evidence of articles, by version id.
        embedder: Meaning of sentences.
        now: The clock.
    """
    proposed = 0
    for forecast_id in new:
        kept = store.forecasts.get(forecast_id)
        if kept.forecast.rule is None:
            continue
        found = (hit.event_id for name in kept.forecast.rule.subject for hit in store.search.find(name, MOST_EVENTS))
        for event_id in dict.fromkeys(found):
            later = [a for a in store.articles.of_event(event_id) if a.published_at > kept.forecast.said_at]
            for evidence in analyse(later).values():
                proposal = propose(kept.forecast, evidence, embedder)
                if proposal is not None:
                    proposed += store.forecasts.propose(forecast_id, proposal, now)
    return proposed


def propose_evidence(store: Store, evidence: Iterable[Evidence], embedder: Embedder, now: datetime) -> int:
    """Note which passages of these articles bear on open forecasts of others; returns how many are new."""
    new = 0
    for found in evidence:
        for kept in store.forecasts.about(subjects(found)):
            proposal = propose(kept.forecast, found, embedder)
            if proposal is not None:
                new += store.forecasts.propose(kept.id, proposal, now)
    return new
