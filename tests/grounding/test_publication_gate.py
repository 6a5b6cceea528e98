"""What the gate for publication lets pass, and what it says about the rest."""

from __future__ import annotations

from dataclasses import replace

import pytest

from groundwire.briefs.written import gate
from groundwire.sample.wire import articles
from groundwire.types import Article, Citation

TEXT = "Velant Systems cut the price of its Orla 3 model by 40 percent for all customers in Europe."


@pytest.fixture
def article() -> Article:
    """One that holds the sentence and nothing else."""
    first = next(a for a in articles() if a.outlet.language == "en")
    return first  # type: ignore[return-value]
