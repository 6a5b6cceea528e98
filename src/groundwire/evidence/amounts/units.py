"""Units of measurement and money: the tables in ``data/``, read once, and the longest unit at a place in a text.

A unit that takes SI prefixes is counted without them: "300 MW" is 3e8 of unit "W". Others keep their own symbol ("mi");
``sizes`` says what a symbol is worth in its dimension, so that quantities in different units can be compared.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib import resources
from typing import Any, Literal

UnitKind = Literal["dimension", "temperature", "duration", "currency", "count"]


@dataclass(frozen=True, slots=True)
class Unit:
    """What stands behind a unit's words."""

    name: str
    """The unit as named ("Kilometer", "United States dollar"), before prefixes are resolved."""
    kind: UnitKind
    symbol: str
    """What the value is counted in: "m", "USD", "gpu"."""
    factor: Fraction = Fraction(1)
    """Named unit -> symbol (kilometre -> m: 1000)."""
    dimension: str = ""
    """Units of one dimension can be converted ("length"; for money and counts the symbol itself)."""
    minor: bool = False
    """A hundredth or so of a currency, which may follow it (3 dollars 50 cents)."""
    assumed: bool = False
    """Names no country ("$"): the symbol is what the news means by it."""


@dataclass(frozen=True, slots=True)
class Tables:
    """Every way to write a unit. English phrases in lower case; symbols as written; Chinese as written."""

    english: dict[str, Unit]
    symbols: dict[str, Unit]
    loose: dict[str, Unit]
    """Symbols in lower case, where case can't matter or is commonly dropped (kg, gb)."""
    chinese: dict[str, Unit]
    sizes: dict[str, tuple[str, float]]
    """Symbol -> dimension and size in the dimension's SI unit."""


_SUPERSCRIPT = {2: ("2", "²", "^2"), 3: ("3", "³", "^3")}
_POWERS = {
    2: ("Square ", ("square {}", "sq {}", "sq. {}", "{} squared")),
    3: ("Cubic ", ("cubic {}", "cu {}", "{} cubed")),
}
# symbols that are also words, parts of the day, or units only when glued to other things
_NOT_ALONE = frozenset({"pm", "PM", "am", "in", "dam", "hm", "hg", "dag", "cal", "das", "fm", "kn"})


def plural(noun: str) -> str:
    """The regular plural of an English noun phrase (its last word; before " per " where there is one)."""
    head, per, rest = noun.partition(" per ")
    if head.endswith(("s", "x", "ch", "sh")):
        return head + "es" + per + rest
    if head.endswith("y") and head[-2:-1] not in "aeiou":
        return head[:-1] + "ies" + per + rest
    return head + "s" + per + rest


@cache
def tables() -> Tables:
    """Measures (no money, no counts)."""
    data = _load("units.toml")
    result = Tables({}, {}, {}, {}, {})
    for entry in data["si"]:
        _add_si(result, entry, data["prefix"])
    for entry in data["unit"]:
        _add_unit(result, entry)
    for symbol, unit in list(result.symbols.items()):
        lowered = symbol.lower()
        if len(symbol) > 1 and lowered not in result.symbols and lowered not in _NOT_ALONE:
            held = result.loose.get(lowered)
            if held is None or (unit.factor > held.factor and unit.dimension == held.dimension):
                result.loose[lowered] = unit
    return result


def _add_si(result: Tables, entry: dict[str, Any], prefixes: dict[str, Any]) -> None:
    base, symbol, kind = entry["name"], entry["symbol"], entry.get("kind", "dimension")
    result.sizes[symbol] = (entry["dimension"], float(entry.get("size", 1)))
    variants = [("", Fraction(1), [""], [""], [""])]
    for short in entry["prefixes"].split():
        prefix = prefixes[short]
        names = [prefix["name"], *prefix.get("en", [])]
        variants.append(
            (prefix["name"], Fraction(prefix["factor"]), names, [short, *prefix.get("short", [])], prefix.get("zh", []))
        )
    for prefix_name, factor, names, shorts, hans in variants:
        name = (prefix_name + base).capitalize()
        unit = Unit(name, kind, symbol, factor, entry["dimension"])
        words = [n + word for n in names for word in entry["en"] + (entry.get("words", []) if prefix_name else [])]
        abbreviations = [s + short for s in shorts for short in entry["short"] if s or entry.get("bare", True)]
        chinese = [h + z for h in hans for z in entry["zh"]] if prefix_name else entry["zh"]
        _add(result, unit, words, [plural(w) for w in words], abbreviations, chinese)
        for power, key in ((2, "square"), (3, "cubic")):
            if key in entry:
                _add_power(
                    result,
                    unit,
                    power,
                    words,
                    [plural(w) for w in words],
                    abbreviations,
                    [entry[key] + z for z in chinese],
                )


