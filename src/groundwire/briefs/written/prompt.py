"""The words that a model is asked with: evidence stands between marks that no article can know, the task after it.

What is the same for all questions on one event stands first, so that servers that remember a prompt's beginning read
the evidence once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from groundwire.briefs.written.pack import Item, as_data
from groundwire.briefs.written.proposal import Proposal
from groundwire.types import Section

LANGUAGES = {"en": "English", "zh": "Chinese (简体中文)"}
ASKED: dict[Section, str] = {
    "headline": "one: what happened, as a headline",
    "hook": "one: what kind of event this is and why to read on",
    "what_changed": "one: the fact that is new",
    "why_it_matters": "one: its consequence, as the evidence states it",
    "what_to_do": "one: what a reader can do, only if the evidence recommends it",
    "takeaways": "three to five: further key points, none repeating another",
    "deep_dive": "up to four: technical points (architecture, numbers, methods)",
}
"""What is asked for each section; the order is the page's."""


def writing(code: str, language: str, sections: Sequence[Section], items: Sequence[Item]) -> str:
    """Asks for statements of some sections."""
    asked = "\n".join(f"- {section}: {ASKED[section]}" for section in sections)
    lines = [item.line for item in items]
    return _with_evidence("write", lines, code=code, language=LANGUAGES[language], sections=asked)


def repairing(code: str, language: str, failed: Sequence[tuple[Proposal, Sequence[str]]], items: Sequence[Item]) -> str:
    """Asks once for better ones in place of statements that failed, with the reasons."""
    cited = {number for proposal, _ in failed for number in proposal.evidence}
    wrong = "\n".join(
        f"- section {p.section}, evidence {list(p.evidence)}: {as_data(p.text)}\n  wrong: {'; '.join(why)}"
        for p, why in failed
    )
    lines = [item.line for item in items if item.number in cited]
    return _with_evidence(
        "repair", lines, code=code, language=LANGUAGES[language], failed=wrong, first=failed[0][0].section
    )


def translating(code: str, language: str, sentences: Sequence[str]) -> str:
    """Asks for sentences in another language."""
    lines = [f"[{number}] {as_data(sentence)}" for number, sentence in enumerate(sentences, 1)]
    return _with_evidence("translate", lines, code=code, language=LANGUAGES[language])


def judging(code: str, statement: str, quotes: Sequence[str]) -> str:
    """Asks whether quotes say what a statement says."""
    lines = [f"[{number}] {as_data(quote)}" for number, quote in enumerate(quotes, 1)]
    return _with_evidence("judge", lines, code=code, statement=as_data(statement))


@cache
def _template(name: str) -> str:
    return (files("groundwire.briefs.written") / "prompts" / f"{name}.md").read_text(encoding="utf-8")


def _with_evidence(template: str, lines: Sequence[str], **words: str) -> str:
    evidence = "\n".join(lines)
    # a hash of the evidence can't stand in the evidence, and is the same in a rebuild
    mark = "END-" + hashlib.sha256(evidence.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return _template(template).format(evidence=evidence, mark=mark, **words)
