"""The probability that a sentence states: as a number, or in a word to which a published table gives a range."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True)
class Probability:
    """How likely a source says something is."""

    low: float
    high: float
    words: str
    """Verbatim."""
    table: str
    """Key of the published table that gives the words their range; "" where a number is stated."""

    @property
    def middle(self) -> float:
        """What is scored: the middle of the range."""
        return round((self.low + self.high) / 2, 6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A published table of words of estimative probability."""

    title: str
    url: str
    published: date


_NUMBER = r"(?P<number>\d{1,3}(?:\.\d+)?)(?:\s?[-–]\s?(?P<upper>\d{1,3}(?:\.\d+)?))?"
_STATED = (
    re.compile(rf"{_NUMBER}\s?(?:%|percent|per cent)\s(?:chance|probability|likelihood|odds)\b", re.IGNORECASE),
    re.compile(
        rf"\b(?:chance|probability|likelihood|odds)\s(?:of|at|is|as|to)\s(?:[a-z]+\s)?{_NUMBER}\s?(?:%|percent)"
    ),
    re.compile(rf"(?:概率|可能性|几率|机率)[^，。；\d]{{0,6}}{_NUMBER}\s?[%％]"),
    re.compile(rf"{_NUMBER}\s?[%％]的?(?:概率|可能性?|几率|机率)"),
)
_TENTHS = re.compile(r"(?P<n>[一二三四五六七八九])成的?(?:概率|可能性?|几率|把握)")
_ODDS = re.compile(
    r"\b(?P<of>one|two|three|four|five|six|seven|eight|nine|\d{1,2})[ -]in[ -](?P<all>two|three|four|five|six|seven"
    r"|eight|nine|ten|\d{1,3})\s(?:chance|odds|probability)\b",
    re.IGNORECASE,
)
_WORDS = dict(
    zip(["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"], range(1, 11), strict=True)
)
_COMPARED = re.compile(r"\b(?:more|less|as|most|least|equally|how)\s$", re.IGNORECASE)
_DENIED = re.compile(r"(?:\bnot|n['’]t)\s(?:at all\s)?$", re.IGNORECASE)


def stated(sentence: str) -> Probability | None:
    """The probability that a sentence states, a number before a word; None if it states none."""
    return _number(sentence) or _word(sentence)


def _number(sentence: str) -> Probability | None:
    for pattern in _STATED:
        if match := pattern.search(sentence):
            low = float(match["number"]) / 100
            high = float(match["upper"]) / 100 if match["upper"] else low
            if low <= high <= 1:
                return Probability(low=low, high=high, words=match[0], table="")
    if match := _TENTHS.search(sentence):
        share = ("一二三四五六七八九".index(match["n"]) + 1) / 10
        return Probability(low=share, high=share, words=match[0], table="")
    if match := _ODDS.search(sentence):
        of, out_of = (_WORDS.get(w.lower()) or int(w) for w in (match["of"], match["all"]))
        if 0 <= of <= out_of and out_of:
            return Probability(low=of / out_of, high=of / out_of, words=match[0], table="")
    return None


def _word(sentence: str) -> Probability | None:
    rows, pattern = _rows()
    for match in pattern.finditer(sentence):
        words = match[0]
        if _COMPARED.search(sentence[: match.start()]):
            continue  # "more likely" compares, it does not say how likely
        low, high, table = rows[" ".join(words.lower().replace("’", "'").split())]
        denied = _DENIED.search(sentence[: match.start()])
        if denied:  # "not likely": the chance that it does not happen is likely
            low, high = round(1 - high, 6), round(1 - low, 6)
            words = sentence[denied.start() : match.end()]
        return Probability(low=low, high=high, words=words, table=table)
    return None


@cache
def _data() -> Mapping[str, object]:
    return tomllib.loads(files("groundwire.forecasts").joinpath("data/estimative_words.toml").read_text("utf-8"))


@cache
def tables() -> Mapping[str, Table]:
    """The published tables, by key."""
    found = _data()["tables"]
    assert isinstance(found, dict)  # noqa: S101  the file is ours
    return {key: Table(**row) for key, row in found.items()}


@cache
def _rows() -> tuple[Mapping[str, tuple[float, float, str]], re.Pattern[str]]:
    listed = _data()["words"]
    assert isinstance(listed, list)  # noqa: S101  the file is ours
    rows = {
        words: (float(row["low"]), float(row["high"]), str(row["table"]))
        for row in listed
        for words in (*row.get("en", ()), *row.get("zh", ()))
    }
    longest_first = sorted(rows, key=lambda words: (-len(words), words))
    parts = [
        re.escape(w) if not w.isascii() else rf"\b{re.escape(w).replace(chr(39), '[’' + chr(39) + ']')}\b"
        for w in longest_first
    ]
    return rows, re.compile("|".join(parts), re.IGNORECASE)
