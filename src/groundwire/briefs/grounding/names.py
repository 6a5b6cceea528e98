"""Names: whoever and whatever the statement names, the evidence names too, in this language or the other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from groundwire.briefs.grounding import lexicon
from groundwire.briefs.grounding.reading import Reading, Token
from groundwire.briefs.grounding.verdict import Finding
from groundwire.evidence import entities
from groundwire.evidence.cues import has_chinese, word_class

_CAPITAL = re.compile(r"(?<![\w.'’-])[A-Z][\w’'-]*(?:\.[A-Za-z]\b)*")
_WORD = re.compile(r"[^\W_]+(?:[.’'][^\W_]+)*")
_OPENS = re.compile(r"(?:^|[.!?:;“”\"‘—–\n(]\s*|-\s)$")
_LATIN_RUN = re.compile(r"[A-Za-z][\w.+&/-]*(?: [A-Z0-9][\w.+&/-]*)*", re.ASCII)
_CAPITALS_BEFORE = re.compile(r"(?<![\w.'’-])(?:[A-Z][a-z]+ )+$")
_NOT_IN_NAMES = frozenset(
    [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "i",
        "mr",
        "mrs",
        "ms",
        "dr",
        "sir",
        "president",
        "prime",
        "minister",
    ]
)
_SUBJECT = re.compile(
    r"^(?:['’]s\b|\s(?:has|have|had|is|was|are|were|will|would|may|might|could|can|plans?|says?|said|did|does|also|now|\w+ed|\w+es|to)\b|,)"
)
_NEAR = 60
"""Characters that the words of one name may be apart."""
_TITLES = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "sir",
        "lord",
        "lady",
        "president",
        "chairman",
        "chairwoman",
        "chair",
        "minister",
        "prime",
        "secretary",
        "general",
        "judge",
        "senator",
        "ceo",
        "cto",
        "cfo",
        "coo",
        "chief",
        "executive",
        "officer",
        "professor",
        "analyst",
        "foreign",
        "vice",
        "deputy",
        "governor",
        "mayor",
        "captain",
        "king",
        "queen",
        "prince",
        "princess",
        "pope",
        "inc",
        "corp",
        "ltd",
        "llc",
        "plc",
        "co",
        "company",
        "group",
        "the",
        "of",
        "and",
        "for",
        "in",
        "on",
        "spokesman",
        "spokeswoman",
        "director",
        "head",
        "founder",
        "police",
        "court",
        "bank",
    ]
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a statement; half-open span."""

    start: int
    end: int
    text: str
    key: str


@dataclass(frozen=True, slots=True)
class Found:
    """A name of the statement and where the evidence has it: (evidence sentence, start, end)."""

    name: Name
    places: tuple[tuple[int, int, int], ...]


def names(reading: Reading, known: frozenset[str] = frozenset()) -> tuple[Name, ...]:
    """The names in a text, in order.

    Args:
        reading: The text.
        known: Lower-case words that are names for certain (the evidence writes them with a capital inside a sentence).
    """
    found = [Name(m.start, m.end, m.text, m.key) for m in reading.mentions]
    taken = (
        [(n.start, n.end) for n in found]
        + [(d.start, d.end) for d in reading.dates]
        + [(q.start, q.end) for q in reading.quantities]
    )
    if reading.language == "zh":
        words = ((t, reading.text[t.start : t.end]) for t in reading.tokens)
        found += [Name(t.start, t.end, written, t.text) for t, written in words if _named_zh(t, written)]
    else:
        found.extend(_capitals(reading, known))
    kept = found[: len(reading.mentions)]
    for name in found[len(reading.mentions) :]:
        if not any(a < name.end and name.start < b for a, b in taken):
            kept.append(name)
            taken.append((name.start, name.end))
    whole = _whole if reading.language == "en" else _latin_run
    kept = [whole(n, reading.text) for n in kept]
    return tuple(sorted(set(kept), key=lambda n: (n.start, n.end)))


def _whole(name: Name, text: str) -> Name:
    """With the capitalised words right before it that the evidence room takes for ordinary ones (New World, First Amendment)."""
    match = _CAPITALS_BEFORE.search(text, 0, name.start)
    if match is None or _OPENS.search(text[: match.start()]) or match.group().strip().lower() in _NOT_IN_NAMES:
        return name
    return Name(match.start(), name.end, text[match.start() : name.end], name.key)


def _latin_run(name: Name, text: str) -> Name:
    """In Chinese text: reaching over the Latin words beside it (Mistral AI); ``text`` stays."""
    for match in _LATIN_RUN.finditer(text):
        if match.start() <= name.start and name.end <= match.end():
            return Name(match.start(), match.end(), name.text, name.key)
    return name


def _named_zh(token: Token, written: str) -> bool:
    """Whether a Chinese word is a name by its part of speech: places, bodies, Latin words, persons with a known surname."""
    if token.tag == "eng":
        return written[:1].isupper() and len(written) > 1
    if len(token.text) < 2 or token.concepts or not token.content:
        return False
    if token.tag in ("nr", "nrt", "nrfg"):
        return token.text[0] in lexicon.word_set("zh", "surnames") or len(token.text) > 3
    return token.tag in ("ns", "nt")


