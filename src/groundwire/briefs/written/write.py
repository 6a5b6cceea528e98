"""Ask, check each statement, repair once, withhold the rest; the extractive statements stand in."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from groundwire.briefs.grounding import Embedder
from groundwire.briefs.written import gate, pack, prompt, proposal
from groundwire.briefs.written.pack import Item
from groundwire.briefs.written.proposal import Proposal
from groundwire.llm import Call, ModelError, Question
from groundwire.types import Article, Brief, Citation, Evidence, Section, Statement

MOST: dict[Section, int] = {"takeaways": 6, "deep_dive": 6}
"""Statements of a section; one where none is named."""
PARTS: tuple[tuple[Section, ...], ...] = (("hook", "what_changed", "why_it_matters", "what_to_do"), ("takeaways",), ("deep_dive",))  # fmt: skip
ROOMY = 6000
"""Tokens of context from which on one prompt asks for all sections; smaller models are asked part by part."""
MAX_PACK = 6000
"""Tokens of evidence in one prompt: more of it makes models worse, not better; small ones get a third of their context."""
JUDGE_TOKENS = 60
"""Output of a judge: a code and a word."""

Ask = Callable[[Question], Call]
"""Question -> its answer; raises ``ModelError``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """A proposed statement that may not be published."""

    section: str
    text: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A brief with written statements, and what was withheld."""

    brief: Brief
    withheld: tuple[Withheld, ...]
    failure: str
    """Why (the rest of) the brief is extractive; empty if every question was answered usably."""
    again: bool
    """Whether asking once more in a later run may give what is missing."""


class Asking:
    """Who is asked while one brief is made, what came back, and why nothing did.

    Args:
        ask: The model that writes.
        judge: A second one, which must agree; None: code alone decides.
        embedder: Tells how near a translation is to its evidence; without it none is supported.
    """

    def __init__(self, ask: Ask, judge: Ask | None, embedder: Embedder | None = None) -> None:
        self._ask, self._judge, self._embedder = ask, judge, embedder
        self.replies: list[Call] = []
        self.failure, self.again = "", False

    def answer(self, question: Question) -> str | None:
        """An answer's words; None if there is none, for a reason that is kept."""
        try:
            self.replies.append(self._ask(question))
        except ModelError as error:
            self.failed(error)
            return None
        return self.replies[-1].answer

    def failed(self, error: ModelError) -> None:
        """Keep why a part stays extractive."""
        self.failure = self.failure or error.reason
        self.again = self.again or not error.final

    def doubts(self, text: str, language: str, citations: Sequence[Citation], articles: Mapping[int, Article]) -> list[str]:  # fmt: skip
        """Everything that speaks against a statement; the judge is asked only about what passed the code's checks."""
        why = gate.reasons(text, language, citations, articles, self._embedder)
        if why or self._judge is None:
            return why
        quotes = [c.quote for c in citations]
        question = Question(
            purpose="judge",
            words=lambda code: prompt.judging(code, text, quotes),
            schema=lambda code: proposal.obj(code={"type": "string", "enum": [code]}, supported={"type": "boolean"}),
            usable=lambda answer: _verdict(answer) is not None,
            max_output_tokens=JUDGE_TOKENS,
        )
        try:
            self.replies.append(self._judge(question))
        except ModelError as error:
            self.failed(error)
            return [f"support: not judged: {error.reason}"]
        return [] if _verdict(self.replies[-1].answer) else ["support: the second model finds that its evidence does not say so"]  # fmt: skip


def _verdict(answer: str) -> bool | None:
    found = [value["supported"] for value in proposal.objects(answer, {"code", "supported"})]
    return found[0] if len(found) == 1 and isinstance(found[0], bool) else None


class _Draft:
    """What was kept and what was not, while a brief is written."""

    def __init__(self, asking: Asking, brief: Brief, articles: Mapping[int, Article]) -> None:
        self.asking, self.language, self.articles = asking, brief.language, articles
        self.kept: dict[Section, list[Statement]] = {}
        self.withheld: list[Withheld] = []
        self._said = {_words(brief.headline.text)}

    def take(self, proposals: Sequence[Proposal], asked: Sequence[Section], items: Sequence[Item]) -> list[tuple[Proposal, list[str]]]:  # fmt: skip
        """Keep what holds; return what doesn't, with the reasons."""
        by_number, failed = {item.number: item for item in items}, []
        for p in proposals:
            if p.section not in asked:
                failed.append((p, ["form: no section that was asked for"]))
                continue
            section = cast("Section", p.section)
            kept = self.kept.setdefault(section, [])
            if _words(p.text) in self._said or len(kept) >= MOST.get(section, 1):
                failed.append((p, ["form: repeats another, or one too many for its section"]))
            elif unknown := [n for n in p.evidence if n not in by_number]:
                failed.append((p, [f"no_evidence: cites {unknown}, which is not there"]))
            else:
                citations = tuple(by_number[n].citation for n in p.evidence)
                if why := self.asking.doubts(p.text, self.language, citations, self.articles):
                    failed.append((p, why))
                    continue
                self._said.add(_words(p.text))
                kept.append(
                    Statement(section=section, text=p.text, citations=citations, language=self.language, made_by="model")
                )  # fmt: skip
        return failed

    def withhold(self, failed: Sequence[tuple[Proposal, Sequence[str]]]) -> None:
        """Set aside for inspection."""
        self.withheld += [Withheld(section=p.section[:40], text=p.text[:1000], reasons=tuple(why)) for p, why in failed]


