"""What the interface says, in each of its languages; and how it writes times, spans of time and lists."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from typing import Any, Final

from groundwire.settings import LANGUAGES
from groundwire.times import MONTHS
from groundwire.types import Grain, Reason

HTML_TAGS: Final = {"en": "en", "zh": "zh-Hans"}
"""BCP 47 tag for the lang attribute: without the script, browsers may pick Japanese letter forms."""

_WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WEEKDAYS_ZH = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Messages:
    """The words of one language."""

    language: str
    table: Mapping[str, Any]

    def __call__(self, key: str, /, **values: object) -> str:
        """The message named ``key`` ("card.outlets") with ``values`` filled in; ``n`` chooses singular or plural.

        Raises:
            KeyError: There is no such message.
        """
        message = self._find(key)
        if isinstance(message, dict):
            message = message["one" if values.get("n") == 1 else "other"]
        return str(message).format(**values) if values else str(message)

    def name(self, group: str, key: str) -> str:
        """The interface's name of an open-ended key (a topic, a role, a language); the key itself if it has none."""
        found = self.table.get(group, {}).get(key)
        return str(found) if isinstance(found, str) else key.replace("_", " ").replace("-", " ")

    def reason(self, reason: Reason) -> str:
        """Why two things belong together: details are in English, but names and figures are in any language."""
        name = self.name("reason", reason.kind)
        if reason.kind in ("entities", "numbers"):
            return f"{name}{'：' if self.language == 'zh' else ': '}{reason.detail}" if reason.detail else name
        if self.language == "en":
            return reason.detail or name
        share = re.search(r"\d+(?:\.\d+)?\s?%", reason.detail)
        return f"{name} {share.group()}" if share else name

    def _find(self, key: str) -> Any:
        value: Any = self.table
        for part in key.split("."):
            value = value[part]
        return value

    # --- times -------------------------------------------------------------------------------------------------

    def moment(self, at: datetime) -> str:
        """Day and time in UTC: "11 Feb 2026, 08:30"."""
        at = at.astimezone(UTC)
        return f"{self.day(at.date())}{' ' if self.language == 'zh' else ', '}{at:%H:%M}"

    def day(self, day: date) -> str:
        """A day: "11 Feb 2026"."""
        if self.language == "zh":
            return f"{day.year}年{day.month}月{day.day}日"
        return f"{day.day} {MONTHS[day.month - 1][:3]} {day.year}"

    def long_day(self, day: date) -> str:
        """A day for a masthead: "Wednesday, 11 February 2026"."""
        if self.language == "zh":
            return f"{self.day(day)} 星期{_WEEKDAYS_ZH[day.weekday()]}"
        return f"{_WEEKDAYS_EN[day.weekday()]}, {day.day} {MONTHS[day.month - 1]} {day.year}"

    def weekday(self, day: date) -> str:
        """A day within a week that is named: "Wed 11"."""
        name = f"周{_WEEKDAYS_ZH[day.weekday()]}" if self.language == "zh" else _WEEKDAYS_EN[day.weekday()][:3]
        return f"{name} {day.day}"

    def stretch(self, first: date, last: date, grain: Grain) -> str:
        """A point or stretch of time at the precision that the source gave it: "Q4 2026", "Nov 2025", "3 Mar 2026"."""
        zh = self.language == "zh"
        match grain:
            case "year":
                return f"{first.year}年" if zh else str(first.year)
            case "half":
                half = 1 if first.month <= 6 else 2
                return f"{first.year}年{'上下'[half - 1]}半年" if zh else f"H{half} {first.year}"
            case "quarter":
                quarter = (first.month + 2) // 3
                return f"{first.year}年{'一二三四'[quarter - 1]}季度" if zh else f"Q{quarter} {first.year}"
            case "month":
                return f"{first.year}年{first.month}月" if zh else f"{MONTHS[first.month - 1][:3]} {first.year}"
            case "week":
                return f"{self.day(first)}起一周" if zh else f"week of {self.day(first)}"
            case _:
                return self.day(first) if first == last else f"{self.day(first)} – {self.day(last)}"

    def gap(self, seconds: float) -> str:
        """A length of time, short: "86m" up to two hours, then "31h" up to two days, then "12d"."""
        minutes = max(0, round(seconds / 60))
        if minutes < 120:
            return self("time.minutes", n=minutes)
        if minutes < 48 * 60:
            return self("time.hours", n=round(minutes / 60))
        return self("time.days", n=round(minutes / 1440))

    # --- lists -------------------------------------------------------------------------------------------------

    def listed(self, items: Sequence[str]) -> str:
        """Items in a row as the language joins them."""
        return ("、" if self.language == "zh" else ", ").join(items)

    def languages(self, codes: Sequence[str]) -> str:
        """Languages by name."""
        return self.listed([self.name("languages", code) for code in codes])


@cache
def messages(language: str) -> Messages:
    """The words of a language: every ``messages/*.LANGUAGE.toml``, merged (a section's pages bring their own file)."""
    table: dict[str, Any] = {}
    folder = files("groundwire.web").joinpath("messages")
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        if file.name.endswith(f".{language}.toml"):
            table |= tomllib.loads(file.read_text(encoding="utf-8"))
    return Messages(language, table)


def negotiate(accept_language: str, default: str) -> str:
    """The interface language that a browser's Accept-Language asks for most; ``default`` if for none of ours."""
    best, weight = default, 0.0
    for part in accept_language[:512].split(","):
        tag, _, parameters = part.strip().partition(";")
        language = tag.strip().lower().partition("-")[0]
        try:
            quality = float(parameters.strip().removeprefix("q=") or 1) if parameters else 1.0
        except ValueError:
            continue
        if language in LANGUAGES and quality > weight:
            best, weight = language, quality
    return best