def _capitals(reading: Reading, known: frozenset[str]) -> Iterable[Name]:
    """Words with a capital that the evidence room leaves out as uncertain."""
    text, never = reading.text, word_class("not_a_name")
    words = list(_CAPITAL.finditer(text))
    inside = list(_WORD.finditer(text))
    if len(inside) > 3 and sum(m.group()[:1].isupper() for m in inside) > 0.7 * len(inside):
        return  # a headline in Title Case: capitals say nothing
    for match in words:
        word = re.sub(r"['’]s?$", "", match.group())
        lower = word.lower().rstrip(".")
        if lower in never or lower in _TITLES or len(word) < 2:
            continue
        end = match.start() + len(word)
        if _OPENS.search(text[: match.start()]) and lower not in known:
            common = (
                lower.endswith(("s", "ing", "ly", "ed"))
                or lexicon.concepts_en(lexicon.base(lower))
                or lower in lexicon.word_set("stop_en")
            )
            if common or not (_SUBJECT.match(text[end:]) or _told(text[end:])):
                continue
        yield Name(match.start(), end, word, entities.normal_key(word))


def _told(behind: str) -> bool:
    """Whether a verb follows whose form is irregular (cut, won, sold)."""
    match = re.match(r" ([a-z]+)\b", behind)
    return match is not None and match[1] in lexicon.irregular()


def compare(
    statement: Reading, evidence: Sequence[Reading], contexts: Sequence[Reading | None]
) -> tuple[list[Found], list[Finding]]:
    """Where each name of the statement is in the evidence, and the names that are not.

    Args:
        statement: The statement.
        evidence: The cited sentences.
        contexts: For each, what says whom its pronouns mean; searched only where the sentence has one.
    """
    found, findings = [], []
    for name in names(statement, _known(evidence)):
        places = tuple((k, a, b) for k, reading in enumerate(evidence) for a, b in occurrences(name, reading))
        if not places:
            referred = any(
                context is not None and refers(reading) and any(True for _ in occurrences(name, context))
                for reading, context in zip(evidence, contexts, strict=True)
            )
            if not referred:
                findings.append(
                    Finding(
                        kind="name",
                        detail=f"“{name.text}” is not named in the evidence",
                        start=name.start,
                        end=name.end,
                    )
                )
        found.append(Found(name, places))
    return found, findings


def _known(evidence: Sequence[Reading]) -> frozenset[str]:
    return frozenset(
        w.lower() for r in evidence for m in r.mentions for w in _WORD.findall(m.text) if w[:1].isupper() and len(w) > 2
    )


def refers(reading: Reading) -> bool:
    """Whether the sentence speaks of something that another sentence named (it, the company, 该公司)."""
    if reading.language == "zh":
        return any(t.text in lexicon.word_set("anaphor_zh") for t in reading.tokens)
    table = lexicon.word_phrases("anaphor_en")
    texts = [t.text for t in reading.tokens]
    return any(tuple(texts[i : i + len(p)]) == p for i, text in enumerate(texts) for p in table.get(text, ()))


def occurrences(name: Name, reading: Reading) -> list[tuple[int, int]]:
    """Spans of the evidence that mean what the statement names: the same key, the same words, initials, a country's people."""
    spans = [(m.start, m.end) for m in reading.mentions if m.key == name.key]
    lowered = name.text.lower().strip(" .")
    if not lowered:
        return spans
    if has_chinese(lowered):
        spans += [m.span() for m in re.finditer(re.escape(lowered), reading.folded)]
        spans += [
            (m.start, m.end)
            for m in reading.mentions
            if len(m.text) > 1 and has_chinese(m.text) and m.text.lower() in lowered
        ]
    else:
        spans += [
            m.span() for m in re.finditer(rf"(?<![a-z0-9]){re.escape(lowered)}(?:['’]?s)?(?![a-z0-9])", reading.folded)
        ]
    if not spans:
        spans += _by_place(lowered, reading) or _by_words(lowered, reading) or _by_initials(name.text, reading)
    return sorted(set(spans))


@cache
def _places() -> dict[str, int]:
    table: dict[str, int] = {}
    for number, line in enumerate(lexicon.table("places.toml")["forms"]):
        for form in line.split():
            table[form.replace("_", " ")] = number
    return table


def _by_place(lowered: str, reading: Reading) -> list[tuple[int, int]]:
    number = _places().get(lowered)
    if number is None:
        return []
    forms = [form for form, n in _places().items() if n == number]
    pattern = "|".join(
        re.escape(f) if has_chinese(f) else rf"\b{re.escape(f)}(?!\w)" for f in sorted(forms, key=len, reverse=True)
    )
    return [m.span() for m in re.finditer(pattern, reading.folded)]


def _by_words(lowered: str, reading: Reading) -> list[tuple[int, int]]:
    """All words of the name, near each other in any order (Obama, President Barack; its "Foundry Bank of Oslo")."""
    wanted = [w for w in _WORD.findall(lowered) if w not in _TITLES and len(w) > 1]
    if not wanted:
        return (
            [(0, 0)] if not _WORD.findall(lowered) or all(w in reading.folded for w in _WORD.findall(lowered)) else []
        )
    spans = []
    for word in wanted:
        match = re.search(rf"(?<![a-z0-9]){re.escape(word)}(?:['’]?s)?(?![a-z0-9])", reading.folded)
        if match is None:
            return []
        spans.append(match.span())
    near = max(b for _, b in spans) - min(a for a, _ in spans) <= _NEAR
    return [spans[0]] if near else []


def _by_initials(name: str, reading: Reading) -> list[tuple[int, int]]:
    """An acronym for the words it abbreviates, or the words for their acronym."""
    letters = re.sub(r"[^A-Za-z]", "", name)
    if letters.isupper() and 2 <= len(letters) <= 6:
        body = r"[\w’'-]*(?:\s(?:of|for|and|the|on|in|de))*[\s-]+".join(letters)
        return [m.span() for m in re.finditer(rf"\b{body}[\w’'-]*", reading.text)]
    initials = "".join(w[0] for w in re.findall(r"[A-Z][\w’'-]*", name))
    if len(initials) >= 2:
        return [m.span() for m in re.finditer(rf"\b{initials}s?\b", reading.text)]
    return []
