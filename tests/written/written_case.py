"""What tests of written briefs share: a story of one made-up article, and a model that says what a test wants."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from groundwire.briefs import check_citations, compose, statements
from groundwire.briefs.written import Asking, Written, unsupported, write
from groundwire.events.embeddings import UniversalSentenceEncoder
from groundwire.evidence.analyse import analyse
from groundwire.llm import Budget, Call, Question, Recorder, ScriptedModel
from groundwire.llm.scripted import code_of
from groundwire.types import Article, Brief, Event, Evidence, Member

NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)
TITLE = "Velant cuts the price of Orla 3 by 40 percent"
BODY = """Velant Systems cut the price of its Orla 3 model by 40 percent on 9 November 2026.
The company said that the new price is $2.40 per million output tokens.
Velant may open a data centre in Norway next year, its chief executive Ida Brekke said.
Smaller rivals will find it harder to compete, analysts at Corvane wrote.
Orla 3 runs on 64 accelerators and reads 200,000 tokens at once.
Customers should compare their bills before they renew a contract."""
Says = str | Callable[[str], str]
"""An answer, or what makes one of a prompt."""


def article(
    title: str = TITLE, body: str = BODY, *, number: int = 1, language: str = "en", outlet: str = "Outlet"
) -> Article:
    """A version of an article."""
    text = f"{title}\n\n{body}"
    return Article(
        id=number, article_id=number, version=1, source_id=number, outlet=outlet, url=f"https://example.com/{number}",
        title=title, text=text, author=None, published_at=NOON, published_evidence="feed", collected_at=NOON,
        language=language, text_hash=hashlib.sha256(text.encode()).hexdigest(),
    )  # fmt: skip


@dataclass(frozen=True)
class Case:
    """An event with its extractive brief."""

    articles: tuple[Article, ...]
    evidence: Mapping[int, Evidence]
    brief: Brief

    @property
    def known(self) -> dict[int, Article]:
        """The articles by id."""
        return {one.id: one for one in self.articles}


@cache
def encoder() -> UniversalSentenceEncoder:
    """The bundled encoder, loaded once."""
    return UniversalSentenceEncoder()


def case_of(*articles: Article, language: str = "en") -> Case:
    """An event of some articles."""
    members = tuple(Member(article_id=a.article_id, origin_id=a.article_id, reasons=()) for a in articles)
    event = Event(
        id=1, slug="e", title=articles[0].title, language=articles[0].language, members=members,
        first_published_at=NOON, last_published_at=NOON,
    )  # fmt: skip
    evidence = {a.id: analyse(a) for a in articles}
    return Case(articles, evidence, compose(event, articles, evidence, (), {}, encoder(), language))


class Memory:
    """A record of answers in memory."""

    def __init__(self) -> None:
        self.calls: dict[str, Call] = {}

    def find(self, prompt_hash: str) -> Call | None:
        return self.calls.get(prompt_hash)

    def save(self, call: Call) -> None:
        self.calls[call.prompt_hash] = call

    def last_reported(self, model: str) -> str | None:
        return model


class Model:
    """Gives the answers one after the other, with the code that is asked for; at the end only empty ones."""

    def __init__(self, *answers: Says) -> None:
        self._answers = answers
        self.prompts: list[str] = []
        self.memory = Memory()

    def asking(self, judge: Model | None = None) -> Asking:
        """As a brief is written with."""
        return Asking(self._ask(), judge._ask() if judge else None, encoder())

    def _ask(self) -> Callable[[Question], Call]:
        recorder = Recorder(ScriptedModel(self._say), self.memory, Budget(10**9, 1.0), lambda: NOON, lambda _: None)
        return lambda question: recorder.answer(1, question)

    def _say(self, prompt: str, schema: Mapping[str, Any]) -> str:
        self.prompts.append(prompt)
        nth = len(self.prompts) - 1
        answer = self._answers[nth] if nth < len(self._answers) else '{"statements": [], "translations": []}'
        words = answer if isinstance(answer, str) else answer(prompt)
        return words.replace("{", f'{{"code": "{code_of(schema)}", ', 1)


def run(case: Case, model: Model, *, judge: Model | None = None, context: int = 8192) -> Written:
    """Write, and check what may never be wrong: citations, and that each written statement holds."""
    limits = {"context_tokens": context, "output_tokens": 600}
    written = write(case.brief, case.articles, case.evidence, model.asking(judge), **limits)
    held(written, case)
    return written


def held(written: Written, case: Case) -> None:
    """What is published quotes its sources to the letter, and says no more than they do."""
    assert not check_citations(written.brief, case.known)
    assert all(not unsupported(s, case.known, encoder()) for s in statements(written.brief))


def reply(*proposed: tuple[str, str, Sequence[int]]) -> str:
    """An answer of some statements: section, text, evidence."""
    return json.dumps({"statements": [{"section": s, "text": t, "evidence": list(e)} for s, t, e in proposed]})


def number_of(prompt: str, words: str) -> int:
    """The evidence number of the sentence that says so."""
    line = next(line for line in prompt.splitlines() if line.startswith("[") and words in line)
    return int(line[1 : line.index("]")])
