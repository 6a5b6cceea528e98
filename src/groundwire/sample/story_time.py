"""Story time: days counted from a base date, written into articles as an outlet of their language would.

An article's file says ``{day -6}`` or ``{quarter 2}``; what is printed depends on the base date and on the day the
article itself appears. Each mention is kept with the dates that it means, as a label for tests.

==================  ==========================================  ==============================
in the file         English                                     Chinese
==================  ==========================================  ==============================
``{date -6}``       November 14; with its year if another       11月14日
``{day -6}``        the weekday, at most six days off           本周二, 上周五, 下周一
``{on -6 words}``   the words themselves                        the words themselves
``{month 3}``       February 2027                               2027年2月
``{quarter 2}``     the second quarter of 2027                  2027年第二季度
``{year 1}``        2027                                        2027年
==================  ==========================================  ==============================
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from groundwire.errors import GroundwireError
from groundwire.sample.outlets import DateStyle
from groundwire.times import MONTHS

_PLACEHOLDER = re.compile(r"\{(date|day|on|month|quarter|year) (-?\d+)(?: ([^{}]+))?\}")
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WEEKDAYS_ZH = "一二三四五六日"
_ORDINALS = ("first", "second", "third", "fourth")
_ORDINALS_ZH = "一二三四"
_WEEKS_ZH = {-1: "上", 0: "本", 1: "下"}


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldDate:
    """A date as an article words it, and what it means."""

    text: str
    first: date
    last: date
    """Inclusive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryTime:
    """Renders mentions for one article.

    Attributes:
        base: Day 0 of the story.
        published: The day on which the article appears, where its outlet is.
    """

    base: date
    published: date
    style: DateStyle

    def render(self, text: str) -> tuple[str, tuple[GoldDate, ...]]:
        """The text as printed, and its dates in order.

        Raises:
            GroundwireError: A placeholder that can't be printed, or braces that are none.
        """
        found: list[GoldDate] = []

        def put(match: re.Match[str]) -> str:
            mention = self._mention(match[1], int(match[2]), match[3])
            found.append(mention)
            return mention.text

        rendered = _PLACEHOLDER.sub(put, text)
        if "{" in rendered or "}" in rendered:
            raise GroundwireError(f"sample article: not a placeholder: {rendered!r}")
        return rendered, tuple(found)

    def _mention(self, name: str, offset: int, words: str | None) -> GoldDate:
        day = self.base + timedelta(days=offset)
        match name:
            case "on" if words:
                return GoldDate(text=words, first=day, last=day)
            case "date":
                return GoldDate(text=self._date(day), first=day, last=day)
            case "day":
                return GoldDate(text=self._weekday(day), first=day, last=day)
            case "month":
                return self._month(offset)
            case "quarter":
                return self._quarter(offset)
            case "year":
                year = self.base.year + offset
                text = f"{year}年" if self.style == "zh" else str(year)
                return GoldDate(text=text, first=date(year, 1, 1), last=date(year, 12, 31))
        raise GroundwireError(f"sample article: {{{name} {offset}}} lacks its words")

    def _date(self, day: date) -> str:
        other_year = day.year != self.published.year
        match self.style:
            case "zh":
                return (f"{day.year}年" if other_year else "") + f"{day.month}月{day.day}日"
            case "us":
                return f"{MONTHS[day.month - 1]} {day.day}" + (f", {day.year}" if other_year else "")
            case "uk":
                return f"{day.day} {MONTHS[day.month - 1]}" + (f" {day.year}" if other_year else "")

    def _weekday(self, day: date) -> str:
        if self.style != "zh":
            if abs((day - self.published).days) > 6:
                raise GroundwireError(f"sample article: {day} is more than six days from {self.published}: use date")
            return _WEEKDAYS[day.weekday()]
        monday, own = (d - timedelta(days=d.weekday()) for d in (day, self.published))
        week = _WEEKS_ZH.get((monday - own).days // 7)
        if week is None:
            raise GroundwireError(f"sample article: {day} is more than a week from {self.published}: use date")
        return f"{week}周{_WEEKDAYS_ZH[day.weekday()]}"

    def _month(self, offset: int) -> GoldDate:
        count = self.base.year * 12 + self.base.month - 1 + offset
        first = date(count // 12, count % 12 + 1, 1)
        other_year = first.year != self.published.year
        if self.style == "zh":
            text = (f"{first.year}年" if other_year else "") + f"{first.month}月"
        else:
            text = MONTHS[first.month - 1] + (f" {first.year}" if other_year else "")
        return GoldDate(text=text, first=first, last=first.replace(day=monthrange(first.year, first.month)[1]))

    def _quarter(self, offset: int) -> GoldDate:
        count = self.base.year * 4 + (self.base.month - 1) // 3 + offset
        year, quarter = divmod(count, 4)
        first, last_month = date(year, quarter * 3 + 1, 1), quarter * 3 + 3
        text = (
            f"{year}年第{_ORDINALS_ZH[quarter]}季度"
            if self.style == "zh"
            else f"the {_ORDINALS[quarter]} quarter of {year}"
        )
        return GoldDate(text=text, first=first, last=date(year, last_month, monthrange(year, last_month)[1]))
