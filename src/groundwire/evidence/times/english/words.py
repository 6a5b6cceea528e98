"""The words of the English calendar: months, weekdays, days of the month, years."""

from __future__ import annotations

import re

from groundwire.evidence.amounts import english_numbers
from groundwire.evidence.times.context import Context

MONTHS = {
    name: value
    for value, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:r(?:uary)?)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![a-z])"
)
WEEKDAYS = {name: value for value, name in enumerate(["mon", "tue", "wed", "thu", "fri", "sat", "sun"])}
WEEKDAY = (
    r"(?P<weekday>mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday|s)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?"
    r"|sat(?:urday)?|sun(?:day)?)(?![a-z])"
)
DAY_DIGITS = r"(?P<day>0?[1-9]|[12]\d|3[01])"
YEAR = r"(?P<year>1[4-9]\d\d|2[01]\d\d)(?!\d|[.,]\d{3}|%)"
SHORT_YEAR = r"(?P<short>\d\d)(?!\d|[:.,/%]\d|%)"
_MONTH = re.compile(MONTH)
_WEEKDAY = re.compile(WEEKDAY)


def month_at(context: Context, start: int) -> re.Match[str] | None:
    """A month's name at a place."""
    match = context.match(_MONTH, start)
    return match if match is not None and context.named(match, "month") else None


def weekday_at(context: Context, start: int) -> re.Match[str] | None:
    """A weekday's name at a place."""
    match = context.match(_WEEKDAY, start)
    return match if match is not None and context.named(match, "weekday") else None


def month_value(word: str) -> int:
    """1 to 12 of a month's name or its beginning."""
    return MONTHS[word[:3]]


def full_year(short: int) -> int:
    """The year of two digits: 00 to 49 in this century."""
    return 2000 + short if short < 50 else 1900 + short


def year_in_words(context: Context, start: int) -> tuple[int, int] | None:
    """Nineteen ninety six, two thousand and fifteen, nineteen hundred ninety three, twenty twenty six."""
    text = context.text
    match = re.compile(
        r"(?P<century>fifteen|sixteen|seventeen|eighteen|nineteen|twenty)[ -](?!thousand|million|billion|percent|per)"
    ).match(text, start)
    if match:
        century = {"fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20}[
            match["century"]
        ]
        at = match.end()
        if text.startswith("hundred", at):
            at += 8
        rest = english_numbers.parse(text, text, at) if at < len(text) and text[at].isalpha() else None
        if (
            rest is not None
            and not rest.ordinal
            and 10 <= rest.value < 100
            and rest.value.denominator == 1
            and rest.form == "words"
        ):
            return century * 100 + int(rest.value), rest.end
        return None
    if text.startswith("two thousand", start):
        number = english_numbers.parse(text, text, start)
        if number is not None and 2000 < number.value < 2100 and number.value.denominator == 1 and not number.ordinal:
            return int(number.value), number.end
    return None


YEAR_VALUE = r"(?P<year>1[4-9]\d\d|20\d\d|2100)"
