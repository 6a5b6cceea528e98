"""The lexicon of cue words: what in a sentence shows its role, its readers, the kind of news it is.

One pass over a sentence finds every cue of every label: English by stem and phrase, Chinese by longest substring.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import resources

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-'’][A-Za-z0-9]+)*")
_CJK = re.compile(r"[\u3400-\u9fff]")
_DOUBLED = re.compile(r"([bdgklmnprt])\1$")


@dataclass(frozen=True, slots=True)
class Hit:
    """A cue in a text: half-open span and label (the table's name in ``data/cues.toml``)."""

    start: int
    end: int
    label: str


@dataclass(slots=True)
class _Lexicon:
    phrases: dict[str, list[tuple[tuple[str, ...], str]]] = field(default_factory=dict)
    """First word (exact form prefixed "=", else its stem) -> the words of the whole phrase, label."""
    chinese: re.Pattern[str] = re.compile("(?!)")
    labels: dict[str, tuple[str, ...]] = field(default_factory=dict)


def has_chinese(text: str) -> bool:
    """Whether there is any Han character."""
    return _CJK.search(text) is not None


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """A cheap English stem: enough to bring announce, announces, announced, announcing together."""
    w = word.lower().replace("’", "'")
    w = w.removesuffix("'s")
    for suffix, replacement, least in (
        ("ies", "y", 4), ("ied", "y", 4), ("ing", "", 5), ("ed", "", 4), ("sses", "ss", 5), ("es", "", 4), ("s", "", 3),
    ):  # fmt: skip
        if w.endswith(suffix) and len(w) - len(suffix) + len(replacement) >= least - 1 and not w.endswith("ss"):
            w = w[: -len(suffix)] + replacement
            break
    w = _DOUBLED.sub(r"\1", w)
    return w.removesuffix("e") if len(w) > 3 else w


@lru_cache(maxsize=4096)
def find(text: str) -> tuple[Hit, ...]:
    """Every cue in ``text``, in order of position; one label at most once a position, the longest phrase."""
    hits = list(_english(text))
    if has_chinese(text):
        hits.extend(_chinese(text))
    return tuple(sorted(set(hits), key=lambda hit: (hit.start, -hit.end, hit.label)))


def _english(text: str) -> Iterator[Hit]:
    phrases = _lexicon().phrases
    words = [(m.start(), m.end(), m.group().lower().replace("’", "'")) for m in _WORD.finditer(text)]
    for i, (start, _, word) in enumerate(words):
        best: dict[str, int] = {}
        for first in ("=" + word, stem(word)):
            for phrase, label in phrases.get(first, ()):
                if i + len(phrase) > len(words):
                    continue
                if all(
                    words[i + k][2] == part[1:] if part[0] == "=" else stem(words[i + k][2]) == part
                    for k, part in enumerate(phrase[1:], 1)
                ):
                    best[label] = max(best.get(label, 0), words[i + len(phrase) - 1][1])
        for label, end in best.items():
            yield Hit(start, end, label)


def _chinese(text: str) -> Iterator[Hit]:
    lexicon = _lexicon()
    for match in lexicon.chinese.finditer(text):
        for label in lexicon.labels[match.group()]:
            yield Hit(match.start(), match.end(), label)


@cache
def word_class(name: str) -> frozenset[str]:
    """A closed class of words from ``data/words.toml``."""
    return frozenset(tomllib.loads(_data("words.toml"))[name])


def _data(name: str) -> str:
    return resources.files("groundwire.evidence").joinpath("data", name).read_text("utf-8")


@cache
def _lexicon() -> _Lexicon:
    """The table, read once."""
    raw = tomllib.loads(_data("cues.toml"))
    lexicon, chinese = _Lexicon(), dict[str, list[str]]()
    for label, group in _groups(raw):
        for entry in group.get("en", ()):
            exact = entry.startswith("=")
            words = [w.group().lower() for w in _WORD.finditer(entry)]
            parts = tuple("=" + w if exact else stem(w) for w in words)
            lexicon.phrases.setdefault(parts[0], []).append((parts, label))
        for entry in group.get("zh", ()):
            chinese.setdefault(entry, []).append(label)
    for entry, own in chinese.items():  # the longest match hides the shorter cues inside it: whole words count as well
        inside = {label for other in chinese if len(other) > 1 and other in entry for label in chinese[other]}
        lexicon.labels[entry] = () if "ignore" in own else tuple(sorted(inside | set(own)))
    alternatives = "|".join(
        (r"(?<![A-Za-z0-9])" + re.escape(e) + r"(?![A-Za-z0-9])") if e.isascii() else re.escape(e)
        for e in sorted(chinese, key=lambda e: (-len(e), e))
    )
    lexicon.chinese = re.compile(alternatives)
    return lexicon


def _groups(raw: Mapping[str, Mapping[str, object]]) -> Iterator[tuple[str, Mapping[str, list[str]]]]:
    for name, group in raw.items():
        if "en" in group or "zh" in group:
            yield name, group  # type: ignore[misc]  # a leaf table of the TOML file holds lists of strings
        else:
            for inner, leaf in group.items():
                yield f"{name}.{inner}", leaf  # type: ignore[misc]  # as above
