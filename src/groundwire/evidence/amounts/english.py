"""Quantities in English: the unit after a number, rates, ages, counted things; what a number is when it has no unit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from groundwire.evidence.amounts import english_money, english_numbers, units
from groundwire.evidence.amounts.measures import BASIS_POINT, PER_MILLE, PERCENT, POINT, TIMES, Measured, join, plain
from groundwire.evidence.amounts.numbers import Number
from groundwire.evidence.fold import lower
from groundwire.types import QuantityKind

ALL: frozenset[QuantityKind] = frozenset(
    ("number", "ordinal", "percent", "currency", "dimension", "temperature", "age", "duration", "count", "rate")
)
_GAP = re.compile(r"(?: of(?= )|\+(?= ))? {0,2}(?:-|\s-\s)?[(<{\[]? ?")
_PERCENT = re.compile(
    r" {0,2}-? ?(?:(?P<percent>%|percents?(?![a-z])|per cent(?![a-z])|pct(?![a-z]))(?P<points> points?(?![a-z]))?"
    r"|(?P<pp>percentage[ -]points?(?![a-z])|p\.?p\.?(?![a-z])|ppts?(?![a-z]))"
    r"|(?P<bp>basis[ -]points?(?![a-z])|bps?(?![a-z/]))|(?P<mille>‰))"
)
_TIMES = re.compile(
    r" ?(?:x(?![a-z0-9])|×|-?fold(?![a-z])|\s?times(?= (?:more|less|faster|slower|larger|bigger|smaller|higher|lower"
    r"|greater|cheaper|better|longer|as|the|over|its|their|what|that|current|previous|earnings|sales|revenue"
    r"|annual)\b|[.,;)]))"
)
_AGE = re.compile(
    r"[ -]{0,2}(?P<unit>year|month|week|day)s?[ -](?:old(?:s)?(?![a-z])|of age(?![a-z]))|[ -]?(?P<yo>y/?o)(?![a-z/])"
)
_PER = re.compile(
    r"(?P<by> ?/ ?| per[ -]|[ -]an? |-per-| for (?:each|every) | (?:each|every) )"
    r"(?P<much>(?:(?:1 ?(?:m(?:illion|n)?|k|b)|a million|one million|million|thousand|billion|1,?000(?:,000)?)[ -]?)?)"
    r"(?P<kind>(?:(?:input|output|cached|blended|uncached|generated|ai|h100|h200|b200|a100|nvidia"
    r"|metric) ?(?:/ ?)?){0,2})"
    r"(?P<unit>gpu[- ]hours?|gpus?[- ]hrs?|chip[- ]hours?|accelerator[- ]hours?|gpu[ /]h"
    r"|[a-z]+(?:[- ]hours?)?)(?![a-z])"
)
_MUCH = {"m": "M", "k": "k", "b": "G", "million": "M", "thousand": "k", "billion": "G"}
PER_UNITS = {
    **dict.fromkeys(["h", "hr", "hrs", "hour"], "h"), **dict.fromkeys(["s", "sec", "second"], "s"),
    **dict.fromkeys(["min", "minute"], "min"), **dict.fromkeys(["d", "day"], "d"), "week": "wk",
    **dict.fromkeys(["mo", "month"], "mo"), **dict.fromkeys(["yr", "year", "annum"], "a"), "quarter": "quarter",
    **dict.fromkeys(["mtok", "mtoken", "mtokens"], "Mtok"),
    **dict.fromkeys(["ms", "millisecond"], "ms"), "kwh": "kWh", "mwh": "MWh", "gwh": "GWh", "mw": "MW", "gw": "GW",
    "kw": "kW",
    **dict.fromkeys(["watt", "w"], "W"), "kilowatt-hour": "kWh", "megawatt-hour": "MWh", "megawatt": "MW",
    "gigawatt": "GW",
    "barrel": "bbl", "ton": "t", "tonne": "t", "gallon": "gal", "mile": "mi", "gb": "GB", "tb": "TB", "acre": "acre",
}  # fmt: skip
_TIME_PARTS = frozenset(("s", "min", "h", "d", "wk", "mo", "quarter", "a"))
_ACCELERATOR_HOUR = re.compile(r"(?:gpu|chip|accelerator)s?[- /](?:h(?:ou)?rs?|h)")
_LENGTHS = frozenset({"length", "information", "mass", "volume", "energy"})
_FEET_INCHES = re.compile(r" ?(?:and )?(\d{1,2}(?:\.\d+)?)[ -]?(?:in(?:ch(?:es)?)?|\")(?![a-z])")
_ANGLE_CONTEXT = re.compile(r"\b(?:rotat|turn|angle|tilt|latitude|longitude|spin|pan)\w*")
_NOT_NOUNS = frozenset(
    re.findall(
        r"\w+",
        "is was has does this its as us says shows means makes gives takes gets goes comes ways less plus versus "
        "times vs thus always perhaps across besides towards afterwards sometimes whereas runs beats wins needs uses "
        "works hours does seems costs previous various serious famous status business process access press class "
        "address loss",
    )
)
_NOUN_GAP = re.compile(r"(?<=s) of |\+? (?:-|- )?|-")
_ANY_WORD = re.compile(r"[\w']+(?:-[\w']+)*")
_ACCELERATOR = re.compile(r"(?:[ABHLV]\d{2,3}S?|GB\d{3}|MI\d{3}X?|RTX \d{4}|Trainium\d?|Gaudi ?\d?)s?(?![A-Za-z0-9])")


def measure(text: str, kinds: frozenset[QuantityKind] = ALL, *, dictated: bool = False) -> Iterator[Measured]:
    """Numbers of folded text with their units, in order; ``kinds`` limits which units are looked for.

    Plain numbers and ordinals come too, whatever stands around them: what of those is worth reporting is the caller's
    to say.
    """
    lowered = lower(text)
    skip_to = 0
    for number in english_numbers.scan(text, dictated=dictated):
        if number.start < skip_to:
            continue
        measured = _with_unit(text, lowered, number, kinds, skip_to, dictated=dictated)
        if "rate" in kinds:
            measured = _rate(lowered, measured)
        skip_to = measured.end
        yield measured


def _with_unit(
    text: str, lowered: str, number: Number, kinds: frozenset[QuantityKind], floor: int, *, dictated: bool
) -> Measured:
    if number.ordinal:
        return plain(number)
    if "currency" in kinds and (money := english_money.money_before(text, lowered, number, floor, dictated=dictated)):
        return money
    end = number.end
    if "percent" in kinds and (match := _PERCENT.match(lowered, end)):
        unit = (
            POINT
            if match["pp"] or match["points"]
            else BASIS_POINT
            if match["bp"]
            else PER_MILLE
            if match["mille"]
            else PERCENT
        )
        return join(number, "percent", unit, match.end())
    if "age" in kinds and (match := _AGE.match(lowered, end)):
        return join(number, "age", units.tables().english[match["unit"] or "year"], match.end())
    found = [
        measured
        for measured in (
            english_money.money_after(text, lowered, number) if "currency" in kinds else None,
            _measure_after(text, lowered, number, kinds, dictated=dictated),
        )
        if measured is not None
    ]
    if found and found[-1].unit and found[-1].unit.name == "Meter" and lowered[end : end + 1] == "m":
        millions = _counted(text, lowered, number) if "count" in kinds else None  # 5m users
        if millions and millions.number.value != number.value:
            return millions
    if found:
        best = max(found, key=lambda m: m.end)
        if len(found) == 2 and found[0].end == found[1].end:  # pounds: money in millions, mass otherwise
            best = found[0] if number.scale > 1 else found[1]
        return best
    if "count" in kinds and (counted := _counted(text, lowered, number)):
        return counted
    return plain(number)


def _measure_after(
    text: str, lowered: str, number: Number, kinds: frozenset[QuantityKind], *, dictated: bool
) -> Measured | None:
    if not kinds & {"dimension", "temperature", "duration"}:
        return None
    end = number.end
    table = units.tables()
    gap = _GAP.match(lowered, end)
    at = gap.end() if gap else end
    found: tuple[units.Unit, int] | None = None
    for phrase, stop in units.phrases(lowered, at):
        if unit := table.english.get(phrase):
            found = unit, stop
            break
    if (symbol := latin_symbol(text, at, spaced=at > end)) and (found is None or symbol[1] > found[1]):
        found = symbol
    if found is None:
        return None
    unit, stop = found
    if lowered[at - 1 : at] in "([{<" and at > end and lowered[stop : stop + 1] in tuple(")]}>"):
        stop += 1
    if unit.name == "Degree":
        angle = bool(_ANGLE_CONTEXT.search(lowered, max(0, number.start - 24), stop + 12))
        if angle != ("dimension" in kinds) and not (kinds >= {"dimension", "temperature"}):
            return None
        if not angle:
            unit = replace(unit, kind="temperature")
    if unit.kind not in kinds:
        return None
    if unit.name in ("Grain", "Stone", "Turn", "Bar") and not dictated:
        return None
    kind: QuantityKind = unit.kind
    measured = join(number, kind, unit, stop)
    if unit.name == "Foot" and (inches := _FEET_INCHES.match(lowered, stop)):
        return replace(measured, value=measured.value + Fraction(inches[1]) / 12, end=inches.end())
    if unit.dimension in _LENGTHS or unit.dimension == "compute":
        return speed(lowered, measured)
    return measured


def latin_symbol(text: str, at: int, *, spaced: bool) -> tuple[units.Unit, int] | None:
    """The longest unit symbol at ``at`` (MW, km/h, m²), and its end; ``spaced``: a blank stands before it."""
    table = units.tables()
    match = english_money.SYMBOL.match(text, at)
    if match is None:
        return None
    written = match[0]
    for length in range(len(written), 0, -1):
        sign = written[:length]
        after = text[at + length : at + length + 1]
        rate = written[length:] == "ps" and sign[-1] in "bB"  # Gbps
        han = "\u3400" <= after <= "\u9fff" and (
            len(sign) > 1 or sign in "WV"
        )  # 40GB内存, but neither 5G网络 nor 3D打印
        if (sign[-1].isalnum() and after.isalnum() and not (rate or han)) or after == "@":
            continue
        unit = table.symbols.get(sign) or table.loose.get(sign.lower())
        if unit is None and length > 1 and sign.isupper():
            unit = table.symbols.get(sign.lower())  # 168CM
        if unit is None or (
            len(sign) == 1 and sign.isalpha() and ((spaced and sign not in ("W", "m", "V", "h")) or after == "-")
        ):
            continue
        return unit, at + length
    return None


_SPEED = re.compile(
    r"(?: ?/ ?| per |-per-| an? |ps(?![a-z]))(?P<unit>milliseconds?|seconds?|minutes?|hours?|days?|ms|sec|min|hr"
    r"|[smhd]|)(?![a-z])"
)
_SPEED_UNITS = {
    "millisecond": "ms",
    "second": "s",
    "minute": "min",
    "hour": "h",
    "day": "d",
    "sec": "s",
    "hr": "h",
    "": "s",
}


def accelerator(text: str, start: int) -> int | None:
    """The end of an accelerator's product name (H100s, MI300X) at ``start``."""
    match = _ACCELERATOR.match(text, start)
    return match.end() if match else None


