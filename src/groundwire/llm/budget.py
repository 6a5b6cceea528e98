"""What a run may spend on a model, in tokens and money."""

from __future__ import annotations

from dataclasses import dataclass

import genai_prices
from genai_prices import Usage

from groundwire.llm.model import Answer


def price(answer: Answer) -> float | None:
    """What an answer costs by the list prices of ``genai-prices``; None if the model has none there. [USD]"""
    usage = Usage(input_tokens=answer.input_tokens, output_tokens=answer.output_tokens)
    try:
        return float(genai_prices.calc_price(usage, model_ref=answer.model).total_price)
    except LookupError:
        return None


@dataclass(slots=True)
class Budget:
    """Counts down; a model without a list price spends tokens only."""

    tokens: int
    usd: float

    def spend(self, answer: Answer, cost_usd: float | None) -> None:
        """Take off what an answer took."""
        self.tokens -= answer.input_tokens + answer.output_tokens
        self.usd -= cost_usd or 0.0

    def allows(self, tokens: int) -> bool:
        """Whether a call of at most so many tokens still fits."""
        return self.tokens >= tokens and self.usd > 0