def _words(text: str) -> str:
    """A statement without what does not make it another one."""
    return text.lower().strip(" .。!！")


def write(
    brief: Brief,
    articles: Sequence[Article],
    evidence: Mapping[int, Evidence],
    asking: Asking,
    *,
    context_tokens: int,
    output_tokens: int,
) -> Written:
    """Put written statements that pass the checks in the place of extracted ones.

    Args:
        brief: The extractive brief.
        articles: The current version of each member's article.
        evidence: Its sentences, by version id.
        asking: Who is asked; what was kept until nobody answers any more stays.
        context_tokens: What the model can read and write at once.
        output_tokens: Longest answer.
    """
    draft = _Draft(asking, brief, {article.id: article for article in articles})
    room = context_tokens - output_tokens - pack.tokens(prompt.writing("", brief.language, list(prompt.ASKED), ()))
    whole = context_tokens >= ROOMY
    items = pack.build(brief, articles, evidence, min(room, MAX_PACK if whole else context_tokens // 3))
    first: tuple[Section, ...] = ("headline",) if brief.headline.language != brief.language else ()
    parts = [first + tuple(s for part in PARTS for s in part)] if whole else [first + PARTS[0], *PARTS[1:]]
    for sections in parts if items else ():
        answer = asking.answer(_writing(brief.language, sections, items, output_tokens))
        if answer is None:
            continue
        failed = draft.take(proposal.parse(answer), sections, items)
        again = [(p, why) for p, why in failed if not any(w.startswith(("form", "no_evidence", "instruction")) for w in why)]  # fmt: skip
        draft.withhold([f for f in failed if f not in again])
        if again:
            _repair(draft, again, sections, items, output_tokens, context_tokens)
    if not items:
        asking.failure = "no sentence fits the model's context"
    return Written(
        brief=_merged(brief, draft), withheld=tuple(draft.withheld), failure=asking.failure, again=asking.again
    )  # fmt: skip


def _writing(language: str, sections: Sequence[Section], items: Sequence[Item], output_tokens: int) -> Question:
    return Question(
        purpose="write",
        words=lambda code: prompt.writing(code, language, sections, items),
        schema=lambda code: proposal.schema(
            code, sections, [item.number for item in items], sum(MOST.get(s, 1) for s in sections)
        ),
        usable=lambda answer: bool(proposal.parse(answer)),
        max_output_tokens=output_tokens,
    )


def _repair(
    draft: _Draft,
    failed: list[tuple[Proposal, list[str]]],
    sections: Sequence[Section],
    items: Sequence[Item],
    output_tokens: int,
    context_tokens: int,
) -> None:
    """One more try for what failed; whatever comes of it, the first words are withheld."""
    draft.withhold(failed)
    cited = sorted({number for p, _ in failed for number in p.evidence})
    question = Question(
        purpose="repair",
        words=lambda code: prompt.repairing(code, draft.language, failed, items),
        schema=lambda code: proposal.schema(code, sections, cited, len(failed)),
        usable=lambda answer: '"statements"' in answer,  # none at all is an answer too
        max_output_tokens=output_tokens,
    )
    if pack.tokens(question.words("")) + output_tokens > context_tokens:
        return
    answer = draft.asking.answer(question)
    if answer is None:
        return
    known = {p.evidence for p, _ in failed}
    mended = [p for p in proposal.parse(answer) if p.evidence in known][: len(failed)]
    still = draft.take(mended, sections, items)
    replaced = {(p.section, p.evidence) for p in mended} - {(p.section, p.evidence) for p, _ in still}
    repaired = [p.text for p, _ in failed if (p.section, p.evidence) in replaced]
    draft.withheld = [w for w in draft.withheld if w.text not in repaired]


def _merged(brief: Brief, draft: _Draft) -> Brief:
    changes: dict[str, Any] = {}
    for section, kept in draft.kept.items():
        if not kept:
            continue
        if section in MOST:
            spans = {(c.version_id, c.start) for s in kept for c in s.citations}
            old: tuple[Statement, ...] = getattr(brief, section)
            rest = [s for s in old if not any((c.version_id, c.start) in spans for c in s.citations)]
            changes[section] = (*kept, *rest)[: max(len(old), len(kept))]
        else:
            changes[section] = kept[0]
    return account(replace(brief, **changes), draft.asking, sum(map(len, draft.kept.values())), len(draft.withheld))


def account(brief: Brief, asking: Asking, made: int, withheld: int) -> Brief:
    """A brief that tells who wrote how many of its statements, how many were withheld, and why not more were written."""
    absent = {name: why for name, why in brief.absent.items() if name == "written" or not getattr(brief, name)}
    if asking.failure:
        absent["written"] = asking.failure
    before, changes = brief.provenance, dict[str, Any]()
    if asking.replies:
        told = "".join((before.build, *(reply.prompt_hash + reply.answer for reply in asking.replies)))
        changes["build"] = hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()
    if made:
        # the counts of a brief that no model had a part in yet are those of its extraction
        own = before if before.model is not None else replace(before, proposed=0, kept=0, dropped=0)
        changes |= {
            "model": asking.replies[0].model,
            "proposed": own.proposed + made + withheld,
            "kept": own.kept + made,
            "dropped": own.dropped + withheld,
        }
    return replace(brief, absent=absent, provenance=replace(before, withheld=before.withheld + withheld, **changes))