def speed(lowered: str, measured: Measured) -> Measured:
    """Kilometres per hour, TB/s, Gbps, MWh a day."""
    unit = measured.unit
    match = _SPEED.match(lowered, measured.end)
    if unit is None or match is None or (match["unit"] == "") != match[0].endswith("ps"):
        return measured
    word = match["unit"].rstrip("s") if len(match["unit"]) > 2 else match["unit"]
    below = _SPEED_UNITS.get(word, word)
    time = {"ms": "millisecond", "s": "second", "min": "minute", "h": "hour", "d": "day"}[below]
    named = units.Unit(f"{unit.name} per {time}", "dimension", f"{unit.symbol}/{below}", unit.factor, "speed")
    return replace(measured, unit=named, end=match.end())


def _counted(text: str, lowered: str, number: Number) -> Measured | None:
    end = number.end
    if match := _TIMES.match(lowered, end):
        return join(number, "number", TIMES, match.end())
    table = units.counted().english
    at, words = end, 0
    if lowered[at : at + 1] == "m" and not lowered[at + 1 : at + 2].isalnum() and number.plain and text[at] == "m":
        number = replace(
            number, value=number.value * 10**6, scale=Fraction(10**6), step=number.step * 10**6, end=at + 1
        )
        at = number.end
    first: tuple[str, int] | None = None
    while words < 3:
        gap = _NOUN_GAP.match(lowered, at)
        if gap is None:
            break
        at = gap.end()
        if match := _ACCELERATOR.match(text, at):
            end = match.end() + (5 if lowered.startswith(" gpus", match.end()) else 0)
            return join(number, "count", table["gpu"], end)
        for phrase, stop in units.phrases(lowered, at):
            if unit := table.get(phrase):
                return join(number, "count", _sized(lowered, number, unit), stop)
        word = _ANY_WORD.match(lowered, at)
        if word is None or english_money.STOPS_NOUN.match(word[0]) or word[0] in _NOT_NOUNS or word[0][0].isdigit():
            break
        if first is None:
            first = word[0], word.end()
        at, words = word.end(), words + 1
    if (
        number.end == end
        and first
        and first[0].replace("-", "").isalpha()
        and (noun := _singular(first[0]))
        and number.value.denominator == 1
        and number.value > 1
    ):
        return join(number, "count", units.Unit(noun, "count", noun, dimension=noun), first[1])
    return None


