"""What the desk asks of a language model, whoever serves it, and how that can fail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from groundwire.errors import GroundwireError


class ModelError(GroundwireError):
    """A model gave no answer; ``lasting``: asking it more in this run would give none either."""

    def __init__(self, model: str, reason: str, *, lasting: bool) -> None:
        super().__init__(f"model {model}: {reason}")
        self.model, self.reason, self.lasting = model, reason, lasting


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer of a model, with what it took."""

    text: str
    """As the model wrote it: hostile until parsed and checked."""
    model: str
    input_tokens: int
    output_tokens: int
    elapsed_s: float


class LanguageModel(Protocol):
    """A model that answers a prompt with JSON; what it says is a proposal that code checks."""

    name: str
    parameters: Mapping[str, Any]
    """What else the answer depends on (temperature, seed): part of what a recorded answer is found by."""

    def answer(self, prompt: str, *, schema: Mapping[str, Any], max_output_tokens: int) -> Answer:
        """Answer ``prompt`` with an object that follows the JSON ``schema``.

        Raises:
            ModelError: There is no answer.
        """
        ...
