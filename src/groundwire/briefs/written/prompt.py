"""The words that a model is asked with: evidence comes after the task, between marks that no article can know."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from groundwire.briefs.written.pack import Item
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


def writing(language: str, sections: Sequence[Section], items: Sequence[Item]) -> str:
    """Asks for statements of some sections."""
    asked = "\n".join(f"- {section}: {ASKED[section]}" for section in sections)
    return _with_evidence(_template("write"), items, language=LANGUAGES[language], sections=asked)


def repairing(language: str, failed: Sequence[tuple[Proposal, Sequence[str]]], items: Sequence[Item]) -> str:
    """Asks once for better ones in place of statements that failed, with the reasons."""
    cited = {number for proposal, _ in failed for number in proposal.evidence}
    lines = "\n".join(
        f"- section {p.section}, evidence {list(p.evidence)}: {p.text}\n  wrong: {'; '.join(why)}" for p, why in failed
    )
    used = [item for item in items if item.number in cited]
    return _with_evidence(_template("repair"), used, language=LANGUAGES[language], failed=lines)


@cache
def _template(name: str) -> str:
    return (files("groundwire.briefs.written") / "prompts" / f"{name}.md").read_text(encoding="utf-8")


def _with_evidence(template: str, items: Sequence[Item], **words: str) -> str:
    evidence = "\n".join(item.line for item in items)
    # a hash of the evidence can't stand in the evidence, and is the same in a rebuild
    mark = "END-" + hashlib.sha256(evidence.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return template.format(evidence=evidence, mark=mark, **words)