def _sized(lowered: str, number: Number, unit: units.Unit) -> units.Unit:
    """A 70B model has 70 billion parameters; there are not so many models."""
    if unit.symbol == "model" and number.scale >= 10**6 and lowered[number.end - 1] in "mbt":
        return units.counted().english["parameter"]
    return unit


def _singular(word: str) -> str | None:
    """The singular of a regular plural; None if the word doesn't look like one."""
    if word in _NOT_NOUNS or len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return {"men": "man", "women": "woman", "children": "child"}.get(word)
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "xes", "sses")):
        return word[:-2]
    return word[:-1]


def _rate(lowered: str, measured: Measured) -> Measured:
    """$2.50 per GPU-hour, $0.15 per million input tokens, 40 tokens/s, $20 a month."""
    if measured.kind not in ("currency", "count", "dimension") or measured.per:
        return measured
    end, parts = measured.end, list[str]()
    while len(parts) < 2 and (match := _PER.match(lowered, end)):
        unit = _denominator(match)
        if unit is None:
            break
        if unit != "":
            parts.append(unit)
        end = match.end()
    if end == measured.end:
        return measured
    if parts in (["gpu", "h"], ["h", "gpu"], ["chip", "h"], ["accelerator", "h"]):
        parts = ["h"]  # an accelerator-hour
    return replace(measured, kind="rate", per="/".join(sorted(parts, key=lambda part: part in _TIME_PARTS)), end=end)


def _denominator(match: re.Match[str]) -> str | None:
    word, much = match["unit"], match["much"].strip(" -")
    if _ACCELERATOR_HOUR.fullmatch(word):
        return "h"
    scale = ""
    if much:
        letter = re.sub(r"^(?:1 ?|a |one )", "", much)
        scale = (
            "M"
            if letter in ("m", "mn", "000,000") or much.endswith("000,000")
            else "k"
            if "000" in much
            else _MUCH.get(letter, "")
        )
    if word in PER_UNITS:
        return scale + PER_UNITS[word]
    single = word.removesuffix("s")
    if single in PER_UNITS and match["by"].strip() != "/":
        return scale + PER_UNITS[single]
    unit = units.counted().english.get(word)
    if unit is None:
        return None
    if unit.symbol == "token":
        return scale + "tok" if scale else "token"
    if unit.symbol in ("gpu", "chip", "accelerator") and not scale:
        return unit.symbol
    return scale + unit.symbol
