"""Which figures of an event are the same figure, and which contradict or supersede each other.

Figures are compared across sources, languages and units. Every decision is a sum of a few stated signs against one
threshold; the signs are those that a careful reader uses: how the clauses read with their numbers blanked, the words
of measure, the subject, how far the values lie apart, and whether a text sets one against the other.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from groundwire.briefs import words
from groundwire.briefs.aspect import Aspect, aspects
from groundwire.briefs.pool import Candidate, Embedder, Vectors
from groundwire.briefs.same_value import base, equal, in_si, leaves_room, ratio, same_unit
from groundwire.evidence.cues import has_chinese
from groundwire.types import Quantity

AGREE = 0.6
"""Signs needed before two mentions of one value count as one figure."""
CONTRADICT = 0.56
"""Signs needed before two values count as rivals: a false quarrel is worse than a missed one."""
MOST_APART = 5.0
"""Figures further apart by this factor measure different things."""
MOST_APART_UNSAID = 2.0
"""The same for figures that no text sets against each other."""

Status = Literal["single", "agrees", "conflicts", "superseded"]

_NUMBER = re.compile(
    r"[$€£¥￥]?\d+(?:[.,]\d+)*(?:\s?(?:%|％|billion|million|thousand|trillion|bn|万亿|百万|千万|亿|万))?"
)
_PLANNED = re.compile(
    r"\b(?:plan|forecast|guidance|outlook|target|estimat|budget|draft|propos|goal|initial|discuss|price talk)"
    r"|计划|预期|指引|草案|目标|预算|修正|更正|初步",
    re.IGNORECASE,
)
_REVISION = re.compile(
    r"\bfrom\b|\bto\b|instead of|rather than|would have|(?:上调|下调|提高|降低|增加|减少|调整|升|降|修正|改)[至到为]"
)
_FROM = re.compile(r"\bfrom\s[^,;]{0,12}$|[从由][^，；]{0,10}$")
_REVISED = re.compile(
    r"\b(?:revis(?:ed|es|ing)|correct(?:ed|s|ion)|restat|more than planned|less than planned|larger than planned"
    r"|smaller than planned|as planned|up from|down from|instead of|softening|was later|raises? .{0,40} to"
    r"|rais(?:ed|es)|increas(?:ed|es))\b"
    r"|修正|更正|更新为|高于(?:原|此前|公司)|上调|下调|此前称|通报",
    re.IGNORECASE,
)
_CONTRAST = re.compile(
    r"\b(?:rather than|instead of|not the|says another|nearer|lower (?:sum|figure|number)|higher (?:sum|figure|number)"
    r"|bigger number|smaller number|disput|contradict|by (?:its|their|our|his|her) own|by (?:his|her|their"
    r"|our) count|we (?:make|put|count)"
    r"|another (?:count|estimate|index)|once .{0,30} counted|including (?:payments|staff)|in all\b|as (?:first"
    r"|initially|earlier) reported|not \$?\d"
    r"|figure (?:that |published |given )|only the|more than the|less than the)\b"
    r"|高于|低于|多于|少于|高出|而非|而不是|口径|不一致|相差|则为|估算|测算|实测|更正|修正|此前称|通报",
    re.IGNORECASE,
)
_PUTS_IT = re.compile(
    r"\b(?:puts?|estimates?|estimated|reckons?|makes?|counts?|priced?|calculates?)\s(?:it|that|the (?:real |true |full "
    r"|actual )?(?:figure|number|total|cost|bill|price|sum|share))\b[^,;.]{0,30}$"
    r"|(?:估算|测算|认为|统计)[^。；]{0,6}(?:全口径|实际|真实|总计)[^。；，]{0,6}$",
    re.IGNORECASE,
)
"""Words before a figure that set it against an earlier figure of the same thing, which "it" stands for."""
_NOT_THE = re.compile(
    r"(?:\b(?:not|rather than|instead of)\s(?:the\s|its\s)?|而非|而不是|并非)\s?[$€£¥]?$", re.IGNORECASE
)
_SAID_THEN = re.compile(
    r"(?:\b(?:said|announced|reported|published|estimated|told|wrote|disclosed|gave|given|put out)\s(?:[a-z]+\s){0,2}"
    r"(?:on|in|back in|earlier in|last)?\s?|公布于|发布于)$",
    re.IGNORECASE,
)
"""Words after which a date is that of the saying, not of what was measured."""
_MOVED = re.compile(
    r"\b(?:shares?|stock|futures|rose|rises|risen|fell|falls|fallen|gained|lost|slid|slide|jumped|dropped|declined|climbed"
    r"|grew|grown|increased|decreased|up|down)\b|股价|涨|跌|上升|下降|增长|回落",
    re.IGNORECASE,
)
_CLAUSE_EN = re.compile(r"[;:]\s|,\s(?!\d{3})|\s[—–]\s|\s-\s|\.\s")
_CLAUSE_ZH = re.compile(r"[，；：。]")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fact:
    """One figure as one sentence states it."""

    candidate: Candidate
    quantity: Quantity
    row: int
    """Of the vector of its clause with the numbers blanked."""

    @property
    def article(self) -> int:
        """Version id."""
        return self.candidate.article.id


def groups(facts: Sequence[Fact], vectors: Vectors) -> list[list[Fact]]:
    """Facts put together: equal figures of one measure, and its rival figures.

    Args:
        facts: In order of importance; the order of groups follows it.
        vectors: Of the facts' clauses (``clause_vectors``).
    """
    equal: list[list[Fact]] = []
    for fact in facts:
        home = next((g for g in equal if any(_agree(vectors, fact, other) for other in g)), None)
        if home is None:
            equal.append([fact])
        else:
            home.append(fact)
    linked: list[list[Fact]] = []
    for group in equal:
        home = next((g for g in linked if _rivals(vectors, g, group)), None)
        if home is None:
            linked.append(list(group))
        else:
            home.extend(group)
    return _merged(linked)


def _merged(linked: Sequence[list[Fact]]) -> list[list[Fact]]:
    """Contested groups that set the same two values against each other are one."""
    kept: list[list[Fact]] = []
    for group in linked:
        home = next((g for g in kept if len(_values(group)) > 1 and _shared(g, group) > 1), None)
        if home is None:
            kept.append(group)
        else:
            home.extend(group)
    return kept


def _values(facts: Sequence[Fact]) -> list[Quantity]:
    """The different values of some facts."""
    values: list[Quantity] = []
    for f in facts:
        if not any(equal(f.quantity, v) for v in values):
            values.append(f.quantity)
    return values


def _shared(a: Sequence[Fact], b: Sequence[Fact]) -> int:
    return sum(any(equal(x, y) for y in _values(b)) for x in _values(a))


def clause_vectors(told: Sequence[tuple[Candidate, Quantity]], embedder: Embedder) -> Vectors:
    """Meaning of each figure's clause with all its numbers blanked; shape (facts, d).

    Zeros for a figure that no other article has one of its unit to compare with.
    """
    bases = defaultdict[str, set[int]](set)
    for c, q in told:
        bases[_kind(q)].add(c.article.id)
    texts = [_NUMBER.sub("#", _text(c, q)) if len(bases[_kind(q)]) > 1 else "" for c, q in told]
    return embedder.encode(texts)


def _kind(q: Quantity) -> str:
    """What figures must have in common to be compared at all."""
    return "" if q.kind in ("number", "count") else base(in_si(q).unit)


def status(facts: Sequence[Fact]) -> Status:
    """What the figures of one group are to each other."""
    values = _values(facts)
    origins = {f.candidate.origin for f in facts}
    if len(values) == 1:
        return "agrees" if len(origins) > 1 else "single"
    if any(_revises(a, b) for a in facts for b in facts if not equal(a.quantity, b.quantity)):
        return "superseded"
    ordered = sorted(facts, key=lambda f: (f.candidate.article.published_at, f.candidate.index))
    first, last = ordered[0], ordered[-1]
    old = [f for f in ordered if equal(f.quantity, first.quantity)]
    new = [f for f in ordered if equal(f.quantity, last.quantity)]
    if equal(first.quantity, last.quantity) or not _time(old[-1]) < _time(new[0]):
        return "conflicts"  # both values were about at one time
    same_article = {f.candidate.article.article_id for f in old} == {f.candidate.article.article_id for f in new}
    return "superseded" if same_article or any(_REVISED.search(f.candidate.text) for f in new) else "conflicts"


def _time(f: Fact) -> datetime:
    return f.candidate.article.published_at


def clause(c: Candidate, q: Quantity, limit: int) -> tuple[int, int]:
    """Offsets within the candidate: the whole if it weighs at most ``limit``, else the clause around the number.

    Wide enough to hold what is measured.
    """
    text = c.text
    if len(text) <= limit:
        return 0, len(text)
    at, to = q.start - c.start, q.end - c.start
    measure = text.find(q.measures, max(0, at - 80)) if q.measures else -1
    if 0 <= measure < to + 80:
        at, to = min(at, measure), max(to, measure + len(q.measures))
    pattern = _CLAUSE_ZH if has_chinese(text) else _CLAUSE_EN
    left = max((m.end() for m in pattern.finditer(text, 0, at)), default=0)
    right = next((m.start() for m in pattern.finditer(text, to)), len(text))
    if right - left < (20 if has_chinese(text) else 45):  # a bare list item: take its neighbour along
        left = max((m.end() for m in pattern.finditer(text, 0, max(left - 2, 0))), default=0)
    return left, right


def _text(c: Candidate, q: Quantity) -> str:
    left, right = clause(c, q, 110 if not has_chinese(c.text) else 45)
    return c.text[left:right]


def _agree(vectors: Vectors, a: Fact, b: Fact) -> bool:
    """Whether two facts are one figure said twice."""
    if a.candidate is b.candidate or not equal(a.quantity, b.quantity):
        return False
    if a.quantity.unit == "%" and _moves(a) != _moves(b):
        return False  # a fifth of the searches, and a fall of a fifth
    exact = a.quantity.value == b.quantity.value
    signs = 0.7 * float(vectors[a.row] @ vectors[b.row]) + 0.35 * _alike(a, b) + 0.15 * _named(a, b)
    signs += (0.3 if _distinctive(a.quantity) else 0.1) if exact else 0.0
    if has_chinese(a.candidate.text) != has_chinese(b.candidate.text) and exact:
        signs += 0.12  # translations of a clause are less alike
        signs += 0.35 * (a.quantity.kind == b.quantity.kind == "count")  # the thing counted is the measure
    return signs >= AGREE


def _distinctive(q: Quantity) -> bool:
    """Whether the value is so particular that it hardly stands for two things in one event."""
    digits = re.sub(r"\D", "", q.text).strip("0")
    return len(digits) >= 3 or (q.kind in ("currency", "rate", "dimension") and len(digits) >= 2)


def _rivals(vectors: Vectors, a: Sequence[Fact], b: Sequence[Fact]) -> bool:
    """Whether two groups give different values of one measure."""
    pairs = [(x, y) for x in a for y in b if _comparable(x.quantity, y.quantity)]
    if any(_revises(x, y) or _against(x, y) or _answers(x, y) or _answers(y, x) for x, y in pairs):
        return True
    if _aspects(a) != _aspects(b):
        return False
    both = {x.article for x in a} & {y.article for y in b}
    if both and not any(_CONTRAST.search(f.candidate.text) for f in (*a, *b) if f.article in both):
        return False  # a source that states both without a word of contrast means two things
    return any(_contradict(vectors, x, y) for x, y in pairs)


def _aspects(facts: Sequence[Fact]) -> frozenset[Aspect]:
    """What any of some equal figures is given as."""
    return frozenset().union(*(aspects(f.candidate.text, f.quantity, f.candidate.start) for f in facts))


def _comparable(a: Quantity, b: Quantity) -> bool:
    vague = any(not re.search(r"\d", q.text) and q.kind in ("count", "number") and q.value >= 20 for q in (a, b))
    if vague or not same_unit(a, b) or equal(a, b) or ratio(a, b) > MOST_APART:
        return False
    return not (leaves_room(a, b) or leaves_room(b, a))


def _against(a: Fact, b: Fact) -> bool:
    """Whether one sentence denies one of them: "4% of accounts, not the 6% that the company announced"."""
    if a.candidate is not b.candidate:
        return False
    first, second = sorted((a.quantity, b.quantity), key=lambda q: q.start)
    between = a.candidate.text[first.end - a.candidate.start : second.start - a.candidate.start]
    return len(between) <= 60 and _NOT_THE.search(between) is not None


def _answers(later: Fact, earlier: Fact) -> bool:
    """Whether a sentence sets its figure against one before it: "she puts it nearer $21 million", "Foo says $1.86"."""
    if later.article != earlier.article or not same_unit(later.quantity, earlier.quantity):
        return False
    apart = later.candidate.position - earlier.candidate.position
    before = later.candidate.text[: later.quantity.start - later.candidate.start]
    if apart > 0 and _PUTS_IT.search(before):
        return later.quantity.unit != "%" and earlier.candidate.position <= 3
    said, other = later.quantity.said_by, earlier.quantity.said_by
    bare = not later.quantity.measures and not earlier.quantity.measures
    return bare and 0 < apart <= 2 and said != other and "" not in (said, other) and ratio(
        later.quantity, earlier.quantity
    ) <= 1.25  # fmt: skip


def _revises(a: Fact, b: Fact) -> bool:
    """Whether one sentence moves a plan, forecast or draft from one value to the other."""
    text = a.candidate.text
    if a.candidate is not b.candidate or a.quantity.unit != b.quantity.unit or not _PLANNED.search(text):
        return False
    (start, end), (again, _) = sorted(
        (f.quantity.start - a.candidate.start, f.quantity.end - a.candidate.start) for f in (a, b)
    )
    between = text[end:again]
    if len(between) > 90 or not _REVISION.search(between):
        return False
    return (
        _FROM.search(text[:start]) is not None or re.search(r"\bfrom\b|instead|rather|would have", between) is not None
    )


def _contradict(vectors: Vectors, a: Fact, b: Fact) -> bool:
    """Whether two facts of different sources give different values of the same measure."""
    cosine = float(vectors[a.row] @ vectors[b.row])
    if a.candidate.article.article_id == b.candidate.article.article_id:
        return a.article != b.article and cosine > 0.85
    if a.candidate.origin == b.candidate.origin or _other_time(a, b):
        return False
    if _states_both(a, b) or _states_both(b, a):
        return False
    percent = a.quantity.unit in ("%", "", "x", "pp")
    if percent and (_moves(a) or _moves(b)):
        return False  # a rise today and a fall tomorrow are two events
    alike = _alike(a, b)
    if not same_unit(a.quantity, b.quantity) and not alike:
        return False
    apart = ratio(a.quantity, b.quantity)
    contrast = _CONTRAST.search(a.candidate.text) or _CONTRAST.search(b.candidate.text)
    if apart > MOST_APART_UNSAID and not contrast:
        return False
    signs = (
        0.6 * cosine
        + 0.3 * alike
        + 0.1 * _named(a, b)
        + (0.25 if apart <= 1.25 else 0.15 if apart <= 1.7 else 0.0)
        + (0.18 if contrast else 0.0)
        + (0.08 if not percent and abs(a.quantity.value) >= 1e6 else 0.0)
        - (0.12 if percent and not alike else 0.0)
        - (0.12 if a.quantity.kind in ("count", "number") and apart > 1.7 else 0.0)
        - (0.08 if not contrast and _others_named(a, b) else 0.0)
        - (0.1 if percent and not (a.quantity.measures and b.quantity.measures) else 0.0)
    )
    return signs >= CONTRADICT


def _moves(f: Fact) -> bool:
    """Whether the clause of a figure tells of a rise or a fall."""
    return _MOVED.search(_text(f.candidate, f.quantity)) is not None


def _states_both(a: Fact, b: Fact) -> bool:
    """Whether the sentence of ``a`` gives the value of ``b`` as well: two things, then, or one that went up or down.

    Unless a word of contrast sets the two against each other.
    """
    other = next((q for q in a.candidate.found.quantities if equal(q, b.quantity)), None)
    if other is None:
        return False
    return not _CONTRAST.search(a.candidate.text) or _moved(a.candidate, a.quantity, other)


def _moved(c: Candidate, a: Quantity, b: Quantity) -> bool:
    """Whether a sentence says that something went from one figure to the other: "rose from 38 °C to 61 °C"."""
    first, second = sorted((a, b), key=lambda q: q.start)
    between = c.text[first.end - c.start : second.start - c.start]
    started = _FROM.search(c.text[: first.start - c.start])
    return len(between) <= 12 and started is not None and _REVISION.search(between) is not None


def _alike(a: Fact, b: Fact) -> bool:
    """Whether the words that say what is measured share their content, names apart, in one language."""
    wa, wb = (
        frozenset(w for w in words.content(f.quantity.measures) if not any(w in key for key in f.candidate.keys))
        for f in (a, b)
    )
    return max(words.contained(wa, wb), words.contained(wb, wa)) > 0.99


def _named(a: Fact, b: Fact) -> bool:
    return bool(a.candidate.keys & b.candidate.keys)


def _others_named(a: Fact, b: Fact) -> bool:
    """Whether the clauses of two figures name things, and none in common, in one language."""
    one, two = _names(a), _names(b)
    crossing = has_chinese(a.candidate.text) != has_chinese(b.candidate.text)
    return bool(one) and bool(two) and not one & two and not crossing


def _names(f: Fact) -> set[str]:
    left, right = clause(f.candidate, f.quantity, 0)
    start, end = f.candidate.start + left, f.candidate.start + right
    return {m.key for m in f.candidate.found.mentions if start <= m.start and m.end <= end}


def _other_time(a: Fact, b: Fact) -> bool:
    """Whether two figures belong to different periods: their own dates differ, or one is of the past and says so."""
    da, db = _periods(a), _periods(b)
    if da and db:
        return not da & db
    past = [
        p
        for p, f in ((p, f) for f, d in ((a, da), (b, db)) for p in d)
        if p[1] < f.candidate.article.published_at.date().replace(day=1)
    ]
    return bool(past)


def _periods(f: Fact) -> set[tuple[date, date]]:
    """Months, quarters and years that stand in the same clause as the figure."""
    left, right = clause(f.candidate, f.quantity, 0)
    start, end = f.candidate.start + left, f.candidate.start + right
    return {
        (d.first, d.last)
        for d in f.candidate.found.dates
        if d.grain in ("year", "half", "quarter", "month")
        and start <= d.start
        and d.end <= end
        and not _SAID_THEN.search(f.candidate.text[: d.start - f.candidate.start])
    }
