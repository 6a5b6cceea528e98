"""What each sentence does in its article, and which readers an article concerns: transparent scores from cue words.

Every score is a sum of a few stated parts, clipped to 0..1: no model, no hidden state.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from groundwire.evidence.cues import Hit
from groundwire.types import DateMention, Forecast, Mention, Quantity, Role, Sentence

AUDIENCES = ("founders", "product", "infrastructure", "investors", "engineers", "policy", "energy")
"""Readers' roles that are told apart; the interface names them."""

KINDS = (
    "funding", "deal", "model", "product", "price", "chips", "infrastructure", "earnings", "policy", "safety", "people",
    "research", "rumour", "opinion",
)  # fmt: skip
"""Kinds of news that are told apart."""

_QUOTED = re.compile(r"[“\"「][^”\"」]{2,}(?:[”\"」]|$)")
_QUESTION = re.compile(r"[?？]\s*[”\"’」]?\s*$")
_FIRST_PERSON = re.compile(r"(?:^|[\s“\"(])(?:I|we|We|our|Our|my|My|us)\b|我们|我(?!国|方|省|市)")


class Context(NamedTuple):
    """What is known of a sentence when its roles are scored."""

    sentence: Sentence
    hits: Sequence[Hit]
    position: int
    """0: the title, 1: the first of the body, …"""
    quantities: Sequence[Quantity]
    dates: Sequence[DateMention]
    mentions: Sequence[Mention]
    forecast: Forecast | None


def score(context: Context) -> Mapping[Role, float]:
    """Score of each role that applies, 0 to 1, rounded to three digits."""
    text = context.sentence.text
    count = {label: len({text[h.start : h.end].lower() for h in context.hits if h.label == label}) for label in _LABELS}
    quoted = _quoted_share(text)
    question = bool(_QUESTION.search(text))
    measured = min(len(context.quantities), 3)
    named = any(m.kind in ("organisation", "person", "product") for m in context.mentions)
    scores: dict[Role, float] = {
        "fact": 0.15
        + 0.25 * min(count["fact"], 2) / 2
        + 0.1 * (count["fact"] > 0)
        + 0.06 * measured
        + 0.08 * bool(context.dates)
        + 0.12 * (named or bool(context.mentions))
        + (0.16 if context.position <= 2 else 0.08 if context.position <= 4 else 0.0)
        - 0.2 * (context.forecast is not None)
        - 0.15 * (count["advice"] > 0)
        - 0.25 * (quoted > 0.5)
        - 0.1 * (count["background"] > 0),
        "consequence": 0.5 * (count["consequence"] > 0)
        + 0.2 * (count["consequence"] > 1)
        + 0.15 * min(count["effect"], 2),
        "recommendation": 0.6 * (count["advice"] > 0)
        + 0.15 * (count["advice"] > 1)
        + 0.1 * (count["recommendation"] > count["advice"]),
        "forecast": (
            0.6
            + 0.2 * (context.forecast.horizon is not None)
            + 0.1 * bool(context.forecast.who)
            + 0.1 * (context.forecast.reason is not None)
        )
        if context.forecast
        else 0.0,
        "technical": min(0.17 * count["technical"], 0.68) + 0.09 * measured * (count["technical"] > 1),
        "background": 0.45 * (count["background"] > 0)
        + 0.15 * (count["background"] > 1)
        + 0.1 * (context.position > 6),
        "quote": 0.7 * quoted + 0.3 * (count["saying"] > 0) * (quoted > 0.2),
    }
    if question:
        scores = {role: value * 0.3 for role, value in scores.items()}
    clipped: dict[Role, float] = {role: round(min(max(value, 0.0), 1.0), 3) for role, value in scores.items()}
    return {role: value for role, value in clipped.items() if value > 0.1} or {"none": 1.0}


def is_first_person(text: str) -> bool:
    """Whether the outlet's "I" or "we" speaks, outside quotation marks."""
    return _FIRST_PERSON.search(_QUOTED.sub(" ", text)) is not None


def tally(hits: Sequence[Hit], prefix: str) -> dict[str, list[Hit]]:
    """Cues of ``prefix.*`` labels ("audience", "kind") by what follows the dot."""
    found: dict[str, list[Hit]] = {}
    for hit in hits:
        group, _, name = hit.label.partition(".")
        if group == prefix:
            found.setdefault(name, []).append(hit)
    return found


_LABELS = ("fact", "consequence", "effect", "recommendation", "advice", "technical", "background", "saying")


def _quoted_share(text: str) -> float:
    return sum(len(m.group()) for m in _QUOTED.finditer(text)) / max(len(text), 1)
