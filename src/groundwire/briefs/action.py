"""What to do next: a link into the workbench with what this event changes filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from groundwire.briefs import cite, quality
from groundwire.briefs.pool import Candidate, Pool
from groundwire.economics.query import scenario_of_query
from groundwire.errors import EconomicsError
from groundwire.types import Action, Quantity, Statement

LIMIT = 260
FLOOR = 0.15
"""Salience below which a sentence is beside the point."""
ABSENT = "no price, chip, rate, model size or energy price in the sources"
SET = frozenset(("will", "将", "将于"))
"""Words that announce what has been decided."""

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
    r"(?P<n>\d+(?:\.\d+)?)\s?(?P<scale>[BT]\b|billion|trillion|亿|万亿)\s?(?:total\s|个)?[-\s]?"
    r"(?:parameters?|params?|参数)|参数(?:量|规模)?(?:约|达|为|高达|总计"
    r"|超过?)*\s?(?P<n2>\d+(?:\.\d+)?)\s?(?P<scale2>B|T|亿|万亿)"
)
_ACTIVE = re.compile(
    r"(?P<n>\d+(?:\.\d+)?)\s?(?P<scale>[BT]\b|billion|trillion|亿|万亿)\s?(?:parameters?\s)?(?:(?:are|is)\s)?(?:active|activated)\b"
    r"|\b(?:activat(?:es|ing)|active parameters? of)\s(?:only\s|just\s)?(?P<n2>\d+(?:\.\d+)?)\s?(?P<scale2>[BT]\b"
    r"|billion|trillion)|激活(?:参数)?(?:量)?(?:约|仅|为|达)*\s?(?P<n3>\d+(?:\.\d+)?)\s?(?P<scale3>[BT]|万亿|亿)",
    re.IGNORECASE,
)
_SIZED_NAME = re.compile(
    r"(?<![\w-])(?P<name>[A-Z][A-Za-z]+[\w.]*(?:-[A-Za-z0-9.]+){0,3}?-(?P<total>\d+(?:\.\d+)?)B"
    r"(?:-A(?P<active>\d+(?:\.\d+)?)B)?)(?![\w-])"
)
"""A model whose name says its size: Foo-3-32B, Foo-235B-A22B."""
_APIECE = ("USD/gpu", "USD/chip", "USD/accelerator", "USD/card")
_EACH = re.compile(
    r"\s?(?:each\b|apiece\b|(?:an?|per|for (?:an?|each))\s(?:chip|card|GPU|accelerator|unit|piece)\b|[/每一]?(?:张|块|片))",
    re.IGNORECASE,
)
_PRICED = re.compile(
    r"(?:\b(?:put|set)s? (?:its|the) price (?:at|to)|\bpriced? (?:at|of|is)|\b(?:list|unit) price (?:of|at|is)|售价|标价|单价)"
    r"(?:\s(?:about|around|roughly)|[为约至]|降至)?\s?$",
    re.IGNORECASE,
)
_CARBON_PER_KWH = re.compile(
    r"(?=.*(?:\bCO2\b|\bCO₂|carbon|二氧化碳|碳排放))(?=.*(?:per|a|each|/|每)\s?(?:kWh|kilowatt[- ]hour|千瓦时|度))",
    re.IGNORECASE,
)
_PUE = re.compile(r"(?:\bPUE\b|power usage effectiveness|能效比|电能利用效率)[^,;，；]{0,24}$", re.IGNORECASE)
_SCALE = {"b": 1.0, "billion": 1.0, "t": 1e3, "trillion": 1e3, "亿": 0.1, "万亿": 1e3}


class _Found(NamedTuple):
    kind: Kind
    parameters: dict[str, str]
    candidate: Candidate


def choose(pool: Pool) -> Action | None:
    """The first that the workbench takes: a token price, an hourly rate, a device's price, power, a model, a chip."""
    ranked = sorted(pool.candidates, key=lambda c: (-pool.of(c), c.index))
    for finder in (_prices, _rates, _devices, _energy, _models, _chips):
        for candidate in ranked:
            if pool.of(candidate) < FLOOR or _merely_expected(candidate):
                continue
            for found in finder(candidate):
                parameters = _accepted(found)
                statement = _statement(found.candidate, pool) if parameters else None
                if parameters and statement is not None:
                    return Action(kind=found.kind, parameters=parameters, statement=statement)
    return None


