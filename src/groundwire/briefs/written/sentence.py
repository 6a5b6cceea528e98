"""Whether words are a sentence as a page may print it: a placeholder, a cut or a loop contradicts no evidence and tells nothing."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from itertools import pairwise

from groundwire.briefs.grounding.reading import read

_GAP = re.compile(r"[“\"「『][^”\"」』]*(?:\.\.\.|…)[^”\"」』]*[”\"」』]")
LEAST_WORDS, LEAST_HAN, LEAST_CONTENT = 3, 6, 2
LOOP = 6
"""Words in a row that stand twice in one statement: it goes round."""
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9'’.,%-]*|[\u3400-\u9fff]")
_MIDDLE = re.compile(r"[a-z]+(?=[\s,;:])")
"""No capital in its first word, nor a figure or a dot, as names that are written small mostly have."""
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|「[^」]*」|『[^』]*』")
_FIRST_PERSON = re.compile(
    r"(?:^|[,;:.!?] |\b(?!phase|type|class|tier|level|part)[a-z]+ )I\b(?!\.)"
    r"|\b(?:we|ours?|my|us|me|(?:We|Our|My)(?=['’]| [a-z]))\b|(?<!自)我(?!国)|咱|本报|本刊|笔者"
)
"""Who speaks in a source would speak for the desk here. Not the US, a phase I trial, Our World in Data, 自我 (itself)."""
_MACHINE_NAME = re.compile(r"\b[A-Za-z]+(?:_[A-Za-z]+)+\b")
_OPEN_END = re.compile(
    r"\b(?:a|an|the|and|or|but|of|to|on|in|at|by|for|with|from|as|than|that|which|who|its|their|is|are|was|were|will|has|have|had)"
    r"\s*[.…]*$|[,;:，、；：—–(（]\s*$|[的和与或及在对从把被将向]\s*[。.…]*$",
    re.IGNORECASE,
)


def problems(text: str, language: str) -> list[str]:
    """What keeps words from being a sentence, in words."""
    words = [word.strip(".,'’-").lower() for word in _WORD.findall(text)]
    least = LEAST_HAN if language == "zh" else LEAST_WORDS
    content = len(read(text, language, datetime(2000, 1, 1, tzinfo=UTC)).content)
    found = []
    if len(words) < least or content < LEAST_CONTENT:
        found.append("form: too few words to say anything")
    if language != "zh" and (match := _MIDDLE.match(text)):
        found.append(f"form: begins in the middle, with “{match.group()}”")
    if match := _FIRST_PERSON.search(_QUOTED.sub("", text)):
        found.append(f"form: “{match.group().strip()}” speaks for somebody else outside a quotation")
    if match := _MACHINE_NAME.search(text):
        found.append(f"form: “{match.group()}” is no word")
    if match := _OPEN_END.search(text):
        found.append(f"form: cut off after “{text[max(0, match.start() - 20) :].strip()}”")
    if match := _GAP.search(text):
        found.append(f"form: “{match.group()[:60]}” quotes with a gap")
    if language != "zh" and _goes_round(words):
        found.append("form: repeats itself")
    return found


def _goes_round(words: list[str]) -> bool:
    runs = [tuple(words[i : i + LOOP]) for i in range(len(words) - LOOP + 1)]
    return len(set(runs)) < len(runs) or any(
        a == b for a, b in pairwise(words) if a.isalpha() and a not in ("had", "that")
    )
