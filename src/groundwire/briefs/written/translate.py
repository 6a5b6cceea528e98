"""Statements that no source makes in the reader's language -> translated, each checked like any other, or left as they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from groundwire.briefs.check import statements
from groundwire.briefs.written import pack, prompt, proposal
from groundwire.briefs.written.write import Asking, Withheld, Written, account
from groundwire.llm import Question
from groundwire.types import Article, Brief, Statement

SINGLE = ("headline", "hook", "what_changed", "why_it_matters", "what_to_do")
SEVERAL = ("takeaways", "deep_dive")


def translate(
    brief: Brief, articles: Mapping[int, Article], asking: Asking, *, context_tokens: int, output_tokens: int
) -> Written:
    """Put translations that pass the checks in the place of statements in another language than the brief's.

    A translation rests on what its original rests on; what is not translated stays in its own language and says so.

    Args:
        brief: With statements in whatever language their sources have.
        articles: Every cited version by its id.
        asking: Who is asked.
        context_tokens: What the model can read and write at once.
        output_tokens: Longest answer.
    """
    made: dict[Statement, Statement] = {}
    withheld: list[Withheld] = []
    for batch in _batches(_foreign(brief), context_tokens, output_tokens):
        answer = asking.answer(_translating(brief.language, batch, output_tokens))
        for number, text in _translations(answer or ""):
            if not 1 <= number <= len(batch) or batch[number - 1] in made:
                continue
            original = batch[number - 1]
            if why := asking.doubts(text, brief.language, original.citations, articles):
                withheld.append(Withheld(section=original.section, text=text[:1000], reasons=tuple(why)))
            else:
                made[original] = replace(original, text=text, language=brief.language, made_by="model")
    changes: dict[str, Any] = {}
    for name in SINGLE:
        changes[name] = made.get(getattr(brief, name), getattr(brief, name))
    for name in SEVERAL:
        changes[name] = tuple(made.get(s, s) for s in getattr(brief, name))
    told = account(replace(brief, **changes), asking, len(made), len(withheld))
    return Written(brief=told, withheld=tuple(withheld), failure=asking.failure, again=asking.again)


def _foreign(brief: Brief) -> list[Statement]:
    """What may be translated, in page order, each once."""
    asked = {*SINGLE, *SEVERAL}
    found = (s for s in statements(brief) if s.language != brief.language and s.section in asked)
    return [s for s in dict.fromkeys(found) if not pack.gives_orders(s.text)]


def _batches(foreign: list[Statement], context_tokens: int, output_tokens: int) -> Iterator[list[Statement]]:
    """As many at once as fit into the context, and their translations into an answer (twice the length, with its form)."""
    room = min((context_tokens - output_tokens - pack.tokens(prompt.translating("", "zh", ()))), output_tokens // 2)
    batch: list[Statement] = []
    used = 0
    for statement in foreign:
        size = pack.tokens(statement.text) + 12
        if batch and used + size > room:
            yield batch
            batch, used = [], 0
        if size <= room:
            batch.append(statement)
            used += size
    if batch:
        yield batch


def _translating(language: str, batch: list[Statement], output_tokens: int) -> Question:
    def schema(code: str) -> dict[str, Any]:
        one = proposal.obj(number={"type": "integer"}, text={"type": "string", "maxLength": 2 * proposal.MAX_TEXT})
        return proposal.obj(
            code={"type": "string", "enum": [code]},
            translations={"type": "array", "items": one, "maxItems": len(batch)},
        )

    return Question(
        purpose="translate",
        words=lambda code: prompt.translating(code, language, [s.text for s in batch]),
        schema=schema,
        usable=lambda answer: '"translations"' in answer,
        max_output_tokens=output_tokens,
    )


def _translations(answer: str) -> Iterator[tuple[int, str]]:
    for value in proposal.objects(answer, {"number", "text"}):
        if type(value["number"]) is int and isinstance(value["text"], str):
            yield value["number"], " ".join(value["text"].split())
