"""Every answer is recorded and used again: a rebuild asks nothing twice, and what ends asking ends it once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from groundwire.llm.budget import Budget, price
from groundwire.llm.model import Answer, LanguageModel, ModelError


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One answered prompt, as recorded."""

    prompt_hash: str
    """SHA-256 over model, parameters, schema, limit and prompt."""
    event_id: int
    model: str
    parameters: Mapping[str, Any]
    answer: str
    input_tokens: int
    output_tokens: int
    cost_usd: float | None
    """None: the model has no list price."""
    elapsed_s: float
    asked_at: datetime


class Calls(Protocol):
    """Where answers are kept."""

    def find(self, prompt_hash: str) -> Call | None:
        """The recorded answer to a prompt."""

    def save(self, call: Call) -> None:
        """Record an answer at once, whatever becomes of it."""


class Recorder:
    """Answers from the record where it can, else asks the model within the budget.

    Args:
        model: Who is asked.
        calls: The record.
        budget: Of this run.
        now: The clock.
    """

    def __init__(self, model: LanguageModel, calls: Calls, budget: Budget, now: Callable[[], datetime]) -> None:
        self.model, self._calls, self._budget, self._now = model, calls, budget, now
        self.stopped = ""
        """Why nothing more is asked in this run; empty while the model answers."""

    def answer(self, event_id: int, prompt: str, *, schema: Mapping[str, Any], max_output_tokens: int) -> Call:
        """The answer to a prompt, recorded.

        Raises:
            ModelError: It isn't on record, and the model gave none or may not be asked.
        """
        name, parameters = self.model.name, dict(self.model.parameters)
        key = json.dumps([name, parameters, schema, max_output_tokens, prompt], sort_keys=True, ensure_ascii=False)
        prompt_hash = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
        if known := self._calls.find(prompt_hash):
            return known
        if self.stopped:
            raise ModelError(name, self.stopped, lasting=True)
        # three characters a token errs on the side of too many, for English; Chinese takes up to one a character
        if not self._budget.allows(len(prompt.encode()) // 3 + max_output_tokens):
            self.stopped = "the run's budget is spent; the rest is extractive (model_budget_tokens, model_budget_usd)"
            raise ModelError(name, self.stopped, lasting=True)
        try:
            answer = self.model.answer(prompt, schema=schema, max_output_tokens=max_output_tokens)
        except ModelError as error:
            if error.lasting:
                self.stopped = error.reason
            raise
        cost = price(answer)
        self._budget.spend(answer, cost)
        call = _call(prompt_hash, event_id, parameters, answer, cost, self._now())
        self._calls.save(call)
        return call


def _call(
    prompt_hash: str, event_id: int, parameters: Mapping[str, Any], answer: Answer, cost: float | None, at: datetime
) -> Call:
    return Call(
        prompt_hash=prompt_hash,
        event_id=event_id,
        model=answer.model,
        parameters=parameters,
        answer=answer.text,
        input_tokens=answer.input_tokens,
        output_tokens=answer.output_tokens,
        cost_usd=cost,
        elapsed_s=answer.elapsed_s,
        asked_at=at,
    )
