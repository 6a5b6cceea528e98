"""Ask, check each statement, repair once, withhold the rest; the extractive statements stand in."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, cast

from groundwire.briefs.written import gate, pack, prompt, proposal
from groundwire.briefs.written.pack import Item
from groundwire.briefs.written.proposal import Proposal
from groundwire.types import Article, Brief, Evidence, Section, Statement

MOST: dict[Section, int] = {"takeaways": 6, "deep_dive": 6}
"""Statements of a section; one where none is named."""
PARTS: tuple[tuple[Section, ...], ...] = (("hook", "what_changed", "why_it_matters", "what_to_do"), ("takeaways",), ("deep_dive",))  # fmt: skip
ROOMY = 6000
"""Tokens of context from which on one prompt asks for all sections; smaller models are asked part by part."""
MAX_PACK = 6000
"""Tokens of evidence in one prompt: more of it makes models worse, not better."""


class Reply(Protocol):
    """What came back from a model."""

    @property
    def answer(self) -> str:
        """Its words."""

    @property
    def prompt_hash(self) -> str:
        """What it is recorded under."""

    @property
    def model(self) -> str:
        """Who said it."""


Ask = Callable[[str, Mapping[str, Any], int], Reply]
"""Prompt, JSON schema, most tokens of output -> reply; raises what the model's room raises."""


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


class _Draft:
    """What was kept and what was not, while a brief is written."""

    def __init__(self, language: str, articles: Mapping[int, Article]) -> None:
        self.language, self.articles = language, articles
        self.kept: dict[Section, list[Statement]] = {}
        self.withheld: list[Withheld] = []
        self.proposed = 0
        self._said: set[str] = set()

    def take(self, proposals: Sequence[Proposal], asked: Sequence[Section], items: Sequence[Item]) -> list[tuple[Proposal, list[str]]]:  # fmt: skip
        """Keep what holds; return what doesn't, with the reasons."""
        by_number, failed = {item.number: item for item in items}, []
        for p in proposals:
            if p.section not in asked:
                failed.append((p, ["form: no section that was asked for"]))
                continue
            section = cast("Section", p.section)
            kept = self.kept.setdefault(section, [])
            if p.text.lower() in self._said or len(kept) >= MOST.get(section, 1):
                failed.append((p, ["form: repeats another, or one too many for its section"]))
            elif unknown := [n for n in p.evidence if n not in by_number]:
                failed.append((p, [f"no_evidence: cites {unknown}, which is not there"]))
            else:
                citations = tuple(by_number[n].citation for n in p.evidence)
                if why := gate.reasons(p.text, self.language, citations, self.articles):
                    failed.append((p, why))
                    continue
                self._said.add(p.text.lower())
                kept.append(
                    Statement(section=section, text=p.text, citations=citations, language=self.language, made_by="model")
                )  # fmt: skip
        return failed

    def withhold(self, failed: Sequence[tuple[Proposal, Sequence[str]]]) -> None:
        """Set aside for inspection."""
        self.withheld += [Withheld(section=p.section[:40], text=p.text[:1000], reasons=tuple(why)) for p, why in failed]


def write(
    brief: Brief,
    articles: Sequence[Article],
    evidence: Mapping[int, Evidence],
    ask: Ask,
    *,
    context_tokens: int,
    output_tokens: int,
    failures: tuple[type[Exception], ...],
) -> Written:
    """Put written statements that pass the checks in the place of extracted ones.

    Args:
        brief: The extractive brief.
        articles: The current version of each member's article.
        evidence: Its sentences, by version id.
        ask: The model.
        context_tokens: What the model can read and write at once.
        output_tokens: Longest answer.
        failures: What ``ask`` raises when there is no answer; what was kept until then stays.
    """
    draft = _Draft(brief.language, {article.id: article for article in articles})
    room = context_tokens - output_tokens - pack.tokens(prompt.writing(brief.language, list(prompt.ASKED), ()))
    items = pack.build(brief, articles, evidence, min(room, MAX_PACK))
    first: tuple[Section, ...] = ("headline",) if brief.headline.language != brief.language else ()
    whole = context_tokens >= ROOMY
    parts = [first + tuple(s for part in PARTS for s in part)] if whole else [first + PARTS[0], *PARTS[1:]]
    replies: list[Reply] = []
    failure = "" if items else "no sentence fits the model's context"
    for sections in parts if items else ():
        try:
            replies.append(
                ask(prompt.writing(brief.language, sections, items), proposal.schema(sections), output_tokens)
            )
            proposals = proposal.parse(replies[-1].answer)
            if not proposals:
                failure = "the model's answer holds no statement"
            draft.proposed += len(proposals)
            failed = draft.take(proposals, sections, items)
            again = [(p, why) for p, why in failed if not any(w.startswith(("form", "no_evidence", "instruction")) for w in why)]  # fmt: skip
            draft.withhold([f for f in failed if f not in again])
            if again:
                _repair(draft, again, sections, items, ask, output_tokens, context_tokens, replies)
        except failures as error:
            failure = getattr(error, "reason", str(error))
            break
    return Written(brief=_merged(brief, draft, replies, failure), withheld=tuple(draft.withheld), failure=failure)


def _repair(
    draft: _Draft,
    failed: list[tuple[Proposal, list[str]]],
    sections: Sequence[Section],
    items: Sequence[Item],
    ask: Ask,
    output_tokens: int,
    context_tokens: int,
    replies: list[Reply],
) -> None:
    """One more try for what failed; whatever comes of it, the first words are withheld."""
    draft.withhold(failed)
    words = prompt.repairing(draft.language, failed, items)
    if pack.tokens(words) + output_tokens > context_tokens:
        return
    replies.append(ask(words, proposal.schema(sections), output_tokens))
    cited = {p.evidence for p, _ in failed}
    mended = [p for p in proposal.parse(replies[-1].answer) if p.evidence in cited][: len(failed)]
    still = draft.take(mended, sections, items)
    replaced = {(p.section, p.evidence) for p in mended} - {(p.section, p.evidence) for p, _ in still}
    repaired = [p.text for p, _ in failed if (p.section, p.evidence) in replaced]
    draft.withheld = [w for w in draft.withheld if w.text not in repaired]


def _merged(brief: Brief, draft: _Draft, replies: Sequence[Reply], failure: str) -> Brief:
    made = sum(map(len, draft.kept.values()))
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
    absent = {name: why for name, why in brief.absent.items() if name not in changes}
    if failure:
        absent["written"] = failure
    made_from = "".join((brief.provenance.build, *(reply.prompt_hash + reply.answer for reply in replies)))
    changes["absent"] = absent
    changes["provenance"] = replace(
        brief.provenance,
        model=replies[-1].model if made else brief.provenance.model,
        proposed=made + len(draft.withheld) if made else brief.provenance.proposed,
        kept=made or brief.provenance.kept,
        dropped=len(draft.withheld) if made else brief.provenance.dropped,
        withheld=len(draft.withheld),
        build=hashlib.sha256(made_from.encode("utf-8", "surrogatepass")).hexdigest()
        if replies
        else brief.provenance.build,
    )
    names = {name: getattr(brief, name) for name in Brief.__dataclass_fields__} | changes
    return Brief(**names)
