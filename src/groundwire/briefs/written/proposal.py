"""A model's answer -> proposed statements; whatever else it holds is left out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MAX_ANSWER = 60_000
"""Characters of an answer that are read."""
MAX_PROPOSALS = 40
"""A brief has about twenty statements; a model that repeats for ever is cut here."""
MAX_CITED = 3
MAX_TEXT = 300
"""Characters of a statement that a model is told to keep to, so that one that loops comes to an end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One statement as a model proposes it."""

    section: str
    text: str
    evidence: tuple[int, ...]


def schema(code: str, sections: Sequence[str], numbers: Sequence[int], most: int) -> dict[str, Any]:
    """The JSON schema of an answer that holds at most so many statements, each with some of these evidence numbers."""
    statement = obj(
        section={"type": "string", "enum": list(sections)},
        evidence={
            "type": "array",
            "items": {"type": "integer", "enum": list(numbers)},
            "minItems": 1,
            "maxItems": MAX_CITED,
        },
        text={"type": "string", "maxLength": MAX_TEXT},
    )
    return obj(
        code={"type": "string", "enum": [code]}, statements={"type": "array", "items": statement, "maxItems": most}
    )


def obj(**properties: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of an object with just these properties."""
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def parse(answer: str) -> list[Proposal]:
    """Every complete statement of an answer, once; of a truncated or chatty answer, those that are whole."""
    made = (_proposal(value) for value in objects(answer, {"section", "evidence", "text"}))
    return list(dict.fromkeys(p for p in made if p is not None))[:MAX_PROPOSALS]


def objects(answer: str, keys: set[str]) -> Iterator[dict[str, Any]]:
    """Every object in an answer that has these keys, each once, and no others, in order; at any depth."""
    answer = answer[:MAX_ANSWER]
    decoder = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_refuse)
    # each object is read by itself, so that an answer cut off in its last one loses only that
    position = answer.find("{")
    while position >= 0:
        try:
            value, end = decoder.raw_decode(answer, position)
        except (ValueError, RecursionError):
            value, end = None, position + 1
        yield from _with(value, keys)
        position = answer.find("{", end)


def _with(value: object, keys: set[str]) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for inner in value:
            yield from _with(inner, keys)
    elif isinstance(value, dict):
        if value.keys() == keys:
            yield value
        else:
            for inner in value.values():
                yield from _with(inner, keys)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("a key stands twice")
    return dict(pairs)


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON")


def _proposal(value: Mapping[str, Any]) -> Proposal | None:
    section, text, evidence = value["section"], value["text"], value["evidence"]
    if not (isinstance(section, str) and isinstance(text, str) and isinstance(evidence, list)):
        return None
    numbers = evidence[:MAX_CITED]
    if not all(type(n) is int for n in numbers):
        return None
    return Proposal(section=section, text=" ".join(text.split()), evidence=tuple(dict.fromkeys(numbers)))
