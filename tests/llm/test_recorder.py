"""Answers are asked for once, within a budget."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from groundwire.llm import Answer, Budget, Call, ModelError, Recorder, ScriptedModel
from groundwire.llm.budget import price

NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)


class Memory:
    def __init__(self) -> None:
        self.calls: dict[str, Call] = {}

    def find(self, prompt_hash: str) -> Call | None:
        return self.calls.get(prompt_hash)

    def save(self, call: Call) -> None:
        self.calls[call.prompt_hash] = call


def recorder(model: ScriptedModel, calls: Memory, tokens: int = 1000) -> Recorder:
    return Recorder(model, calls, Budget(tokens, 1.0), lambda: NOON)


def says(words: str) -> ScriptedModel:
    return ScriptedModel(lambda prompt, schema: words)


def test_the_same_question_is_asked_once_also_in_a_later_run() -> None:
    model, calls = says("yes"), Memory()
    for _ in range(2):
        run = recorder(model, calls)
        assert run.answer(1, "really?", schema={}, max_output_tokens=10).answer == "yes"
    assert model.asked == 1


def test_another_prompt_schema_or_limit_is_another_question() -> None:
    model, run = says("yes"), recorder(says("yes"), Memory())
    run = recorder(model, Memory())
    run.answer(1, "a", schema={}, max_output_tokens=10)
    run.answer(1, "b", schema={}, max_output_tokens=10)
    run.answer(1, "a", schema={"x": 1}, max_output_tokens=10)
    run.answer(1, "a", schema={}, max_output_tokens=11)
    assert model.asked == 4


def test_a_spent_budget_ends_the_asking_but_not_the_reuse() -> None:
    model, calls = says("yes" * 8), Memory()
    run = recorder(model, calls, tokens=20)
    run.answer(1, "first", schema={}, max_output_tokens=10)
    with pytest.raises(ModelError, match="budget"):
        run.answer(1, "x" * 60, schema={}, max_output_tokens=10)
    assert run.answer(1, "first", schema={}, max_output_tokens=10).answer
    assert model.asked == 1


def test_after_a_lasting_failure_nothing_more_is_asked() -> None:
    asked = []

    def down(prompt: str, schema: Mapping[str, Any]) -> str:
        asked.append(prompt)
        raise ModelError("scripted", "down", lasting=True)

    run = recorder(ScriptedModel(down), Memory())
    for prompt in ("a", "b"):
        with pytest.raises(ModelError, match="down"):
            run.answer(1, prompt, schema={}, max_output_tokens=10)
    assert asked == ["a"]


def test_money_is_counted_by_list_prices_and_unknown_where_there_is_none() -> None:
    def took(model: str) -> Answer:
        return Answer(text="", model=model, input_tokens=1_000_000, output_tokens=0, elapsed_s=1.0)

    # gpt-4o-mini: 0.15 USD per million input tokens (OpenAI's list price, as genai-prices records it)
    assert price(took("gpt-4o-mini")) == pytest.approx(0.15)
    assert price(took("our-own-tiny-model")) is None
    budget = Budget(2_000_000, 0.1)
    budget.spend(took("gpt-4o-mini"), 0.15)
    assert not budget.allows(1)
