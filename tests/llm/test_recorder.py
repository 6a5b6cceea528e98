"""Answers are asked for once, within a budget; what can't be used is asked for again, within bounds."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest

from groundwire.llm import Answer, Budget, Call, ModelError, Question, Recorder, ScriptedModel
from groundwire.llm.recording import IN_A_ROW, MOST_TRIES, TRIES_A_RUN
from groundwire.llm.scripted import code_of

NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)


class Memory:
    def __init__(self) -> None:
        self.calls: dict[str, Call] = {}

    def find(self, prompt_hash: str) -> Call | None:
        return self.calls.get(prompt_hash)

    def save(self, call: Call) -> None:
        self.calls[call.prompt_hash] = call

    def last_reported(self, model: str) -> str | None:
        asked = [call.model for call in self.calls.values() if call.parameters["model"] == model]
        return asked[-1] if asked else None


def question(words: str = "really?", limit: int = 20, usable: Callable[[str], bool] = lambda answer: True) -> Question:
    return Question(
        purpose="write",
        words=lambda code: f"{words} {code}",
        schema=lambda code: {"properties": {"code": {"enum": [code]}}},
        usable=usable,
        max_output_tokens=limit,
    )


def run(model: ScriptedModel, calls: Memory, tokens: int = 10_000, usd: float = 1.0) -> tuple[Recorder, list[str]]:
    said: list[str] = []
    return Recorder(model, calls, Budget(tokens, usd), lambda: NOON, said.append), said


def says(words: str = "") -> ScriptedModel:
    return ScriptedModel(lambda prompt, schema: json.dumps({"code": code_of(schema), "say": words}))


def test_the_same_question_is_asked_once_also_in_a_later_run() -> None:
    model, calls = says("yes"), Memory()
    for _ in range(2):
        recorder, _ = run(model, calls)
        assert "yes" in recorder.answer(1, question()).answer
    assert model.asked == 1


def test_another_prompt_or_limit_is_another_question() -> None:
    model = says("yes")
    recorder, _ = run(model, Memory())
    for asked in (question("a"), question("b"), question("a", limit=21), question("a")):
        recorder.answer(1, asked)
    assert model.asked == 3


def test_what_is_recorded_can_be_summed() -> None:
    calls = Memory()
    recorder, _ = run(says("yes"), calls)
    recorder.answer(7, question())
    (call,) = calls.calls.values()
    assert (call.event_id, call.purpose, call.model, call.parameters) == (7, "write", "scripted", {"model": "scripted"})
    assert (call.input_tokens, call.cost_usd, call.asked_at) == (len("really? 12345678") // 4, 0.0, NOON)


def test_an_answer_to_another_question_is_not_taken() -> None:
    model = ScriptedModel(lambda prompt, schema: '{"code": "00000000", "say": "of somebody else"}')
    recorder, _ = run(model, Memory())
    with pytest.raises(ModelError, match="can't be used"):
        recorder.answer(1, question())


def test_an_unusable_answer_is_asked_for_again_once_a_run_and_not_for_ever() -> None:
    model, calls = says("nothing"), Memory()
    for most in (TRIES_A_RUN, MOST_TRIES, MOST_TRIES, MOST_TRIES):
        recorder, _ = run(model, calls)
        for _ in range(3):
            with pytest.raises(ModelError, match="be used") as caught:
                recorder.answer(1, question(usable=lambda answer: "something" in answer))
        assert model.asked == most
        assert not caught.value.lasting
        assert caught.value.final == (most == MOST_TRIES)


def test_a_later_run_may_get_the_answer_that_an_earlier_one_did_not() -> None:
    calls = Memory()
    wants = question(usable=lambda answer: "something" in answer)
    with pytest.raises(ModelError):
        run(says("nothing"), calls)[0].answer(1, wants)
    better = says("something")
    assert "something" in run(better, calls)[0].answer(1, wants).answer
    assert "something" in run(better, calls)[0].answer(1, wants).answer
    assert better.asked == 1


def test_a_spent_budget_ends_the_asking_but_not_the_reuse() -> None:
    model, calls = says("yes" * 8), Memory()
    recorder, _ = run(model, calls, tokens=50)
    recorder.answer(1, question("first"))
    with pytest.raises(ModelError, match="budget") as caught:
        recorder.answer(1, question("x" * 60))
    assert caught.value.lasting
    assert recorder.answer(1, question("first")).answer
    assert model.asked == 1


def test_money_bounds_as_tokens_do() -> None:
    class Dear(ScriptedModel):
        def price(self, input_tokens: int, output_tokens: int) -> float | None:
            return 0.01 * (input_tokens + output_tokens)

    model = Dear(lambda prompt, schema: json.dumps({"code": code_of(schema)}))
    recorder, _ = run(model, Memory(), usd=0.5)
    call = recorder.answer(1, question("a"))
    assert call.cost_usd == pytest.approx(0.01 * (call.input_tokens + call.output_tokens))
    spent = call.cost_usd or 0.0
    while True:
        try:
            spent += recorder.answer(1, question(f"again at {spent}")).cost_usd or 0.0
        except ModelError as error:
            assert "budget" in error.reason
            break
    assert 0.1 < spent <= 0.5


def test_a_model_without_a_price_says_so_once() -> None:
    class Unpriced(ScriptedModel):
        def price(self, input_tokens: int, output_tokens: int) -> float | None:
            return None

    recorder, said = run(Unpriced(lambda prompt, schema: json.dumps({"code": code_of(schema)})), Memory())
    for words in ("a", "b"):
        assert recorder.answer(1, question(words)).cost_usd is None
    assert len(said) == 1
    assert "model_budget_tokens alone" in said[0]


def test_a_model_that_changes_behind_its_name_is_told_of() -> None:
    class Versioned(ScriptedModel):
        version = "2026-10"

        def answer(self, prompt: str, *, schema: Mapping[str, Any], max_output_tokens: int) -> Answer:
            words = json.dumps({"code": code_of(schema)})
            return Answer(text=words, model=self.version, input_tokens=1, output_tokens=1, elapsed_s=0.0)

    model, calls = Versioned(), Memory()
    assert run(model, calls)[0].answer(1, question("a")).model == "2026-10"
    model.version = "2026-11"
    recorder, said = run(model, calls)
    assert recorder.answer(1, question("b")).model == "2026-11"
    assert said == ["answers now come from 2026-11, before from 2026-10; recorded answers stay as they are"]
    assert recorder.answer(1, question("a")).model == "2026-10"


def test_after_a_lasting_failure_nothing_more_is_asked() -> None:
    model = failing(lasting=True)
    recorder, _ = run(model, Memory())
    for words in ("a", "b"):
        with pytest.raises(ModelError, match="down"):
            recorder.answer(1, question(words))
    assert model.asked == 1


def test_failures_in_a_row_end_the_asking_single_ones_do_not() -> None:
    model = failing(lasting=False)
    recorder, _ = run(model, Memory())
    for words in "abcdef":
        with pytest.raises(ModelError, match="down"):
            recorder.answer(1, question(words))
    assert model.asked == IN_A_ROW
    recorder, _ = run(says(), Memory())
    for words in "abcdef":
        recorder.answer(1, question(words))


def test_a_question_that_failed_is_not_asked_again_in_the_same_run() -> None:
    model = failing(lasting=False)
    recorder, _ = run(model, Memory())
    for _ in range(2):
        with pytest.raises(ModelError, match="down"):
            recorder.answer(1, question())
    assert model.asked == 1


def test_threads_share_one_budget() -> None:
    refused, all_refused = list[str](), threading.Event()

    def when_others_are_refused(prompt: str, schema: Mapping[str, Any]) -> str:
        assert all_refused.wait(20)
        return json.dumps({"code": code_of(schema)})

    most = len("a 12345678") // 3 + 20
    recorder, _ = run(ScriptedModel(when_others_are_refused), Memory(), tokens=4 * most)

    def one(words: str) -> None:
        try:
            recorder.answer(1, question(words))
        except ModelError as error:
            refused.append(error.reason)
            if len(refused) == 4:
                all_refused.set()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(one, "abcdefgh"))
    assert len(refused) == 4
    assert all("budget" in reason for reason in refused)


def failing(*, lasting: bool) -> ScriptedModel:
    def down(prompt: str, schema: Mapping[str, Any]) -> str:
        raise ModelError("scripted", "down", lasting=lasting)

    return ScriptedModel(down)