def _add_unit(result: Tables, entry: dict[str, Any]) -> None:
    unit = Unit(
        entry["name"],
        entry.get("kind", "dimension"),
        entry["symbol"],
        Fraction(entry.get("factor", 1)),
        entry["dimension"],
    )
    result.sizes.setdefault(entry["symbol"], (entry["dimension"], float(entry["is"])))
    words = entry.get("en", [])
    plurals = entry.get("plural", [plural(w) for w in words])
    _add(result, unit, words, plurals, entry.get("short", []), entry.get("zh", []))
    if entry.get("squared"):
        for power in (2, 3):
            chinese = [{2: "平方", 3: "立方"}[power] + z for z in entry.get("zh", [])]
            _add_power(result, unit, power, words, plurals, [s for s in entry.get("short", []) if s.isalpha()], chinese)


def _add(
    result: Tables,
    unit: Unit,
    words: Iterable[str],
    plurals: Iterable[str],
    shorts: Iterable[str],
    chinese: Iterable[str],
) -> None:
    for word in (*words, *plurals):
        result.english.setdefault(word.replace("-", " "), unit)
    for short in shorts:
        if short not in _NOT_ALONE:
            result.symbols.setdefault(short, unit)
    for word in chinese:
        result.chinese.setdefault(word, unit)


def _add_power(
    result: Tables, unit: Unit, power: int, words: list[str], plurals: list[str], shorts: list[str], chinese: list[str]
) -> None:
    title, patterns = _POWERS[power]
    symbol = unit.symbol + str(power)
    dimension = {2: "area", 3: "volume"}[power]
    raised = Unit(title + unit.name.lower(), "dimension", symbol, unit.factor**power, dimension)
    size = result.sizes[unit.symbol][1] ** power * (1000.0 if power == 3 else 1.0)  # volumes in litres
    result.sizes.setdefault(symbol, (dimension, size))
    phrases = [p.format(w) for p in patterns for w in (*words, *plurals)]
    _add(
        result,
        raised,
        phrases,
        [],
        [s + mark for s in shorts for mark in _SUPERSCRIPT[power]] + [f"sq {s}" for s in shorts if power == 2],
        chinese,
    )


def _load(name: str) -> dict[str, Any]:
    text = resources.files("groundwire.evidence").joinpath("data", name).read_text(encoding="utf-8")
    return tomllib.loads(text, parse_float=Fraction)  # 1e-9 exactly


@dataclass(frozen=True, slots=True)
class Money:
    """Every way to write a currency: before the number (signs and codes), after it (names, signs, codes)."""

    before: dict[str, Unit]
    after: dict[str, Unit]
    """English names in lower case."""
    signs: dict[str, Unit]
    """Signs and codes, as written."""
    chinese: dict[str, Unit]


_CODES_LIKE_WORDS = frozenset(
    [
        "ALL",
        "TOP",
        "TRY",
        "CUP",
        "MAD",
        "PEN",
        "GEL",
        "LAK",
        "COP",
        "SOS",
        "BAM",
        "AMD",
        "MOP",
        "ERN",
        "RON",
        "PAB",
        "LIF",
        "ZAR",
        "MUR",
        "GIP",
        "SHP",
        "STN",
        "BOB",
        "NAD",
        "BIF",
        "SLE",
        "TND",
    ]
)
_SCALED_CODES = {"M": 10**6, "K": 10**3, "B": 10**9}


