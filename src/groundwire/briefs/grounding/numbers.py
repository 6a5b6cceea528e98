"""Figures: every number of the statement is in the evidence, with its unit, and not finer than the evidence has it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from groundwire.briefs.grounding import lexicon, proportions
from groundwire.briefs.grounding.align import match
from groundwire.briefs.grounding.anchors import Figure, figures
from groundwire.briefs.grounding.reading import Reading, Token
from groundwire.briefs.grounding.verdict import Finding
from groundwire.evidence import quantities, units
from groundwire.evidence.cues import has_chinese
from groundwire.types import Quantity

ROUNDING = 0.05
"""Most that rounding may take from a figure, as a share of it."""
ABOUT = 0.1
"""The same where the statement says "about"."""
_DOLLARS = frozenset(("USD", "AUD", "CAD", "HKD", "SGD", "NZD", "TWD"))
_BARE_DOLLAR = re.compile(r"(?<![A-Za-z])\$")
"""A sign that leaves open whose dollars they are."""
_YUAN = frozenset(("CNY", "JPY"))
_ANYONE = frozenset(("person", "people", "unit", "item", "piece"))
_CHANGE = re.compile(
    r"(?:\b(?P<from>from)|\b(?P<to>to)|(?P<from_zh>[从由自])|(?P<to_zh>[至到]))\s?(?:about |around |nearly |almost |roughly |over |just |only |a |an |the |约|近|逾)?$"
)
_MEASURES = frozenset(
    [
        "个",
        "款",
        "种",
        "项",
        "家",
        "名",
        "位",
        "台",
        "辆",
        "次",
        "条",
        "份",
        "张",
        "只",
        "所",
        "座",
        "件",
        "部",
        "本",
        "篇",
        "场",
        "轮",
        "档",
        "组",
        "类",
        "套",
    ]
)
_FROM_NOW = re.compile(r"\s?(?:之?[内后前]|以[内后前来]| ago| later| from now)$")
_UNIT_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Found:
    """A figure of the statement and where the evidence has it: (evidence sentence, figure) pairs."""

    figure: Figure
    places: tuple[tuple[int, Figure], ...]


def compare(statement: Reading, evidence: Sequence[Reading]) -> tuple[list[Found], list[Finding]]:
    """Where each figure of the statement is in the evidence, and what is wrong with those that are not."""
    stated = [(k, f) for k, reading in enumerate(evidence) for f in figures(reading)]
    found, findings = [], []
    for figure in figures(statement):
        if _says_one(figure):
            continue
        places = tuple((k, f) for k, f in stated if states(figure, f, statement, evidence[k]))
        elsewhere = (
            _in_evidence_name(figure, evidence) or _verbatim(figure, evidence) or _in_evidence_date(figure, evidence)
        )
        if not places and not elsewhere:
            findings.append(_missing(figure, stated))
        elif places and (wrong := _end_of_change(figure, places, statement, evidence)):
            findings.append(wrong)
        found.append(Found(figure, places))
    return found, findings


def _says_one(figure: Figure) -> bool:
    """Whether it is the "one" or 一 that is half an article."""
    return (
        figure.value == 1
        and not re.search(r"\d", figure.text)
        and (figure.quantity is None or figure.quantity.kind == "count")
    )


def _in_evidence_name(figure: Figure, evidence: Sequence[Reading]) -> bool:
    """Whether the number is, as written, part of a name or date there (a product's version that only one text marks as such)."""
    if not re.search(r"\d", figure.text) or (
        figure.quantity and figure.quantity.kind not in ("count", "number", "ordinal")
    ):
        return False
    digits = "".join(c for c in figure.text if c.isdigit() or c == ".")
    pattern = re.compile(rf"(?<![\d.]){re.escape(digits)}(?![\d.]*\d)")
    said = [mention.text for reading in evidence for mention in reading.mentions]
    if figure.quantity is None:
        said += [date.text for reading in evidence for date in reading.dates]
    return any(pattern.search(text) for text in said)


def _in_evidence_date(figure: Figure, evidence: Sequence[Reading]) -> bool:
    """Whether a length of time is how the evidence says when (7 天内, 三个月后)."""
    wanted = figure.quantity
    if wanted is None or wanted.kind != "duration":
        return False
    spans = (
        (date.text[: match.start()], reading.language)
        for reading in evidence
        for date in reading.dates
        if (match := _FROM_NOW.search(date.text.lower()))
    )
    said = (q for text, language in spans for q in quantities.find(text, language))
    return any(units.convert(q.value, q.unit) == units.convert(wanted.value, wanted.unit) for q in said)


def _end_of_change(
    figure: Figure, places: Sequence[tuple[int, Figure]], statement: Reading, evidence: Sequence[Reading]
) -> Finding | None:
    """A finding where the statement has something come from what the evidence has it come to, or the other way round."""
    own = _from_or_to(statement, figure)
    theirs = {_from_or_to(evidence[k], f) for k, f in places}
    if not own or not theirs or "" in theirs or own in theirs:
        return None
    detail = f"“{figure.text}” is where the change in the evidence {'ends' if own == 'from' else 'begins'}"
    return Finding(kind="attachment", detail=detail, start=figure.start, end=figure.end)


def _from_or_to(reading: Reading, figure: Figure) -> str:
    """Whether a figure is what something changes from or to, by the word right before it."""
    match = _CHANGE.search(reading.folded[max(0, figure.start - 24) : figure.start])
    return "" if match is None else "from" if match["from"] or match["from_zh"] else "to"


def _verbatim(figure: Figure, evidence: Sequence[Reading]) -> bool:
    """Whether the evidence has the very words, number and unit, though its reading took them for something else."""
    if figure.quantity is None:
        return False
    words = rf"(?<![\d.,]){re.escape(figure.text.lower())}(?![a-z\d]|[.,]\d)"
    return any(re.search(words, reading.folded) for reading in evidence)


def states(a: Figure, b: Figure, statement: Reading, evidence: Reading) -> bool:
    """Whether the evidence's figure ``b`` bears out the statement's figure ``a``: same unit, and the value or its rounding."""
    if a.ordinal != b.ordinal and not (statement.language != evidence.language and _numbered(a if a.ordinal else b)):
        return False
    if a.means and b.means:
        if proportions.agree(a.means, b.means):
            return True
        if not (_as_written(a) and _as_written(b)):
            return False
    elif (a.means and a.quantity is None) or (b.means and b.quantity is None):
        return False
    if a.quantity is None or b.quantity is None:
        other = b.quantity or a.quantity
        plain = other is None or other.kind in ("number", "ordinal", "count", "duration", "age")
        return a.value == b.value and plain and _nouns_agree(a, b, statement, evidence)
    p, q = a.quantity, b.quantity
    values = _common_unit(p, q, evidence)
    return values is not None and _close(p, q, *values)


def _as_written(figure: Figure) -> bool:
    """Whether a proportion is a figure with its sign (40%, 3 倍), to be held against another as it is written."""
    return figure.quantity is not None and not proportions.is_discount(figure.quantity)


def _numbered(figure: Figure) -> bool:
    """Whether an ordinal is Chinese, which numbers things so that English counts plainly (第二阶段, phase 2)."""
    return has_chinese(figure.text) or figure.quantity is None


def _nouns_agree(a: Figure, b: Figure, statement: Reading, evidence: Reading) -> bool:
    """Whether two small numbers count the same, as far as the words right behind them say (4-bit, three weeks ago, 1小时内)."""
    left, right = _noun(statement, a), _noun(evidence, b)
    return left is None or right is None or match(left, right) > 0 or {left.key, right.key} & _ANYONE != set()


def _noun(reading: Reading, figure: Figure) -> Token | None:
    """The content word right behind a number, past a measure word."""
    for token in reading.tokens:
        if token.start < figure.end:
            if token.end > figure.end and not token.number:
                return None
            continue
        if token.text in _MEASURES:
            continue
        gap = reading.folded[figure.end : token.start].strip(" -个")
        return (
            token
            if token.content and not token.number and len(gap) <= 3 and not re.search(r"[,.;，。；]", gap)
            else None
        )
    return None


def _common_unit(p: Quantity, q: Quantity, evidence: Reading) -> tuple[float, float, float] | None:
    """Value of ``p``, of ``q`` and the step that ``p`` is rounded to, in one unit; None if their units differ."""
    step = quantities.resolution(p)
    if p.unit == q.unit:
        return p.value, q.value, step
    left, right = units.convert(p.value, p.unit), units.convert(q.value, q.unit)
    if left and right:
        if left[0] != right[0]:
            return None
        moved = units.convert(p.value + step, p.unit)
        return left[1], right[1], abs(moved[1] - left[1]) if moved else 0.0
    if {p.unit, q.unit} <= _DOLLARS and any(r.unit == "USD" and _BARE_DOLLAR.search(r.text) for r in (p, q)):
        return p.value, q.value, step
    if {p.unit, q.unit} <= _YUAN and re.search("[¥￥]", p.text + q.text):
        return p.value, q.value, step
    if p.kind in ("count", "number") and q.kind in ("count", "number") and _same_noun(p, q, evidence):
        return p.value, q.value, step
    return None


def _same_noun(p: Quantity, q: Quantity, evidence: Reading) -> bool:
    """Whether two counts can count the same: the statement's noun is in the evidence, or is a word for any of its kind."""
    if not p.unit or p.unit in _ANYONE:
        return True
    nouns = _UNIT_WORD.findall(p.unit)
    keys = {lexicon.base(n) for n in nouns}
    meanings = frozenset().union(*(lexicon.concepts_en(k) for k in keys))
    theirs = {lexicon.base(n) for n in _UNIT_WORD.findall(q.unit)}
    if keys & theirs or any(meanings & lexicon.concepts_en(k) for k in theirs):
        return True
    if q.unit and q.unit not in _ANYONE:
        return False
    near = [t for t in evidence.tokens if q.end - 4 <= t.start <= q.end + 40 or q.start - 24 <= t.end <= q.start]
    return any(t.key in keys or t.concepts & meanings or t.text in p.text.lower() for t in near)


def _close(p: Quantity, q: Quantity, x: float, y: float, step: float) -> bool:
    if {p.qualifier, q.qualifier} == {"more", "less"}:
        return False
    if (p.upper is None) != (q.upper is None):
        bounds = {q.value, q.upper} if q.upper is not None else {q.value}
        return p.upper is None and p.unit == q.unit and p.value in bounds and bool(p.qualifier)
    if p.upper is not None and q.upper is not None and p.unit == q.unit:
        gap = abs(p.upper - q.upper)
        if gap > 1e-9 * abs(q.upper) and (gap > 0.5 * step * (1 + 1e-9) or gap > ROUNDING * abs(q.upper)):
            return False
    gap, size = abs(x - y), max(abs(x), abs(y))
    if gap <= 1e-9 * size:
        return True
    if p.qualifier == "about":
        return gap <= ABOUT * size and gap <= 0.5 * quantities.roundness(x)
    if not q.qualifier and ((p.qualifier == "more" and y > x) or (p.qualifier == "less" and y < x)):
        return gap <= ABOUT * size and gap < quantities.roundness(x)
    return gap <= 0.5 * step * (1 + 1e-9) and gap <= ROUNDING * size


def _missing(figure: Figure, stated: Sequence[tuple[int, Figure]]) -> Finding:
    """The finding for a figure that the evidence doesn't bear out: wrong unit, wrong qualifier, or no such number."""
    written = _bare(figure.text)
    same = [f for _, f in stated if _bare(f.text) == written]
    if same:
        what = ", ".join(dict.fromkeys(f.text.strip() for f in same[:3]))
        return Finding(
            kind="unit", detail=f"“{figure.text}” against “{what}” in the evidence", start=figure.start, end=figure.end
        )
    kin = [
        f.text.strip() for _, f in stated if f.quantity and figure.quantity and f.quantity.kind == figure.quantity.kind
    ]
    instead = f", which has {', '.join(dict.fromkeys(kin[:3]))}" if kin else ""
    return Finding(
        kind="number", detail=f"“{figure.text}” is not in the evidence{instead}", start=figure.start, end=figure.end
    )


def _bare(text: str) -> str:
    return "".join(c for c in text if c.isdigit() or c == ".") or text.lower().split(" ")[0]
