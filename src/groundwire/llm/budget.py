"""What a run may spend on models, in tokens and money."""

from __future__ import annotations

from threading import Lock

import genai_prices
from genai_prices import Usage

OPENAI = "https://api.openai.com/v1"


def list_price(model: str, base_url: str, input_tokens: int, output_tokens: int) -> float | None:
    """What tokens cost at an endpoint by the list prices of ``genai-prices``; None if it knows none. [USD]

    Only the endpoint's own list counts: a model of the same name on one's own machine isn't charged for.
    """
    usage = Usage(input_tokens=input_tokens, output_tokens=output_tokens)
    try:
        found = genai_prices.calc_price(usage, model_ref=model, provider_api_url=base_url or OPENAI)
    except LookupError:
        return None
    return float(found.total_price)


class Budget:
    """Counts down over all threads of a run; a model without a list price spends tokens only.

    Args:
        tokens: Of input and output together.
        usd: In money. [USD]
    """

    def __init__(self, tokens: int, usd: float) -> None:
        self._tokens, self._usd, self._lock = tokens, usd, Lock()

    def reserve(self, tokens: int, usd: float | None) -> bool:
        """Set aside what a call may take at most; False, and nothing is set aside, if so much isn't left."""
        with self._lock:
            if tokens > self._tokens or self._usd <= 0 or (usd or 0.0) > self._usd:
                return False
            self._take(tokens, usd)
            return True

    def settle(self, reserved: tuple[int, float | None], took: tuple[int, float | None]) -> None:
        """Put what a call took in the place of what was set aside for it."""
        with self._lock:
            self._take(took[0] - reserved[0], (took[1] or 0.0) - (reserved[1] or 0.0))

    def _take(self, tokens: int, usd: float | None) -> None:
        self._tokens -= tokens
        self._usd -= usd or 0.0
