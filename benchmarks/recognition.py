"""Numbers, units and dates in English and Chinese text against a published specification's cases.

Measures, per model and language, micro-averaged over the cases of one file:

- span F1: a span counts as found if its first and last character are those expected, within the input, exactly;
- value recall: the share of expected results whose span is found and whose value is right too. Numbers, ordinals and
  percentages: the value. Measures with a unit: value and named unit (ISO code where the case gives one). Dates, times
  and ranges: one of the readings that the case allows (past or future) is the one reading that we choose: its type, its
  date or time, or both ends of the range. Durations: seconds. Sets (every day) and what the case calls "not resolved":
  the TIMEX. A case that gives no value needs the unit alone.

"anchor" is what the specification's own Python port reaches (dates, numbers, percent, currency, dimension).

The cases are dictated questions ("remind me at 3"); Groundwire reads news. Where the two differ, the grammars have an
option, off in the product and on here: ``dictated=True`` for numbers (see ``english_numbers.scan``: "1 over 3", "-
10", "1,3",
bare unit words) and ``spans.SPECIFICATION`` for dates (bare hours, a range's last day left out of it, sets, durations).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import rjieba

from benchmarks.common import need, parser, read_jsonl, report
from groundwire.evidence import fold
from groundwire.evidence.amounts import chinese, chinese_numbers, english, english_numbers, units
from groundwire.evidence.amounts.measures import Measured
from groundwire.evidence.dates import choose
from groundwire.evidence.times.chinese import grammar as chinese_dates
from groundwire.evidence.times.context import Context
from groundwire.evidence.times.english import grammar as english_dates
from groundwire.evidence.times.spans import DAY, SPECIFICATION, Moment

ANCHOR = {
    ("DateTime", "English"): 0.59, ("DateTime", "Chinese"): 0.57, ("Number", "English"): 0.79,
    ("Number", "Chinese"): 0.96,
    ("Percent", "English"): 0.91, ("Percent", "Chinese"): 0.95, ("Currency", "English"): 0.82,
    ("Currency", "Chinese"): 0.82,
    ("Dimension", "English"): 0.71, ("Dimension", "Chinese"): 0.50,
}  # fmt: skip
FILE = re.compile(r"(?:Number|NumberWithUnit|DateTime)_(English|Chinese)_(\w+?)Model\.jsonl$")
Value = tuple[Any, ...]


@dataclass(frozen=True)
class Found:
    """One recognised span (half-open) and the values it can have."""

    start: int
    end: int
    values: tuple[Value, ...]


# --- what we find, by model ------------------------------------------------------------------------------------------


def _measured(text: str, language: str, kind: Any) -> Iterator[Measured]:
    folded = fold.fold(text, language)
    grammar = chinese if language == "zh" else english
    yield from grammar.measure(folded, frozenset((kind,)), dictated=True)


def numbers(text: str, language: str, _: datetime | None) -> Iterator[Found]:
    folded = fold.fold(text, language)
    scan = chinese_numbers.scan if language == "zh" else english_numbers.scan
    words = _word_spans(text) if language == "zh" else []
    for number in scan(folded, dictated=True):
        if number.ordinal or not _stands_alone(folded, number.start, number.end, language):
            continue
        if language == "zh" and (_in_word(folded, number.start, number.end, words) or _has_money(folded, number.start)):
            continue
        yield Found(number.start, number.end, ((_rounded(number.value),),))


def _stands_alone(text: str, start: int, end: int, language: str) -> bool:
    """No letter is glued to it, and it is no pronoun (the one, which one)."""
    if re.match(r"[A-Za-z]", text[end : end + 1]) or re.match(r"[A-Za-z_]", text[start - 1 : start]):
        return False
    if language == "zh":
        return not text[start:end].isdigit() or not re.match(r"[A-Za-z]", text[end : end + 1])
    return not (
        text[start:end].lower() == "one"
        and re.search(r"\b(?:the|that|this|which|each|any|no|next|last|every)\s$", text[:start].lower())
    )


_MEASURE_WORDS = frozenset("只个台双对块塊家名年吨张条件本位到种次天月日号点分秒元岁人斤两米里杯瓶")


def _word_spans(text: str) -> list[tuple[int, int]]:
    spans, at = [], 0
    for word in rjieba.cut(text):
        spans.append((at, at + len(word)))
        at += len(word)
    return spans


def _in_word(text: str, start: int, end: int, words: list[tuple[int, int]]) -> bool:
    """Whether a single numeral is part of a longer word (一切, 四川), not of a numeral and measure word (一只)."""
    if end - start > 1 or text[start].isdigit():
        return False
    first, last = next(span for span in words if span[0] <= start < span[1])
    rest = text[first:start] + text[end:last]
    return bool(rest) and any(c not in _MEASURE_WORDS and c not in "0123456789一二三四五六七八九十" for c in rest)


def _has_money(text: str, start: int) -> bool:
    number = chinese_numbers.parse(text, start, dictated=True)
    return (
        number is not None
        and number.end - number.start == 1
        and units.longest(units.money().chinese, text, number.end) is not None
    )


def ordinals(text: str, language: str, _: datetime | None) -> Iterator[Found]:
    if language == "zh":
        found = (
            m for m in chinese.measure(fold.fold(text, language), frozenset(), dictated=True) if m.kind == "ordinal"
        )
        yield from (Found(m.start, m.end, ((_rounded(m.value),),)) for m in found)
        return
    for number in english_numbers.scan(fold.fold(text, language), dictated=True):
        if number.ordinal:
            yield Found(number.start, number.end, ((_rounded(number.value),),))


def percents(text: str, language: str, _: datetime | None) -> Iterator[Found]:
    ends = set()
    for m in _measured(text, language, "percent"):
        if _in_address(text, m.start):
            continue
        if m.kind == "percent":
            ends.add(m.end)
            yield Found(m.start, m.end, ((_rounded(m.value * m.factor),),))
        elif before := next(
            (w for w in _PERCENT_WORD.finditer(text) if w.end() == m.start and w[0].endswith("of ")), None
        ):
            ends.add(before.end())
            yield Found(before.start(), m.end, ((_rounded(m.value),),))  # percent of 10
    for word in _PERCENT_WORD.finditer(text) if language == "en" else ():
        if word.end() not in ends and not word[0].endswith("of "):
            yield Found(word.start(), word.end(), (("null",),))


def _in_address(text: str, start: int) -> bool:
    return any(match.start() <= start < match.end() for match in re.finditer(r"https?://\S+", text))


_PERCENT_WORD = re.compile(r"(?<![\w-])per ?cent(?:age)?s?(?: of |(?![a-z-]))", re.IGNORECASE)


def _bare_units(text: str, kind: str, taken: list[Found]) -> Iterator[Found]:
    """Unit words without a number ("how many yen is a dollar"), which the specification reports."""
    covered = {i for found in taken for i in range(found.start, found.end)}
    lowered = fold.lower(fold.fold(text, "en"))
    at = 0
    for word in re.finditer(r"(?<![\w$-])[a-z]{3,}", lowered):
        if word.start() < at or word.start() in covered:
            continue
        for phrase, end in units.phrases(lowered, word.start()):
            unit = (units.money().after if kind == "currency" else units.tables().english).get(phrase)
            named = unit is not None and unit.kind == kind and not unit.minor and len(phrase) > 3
            if (
                named
                and unit is not None
                and not any(i in covered for i in range(word.start(), end))
                and (kind != "dimension" or " " in phrase)
            ):
                code = None if unit.assumed or len(unit.symbol) != 3 else unit.symbol
                yield Found(word.start(), end, ((None, unit.name.lower(), code),))
                at = end
                break


def _bare_chinese(text: str, taken: list[Found]) -> Iterator[Found]:
    at = 0
    while at < len(text):
        named = units.longest(units.money().chinese, text, at)
        if named and named[1] - at > 1 and not any(found.start < named[1] and at < found.end for found in taken):
            code = named[0].symbol if len(named[0].symbol) == 3 else None
            yield Found(at, named[1], ((None, named[0].name.lower(), code),))
            at = named[1]
        else:
            at += 1


def with_unit(kind: str) -> Callable[[str, str, datetime | None], Iterator[Found]]:
    def find(text: str, language: str, _: datetime | None) -> Iterator[Found]:
        found = []
        for m in _measured(text, language, kind):
            if m.kind != kind or m.unit is None or (kind == "dimension" and _glued(text, m.start)):
                continue
            scaled = m.unit.kind == "currency" and not m.unit.minor and m.factor != 1  # MUSD
            value = m.value * m.factor if scaled else m.value
            code = None if m.unit.assumed or m.unit.minor or len(m.unit.symbol) != 3 else m.unit.symbol
            found.append(Found(m.start, m.end, ((_rounded(value), m.unit.name.lower(), code),)))
        yield from found
        if language == "en" and kind in ("currency", "temperature", "dimension"):
            yield from _bare_units(text, kind, found)
        elif kind == "currency":
            yield from _bare_chinese(text, found)

    return find


def _glued(text: str, start: int) -> bool:
    """Part of a name: 24703m212, scp-173m."""
    return bool(re.search(r"[A-Za-z]-?$|[A-Za-z0-9_]$", text[max(0, start - 2) : start]))


def datetimes(text: str, language: str, reference: datetime | None) -> Iterator[Found]:
    now = (reference or datetime(2019, 1, 1)).replace(tzinfo=None)
    folded = fold.lower(fold.fold(text, language))
    context = Context(folded, now, SPECIFICATION)
    grammar = chinese_dates if language == "zh" else english_dates
    for start, end, moment in grammar.scan(context):
        yield Found(start, end, (_time_value(moment, now),))


def _time_value(moment: Moment, now: datetime) -> Value:
    """Our one reading as the specification would write it: type, start, end (one of them None where open)."""
    if moment.kind == "duration" and moment.duration is not None:
        return ("duration", str(float(f"{moment.duration.length:.12g}")), None)
    if moment.kind == "set":
        return ("set", moment.timex, None)
    if moment.clock and not moment.readings:
        first, last = moment.clock[0]
        begin, end = _hours(first), _hours(last)
        if moment.kind == "time":
            return ("timerange" if moment.modifier == "about" else "time", begin, None)
        return ("timerange", *_open(moment.modifier, begin, end, begin))
    if not moment.readings:
        return (moment.kind, moment.timex, None)
    first_, last_ = choose(moment, now)
    timed = moment.kind in ("datetime", "datetimerange")
    begin, end = _stamp(first_, timed), _stamp(last_, timed)
    if moment.kind in ("date", "datetime"):
        # the specification calls an approximate time a range, with a value
        return ("datetimerange" if moment.modifier == "about" else moment.kind, begin, None)
    day = moment.grain in ("day", "time") and last_ - first_ <= DAY
    after = begin if day else end
    before = end if moment.part == "end" and moment.modifier == "before" else begin
    if moment.modifier in ("until", "after"):
        before = begin if day else end
    return (moment.kind, *_open(moment.modifier, begin, end, after, before))


def _open(modifier: str, begin: str, end: str, after: str, before: str | None = None) -> tuple[str | None, str | None]:
    if modifier in ("before", "until"):
        return None, before or begin
    if modifier == "after":
        return after, None
    if modifier == "since":
        return begin, None
    return begin, end


def _hours(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _stamp(moment: datetime, timed: bool) -> str:  # noqa: FBT001  one caller
    return moment.isoformat(sep=" ") if timed else moment.date().isoformat()


MODELS: dict[str, Callable[[str, str, datetime | None], Iterator[Found]]] = {
    "Number": numbers,
    "Ordinal": ordinals,
    "Percent": percents,
    "Currency": with_unit("currency"),
    "Dimension": with_unit("dimension"),
    "Temperature": with_unit("temperature"),
    "Age": with_unit("age"),
    "DateTime": datetimes,
}


# --- what is expected ------------------------------------------------------------------------------------------------


def _rounded(value: Fraction | str) -> float:
    return float(f"{float(value):.12g}")


def _value_of(model: str, result: dict[str, Any]) -> Callable[[Value], bool]:
    """A test of one of our values against an expected result's resolution."""
    resolution = result.get("Resolution") or {}
    if model == "DateTime":
        return _time_test(resolution.get("values") or [])
    stated = resolution.get("value")
    if model in ("Number", "Ordinal", "Percent"):
        if stated is None or not re.fullmatch(r"[-+\d.Ee]+%?", stated):
            return lambda value: stated is not None and value == (stated,)
        return lambda value: _close(value[0], float(stated.rstrip("%")))
    unit, code = resolution.get("unit", "").lower(), resolution.get("isoCurrency")

    def same(value: Value) -> bool:
        right = value[0] is None if stated is None else _close(value[0], float(stated))
        return right and value[1] == unit and (code is None or value[2] == code)

    return same


