"""The words that readings rest on: base forms, meanings shared within and between English and Chinese, opposites, cues."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from groundwire.evidence.cues import stem

Phrases = dict[str, tuple[tuple[str, ...], ...]]
"""First word -> the phrases (whole, as words) that begin with it, longest first."""


@cache
def table(name: str) -> dict[str, Any]:
    """A data file of this room."""
    return tomllib.loads(resources.files("groundwire.briefs.grounding").joinpath("data", name).read_text("utf-8"))


def phrases(entries: Iterable[str]) -> Phrases:
    """A table to find words and phrases ("_" joins the words of one) by their first word."""
    found: dict[str, set[tuple[str, ...]]] = {}
    for entry in entries:
        words = tuple(entry.split("_"))
        found.setdefault(words[0], set()).add(words)
    return {first: tuple(sorted(same, key=lambda p: (-len(p), p))) for first, same in found.items()}


@cache
def word_set(name: str, group: str = "") -> frozenset[str]:
    """The single words of a closed class of ``data/words.toml``."""
    raw = table("words.toml")
    return frozenset((raw[group] if group else raw)[name].split())


@cache
def word_phrases(name: str, group: str = "") -> Phrases:
    """The words and phrases of a closed class."""
    return phrases(word_set(name, group))


@cache
def _irregular() -> dict[str, str]:
    forms: dict[str, str] = {}
    for entry in table("irregular.toml")["forms"].split(";"):
        base, *others = entry.split()
        for form in others:
            forms.setdefault(form, base)
    return forms


@cache
def irregular() -> frozenset[str]:
    """English verb forms that no ending marks: those unlike their base (won, sold), and bases without others (cut)."""
    entries = [entry.split() for entry in table("irregular.toml")["forms"].split(";")]
    return frozenset(form for entry in entries if entry for form in (entry[1:] or entry))


@lru_cache(maxsize=65536)
def base(word: str) -> str:
    """The stem under which an English word's forms are one (rose, rises -> "ris")."""
    return stem(_irregular().get(word, word))


@dataclass(frozen=True, slots=True)
class _Concepts:
    english: dict[str, frozenset[str]]
    english_phrases: Phrases
    chinese: dict[str, frozenset[str]]
    opposites: frozenset[tuple[str, str]]


@cache
def _concepts() -> _Concepts:
    english: dict[str, set[str]] = {}
    chinese: dict[str, set[str]] = {}
    joined: list[str] = []
    opposites: set[tuple[str, str]] = set()
    for name, entry in table("concepts.toml").items():
        for word in entry["en"].split():
            key = "_".join(base(part) for part in word.split("_"))
            english.setdefault(key, set()).add(name)
            if "_" in key:
                joined.append(key)
        for word in entry["zh"].split():
            chinese.setdefault(word, set()).add(name)
        if "opposite" in entry:
            opposites |= {(name, entry["opposite"]), (entry["opposite"], name)}
    return _Concepts(
        english={k: frozenset(v) for k, v in english.items()},
        english_phrases=phrases(joined),
        chinese={k: frozenset(v) for k, v in chinese.items()},
        opposites=frozenset(opposites),
    )


_NONE: frozenset[str] = frozenset()


def concepts_en(stems: str) -> frozenset[str]:
    """Meanings of an English stem, or of stems joined by "_"."""
    return _concepts().english.get(stems, _NONE)


def concept_phrases_en() -> Phrases:
    """Phrases (of stems) that mean something together."""
    return _concepts().english_phrases


def concepts_zh(word: str) -> frozenset[str]:
    """Meanings of a Chinese word."""
    return _concepts().chinese.get(word, _NONE)


def chinese_words() -> frozenset[str]:
    """All Chinese words with a meaning in the table."""
    return frozenset(_concepts().chinese)


@lru_cache(maxsize=65536)
def opposite(a: frozenset[str], b: frozenset[str]) -> bool:
    """Whether two words' meanings are opposed, and in no sense the same."""
    return bool(a) and bool(b) and not a & b and any((x, y) in _concepts().opposites for x in a for y in b)
