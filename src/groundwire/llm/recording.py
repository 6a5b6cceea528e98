"""Every answer is recorded and used again: a rebuild asks nothing twice, and what ends asking ends it once."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any, Protocol

from groundwire.llm.budget import Budget
from groundwire.llm.model import LanguageModel, ModelError, Question

TRIES_A_RUN = 2
"""An answer that can't be used is asked for once more."""
MOST_TRIES = 4
"""And in one later run as often; then it is not asked again."""
IN_A_ROW = 3
"""So many failures one after the other, and nothing more is asked in this run."""
_CODE = re.compile(r'"code"\s*:\s*"([^"]{0,64})"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One answered prompt, as recorded."""

    prompt_hash: str
    """SHA-256 over model, parameters, schema, limit and prompt."""
    event_id: int
    purpose: str
    model: str
    """As the server reported it."""
    parameters: Mapping[str, Any]
    """With "model": what was asked for."""
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

    def last_reported(self, model: str) -> str | None:
        """Who answered the last time that ``model`` was asked for, as the server reported it."""


class Recorder:
    """Answers from the record where it can, else asks the model within the budget. Threads may share it.

    Args:
        model: Who is asked.
        calls: The record.
        budget: Of this run.
        now: The clock.
        say: Told in one line of what the owner should know.
    """

    def __init__(
        self,
        model: LanguageModel,
        calls: Calls,
        budget: Budget,
        now: Callable[[], datetime],
        say: Callable[[str], None],
    ) -> None:
        self.model, self._calls, self._budget, self._now, self._say = model, calls, budget, now, say
        self.stopped = ""
        """Why nothing more is asked in this run; empty while the model answers."""
        self._lock = Lock()
        self._tries: Counter[str] = Counter()
        self._refused: dict[str, ModelError] = {}
        self._in_a_row = 0
        self._answered = False

    def answer(self, event_id: int, question: Question) -> Call:
        """A usable answer to a question, from the record or asked for.

        Raises:
            ModelError: There is none, or the model may not be asked.
        """
        about = _hash([question.purpose, question.words(""), question.max_output_tokens])
        for attempt in range(MOST_TRIES):
            # each try has a code of its own, so an answer to another question, or to another try, is recognised
            code = _hash([about, attempt])[:8]
            prompt, schema = question.words(code), question.schema(code)
            key = _hash([self.model.name, dict(self.model.parameters), schema, question.max_output_tokens, prompt])
            call = self._calls.find(key)
            if call is None:
                if self._tries[about] >= TRIES_A_RUN:
                    raise ModelError(
                        self.model.name, "its answer can't be used; the next run asks again", lasting=False
                    )
                call = self._ask(about, key, event_id, question, prompt, schema)
            found = _CODE.search(call.answer)
            if found is not None and found.group(1) == code and question.usable(call.answer):
                return call
        raise ModelError(
            self.model.name, f"none of its {MOST_TRIES} answers can be used", lasting=False, final=True
        )  # fmt: skip

    def _ask(
        self, about: str, key: str, event_id: int, question: Question, prompt: str, schema: Mapping[str, Any]
    ) -> Call:
        name, limit = self.model.name, question.max_output_tokens
        if about in self._refused:
            raise self._refused[about]
        # three bytes a token errs on the side of too many in English as in Chinese
        most = len(prompt.encode("utf-8", "surrogatepass")) // 3 + limit
        reserved = (most, self.model.price(most - limit, limit))
        with self._lock:
            if not self.stopped and not self._budget.reserve(*reserved):
                self.stopped = "the run's budget is spent (model_budget_tokens, model_budget_usd)"
            if self.stopped:
                raise ModelError(name, self.stopped, lasting=True)
            self._tries[about] += 1
        try:
            answer = self.model.answer(prompt, schema=schema, max_output_tokens=limit)
        except ModelError as error:
            self._budget.settle(reserved, (0, None))
            self._failed(about, error)
            raise
        cost = self.model.price(answer.input_tokens, answer.output_tokens)
        self._budget.settle(reserved, (answer.input_tokens + answer.output_tokens, cost))
        call = Call(
            prompt_hash=key,
            event_id=event_id,
            purpose=question.purpose,
            model=answer.model,
            parameters={**self.model.parameters, "model": name},
            answer=answer.text,
            input_tokens=answer.input_tokens,
            output_tokens=answer.output_tokens,
            cost_usd=cost,
            elapsed_s=answer.elapsed_s,
            asked_at=self._now(),
        )
        with self._lock:
            self._in_a_row = 0
            first, self._answered = not self._answered, True
            before = self._calls.last_reported(name) if first else None
            self._calls.save(call)
        if first and cost is None:
            self._say(f"no price of {name} is published for its endpoint: model_budget_tokens alone bounds the run")
        if before is not None and before != call.model:
            self._say(f"answers now come from {call.model}, before from {before}; recorded answers stay as they are")
        return call

    def _failed(self, about: str, error: ModelError) -> None:
        with self._lock:
            self._refused[about] = error
            self._in_a_row += 1
            if (error.lasting or self._in_a_row >= IN_A_ROW) and not self.stopped:
                self.stopped = error.reason


def _hash(parts: list[Any]) -> str:
    words = json.dumps(parts, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()
