"""Names in a text under keys that hold across English and Chinese: companies, people, places, products, versions.

No dictionary of names is needed but for those that differ between the languages (``data/names.json``): a name is
what is written with a capital inside a sentence, or a Latin word inside Chinese text. A product and its version make
one more key (``gpt-5.3`` and ``GPT 5.3`` are both ``gpt5.3``), so that two versions of one product can be told apart.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from groundwire.events.text import STOP_WORDS, is_han

_MAX_NAMES = 96

_TOKEN = re.compile(r"[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ0-9.+&'_-]*|\d+(?:\.\d+)*")
_PART = re.compile(r"[A-Za-zÀ-ɏ]+|\d+(?:\.\d+)*")
_SENTENCE_END = frozenset(".!?:;。！？：；\n•|…")
_SKIPPED = frozenset(" \t\"'“”`([*_~>#「『《（【—–-")
# A capital here says nothing: calendar words and the pronoun.
_CALENDAR = """
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december jan feb mar apr jun jul aug sep sept oct nov dec mr mrs ms dr i i'm i've
    photo image video reuters ap afp gmt est edt utc am pm published updated posted read http https www com
"""
_NO_NAMES = frozenset(_CALENDAR.split())


@dataclass(frozen=True, slots=True)
class Name:
    """A named thing in a text."""

    key: str
    """Normal form, the same in all languages where known."""
    display: str
    """As the text writes it."""
    count: int
    in_title: bool


@dataclass(frozen=True, slots=True)
class _Aliases:
    single: dict[str, str]
    multiple: dict[str, str]
    pattern: re.Pattern[str]


@cache
def _aliases() -> _Aliases:
    table = json.loads((files("groundwire.events") / "data" / "names.json").read_text(encoding="utf-8"))["names"]
    single: dict[str, str] = {}
    multiple: dict[str, str] = {}
    for key, written in table.items():
        for name in written:
            if name.isascii() and name.isalnum():
                single[name.lower()] = key
            else:
                multiple[name] = key
    latin = _alternatives(name for name in multiple if name[0].isascii())
    other = _alternatives(name for name in multiple if not name[0].isascii())
    return _Aliases(single, multiple, re.compile(rf"(?<![A-Za-z]){latin}(?![A-Za-z])|{other}"))


def _alternatives(names: Iterable[str]) -> str:
    """A pattern for any of the names, longest first; a look at the first character spares most positions the rest."""
    ordered = sorted(names, key=lambda name: (-len(name), name))
    first = "".join(sorted({name[0] for name in ordered}))
    return f"(?=[{re.escape(first)}])(?:{'|'.join(map(re.escape, ordered))})"


@dataclass(slots=True)
class _Found:
    display: str
    count: int = 0
    in_title: bool = False


def names(title: str, body: str) -> list[Name]:
    """The names of a text, most frequent first (those in the title before all), at most 96.

    Args:
        title: Normalised title.
        body: Normalised text after the title.
    """
    found: dict[str, _Found] = {}
    weak: list[tuple[str, str, bool]] = []
    _scan(body, found, weak, in_title=False)
    shouted = _is_title_case(title)
    title_found: dict[str, _Found] = {}
    _scan(title, title_found, weak, in_title=True)
    for key, seen in title_found.items():
        if shouted and key not in found and not _is_marked(seen.display):
            continue
        known = found.setdefault(key, _Found(seen.display))
        known.count += seen.count
        known.in_title = True
    for key, _, in_title in weak:  # a capital at the start of a sentence counts if the name is known otherwise
        if key in found:
            found[key].count += 1
            found[key].in_title |= in_title
    ordered = sorted(found.items(), key=lambda item: (not item[1].in_title, -item[1].count, item[0]))
    return [Name(key, seen.display, seen.count, seen.in_title) for key, seen in ordered[:_MAX_NAMES]]


def versions(keys: list[str]) -> dict[str, set[str]]:
    """Product -> versions named: ``["gpt5.3", "gpt"]`` -> ``{"gpt": {"5.3"}}``."""
    made: dict[str, set[str]] = {}
    for key in keys:
        parts = _PART.findall(key)
        if len(parts) == 2 and parts[0].isalpha() and len(parts[0]) > 1 and parts[1][0].isdigit():
            made.setdefault(parts[0], set()).add(parts[1])
    return made


def _scan(text: str, found: dict[str, _Found], weak: list[tuple[str, str, bool]], *, in_title: bool) -> None:
    aliases = _aliases()
    covered: list[tuple[int, int]] = []
    for match in aliases.pattern.finditer(text):
        _note(found, aliases.multiple[match.group()], match.group())
        covered.append(match.span())
    covered.append((len(text) + 1, len(text) + 1))
    cover = 0
    phrase: list[tuple[str, str]] = []
    phrase_end = -2
    pending: tuple[str, str, int] | None = None  # a capital at a sentence start, waiting for what follows
    for match in _TOKEN.finditer(text):
        start, token = match.start(), match.group().rstrip(".'-_&+")
        if token.endswith("'s"):
            token = token[:-2]
        while covered[cover][1] <= start:
            cover += 1
        if covered[cover][0] <= start:
            continue
        end = start + len(token)
        adjacent = start - phrase_end == 1 and text[phrase_end] in " -"
        if token[0].isdigit():
            # "Sonnet 4.6", "GLM-5": a version, not a count of things
            if adjacent and phrase and len(token) <= 4 and not text[end : end + 1].isalpha():
                base, display = phrase[-1]
                following = text[end : end + 2]
                if not following.startswith("%") and base.isalpha():
                    _note(found, base + token, f"{display} {token}")
                    phrase_end = end
            continue
        lower = token.lower()
        if not _is_name(token, text, start, end) or lower in _NO_NAMES:
            _flush(phrase, found)
            pending = None
            continue
        if lower in STOP_WORDS and not (token.isupper() and len(token) > 1):
            _flush(phrase, found)
            pending = None
            continue
        opens = not _is_marked(token) and _opens_sentence(text, start)
        if not adjacent:
            _flush(phrase, found)
            if pending is not None:
                weak.append((pending[0], pending[1], in_title))
            pending = None
        if opens:
            _flush(phrase, found)
            pending = (_key(token), token, end)
            phrase_end = end
            continue
        if pending is not None:
            if adjacent:
                phrase.append((pending[0], pending[1]))
            else:
                weak.append((pending[0], pending[1], in_title))
            pending = None
        phrase.append((_key(token), token))
        phrase_end = end
    _flush(phrase, found)
    if pending is not None:
        weak.append((pending[0], pending[1], in_title))


def _flush(phrase: list[tuple[str, str]], found: dict[str, _Found]) -> None:
    if not phrase:
        return
    display = " ".join(token for _, token in phrase[:4])
    for key, token in phrase:
        parts = _PART.findall(token)
        if len(parts) == 1:
            _note(found, key, display)
            continue
        for first, second in zip(parts, [*parts[1:], ""], strict=True):
            if first[0].isdigit() or len(first) < 2:
                continue
            _note(found, _key(first), display)
            if second and second[0].isdigit():
                _note(found, _key(first) + second, display)
        if len(parts[0]) == 1:
            _note(found, "".join(parts).lower(), display)
    phrase.clear()


def _note(found: dict[str, _Found], key: str, display: str) -> None:
    seen = found.get(key)
    if seen is None:
        seen = found[key] = _Found(display)
    seen.count += 1


def _key(token: str) -> str:
    lower = token.lower().strip(".'")
    return _aliases().single.get(lower, lower)


def _is_name(token: str, text: str, start: int, end: int) -> bool:
    if token[0].isupper() or _is_marked(token):
        return len(token) > 1
    before, after = text[start - 1 : start], text[end : end + 1]
    return len(token) > 2 and (is_han(before) or is_han(after))


def _is_marked(token: str) -> bool:
    """Written as no plain word is: iPhone, GPT-5, H100, xAI, NASA."""
    return any(c.isupper() or c.isdigit() for c in token[1:]) and not token.isdigit()


def _opens_sentence(text: str, start: int) -> bool:
    i = start - 1
    while i >= 0 and text[i] in _SKIPPED:
        i -= 1
    return i < 0 or text[i] in _SENTENCE_END


def _is_title_case(title: str) -> bool:
    long_words = [w for w in re.findall(r"[A-Za-z]+", title) if len(w) > 3]
    return len(long_words) > 2 and sum(w[0].isupper() for w in long_words) > 0.6 * len(long_words)
