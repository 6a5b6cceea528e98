"""What tests of briefs share: the real encoder, loaded once, and what is composed with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from brief_samples import MakeBrief, SamplePages, event_of

from groundwire.briefs import compose
from groundwire.events.embeddings import UniversalSentenceEncoder
from groundwire.evidence import analyse
from groundwire.types import Article, Brief


@pytest.fixture(scope="session")
def encoder() -> UniversalSentenceEncoder:
    """The bundled multilingual encoder."""
    return UniversalSentenceEncoder()


@pytest.fixture(scope="session")
def make_brief(encoder: UniversalSentenceEncoder) -> MakeBrief:
    """The brief of one event made of some articles."""

    def make(articles: Sequence[Article], *, language: str = "en", origins: Mapping[int, int] | None = None) -> Brief:
        evidence = {a.id: analyse(a) for a in articles}
        return compose(event_of(articles, origins), articles, evidence, [], {}, encoder, language)

    return make


@pytest.fixture(scope="session")
def sample_pages(encoder: UniversalSentenceEncoder) -> SamplePages:
    """Composed once for all tests."""
    return SamplePages(encoder)
