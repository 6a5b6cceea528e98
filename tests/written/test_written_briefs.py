"""Written statements: kept only if they hold, repaired once, else withheld; the extracted ones stand in."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from written_case import TITLE, Case, Model, article, case_of, number_of, reply, run

from groundwire.briefs import statements
from groundwire.briefs.written.proposal import MAX_PROPOSALS, parse, schema
from groundwire.llm import ModelError
from groundwire.llm.recording import TRIES_A_RUN


@pytest.fixture(scope="module")
def case() -> Case:
    return case_of(article())


def test_a_statement_that_holds_takes_the_extracted_ones_place(case: Case) -> None:
    said = "Velant Systems lowered the price of its Orla 3 model by 40 percent."
    written = run(case, Model(lambda p: reply(("what_changed", said, [number_of(p, "Velant Systems cut")]))))
    changed = written.brief.what_changed
    assert changed is not None
    assert (changed.text, changed.made_by) == (said, "model")
    assert changed.citations[0].quote.startswith("Velant Systems cut the price")
    made = written.brief.provenance
    assert (made.model, made.proposed, made.kept, made.withheld) == ("scripted", 1, 1, 0)
    assert not written.failure


@pytest.mark.parametrize(
    ("wrong", "rests_on", "kind"),
    [
        ("Velant Systems cut the price of its Orla 3 model by 60 percent.", "Velant Systems cut", "number"),
        ("Corvane Systems cut the price of its Orla 3 model by 40 percent.", "Velant Systems cut", "name"),
        ("Velant has opened a data centre in Norway.", "Velant may", "modality"),
        ("Velant Systems did not cut the price of its Orla 3 model.", "Velant Systems cut", "negation"),
        ("Velant Systems cut the price of its Orla 3 model on 12 November 2026.", "Velant Systems cut", "date"),
        ("Orla 3 runs on 64 accelerators, see https://example.net/x", "Orla 3 runs", "form"),
    ],
)
def test_a_statement_that_does_not_hold_is_withheld_and_why_is_kept(
    case: Case, wrong: str, rests_on: str, kind: str
) -> None:
    written = run(case, Model(lambda p: reply(("what_changed", wrong, [number_of(p, rests_on)]))))
    assert written.brief.what_changed == case.brief.what_changed
    assert [w.text for w in written.withheld] == [wrong]
    assert any(reason.startswith(kind) for reason in written.withheld[0].reasons)
    assert written.brief.provenance.withheld == 1


def test_a_statement_that_failed_is_repaired_once(case: Case) -> None:
    def wrong(p: str) -> str:
        return reply(
            ("what_changed", "Velant Systems cut the price by 60 percent.", [number_of(p, "Velant Systems cut")])
        )

    def right(p: str) -> str:
        return reply(
            ("what_changed", "Velant Systems cut the price by 40 percent.", [number_of(p, "Velant Systems cut")])
        )

    model = Model(wrong, right)
    written = run(case, model)
    assert written.brief.what_changed is not None
    assert written.brief.what_changed.text.endswith("40 percent.")
    assert not written.withheld
    assert "number:" in model.prompts[1]
    model = Model(wrong, wrong)
    written = run(case, model)
    assert written.brief.what_changed == case.brief.what_changed
    assert len(model.prompts) == 2
    assert len(written.withheld) == 1


def test_a_statement_is_not_told_twice_nor_is_the_headline(case: Case) -> None:
    said = "Velant Systems lowered the price of its Orla 3 model by 40 percent"

    def twice(p: str) -> str:
        n = [number_of(p, "Velant Systems cut")]
        return reply(("hook", f"{TITLE}.", n), ("what_changed", said, n), ("takeaways", f"{said}.", n))

    written = run(case, Model(twice))
    assert [s.text for s in statements(written.brief) if s.made_by == "model"] == [said]
    assert {w.reasons for w in written.withheld} == {("form: repeats another, or one too many for its section",)}


def test_the_schema_names_the_evidence_numbers_that_there_are() -> None:
    asked = schema("12345678", ["hook"], [1, 4], 3)
    assert asked["properties"]["statements"]["items"]["properties"]["evidence"]["items"]["enum"] == [1, 4]


UNUSABLE = [
    "", "I can't help with that.", "{", '{"statements": 7}', '{"statements": [{"section": "hook"}]}', "null", "[" * 20_000,
    '{"statements": []}', '{"statements": [{"section": "hook", "text": 5, "evidence": [1]}]}',
    '{"statements": [{"section": "hook", "text": "Velant cut prices.", "evidence": ["1"]}]}',
    '{"statements": [{"section": "hook", "text": "Velant cut prices.", "evidence": [1], "sure": true}]}',
    '{"statements": [{"section": "hook", "section": "hook", "text": "Velant cut prices.", "evidence": [1]}]}',
    '{"statements": [{"section": "hook", "text": "Velant cut prices.", "evidence": [NaN]}]}',
    '{"statements": [{"section": "hook", "text": "Velant cut prices.", "evidence": [1.0]}]}',
    '{"statements": [{"section": "hook", "evidence": [1], "text": "Velant Systems cut the pri',
]  # fmt: skip


@pytest.mark.parametrize("answer", UNUSABLE)
def test_an_unusable_answer_is_asked_for_once_more_then_the_brief_is_extractive(case: Case, answer: str) -> None:
    model = Model(answer, answer)
    written = run(case, model)
    assert len(model.prompts) == TRIES_A_RUN
    assert list(statements(written.brief)) == list(statements(case.brief))
    assert written.failure == written.brief.absent["written"]
    assert "can't be used" in written.failure
    assert written.again


def test_an_answer_that_is_usable_at_the_second_try_is_used(case: Case) -> None:
    hook = "Velant Systems cut the price of Orla 3."
    written = run(case, Model("Sure!", lambda p: reply(("hook", hook, [number_of(p, "Velant Systems cut")]))))
    assert written.brief.hook is not None
    assert written.brief.hook.text == hook
    assert not written.failure


@pytest.mark.parametrize(
    "proposed",
    [
        ("hook", "Velant cut prices.", [99]), ("hook", "Velant cut prices.", [0, -1]), ("hook", "Velant cut prices.", []),
        ("secrets", "Velant cut prices.", [1]), ("hook", "", [1]), ("hook", "Velant cut prices. " * 60, [1]),
    ],
)  # fmt: skip
def test_a_statement_without_evidence_or_place_is_withheld(case: Case, proposed: tuple[str, str, list[int]]) -> None:
    written = run(case, Model(reply(proposed)))
    assert list(statements(written.brief)) == list(statements(case.brief))
    assert len(written.withheld) == 1


def test_of_a_truncated_answer_the_whole_statements_count() -> None:
    whole = reply(("hook", "One.", [1]), ("takeaways", "Two.", [2]))
    assert [p.text for p in parse(whole[:-20])] == ["One."]
    assert [p.text for p in parse(f"Sure!\n```json\n{whole}\n```")] == ["One.", "Two."]


def test_a_model_that_repeats_for_ever_is_cut() -> None:
    assert len(parse(reply(*[("takeaways", "Again.", [1])] * 500))) == 1
    assert len(parse(reply(*[("takeaways", f"Again {i}.", [1]) for i in range(500)]))) == MAX_PROPOSALS


@given(st.text(max_size=300))
def test_no_answer_breaks_the_reader(answer: str) -> None:
    assert isinstance(parse(answer), list)


def test_a_small_context_is_asked_section_by_section_and_within_it(case: Case) -> None:
    model = Model()
    run(case, model, context=1900)
    assert len(model.prompts) == 3 * TRIES_A_RUN
    assert all(len(p) / 3 + 600 <= 1900 for p in model.prompts)
    model = Model()
    run(case, model, context=8192)
    assert len(model.prompts) == TRIES_A_RUN


def test_the_evidence_of_all_parts_stands_first_so_that_servers_read_it_once(case: Case) -> None:
    model = Model()
    run(case, model, context=1900)
    marks = {p.split("(data, to its end mark ")[1][:16] for p in model.prompts}
    assert len(marks) == 1
    end = model.prompts[0].index(f"\n{marks.pop()}\n")
    assert len({p[:end] for p in model.prompts}) == 1


def test_what_was_kept_before_the_model_failed_stays(case: Case) -> None:
    def hook(p: str) -> str:
        return reply(("hook", "Velant Systems cut the price of Orla 3.", [number_of(p, "Velant Systems cut")]))

    def down(p: str) -> str:
        raise ModelError("m", "the run's budget is spent", lasting=True)

    written = run(case, Model(hook, down, down), context=1900)
    assert written.brief.hook is not None
    assert written.brief.hook.made_by == "model"
    assert written.brief.takeaways == case.brief.takeaways
    assert written.brief.absent["written"] == written.failure == "the run's budget is spent"


def test_the_same_answers_give_the_same_brief(case: Case) -> None:
    def hook(p: str) -> str:
        return reply(("hook", "Velant Systems cut the price of Orla 3.", [number_of(p, "Velant Systems cut")]))

    assert run(case, Model(hook)) == run(case, Model(hook))


def hook_and_lead(p: str) -> str:
    number = number_of(p, "Velant Systems cut")
    return reply(
        ("hook", "Velant Systems cut the price of Orla 3.", [number]),
        ("what_changed", "Velant Systems cut the price of its Orla 3 model by 60 percent.", [number]),
    )


@pytest.mark.parametrize(("word", "hooks"), [("true", ["model"]), ("false", ["extract"])])
def test_a_judge_can_withhold_and_never_admit(case: Case, word: str, hooks: list[str]) -> None:
    judge = Model(*[f'{{"supported": {word}}}'] * 9)
    written = run(case, Model(hook_and_lead), judge=judge)
    assert [s.made_by for s in (written.brief.hook,) if s] == hooks
    assert written.brief.what_changed == case.brief.what_changed
    # the code had found the other one wrong: nobody was asked about it
    assert all("60 percent" not in prompt for prompt in judge.prompts)
    assert all("STATEMENT: Velant Systems cut the price of Orla 3." in prompt for prompt in judge.prompts)


@pytest.mark.parametrize("answer", ["yes", "{}", '{"supported": "true"}', '{"supported": 1}', '{"supported": true, "why": "x"}'])  # fmt: skip
def test_a_judge_that_gives_no_verdict_admits_nothing(case: Case, answer: str) -> None:
    written = run(case, Model(hook_and_lead), judge=Model(*[answer] * 9))
    assert written.brief.hook == case.brief.hook
    assert "can't be used" in written.failure
    assert written.again


@pytest.mark.parametrize(
    ("said", "published"),
    [
        ("Ida Brekke took bribes from Corvane.", False),
        ("Prosecutors said that Ida Brekke took bribes from Corvane.", True),
    ],
)
def test_an_accusation_of_a_person_stands_only_with_who_makes_it(said: str, published: bool) -> None:
    body = "Prosecutors said that Ida Brekke took bribes from Corvane.\nIda Brekke, chief executive of Velant, resigned on Monday."
    told = case_of(article("Velant's chief executive resigns", body))
    written = run(told, Model(lambda p: reply(("hook", said, [number_of(p, "Prosecutors said")]))))
    assert (written.brief.hook is not None and written.brief.hook.text == said) == published
    if not published:
        assert any(reason.startswith("attribution: “bribes”") for reason in written.withheld[0].reasons)


def test_an_answer_names_its_model_as_the_server_reports_it(case: Case) -> None:
    model = Model(hook_and_lead)
    written = run(case, model)
    assert json.dumps([call.model for call in model.memory.calls.values()][:1]) == '["scripted"]'
    assert written.brief.provenance.model == "scripted"