@cache
def money() -> Money:
    """Currencies and their minor units."""
    data = _load("currencies.toml")
    result = Money({}, {}, {}, {})
    for key, entry in data["currency"].items():
        code = key if len(key) == 3 and key.isupper() else entry.get("assume", key)
        unit = Unit(entry["name"], "currency", code, Fraction(1), code, assumed="assume" in entry)
        for word in (entry["name"].lower(), *entry.get("en", [])):
            result.after.setdefault(word, unit)
            result.after.setdefault(plural(word), unit)
        for sign in entry.get("signs", []):
            result.before.setdefault(sign, unit)
            result.signs.setdefault(sign, unit)
        for word in entry.get("zh", []):
            result.chinese.setdefault(word, unit)
        if key == code:
            _add_codes(result, code, unit)
    for name, entry in data["minor"].items():
        unit = Unit(name, "currency", entry["of"], Fraction(entry["share"]), entry["of"], minor=True)
        for word in entry.get("en", []):
            result.after.setdefault(word, unit)
            result.after.setdefault(plural(word), unit)
        for word in entry.get("zh", []):
            result.chinese.setdefault(word, unit)
    return result


def _add_codes(result: Money, code: str, unit: Unit) -> None:
    if code not in _CODES_LIKE_WORDS:
        result.before[code] = unit
        result.before[code.lower()] = result.before[code.capitalize()] = unit
        result.signs[code.lower()] = unit
        for letter, scale in _SCALED_CODES.items():
            scaled = Unit(unit.name, "currency", code, Fraction(scale), code)
            result.before.setdefault(letter + code, scaled)
            result.signs.setdefault(letter + code, scaled)
    result.signs[code] = unit


@dataclass(frozen=True, slots=True)
class Counted:
    """Nouns that the news counts, and Chinese measure words."""

    english: dict[str, Unit]
    chinese: dict[str, Unit]
    classifiers: frozenset[str]
    implied: dict[str, Unit]
    """Measure words that say what they count (名: person)."""


@cache
def counted() -> Counted:
    """The table of counted things."""
    data = _load("units_counts.toml")
    english: dict[str, Unit] = {}
    chinese: dict[str, Unit] = {}
    for name, entry in data["count"].items():
        unit = Unit(name, "count", name, Fraction(1), name)
        for word in (*entry["en"], *entry.get("plural", [plural(w) for w in entry["en"]])):
            english.setdefault(word.replace("-", " "), unit)
        for word in entry["zh"]:
            chinese.setdefault(word, unit)
    implied = {word: english[noun] for word, noun in data["classifiers"]["is"].items()}
    return Counted(english, chinese, frozenset(data["classifiers"]["general"]) | implied.keys(), implied)


_WORD_ENDS = re.compile(r"[^\W\d_]+(?:\.[^\W\d_]\.)*|(?<=\w)[23²³](?!\w)|\^[23]")
_MAX_WORDS = 5
_MAX_CHINESE = 10


def phrases(lowered: str, start: int) -> Iterator[tuple[str, int]]:
    """The first words at ``start``, five, four, …, one, each with its end; hyphens read as blanks."""
    ends: list[int] = []
    position = start
    while len(ends) < _MAX_WORDS and (match := _WORD_ENDS.match(lowered, position)):
        ends.append(match.end())
        position = match.end()
        if lowered[position : position + 1] in (" ", "-"):
            position += 1
            if lowered[position : position + 1] == " ":
                position += 1
    for end in reversed(ends):
        yield " ".join(lowered[start:end].replace("-", " ").split()), end


def longest(words: dict[str, Unit], text: str, start: int, limit: int = _MAX_CHINESE) -> tuple[Unit, int] | None:
    """The longest entry that the text has at ``start``, and its end."""
    for length in range(min(limit, len(text) - start), 0, -1):
        if unit := words.get(text[start : start + length]):
            return unit, start + length
    return None


def convert(value: float, symbol: str) -> tuple[str, float] | None:
    """Dimension and value in its SI unit (kelvin for temperatures); None for an unknown symbol."""
    if symbol in ("Cel", "[degF]", "[degR]", "K"):
        kelvin = {
            "Cel": value + 273.15, "K": value, "[degF]": (value + 459.67) * 5 / 9, "[degR]": value * 5 / 9,
        }[symbol]  # fmt: skip
        return "temperature", kelvin
    known = tables().sizes.get(symbol)
    if known is not None:
        return known[0], value * known[1]
    numerator, slash, denominator = symbol.rpartition("/")
    if not slash:
        return None
    above, below = convert(1.0, numerator), tables().sizes.get(denominator)
    if below is None or below[0] != "time":
        return None
    if above is None:
        return f"{numerator}/s", value / below[1]
    return f"{above[0]}/s", value * above[1] / below[1]
