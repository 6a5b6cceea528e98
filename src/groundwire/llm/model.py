"""What the desk asks of a language model, whoever serves it, and how that can fail."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from groundwire.errors import GroundwireError

Purpose = Literal["write", "repair", "translate", "judge"]


class ModelError(GroundwireError):
    """A model gave no answer that can be used.

    Args:
        model: Which one.
        reason: Why, for people.
        lasting: Asking it more in this run would give none either.
        final: Nor would asking this again in a later run.
    """

    def __init__(self, model: str, reason: str, *, lasting: bool, final: bool = False) -> None:
        super().__init__(f"model {model}: {reason}")
        self.model, self.reason, self.lasting, self.final = model, reason, lasting, final


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a model is asked. Its answer is a JSON object with a code that nobody else's answer has."""

    purpose: Purpose
    words: Callable[[str], str]
    """Code -> prompt; the prompt asks for the code back."""
    schema: Callable[[str], Mapping[str, Any]]
    """Code -> JSON schema of the answer."""
    usable: Callable[[str], bool]
    """Whether an answer holds anything of what was asked for."""
    max_output_tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer of a model, with what it took."""

    text: str
    """As the model wrote it: hostile until parsed and checked."""
    model: str
    """As the server reports it, with its version where it tells one."""
    input_tokens: int
    output_tokens: int
    elapsed_s: float


class LanguageModel(Protocol):
    """A model that answers a prompt with JSON; what it says is a proposal that code checks. Threads may share it."""

    name: str
    parameters: Mapping[str, Any]
    """What else the answer depends on (temperature, seed): part of what a recorded answer is found by."""

    def answer(self, prompt: str, *, schema: Mapping[str, Any], max_output_tokens: int) -> Answer:
        """Answer ``prompt`` with an object that follows the JSON ``schema``.

        Raises:
            ModelError: There is no answer.
        """
        ...

    def served(self) -> tuple[str, ...] | None:
        """The models that there are where this one is asked; None if nobody tells. Asks no model.

        Raises:
            ModelError: It can't be reached.
        """
        ...

    def price(self, input_tokens: int, output_tokens: int) -> float | None:
        """What so many tokens cost; None if nobody publishes a price. [USD]"""
        ...
