"""The forecast ledger while briefs are written: entering what a page predicts, finding what bears on earlier entries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from groundwire.events.embeddings import Embedder
from groundwire.forecasts.propose import propose, subjects
from groundwire.forecasts.register import register
from groundwire.storage import Store
from groundwire.types import Article, Brief, Evidence


def register_forecasts(
    store: Store, brief: Brief, articles: Mapping[int, Article], evidence: Mapping[int, Evidence], now: datetime
) -> int:
    """Enter a page's forecasts into the ledger, in the transaction that publishes it; returns how many are new."""
    return store.forecasts.register(register(brief, articles, evidence, now))


def propose_evidence(store: Store, evidence: Iterable[Evidence], embedder: Embedder, now: datetime) -> int:
    """Note which passages of these articles bear on open forecasts of others; returns how many are new."""
    new = 0
    for found in evidence:
        for kept in store.forecasts.about(subjects(found)):
            proposal = propose(kept.forecast, found, embedder)
            if proposal is not None:
                new += store.forecasts.propose(kept.id, proposal, now)
    return new
