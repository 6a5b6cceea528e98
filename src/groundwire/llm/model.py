"""What the desk asks of a language model, whoever serves it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer of a model, with what it took."""

    content: Mapping[str, Any]
    """The parsed JSON object."""
    model: str
    input_tokens: int
    output_tokens: int
    elapsed_s: float


class LanguageModel(Protocol):
    """A model that answers a prompt with JSON; what it says is a proposal that code checks."""

    name: str

    def answer(self, prompt: str, *, schema: Mapping[str, Any], max_output_tokens: int) -> Answer:
        """Answer ``prompt`` with an object that follows the JSON ``schema``."""
        ...