def _time_test(readings: list[dict[str, str]]) -> Callable[[Value], bool]:
    allowed: set[Value] = set()
    for reading in readings:
        kind, value = reading["type"], reading.get("value")
        if value == "not resolved" or (kind == "set"):
            allowed.add((kind, reading["timex"], None))
        elif kind == "duration":
            allowed.add((kind, str(float(f"{float(value or 0):.12g}")), None))
        elif value is not None:
            allowed.add((kind, value, None))
        else:
            allowed.add((kind, reading.get("start"), reading.get("end")))
    return lambda value: value in allowed


def _close(a: Any, b: float) -> bool:
    return isinstance(a, float) and abs(a - b) <= 1e-9 * max(1.0, abs(b))


# --- scoring ---------------------------------------------------------------------------------------------------------


@dataclass
class Score:
    """Counts over the cases of one file."""

    cases: int = 0
    expected: int = 0
    found: int = 0
    spans: int = 0
    values: int = 0
    perfect: int = 0

    def row(self, model: str, language: str) -> dict[str, object]:
        precision = self.spans / self.found if self.found else 0.0
        recall = self.spans / self.expected if self.expected else 0.0
        return {
            "model": model,
            "language": language,
            "cases": self.cases,
            "span F1": 2 * precision * recall / (precision + recall) if precision + recall else 0.0,
            "value recall": self.values / self.expected if self.expected else 0.0,
            "cases all right": self.perfect / self.cases if self.cases else 0.0,
            "anchor": ANCHOR.get((model, language), "-"),
        }


