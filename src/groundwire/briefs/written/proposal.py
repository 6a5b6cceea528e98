"""A model's answer -> proposed statements; whatever else it holds is left out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

MAX_ANSWER = 60_000
"""Characters of an answer that are read."""
MAX_PROPOSALS = 40
"""A brief has about twenty statements; a model that repeats for ever is cut here."""
MAX_CITED = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One statement as a model proposes it."""

    section: str
    text: str
    evidence: tuple[int, ...]


def schema(sections: Sequence[str]) -> dict[str, Any]:
    """The JSON schema of an answer."""
    statement = {
        "type": "object",
        "properties": {
            "section": {"type": "string", "enum": list(sections)},
            "evidence": {"type": "array", "items": {"type": "integer"}, "minItems": 1, "maxItems": MAX_CITED},
            "text": {"type": "string"},
        },
        "required": ["section", "evidence", "text"],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {"statements": {"type": "array", "items": statement}},
        "required": ["statements"],
        "additionalProperties": False,
    }


def parse(answer: str) -> list[Proposal]:
    """Every complete statement of an answer, once; of a truncated or chatty answer, those that are whole."""
    found = list(dict.fromkeys(_proposals(answer[:MAX_ANSWER])))
    return found[:MAX_PROPOSALS]


def _proposals(answer: str) -> Iterator[Proposal]:
    decoder = json.JSONDecoder()
    # each object is read by itself, so that an answer cut off in its last one loses only that
    position = answer.find("{")
    while position >= 0:
        try:
            value, end = decoder.raw_decode(answer, position)
        except (ValueError, RecursionError):
            value, end = None, position + 1
        yield from _of(value)
        position = answer.find("{", end)


def _of(value: object) -> Iterator[Proposal]:
    if not isinstance(value, dict):
        return
    if isinstance(value.get("statements"), list):
        for inner in value["statements"]:
            yield from _of(inner) if isinstance(inner, dict) and "statements" not in inner else ()
        return
    section, text, evidence = value.get("section"), value.get("text"), value.get("evidence")
    if isinstance(section, str) and isinstance(text, str) and isinstance(evidence, list):
        numbers = tuple(n for n in evidence[:MAX_CITED] if type(n) is int)
        if len(numbers) == len(evidence[:MAX_CITED]):
            yield Proposal(section=section, text=" ".join(text.split()), evidence=tuple(dict.fromkeys(numbers)))
