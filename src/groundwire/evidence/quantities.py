"""Quantities in a text: numbers with their units, ranges and qualifiers, as the text states them.

What is reported is what a reader would call a figure. Left out: digits in names (GPT-4, H100, Gemma 4), in addresses
and versions, in dates and times of day (``dates`` finds those), calendar years, "one", and Chinese numerals that count
nothing (一切, 万一). A unit without a prefix of its own is counted in base units: 300 MW is 3e8 "W".

Units of rates: what is counted, a stroke, what it is counted by: "USD/h" (an accelerator-hour too), "USD/Mtok" (per
million
tokens), "token/s", "USD/user/mo". A multiple (3.5x, 3.5倍) is a number of unit "x"; percentage points and basis points
are percent of unit "pp".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from groundwire.evidence import fold
from groundwire.evidence.amounts import chinese, english, units
from groundwire.evidence.amounts.measures import Measured, Qualifier
from groundwire.evidence.amounts.numbers import to_float
from groundwire.types import Quantity

MAX_TEXT = 2_000_000
"""Characters looked at; an article is far shorter."""

_MASK_EN = re.compile(
    r"https?://\S+|www\.\S+|[\w.+-]+@[\w-]+\.\w+|[@#]\w+"
    r"|\b\d{4}-\d{1,2}(?:-\d{1,2})?(?:[T ]\d{2}:\d{2}(?::\d{2})?)?\b|\b\d{1,2}[/.-]\d{1,2}[/.-]\d{4}\b"
    r"|\b\d{4}[/.]\d{1,2}[/.]\d{1,2}\b"
    r"|\b\d{1,2}:\d{2}(?::\d{2})?\b|\b\d{1,2}(?:\.\d{2})? ?[ap]\.?m\b"
    r"|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*\.? +\d{1,2}(?:st|nd|rd"
    r"|th)?(?:,? +\d{4})?(?![\d,.]*\d|[a-z%])"
    r"|\b\d{1,2}(?:st|nd|rd|th)? +(?:of +)?(?:january|february|march|april|may|june|july|august|september|october"
    r"|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?(?:,? +\d{4})?"
    r"|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\.? '\d\d\b|\b(?:(?:19|20)\d\d|\d\d)(?:'s|s)\b"
    r"|\b[qh][1-4]\b(?:[ ,']+(?:fy)?\d{2,4})?|\b[1-4][qh]\d{2,4}\b|\bfy ?'?\d{2,4}\b",
    re.IGNORECASE,
)
_MASK_ZH = re.compile(
    r"\d{2,4} ?年(?: ?\d{1,2} ?月(?: ?\d{1,2} ?[日号])?)?(?![龄级])"
    r"|[〇零一二三四五六七八九]{4}年|(?:\d{1,2}"
    r"|[一二三四五六七八九十]{1,2}) ?月(?:(?: ?\d{1,2}"
    r"|[一二三四五六七八九十]{1,3}) ?[日号])?(?![薪度租费均活])"
    r"|\d{1,2} ?[日号](?![元圆])"
    r"|\d{1,2} ?[点时](?: ?\d{1,2} ?分|半|整|许|左右|[ ,，。;；]|$)"
    r"|第?[一二三四1-4]季度?|\d0年代|周[一二三四五六日]|星期[一二三四五六日]"
)
_FINER = {("h", "min"): 60, ("min", "s"): 60, ("d", "h"): 24}
"""How many of the finer unit make one of the coarser, where texts name one right behind the other."""
_AND = re.compile(r" ?(?:and|,|零|又|)? ?")
_JOIN = re.compile(r" ?(?:-|~|—|–|to|through|and|到|至|或|or) ?")
_BETWEEN = re.compile(r"between $|介于 ?$|在 ?$")
_FROM = re.compile(r"(?:from|由|从) ?$")
_MULTIPLY = re.compile(r"[a-zA-Z]-$")
_BEFORE_EN = re.compile(
    r"(?:(?P<about>about|around|roughly|approximately|approx\.?|some|nearly|almost|close to|an estimated|estimated"
    r"|circa|~|≈|as many as|up to about)"
    r"|(?P<more>more than|over|at least|exceed(?:s|ed|ing)?|above|upwards? of|north of|surpass(?:es|ed|ing)?"
    r"|no less than|no fewer than|greater than|topp(?:ed|ing)|>=?|≥|in excess of|a minimum of)"
    r"|(?P<less>less than|fewer than|under|below|at most|no more than|up to|<=?|≤|a maximum of|south of"
    r"|shy of)) ?(?:a |the )?$"
)
_AFTER_EN = re.compile(
    r"(?P<more>\+| or more\b| and above\b| plus\b| or above\b)|(?P<less> or less\b| or fewer\b| or below\b)"
    r"|(?P<about> or so\b|-ish\b)"
)
_BEFORE_ZH = re.compile(
    r"(?:(?P<about>大约|约为|约合|约|大概|将近|接近|近|左右|估计|~|≈)"
    r"|(?P<more>超过了?|超|逾|至少|不少于|不低于|大于|高于|突破|不小于|多于|>=?|≥)"
    r"|(?P<less>不到|不足|低于|少于|小于|至多|最多|不超过|不高于|不多于|<=?|≤)) ?$"
)
_AFTER_ZH = re.compile(
    r" ?(?:(?P<more>以上|\+|多(?=[个家名人万亿元款种项])|余(?=[个家名人万亿元款种项])"
    r"|开外|及以上)|(?P<less>以下|以内|及以下)|(?P<about>左右|上下(?!文)|前后))"
)
_LOOK_BACK = 24
_YEAR = range(1900, 2101)
_NAME_BEFORE = re.compile(r"(?:^|[^\w])(?P<word>[A-Z][\w.]*(?:[-+][\w.]+)*)[ -]$")
_BEGINS = frozenset(
    re.findall(
        r"\w+",
        "A About Above Across After All Almost An And Another Any Approximately Around As At Be Because Before Below "
        "Between But By Down During Each Either Even Every Exactly Few For From Had Has Have He Her Hit His How "
        "However I If In Into Is It Its Just Last Less Like Many More Most Nearly New Next No Not Now Of Off On Once "
        "Only Or Our Out Over Per Plus Roughly Same Several She Since So Some Spent Still Such Than That The Their "
        "Then There These They This Those Though Through Thus To Under Until Up Upwards Was We Were What When Where "
        "Which While Who Why Will With Within Yet You Your Score Scores Scored Total Price Priced Add Adds",
    )
)
_WORDLIKE = re.compile(r"[A-Za-z_]")
_DOTTED = re.compile(r"\.\d|/\d")
_NUMBERED = re.compile(
    r"(?:#|\bno\.? ?|\bnumber |\bphase |\bversion |\bv"
    r"|\bstep |\bpart |\bchapter |\btable |\bfigure "
    r"|\bsection |\bseries |\blevel |\btier |\bstage |\bday "
    r"|\bweek |\bgen |\bgeneration |第)$"
)
_AGO = re.compile(r" ?(?:ago|later|earlier|from now|前|后|之前|之后|以前|以后|以来|内)(?![a-z])")
_SMALL_WORDS = frozenset(("first", "second", "third"))


@dataclass(frozen=True, slots=True)
class _Text:
    """A text and its folded forms."""

    raw: str
    folded: str
    lowered: str
    language: str


def find(text: str, language: str) -> tuple[Quantity, ...]:
    """Quantities of ``text``, in order, none overlapping; ``language`` is "zh" or read as English."""
    text_ = text[:MAX_TEXT]
    folded = fold.fold(text_, language)
    source = _Text(text_, folded, fold.lower(folded), language)
    grammar = chinese if language == "zh" else english
    masks = _masks(source)
    measured = [m for m in grammar.measure(folded) if not _masked(m, masks)]
    joined = [_qualify(source, m) for m in _join_ranges(source, list(_join_durations(source, measured)))]
    return tuple(_quantity(source, m) for m in joined if _worth_reporting(source, m))


def _masks(source: _Text) -> list[tuple[int, int]]:
    spans = [match.span() for match in _MASK_EN.finditer(source.folded)]
    if source.language == "zh":
        spans += [match.span() for match in _MASK_ZH.finditer(source.folded)]
        spans.sort()
    return spans


def _masked(measured: Measured, masks: list[tuple[int, int]]) -> bool:
    """Whether the number lies in a date, a time, an address; ``masks`` are used up from the front."""
    number = measured.number
    while masks and masks[0][1] <= number.start:
        masks.pop(0)
    for start, end in masks[:4]:
        if start <= number.start < end:
            return not (measured.kind in ("currency", "percent", "rate", "dimension") and measured.end > end)
    return False


# --- compounds ---------------------------------------------------------------------------------------------------------


def _join_durations(source: _Text, measured: list[Measured]) -> Iterator[Measured]:
    """Hours and the minutes right behind them become one length of time: 7小时40分钟 is 7.667 h."""
    held: Measured | None = None
    for m in measured:
        if (
            held is not None
            and held.kind == m.kind == "duration"
            and (finer := _FINER.get((held.symbol, m.symbol))) is not None
            and m.value < finer
            and _AND.fullmatch(source.lowered, held.end, m.start)
            and (source.language == "zh" or held.number.plain)
        ):
            value = held.value * held.factor + m.value * m.factor / finer
            number = replace(held.number, step=held.number.step / finer)
            yield replace(held, end=m.end, value=value / held.factor, number=number)
            held = None
            continue
        if held is not None:
            yield held
        held = m
    if held is not None:
        yield held


# --- ranges --------------------------------------------------------------------------------------------------------


def _join_ranges(source: _Text, measured: list[Measured]) -> Iterator[Measured]:
    """Neighbours that a range word joins become one; the first takes unit and scale of the second."""
    k = 0
    while k < len(measured):
        low = measured[k]
        high = measured[k + 1] if k + 1 < len(measured) else None
        if high is not None and (joined := _range(source, low, high)) is not None:
            yield from joined
            k += 2
            continue
        yield low
        k += 1


def _range(source: _Text, low: Measured, high: Measured) -> tuple[Measured, ...] | None:
    between = _JOIN.fullmatch(source.lowered, low.end, high.start)
    if between is None or low.upper is not None or high.upper is not None or low.number.ordinal or high.number.ordinal:
        return None
    before = source.lowered[max(0, low.start - 8) : low.start]
    opened = _BETWEEN.search(before)
    word = between[0].strip()
    if word in ("and", "或", "or") and not (opened and word == "and"):
        return None
    if low.kind == "currency" and low.end == low.number.end and high.kind == "number" and high.unit is None:
        high = replace(high, kind="currency", unit=low.unit)  # $5-7 billion
    low = _take_over(low, high)
    if low.symbol != high.symbol or low.kind != high.kind or low.value * low.factor >= high.value * high.factor:
        return None
    if high.value < 0 or low.value < 0:
        return None
    if _FROM.search(before) and not (word == "-" or opened):
        return low, high  # "rose from 5 to 7 billion": two quantities of one unit
    start = low.start
    if opened and opened[0].startswith("between"):
        start -= len(opened[0])
    value = low.value * low.factor / high.factor
    return (
        replace(
            high,
            start=start,
            value=value,
            upper=high.value,
            number=replace(high.number, step=max(low.number.step, high.number.step)),
        ),
    )


def _take_over(low: Measured, high: Measured) -> Measured:
    """``low`` in the unit and scale of ``high`` where it states none of its own (5 to 7 billion dollars)."""
    if low.kind == "number" and low.unit is None and high.unit is not None:
        low = replace(low, kind=high.kind, unit=high.unit, per=high.per)
    elif low.per == "" and high.per and low.unit == high.unit:
        low = replace(low, kind=high.kind, per=high.per)
    elif low.kind == high.kind and low.unit != high.unit and low.symbol == high.symbol and not low.per:
        return low
    scale = high.number.scale
    if (low.number.plain and scale > 1 and low.value < high.value / scale and low.end == low.number.end) or (
        low.number.plain
        and scale > 1
        and low.kind == "currency"
        and low.value < high.value / scale
        and low.value < 1000
    ):
        low = replace(
            low, value=low.value * scale, number=replace(low.number, scale=scale, step=low.number.step * scale)
        )
    return low


def _qualify(source: _Text, measured: Measured) -> Measured:
    before = source.lowered[max(0, measured.start - _LOOK_BACK) : measured.start]
    qualifier: Qualifier = ""
    chinese = source.language == "zh"
    match = (_BEFORE_ZH if chinese else _BEFORE_EN).search(before)
    if match is None:
        match = (_AFTER_ZH if chinese else _AFTER_EN).match(source.lowered, measured.end)
    if (match is None and source.folded[measured.number.end : measured.number.end + 1] == "+") or (
        match is None and chinese and source.folded[measured.number.end : measured.number.end + 1] in ("多", "余")
    ):
        qualifier = "more"
    elif match is not None:
        qualifier = "about" if match["about"] else "more" if match["more"] else "less"
    elif measured.number.inexact:
        qualifier = measured.number.inexact
    return replace(measured, qualifier=qualifier) if qualifier else measured


# --- what is worth reporting -----------------------------------------------------------------------------------------


def _worth_reporting(source: _Text, measured: Measured) -> bool:
    number, folded = measured.number, source.folded
    if measured.kind in ("currency", "percent", "rate", "temperature", "age"):
        return measured.kind != "currency" or number.value != 0 or number.form == "digits"
    before = folded[number.start - 1 : number.start]
    if before and (
        _WORDLIKE.match(before)
        or (before in "-." and _WORDLIKE.match(folded[number.start - 2 : number.start - 1] or " "))
    ):
        return False  # H100, GPT-4, v.2
    if number.form == "words" and number.value == 1 and not number.scale > 1:
        return False
    if measured.kind == "duration":
        return not _AGO.match(source.lowered, measured.end) and not (
            source.language == "zh" and number.form == "words" and number.value <= 1
        )
    if measured.kind in ("dimension",):
        return True
    if _NUMBERED.search(source.lowered, max(0, number.start - 12), number.start):
        return measured.kind == "ordinal" and number.value > 3
    name = _NAME_BEFORE.search(folded, max(0, number.start - 32), number.start)
    named = bool(name and name["word"] not in _BEGINS)
    if measured.kind == "ordinal":
        return number.value > 3 or number.form == "digits"
    if measured.kind == "count":
        in_name = named and not number.fraction and number.value < 10 and number.form == "digits"
        return not in_name and number.value != 0
    if measured.unit is not None:  # a multiple
        return not named
    return _plain_number(source, measured, named=named)


def _plain_number(source: _Text, measured: Measured, *, named: bool) -> bool:
    number, folded = measured.number, source.folded
    after = folded[measured.end : measured.end + 1]
    if (
        (named and not number.fraction)
        or after == "版"
        or (measured.end - number.start < 5 and folded.endswith(".0", number.start, measured.end))
        or folded.startswith(" 版本", measured.end)
        or _WORDLIKE.match(after)
        or _DOTTED.match(folded, measured.end)
        or folded[number.start - 1 : number.start] in ("/", ".", ":", "_")
    ):
        return False
    if after in ("-", ":", "_") and folded[measured.end + 1 : measured.end + 2].isalnum():
        return False
    if (
        number.form == "digits"
        and number.value in _YEAR
        and "," not in folded[number.start : number.end]
        and number.plain
    ):
        return False
    if source.language == "zh" and number.form == "words":
        return (
            number.end - number.start > 1
            and (number.scale > 1 or number.value >= 20 or number.fraction)
            and number.value != 10
        )
    return (
        number.form == "digits" or number.scale > 1 or number.fraction or number.value >= 20 or number.upper is not None
    )


def _quantity(source: _Text, measured: Measured) -> Quantity:
    value = to_float(measured.value * measured.factor)
    upper = None if measured.upper is None else to_float(measured.upper * measured.factor)
    if measured.unit is not None and measured.upper is None and measured.number.upper is not None:
        upper = to_float(measured.number.upper * measured.factor)
    return Quantity(
        start=measured.start, end=measured.end, text=source.raw[measured.start : measured.end], kind=measured.kind,
        value=value, unit=measured.symbol, upper=upper, qualifier=measured.qualifier,
    )  # fmt: skip


# --- the same? -------------------------------------------------------------------------------------------------------


def same_quantity(a: Quantity, b: Quantity) -> bool:
    """Whether two texts can mean the same figure: units converted, each value taken as exactly as its words state it.

    "1.2 billion" is the same as 1.24bn (rounding) and 12亿, not as 1.3bn; 5 % is not 5 percentage points; "more
    than 5" is
    not "less than 5".
    """
    if {a.qualifier, b.qualifier} == {"more", "less"} or (a.upper is None) != (b.upper is None):
        return False
    if (a.kind == "ordinal") != (b.kind == "ordinal"):
        return False
    pairs = [(a.value, b.value)] + ([(a.upper, b.upper)] if a.upper is not None and b.upper is not None else [])
    loose = 1.0 if "about" in (a.qualifier, b.qualifier) else 0.5
    return all(_same_value(x, a, y, b, loose) for x, y in pairs)


def _same_value(x: float, a: Quantity, y: float, b: Quantity, loose: float) -> bool:
    step_x, step_y = resolution(a), resolution(b)
    if a.unit != b.unit:
        left, right = units.convert(x, a.unit), units.convert(y, b.unit)
        if left is None or right is None or left[0] != right[0]:
            return False
        unit_x, unit_y = (units.convert(x + step_x, a.unit) or left)[1], (units.convert(y + step_y, b.unit) or right)[1]
        x, y, step_x, step_y = left[1], right[1], unit_x - left[1], unit_y - right[1]
    return abs(x - y) <= loose * max(step_x, step_y) * (1 + 1e-9) + 1e-9 * max(abs(x), abs(y))


def resolution(quantity: Quantity) -> float:
    """Place value of the last digit that the words state, in the quantity's unit (1.2 billion: 1e8)."""
    language = "zh" if re.search(r"[\u3400-\u9fff]", quantity.text) else "en"
    grammar = chinese if language == "zh" else english
    best = Fraction(0)
    for measured in grammar.measure(fold.fold(quantity.text, language)):
        if to_float(measured.value * measured.factor) in (quantity.value, quantity.upper):
            best = max(best, measured.number.step * measured.factor)
    return to_float(best)


def roundness(value: float) -> float:
    """Place value of the last digit that is not zero, as one reads a rounded figure (200 000: 100 000)."""
    mantissa, exponent = f"{abs(value):.6e}".split("e")
    return float(10.0 ** (int(exponent) - len(mantissa.rstrip("0").rstrip(".").partition(".")[2])))