def _merely_expected(c: Candidate) -> bool:
    """Whether its figures are a guess at the future; what "will" hold from a day on has been set."""
    return c.found.forecast is not None and c.found.forecast.hedge.lower() not in SET


def _accepted(found: _Found) -> dict[str, str]:
    """What of the parameters the workbench can work with: a chip that its catalogue lacks is left out, with its price."""
    parameters = dict(found.parameters)
    for _ in range(2):
        try:
            scenario_of_query(parameters.items())
        except EconomicsError:
            parameters.pop("accelerator", None)
            parameters.pop("device_usd", None)
        else:
            return parameters
    return {}


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
    if len(others) == 2 and re.fullmatch(r"\s?[/／]\s?", text[others[0][1] : others[1][0]]):
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


def _devices(c: Candidate) -> Iterator[_Found]:
    """USD that one accelerator costs."""
    chip = _accelerator(c)
    if chip is None:
        return
    for q in _amounts(c):
        before, behind = c.text[: q.start - c.start], c.text[q.end - c.start :]
        each = _EACH.match(behind) or _PRICED.search(before) or q.unit in _APIECE
        if q.unit in ("USD", *_APIECE) and 500 <= q.value <= 500_000 and each:
            yield _Found("chip", {"accelerator": chip, "device_usd": _decimal(q.value)}, c)


def _energy(c: Candidate) -> Iterator[_Found]:
    """USD per kWh, grams of carbon dioxide per kWh, or a building's overhead (PUE)."""
    for q in _amounts(c):
        before, behind = c.text[: q.start - c.start], c.text[q.end - c.start :]
        if 0.005 <= q.value <= 2 and (q.unit == "USD/kWh" or (q.unit == "USD" and _PER_KWH.match(behind))):
            yield _Found("energy", {"electricity_usd_per_kwh": _decimal(q.value)}, c)
        if q.unit in ("g", "g/kWh") and 1 <= q.value <= 1500 and _CARBON_PER_KWH.search(c.text):
            yield _Found("energy", {"carbon_g_per_kwh": _decimal(q.value)}, c)
        if q.unit == "" and 1 < q.value < 3 and _PUE.search(before[-48:]):
            yield _Found("energy", {"pue": _decimal(q.value)}, c)


def _models(c: Candidate) -> Iterator[_Found]:
    """A named model with its parameter count, in thousand millions, and how many of them a token uses."""
    named = _SIZED_NAME.search(c.text)
    match = _PARAMETERS.search(c.text)
    if match is not None and not (named and _ACTIVE.search(match.group())):
        number, scale = match["n"] or match["n2"], (match["scale"] or match["scale2"]).lower()
        total = float(number) * _SCALE[scale]
    elif named is not None:
        total = float(named["total"])
    else:
        return
    name = named["name"] if named else next(
        (m.text for m in c.found.mentions if m.kind == "product" and c.start <= m.start and m.end <= c.end), None
    )  # fmt: skip
    if name is None or not 0.05 <= total <= 20_000:
        return
    parameters = {"model": name, "parameters_b": _decimal(total)}
    active = _ACTIVE.search(c.text)
    if active is not None:
        scale = (active["scale"] or active["scale2"] or active["scale3"]).lower()
        part = float(active["n"] or active["n2"] or active["n3"]) * _SCALE[scale]
    else:
        part = float(named["active"]) if named and named["active"] else 0.0
    if 0 < part < total:
        parameters["active_b"] = _decimal(part)
    yield _Found("model", parameters, c)


def _chips(c: Candidate) -> Iterator[_Found]:
    chip = _accelerator(c)
    if chip is not None and (c.is_title or c.position <= 2):
        yield _Found("chip", {"accelerator": chip}, c)