def score_case(model: str, language: str, case: dict[str, Any], score: Score) -> tuple[list[Found], bool]:
    """Add one case to the score; what we found, and whether all was right."""
    text = case["Input"]
    reference = case.get("Context", {}).get("ReferenceDateTime")
    when = datetime.fromisoformat(reference) if reference else None
    ours = list(MODELS[model](text, {"English": "en", "Chinese": "zh"}[language], when))
    results = [r for r in case["Results"] if "Start" in r]
    by_span = {(f.start, f.end - 1): f for f in ours}
    spans = values = 0
    for result in results:
        match = by_span.get((result["Start"], result["End"]))
        if match is not None:
            spans += 1
            values += any(map(_value_of(model, result), match.values))
    right = spans == len(ours) == len(results) and values == len(results)
    score.cases += 1
    score.expected += len(results)
    score.found += len(ours)
    score.spans += spans
    score.values += values
    score.perfect += right
    return ours, right


def in_half(case: dict[str, Any], half: str) -> bool:
    """Whether a case belongs to the half that the grammars were developed on ("a") or to the other ("b")."""
    even = hashlib.sha256(case["Input"].encode()).digest()[0] % 2 == 0
    return half == "both" or (half == "a") == even


def main() -> None:
    options = parser(__doc__, "recognition")
    options.add_argument(
        "--half", choices=("a", "b", "both"), default="both", help="only the cases developed on (a), or the others (b)"
    )
    options.add_argument("--show", metavar="MODEL", help="print the cases of this model that fail")
    arguments = options.parse_args()
    path: Path = need(arguments.data)
    rows = []
    for file in sorted(path.glob("*.jsonl")) if path.is_dir() else [path]:
        name = FILE.search(file.name)
        if name is None or name[2] not in MODELS:
            continue
        score = Score()
        for case in read_jsonl(file):
            if not in_half(case, arguments.half):
                continue
            ours, right = score_case(name[2], name[1], case, score)
            if arguments.show in (name[2], f"{name[2]}:{name[1]}") and not right:
                print(
                    case["Input"], "\n   want", [(r["Text"], r["Resolution"]) for r in case["Results"] if "Text" in r]
                )
                print("   have", [(case["Input"][f.start : f.end], f.values) for f in ours])
        rows.append(score.row(name[2], name[1]))
    report("recognition", rows, as_json=arguments.json, note="anchor: the specification's own Python port")


if __name__ == "__main__":
    main()
