"""Quotations and titles: what stands in quotation marks stands so in the evidence, word for word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from groundwire.briefs.grounding.reading import Reading
from groundwire.briefs.grounding.verdict import Finding

_QUOTED = re.compile(
    r"“([^“”\n]+)”|\"([^\"\n]+)\"|「([^「」\n]+)」|『([^『』\n]+)』|《([^《》\n]+)》|(?<![\w])‘([^‘’\n]{3,}(?:’\w[^‘’\n]*)*)’(?!\w)|(?<!\w)'([^'\n]{3,})'(?!\w)"
)
_LEFT_OUT = re.compile(r"\s?(?:\.{3}|…+|\[[^\]]*\])\s?")
_NOT_WORDS = re.compile(r"[\W_]+")


def quotations(text: str) -> Iterator[tuple[int, int, str]]:
    """Span and words of everything in quotation marks or title brackets."""
    for match in _QUOTED.finditer(text):
        words = next(g for g in match.groups() if g is not None)
        yield match.start(), match.end(), words


def compare(statement: Reading, evidence: Sequence[Reading]) -> list[Finding]:
    """Quotations of the statement that no cited sentence has; "…" and [brackets] may leave out, nothing may be changed.

    A translated quotation can't be compared by its words: the evidence must then at least quote something.
    """
    same = [r for r in evidence if r.language == statement.language]
    letters = "".join(_letters(r.text) for r in same)
    findings = []
    for start, end, words in quotations(statement.text):
        pieces = [_letters(piece) for piece in _LEFT_OUT.split(words)]
        if same and _in_order(pieces, letters):
            continue
        if not same and any(True for r in evidence for _ in quotations(r.text)):
            continue
        if not same and statement.text[start] == "《":
            continue
        findings.append(
            Finding(kind="quotation", detail=f"“{words}” is not in the evidence word for word", start=start, end=end)
        )
    return findings


def _letters(text: str) -> str:
    return _NOT_WORDS.sub("", text.lower())


def _in_order(pieces: Sequence[str], letters: str) -> bool:
    position = 0
    for piece in pieces:
        position = letters.find(piece, position)
        if position < 0:
            return False
        position += len(piece)
    return True
