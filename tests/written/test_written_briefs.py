"""Written statements: kept only if they hold, repaired once, else withheld; the extracted ones stand in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundwire.briefs import check_citations, compose, statements
from groundwire.briefs.written import Written, unsupported, write
from groundwire.briefs.written.proposal import MAX_PROPOSALS, parse
from groundwire.events.embeddings import UniversalSentenceEncoder
from groundwire.evidence.analyse import analyse
from groundwire.llm import ModelError
from groundwire.types import Article, Brief, Event, Evidence, Member

NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)
BODY = """Velant Systems cut the price of its Orla 3 model by 40 percent on 9 November 2026.
The company said that the new price is $2.40 per million output tokens.
Velant may open a data centre in Norway next year, its chief executive Ida Brekke said.
Smaller rivals will find it harder to compete, analysts at Corvane wrote.
Orla 3 runs on 64 accelerators and reads 200,000 tokens at once.
Customers should compare their bills before they renew a contract."""


def article() -> Article:
    title = "Velant cuts the price of Orla 3 by 40 percent"
    text = f"{title}\n\n{BODY}"
    return Article(
        id=1, article_id=1, version=1, source_id=1, outlet="Outlet", url="https://example.com/1", title=title, text=text,
        author=None, published_at=NOON, published_evidence="feed", collected_at=NOON, language="en",
        text_hash=hashlib.sha256(text.encode()).hexdigest(),
    )  # fmt: skip


@dataclass(frozen=True)
class Case:
    article: Article
    evidence: dict[int, Evidence]
    brief: Brief


@pytest.fixture(scope="module")
def case() -> Case:
    one = article()
    event = Event(
        id=1, slug="e", title=one.title, language="en", members=(Member(article_id=1, origin_id=1, reasons=()),),
        first_published_at=NOON, last_published_at=NOON,
    )  # fmt: skip
    evidence = {1: analyse(one)}
    return Case(one, evidence, compose(event, [one], evidence, (), {}, UniversalSentenceEncoder(), "en"))


@dataclass(frozen=True)
class Said:
    answer: str
    prompt_hash: str = "h"
    model: str = "m"


def number_of(prompt: str, words: str) -> int:
    """The evidence number of the sentence that begins so."""
    line = next(
        line for line in prompt.splitlines() if line.startswith("[") and line.split("] ", 1)[1].startswith(words)
    )
    return int(line[1 : line.index("]")])


def run(case: Case, *answers: str | Callable[[str], str], context: int = 8192) -> tuple[Written, list[str]]:
    prompts: list[str] = []

    def ask(prompt: str, schema: Any, limit: int) -> Said:
        prompts.append(prompt)
        reply = answers[len(prompts) - 1] if len(prompts) <= len(answers) else '{"statements": []}'
        return Said(reply if isinstance(reply, str) else reply(prompt))

    written = write(
        case.brief,
        [case.article],
        case.evidence,
        ask,
        context_tokens=context,
        output_tokens=600,
        failures=(ModelError,),
    )
    assert not check_citations(written.brief, {1: case.article})
    assert all(not unsupported(s, {1: case.article}) for s in statements(written.brief))
    return written, prompts


def reply(*proposed: tuple[str, str, Sequence[int]]) -> str:
    return json.dumps({"statements": [{"section": s, "text": t, "evidence": list(e)} for s, t, e in proposed]})


def test_a_statement_that_holds_takes_the_extracted_ones_place(case: Case) -> None:
    said = "Velant Systems lowered the price of its Orla 3 model by 40 percent."
    written, _ = run(case, lambda p: reply(("what_changed", said, [number_of(p, "Velant Systems cut")])))
    changed = written.brief.what_changed
    assert changed is not None
    assert (changed.text, changed.made_by) == (said, "model")
    assert changed.citations[0].quote.startswith("Velant Systems cut the price")
    made = written.brief.provenance
    assert (made.model, made.proposed, made.kept, made.withheld) == ("m", 1, 1, 0)


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
    written, _ = run(case, lambda p: reply(("what_changed", wrong, [number_of(p, rests_on)])))
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

    written, prompts = run(case, wrong, right)
    assert written.brief.what_changed is not None
    assert written.brief.what_changed.text.endswith("40 percent.")
    assert not written.withheld
    assert "number:" in prompts[1]
    written, prompts = run(case, wrong, wrong)
    assert written.brief.what_changed == case.brief.what_changed
    assert len(prompts) == 2
    assert len(written.withheld) == 1


@pytest.mark.parametrize(
    "answer",
    [
        "", "I can't help with that.", "{", '{"statements": 7}', '{"statements": [{"section": "hook"}]}', "null", "[" * 20_000,
        '{"statements": [{"section": "hook", "text": 5, "evidence": [1]}]}',
        '{"statements": [{"section": "hook", "text": "Velant cut prices.", "evidence": ["1"]}]}',
        reply(("hook", "Velant cut prices.", [99])), reply(("hook", "Velant cut prices.", [0, -1])),
        reply(("hook", "Velant cut prices.", [])), reply(("secrets", "Velant cut prices.", [1])),
    ],
)  # fmt: skip
def test_an_unusable_answer_leaves_the_extractive_brief(case: Case, answer: str) -> None:
    written, _ = run(case, answer)
    assert list(statements(written.brief)) == list(statements(case.brief))


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
    _, prompts = run(case, context=1700)
    assert len(prompts) == 3
    assert all(len(p) / 3 + 600 <= 1700 for p in prompts)
    _, prompts = run(case, context=8192)
    assert len(prompts) == 1


def test_what_was_kept_before_the_model_failed_stays(case: Case) -> None:
    def hook(p: str) -> str:
        return reply(("hook", "Velant Systems cut the price of Orla 3.", [number_of(p, "Velant Systems cut")]))

    def down(p: str) -> str:
        raise ModelError("m", "the run's budget is spent", lasting=True)

    written, _ = run(case, hook, down, context=1700)
    assert written.brief.hook is not None
    assert written.brief.hook.made_by == "model"
    assert written.brief.takeaways == case.brief.takeaways
    assert written.brief.absent["written"] == written.failure == "the run's budget is spent"


def test_the_same_answers_give_the_same_brief(case: Case) -> None:
    def hook(p: str) -> str:
        return reply(("hook", "Velant Systems cut the price of Orla 3.", [number_of(p, "Velant Systems cut")]))

    assert run(case, hook)[0] == run(case, hook)[0]
