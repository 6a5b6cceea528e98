"""What to do next: a link into the workbench with what this event changes filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from groundwire.briefs import cite, quality
from groundwire.briefs.pool import Candidate, Pool
from groundwire.types import Action, Quantity, Statement

LIMIT = 260
ABSENT = "no price, chip, rate, model size or energy price in the sources"

Kind = Literal["price", "chip", "rate", "energy", "model"]

_MILLION_TOKENS = re.compile(
    r"(?:per|/|a|for|every|each|每)\s?(?:1\s?)?(?:m(?:illion)?|百万|一百万|100\s?万|1M)\s?(?:input\s|output\s"
    r"|cached\s|输入|输出)?(?:个)?\s?(?:tok(?:en)?s?|令牌|词元)",
    re.IGNORECASE,
)
_INPUT = re.compile(r"\binput|\bprompt\b|输入", re.IGNORECASE)
_OUTPUT = re.compile(r"\boutput|\bcompletion\b|\bgenerated\b|输出", re.IGNORECASE)
_CACHED = re.compile(r"\bcach|缓存", re.IGNORECASE)
_PER_HOUR = re.compile(
    r"^\s?(?:per|/|an?|every|each|每)?\s?(?:GPU|accelerator|chip|card|卡|块)?[\s-]?(?:per\s|an\s|/|每)?(?:hour|hr|h\b"
    r"|小时|时)",
    re.IGNORECASE,
)
_PER_KWH = re.compile(r"^\s?(?:per|/|a|每)\s?(?:kWh|kilowatt[- ]hour|千瓦时|度)", re.IGNORECASE)
_CHIP = re.compile(
    r"\b(?:GB300|GB200|B300|B200|B100|H200|H100|H800|H20|A100|A800|L40S|L4|MI3\d{2}[XA]?|MI4\d{2}X?"
    r"|TPU\s?v\d[a-z]{0,2}|Trainium\s?\d?|Inferentia\s?\d?|Gaudi\s?\d|Ascend\s?9\d{2}[A-Z]?|昇腾\s?9\d{2}[A-Z]?"
    r"|RTX\s?\d{4}|VR200|Rubin)\b"
)
_PARAMETERS = re.compile(
    r"(?P<n>\d+(?:\.\d+)?)\s?(?P<scale>[BT]\b|billion|trillion|亿|万亿)\s?(?:total\s|active\s|activated\s"
    r"|个)?[-\s]?(?:parameters?|params?|参数)|参数(?:量|规模)?(?:约|达|为|高达|总计"
    r"|超过?)*\s?(?P<n2>\d+(?:\.\d+)?)\s?(?P<scale2>B|T|亿|万亿)"
)
_SCALE = {"b": 1.0, "billion": 1.0, "t": 1e3, "trillion": 1e3, "亿": 0.1, "万亿": 1e3}


class _Found(NamedTuple):
    kind: Kind
    parameters: dict[str, str]
    candidate: Candidate


def choose(pool: Pool) -> Action | None:
    """The first of: a price per token, an accelerator's hourly rate, an energy price, a model's size, a chip's name."""
    ranked = sorted(pool.candidates, key=lambda c: (-pool.of(c), c.index))
    for finder in (_prices, _rates, _energy, _models, _chips):
        for candidate in ranked:
            if pool.of(candidate) < 0.2:
                continue
            for found in finder(candidate):
                statement = _statement(found.candidate, pool)
                if statement is not None:
                    return Action(kind=found.kind, parameters=found.parameters, statement=statement)
    return None


def _statement(candidate: Candidate, pool: Pool) -> Statement | None:
    if quality.weight(candidate.text) <= LIMIT * 2:
        return cite.state("action", candidate, pool)
    return None


def _amounts(c: Candidate) -> list[Quantity]:
    return [q for q in c.found.quantities if c.start <= q.start and q.end <= c.end and q.value > 0]


def _decimal(value: float) -> str:
    return f"{value:.10f}".rstrip("0").rstrip(".")


def _prices(c: Candidate) -> Iterator[_Found]:
    """USD per million tokens, told apart by the nearest "input", "output" or "cached"."""
    if not _MILLION_TOKENS.search(c.text):
        return
    parameters: dict[str, str] = {}
    for q in _amounts(c):
        if not q.unit.startswith("USD") or q.kind not in ("currency", "rate"):
            continue
        per_million = q.value if q.value < 1000 and "token" not in q.unit.lower() else None
        if "/" in q.unit and "token" in q.unit.lower():
            per_million = q.value if re.search(r"M", q.unit.split("/", 1)[1]) else q.value * 1e6
        if per_million is None or not 0.0001 <= per_million <= 1000:
            continue
        name = _which(c.text, q.start - c.start, q.end - c.start)
        if name is not None:
            parameters.setdefault(name, _decimal(per_million))
    if parameters:
        yield _Found("price", dict(sorted(parameters.items())), c)


def _which(text: str, start: int, end: int) -> str | None:
    """Input, output or cached: by the word nearest to the number, behind it first."""
    options = []
    for name, pattern in (
        ("cached_usd_per_mtok", _CACHED),
        ("input_usd_per_mtok", _INPUT),
        ("output_usd_per_mtok", _OUTPUT),
    ):
        for match in pattern.finditer(text):
            gap = match.start() - end if match.start() >= end else start - match.end() + 6
            between = text[end : match.start()] if match.start() >= end else text[match.end() : start]
            if 0 <= gap <= 48 and not re.search(r"[$¥€]|\d+\s?(?:美元|元)|[。;；]", between):
                options.append((gap, name))
    return min(options)[1] if options else None


def _rates(c: Candidate) -> Iterator[_Found]:
    """USD per accelerator-hour of a named chip."""
    chip = _CHIP.search(c.text)
    if chip is None:
        return
    for q in _amounts(c):
        hourly = q.unit in ("USD/h", "USD/hour") or (q.unit == "USD" and _PER_HOUR.match(c.text[q.end - c.start :]))
        if hourly and 0.05 <= q.value <= 200:
            yield _Found("rate", {"accelerator": chip.group(), "rental_usd_per_hour": _decimal(q.value)}, c)


def _energy(c: Candidate) -> Iterator[_Found]:
    """USD per kWh."""
    for q in _amounts(c):
        per_kwh = q.unit == "USD/kWh" or (q.unit == "USD" and _PER_KWH.match(c.text[q.end - c.start :]))
        if per_kwh and 0.005 <= q.value <= 2:
            yield _Found("energy", {"electricity_usd_per_kwh": _decimal(q.value)}, c)


def _models(c: Candidate) -> Iterator[_Found]:
    """A named model with its parameter count, in thousand millions."""
    match = _PARAMETERS.search(c.text)
    if match is None:
        return
    number, scale = match["n"] or match["n2"], (match["scale"] or match["scale2"]).lower()
    billions = float(number) * _SCALE[scale]
    name = next(
        (m.text for m in c.found.mentions if m.kind == "product" and c.start <= m.start and m.end <= c.end), None
    )
    if name is not None and 0.05 <= billions <= 20_000:
        yield _Found("model", {"model": name, "parameters_b": _decimal(billions)}, c)


def _chips(c: Candidate) -> Iterator[_Found]:
    chip = _CHIP.search(c.text)
    if chip is not None and (c.is_title or c.position <= 2):
        yield _Found("chip", {"accelerator": chip.group()}, c)
