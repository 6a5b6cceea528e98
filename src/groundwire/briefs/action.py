"""What to do next: a link into the workbench with what this event changes filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from groundwire.briefs import cite, quality
from groundwire.briefs.pool import Candidate, Pool
from groundwire.types import Action, Quantity, Statement

LIMIT = 260
ABSENT = "no price, chip, rate, model size or energy price in the sources"

Kind = Literal["price", "chip", "rate", "energy", "model"]

_MILLION_TOKENS = re.compile(
    r"(?:per|/|a|for|every|each|每)\s?(?:1\s?)?(?:m(?:illion)?|百万|一百万|100\s?万|1M)\s?"
    r"(?:input|output|cached|prompt|输入|输出|\s|/)*(?:个)?\s?(?:tok(?:en)?s?|令牌|词元)",
    re.IGNORECASE,
)
_INPUT = re.compile(r"input|prompt|输入", re.IGNORECASE)
_OUTPUT = re.compile(r"output|completion|generated|输出", re.IGNORECASE)
_CACHED = re.compile(r"cach|缓存", re.IGNORECASE)
_NAMED = re.compile(
    r"\bcached?(?:\s(?:input|prompt))?|缓存(?:命中)?(?:的)?(?:输入)?|\binput|\bprompt|输入|\boutput"
    r"|\bcompletion|\bgenerated|输出",
    re.IGNORECASE,
)
_PHRASE_END = re.compile(r"[,;，；、。(（]|\sand\s|\swhile\s|\sbut\s|\sfrom\s")
_PAIR = re.compile(r"input\s?/\s?output|输入\s?/\s?输出", re.IGNORECASE)
_PER_HOUR = re.compile(
    r"^\s?(?:per|/|an?|every|each|每)?\s?(?:GPU|accelerator|chip|card|卡|块)?[\s-]?(?:per\s|an\s|/|每)?(?:hour|hr|h\b"
    r"|小时|时)",
    re.IGNORECASE,
)
_HOURLY = frozenset(("USD/h", "USD/gpu-h", "USD/gpu/h", "USD/chip-h", "USD/accelerator-h"))
_PER_KWH = re.compile(r"^\s?(?:per|/|a|每)\s?(?:kWh|kilowatt[- ]hour|千瓦时|度)", re.IGNORECASE)
_CHIP = re.compile(
    r"\b(?:GB300|GB200|B300|B200|B100|H200|H100|H800|H20|A100|A800|L40S|L4|MI3\d{2}[XA]?|MI4\d{2}X?"
    r"|TPU\s?v\d[a-z]{0,2}|Trainium\s?\d?|Inferentia\s?\d?|Gaudi\s?\d|Ascend\s?9\d{2}[A-Z]?|昇腾\s?9\d{2}[A-Z]?"
    r"|RTX\s?\d{4}|VR200|Rubin)\b"
)
_ABOUT_CHIPS = re.compile(r"\baccelerators?\b|\bGPUs?\b|\bAI chips?\b|加速卡|显卡|算力卡|卡时|GPU", re.IGNORECASE)
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
    amounts = _amounts(c)
    money = [(q.start - c.start, q.end - c.start) for q in amounts if q.unit.startswith("USD")]
    for q in amounts:
        if not q.unit.startswith("USD") or q.kind not in ("currency", "rate"):
            continue
        per_million = q.value if q.value < 1000 and "token" not in q.unit.lower() else None
        if "/" in q.unit and "token" in q.unit.lower():
            per_million = q.value if re.search(r"M", q.unit.split("/", 1)[1]) else q.value * 1e6
        if per_million is None or not 0.0001 <= per_million <= 1000:
            continue
        name = _which(c.text, q.start - c.start, q.end - c.start, money)
        if name is not None:
            parameters.setdefault(name, _decimal(per_million))
    if parameters:
        yield _Found("price", dict(sorted(parameters.items())), c)


def _which(text: str, start: int, end: int, others: Sequence[tuple[int, int]]) -> str | None:
    """Input, output or cached: named behind the number in its own phrase, else before it."""
    if len(others) == 2 and _PAIR.search(text) and re.fullmatch(r"\s?[/／]\s?", text[others[0][1] : others[1][0]]):
        return "input_usd_per_mtok" if start == others[0][0] else "output_usd_per_mtok"
    inside = _NAMED.findall(text[start:end])
    if inside:
        return _name(inside[0])
    to = min([a for a, _ in others if a >= end], default=len(text))
    stop = _PHRASE_END.search(text, end, to)
    behind = _NAMED.findall(text[end : stop.start() if stop else to])
    if behind:
        return _name(behind[0])
    since = max([b for _, b in others if b <= start], default=0)
    breaks = [m.end() for m in _PHRASE_END.finditer(text, since, start)]
    for left in (breaks[-1] if breaks else since, since):
        before = _NAMED.findall(text[left:start])
        if before:
            return _name(before[-1])
    return None


def _name(word: str) -> str:
    for pattern, name in ((_CACHED, "cached"), (_INPUT, "input"), (_OUTPUT, "output")):
        if pattern.search(word):
            return f"{name}_usd_per_mtok"
    raise ValueError(f"{word!r} names no kind of token")


def _rates(c: Candidate) -> Iterator[_Found]:
    """USD per accelerator-hour of a named chip."""
    chip = _accelerator(c)
    if chip is None:
        return
    for q in _amounts(c):
        hourly = q.unit in _HOURLY or (q.unit == "USD" and _PER_HOUR.match(c.text[q.end - c.start :]))
        if hourly and 0.05 <= q.value <= 200:
            yield _Found("rate", {"accelerator": chip, "rental_usd_per_hour": _decimal(q.value)}, c)


def _accelerator(c: Candidate) -> str | None:
    """A well-known chip, or a product with a chip's kind of name in a text that speaks of accelerators."""
    known = _CHIP.search(c.text)
    if known is not None:
        return known.group()
    if not _ABOUT_CHIPS.search(c.article.text):
        return None
    names = (m.text for m in c.found.mentions if c.start <= m.start and m.end <= c.end)
    return next((name for name in names if re.fullmatch(r"[A-Z]{1,3}-?\d{1,4}[A-Za-z]{0,2}", name)), None)


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
    chip = _accelerator(c)
    if chip is not None and (c.is_title or c.position <= 2):
        yield _Found("chip", {"accelerator": chip}, c)
