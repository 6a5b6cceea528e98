"""Support across Chinese and English: statements held against what the other language's press said of the same thing, and of another.

True: a Chinese item's title, or an English item's first sentence, against the item of the other language that links the same
page (``events/zh_en_pairs.jsonl``; weak labels: a pair may share only a product). False: the same statement against the item
of the other language that is nearest in meaning among twenty that are at least a week away from its own. Figures come from
five folds of pairs: weights and threshold from four, tried on the fifth. ``--write`` stores the fit of all.

These labels tell whether two texts are about the same, not whether every word is borne out; that is for the checks of figures, dates,
names, negation, certainty and direction. They are tried on sentences written in both languages for the purpose (``SAID``), true
and with one thing changed, through the whole gate.
"""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks import common
from benchmarks.event_sets import PairSet, read_pairs
from benchmarks.grounding import FOLDS, MODEL, Claims, auroc, balanced_accuracy, best_threshold, fit, precision
from groundwire.briefs.grounding import EvidenceSentence, check, translation
from groundwire.briefs.grounding.align import Pair
from groundwire.briefs.grounding.check import contradictions
from groundwire.briefs.grounding.reading import read
from groundwire.events.embeddings import UniversalSentenceEncoder
from groundwire.events.records import Document
from groundwire.evidence import sentences
from groundwire.text import clean_text
from groundwire.times import MONTHS

Floats = npt.NDArray[np.float64]

APART = timedelta(days=7)
PRECISION = 0.9
"""Aim at the threshold: of what passes, at even odds, so much belongs to the pair."""
RIDGE = 10.0
"""Weaker than within a language: there is but one kind of text, and labels enough for four weights."""
STRANGERS = 20
MOST_EVIDENCE = 12
MOST_CITED = 3
"""What a written statement may cite."""
FOREIGN = 0.95
"""Of the clauses of other stories, so many are to be stopped."""
OTHER_VERBS = 0.85
"""Of their verbs. A verb has many neighbours, and each one that is stopped in vain costs a true sentence."""
_UNKNOWN = datetime(2026, 6, 1, tzinfo=UTC)


def examples(pairs: PairSet, encoder: UniversalSentenceEncoder) -> Claims:
    """True and false statements, one of either for each pair and direction; ``documents`` are the pairs' numbers."""
    found = Claims("zh_en_pairs", [], np.zeros(0, dtype=bool))
    truth: list[bool] = []
    sides = ((pairs.chinese, pairs.english, False), (pairs.english, pairs.chinese, True))
    for own, others, turned in sides:
        vectors = encoder.encode([_words(d) for d in others])
        linked = {(b, a) if turned else (a, b) for a, b in pairs.pairs}
        for number, (zh, en) in enumerate(pairs.pairs):
            mine, right = (en, zh) if turned else (zh, en)
            said = statement(own[mine])
            if not said:
                continue
            wrong = _nearest(said, mine, right, others, vectors, linked, encoder)
            for other, true in ((right, True), (wrong, False)):
                values, against = _features(said, own[mine], others[other], encoder)
                found.values.append(values[None])
                found.sizes.append(np.ones(1))
                found.contradicted.append(against)
                found.documents.append(str(number))
                truth.append(true)
    found.supported = np.array(truth)
    return found


def statement(item: Document) -> str:
    """What an item says in one sentence: its title in Chinese, its first sentence in English."""
    if item.language == "zh":
        return clean_text(item.title)
    parts = sentences.split(clean_text(item.text or item.title), "en")
    return parts[0].text if parts else ""


def _words(item: Document) -> str:
    return f"{item.title} {item.text}"[:600]


def _nearest(
    said: str, mine: int, right: int, others: Sequence[Document], vectors: npt.NDArray[np.float32],
    linked: set[tuple[int, int]], encoder: UniversalSentenceEncoder,
) -> int:  # fmt: skip
    day, rng = others[right].published_at or _UNKNOWN, random.Random(right)
    apart = [
        k for k, other in enumerate(others)
        if (mine, k) not in linked and abs((other.published_at or _UNKNOWN) - day) >= APART
    ]  # fmt: skip
    sample = rng.sample(apart, min(STRANGERS, len(apart)))
    return max(sample, key=lambda k: float(vectors[k] @ encoder.encode([said])[0]))


def _texts(item: Document) -> list[str]:
    return [s.text for s in sentences.split(clean_text(f"{item.title}\n{item.text}"), item.language)]


def _features(said: str, own: Document, other: Document, encoder: UniversalSentenceEncoder) -> tuple[Floats, bool]:
    texts = _texts(other)[:MOST_EVIDENCE]
    reading = read(said, own.language, own.published_at or _UNKNOWN)
    pairs = [Pair(reading, read(t, other.language, other.published_at or _UNKNOWN)) for t in texts]
    findings, vouched = contradictions(reading, pairs, [None] * len(pairs))
    vectors = encoder.encode([said, *texts, " ".join(texts)])
    values = translation.features(pairs, vouched, findings, float((vectors[1:] @ vectors[0]).max()))
    return np.array(values), bool(findings)


Part = tuple[str, bool, float]
"""Pair, whether the evidence is the pair's, and how near a part of a statement comes to it; else it is any other item."""


def parts(pairs: PairSet, encoder: UniversalSentenceEncoder) -> tuple[list[Part], list[Part]]:
    """Clauses and verbs."""
    rng, by_clause, by_verb = random.Random(1), [], []
    sides = ((pairs.chinese, pairs.english, False), (pairs.english, pairs.chinese, True))
    for own, others, turned in sides:
        for number, (zh, en) in enumerate(pairs.pairs):
            mine, right = (en, zh) if turned else (zh, en)
            reading = read(statement(own[mine]), own[mine].language, own[mine].published_at or _UNKNOWN)
            for other, true in (
                (others[right], True),
                (rng.choice([o for k, o in enumerate(others) if k != right]), False),
            ):
                texts = _texts(other)[:MOST_CITED]
                there = [Pair(reading, read(t, other.language, other.published_at or _UNKNOWN)) for t in texts]
                _, vouched = contradictions(reading, there, [None] * len(there))
                by_clause += [(str(number), true, near) for near, *_ in translation.added(there, vouched, encoder)]
                by_verb += [(str(number), true, near) for near, *_ in translation.verbs(there, vouched, encoder)]
    return by_clause, by_verb


def threshold(claims: Claims, scores: Floats) -> float:
    """The lowest log odds from which on ``PRECISION`` of what passes is true."""
    for cut in np.unique(scores):
        if precision([scores >= cut], [claims]) >= PRECISION:
            return float(cut)
    return float("inf")


def _part(claims: Claims, rows: npt.NDArray[np.int64]) -> Claims:
    return Claims(
        claims.name, [claims.documents[i] for i in rows], claims.supported[rows], [claims.values[i] for i in rows],
        [claims.sizes[i] for i in rows], [claims.contradicted[i] for i in rows],
    )  # fmt: skip


def measured(claims: Claims) -> Iterator[Mapping[str, Any]]:
    """A row for the whole, from folds."""
    fold = np.array([int(d) % FOLDS for d in claims.documents])
    scores, passed, right = np.zeros(len(fold)), np.zeros(len(fold), dtype=bool), np.zeros(len(fold), dtype=bool)
    for k in range(FOLDS):
        held, rest = np.flatnonzero(fold == k), np.flatnonzero(fold != k)
        taught = _part(claims, rest)
        weights = fit([taught], translation.SIGNS, RIDGE)
        scores[held] = _part(claims, held).scores(weights)
        passed[held] = scores[held] >= threshold(taught, taught.scores(weights))
        right[held] = scores[held] >= best_threshold(taught.scores(weights), taught.supported)
    meaning = np.array([v[0, 0] for v in claims.values])
    truth = claims.supported
    yield {
        "statements": len(truth), "auroc": auroc(scores, truth), "embedding alone": auroc(meaning, truth),
        "bal. acc.": balanced_accuracy(right, truth), "pass, true": float(passed[truth].mean()),
        "pass, false": float(passed[~truth].mean()), "precision": precision([passed], [claims]),
    }  # fmt: skip


def limits(near: Sequence[Part], share: float) -> Iterator[Mapping[str, Any]]:
    """A row for each half of the pairs, tried at the limit that the other half asks for."""
    for half in (0, 1):
        taught = [n for number, true, n in near if not true and int(number) % 2 != half]
        limit = float(np.quantile(taught, share))
        tried = [(true, n >= limit) for number, true, n in near if int(number) % 2 == half]
        yield {
            "parts": len(tried), "limit": limit,
            "pass, of the pair (weak)": float(np.mean([p for true, p in tried if true])),
            "pass, of another": float(np.mean([p for true, p in tried if not true])),
        }  # fmt: skip


SAID: Sequence[tuple[str, str]] = (
    (
        "Velant raised {n} million dollars in a funding round led by Corvane.",
        "Velant 完成 {n00} 万美元融资，由 Corvane 领投。",
    ),
    ("Oxmere released its open-source model Tarn 2 on {m} {d}.", "Oxmere 于{mm}月{d}日发布开源模型 Tarn 2。"),
    ("Halden cut the price of its API by {n}%.", "Halden 将其 API 价格下调 {n}%。"),
    ("The Tarn 2 model has {n} billion parameters.", "Tarn 2 模型有 {n0} 亿参数。"),
    ("Brixel's revenue rose {n}% to 1.2 billion dollars.", "Brixel 的营收增长 {n}%，达到 12 亿美元。"),
    ("Velant plans to open a data center in Japan by {y}.", "Velant 计划在 {y} 年前在日本开设数据中心。"),
    ("Corvane did not disclose the price of the acquisition.", "Corvane 没有披露收购价格。"),
    ("Oxmere acquired the startup Halden for {n} million dollars.", "Oxmere 以 {n00} 万美元收购初创公司 Halden。"),
    ("Brixel may delay the launch of Orla 3 to {y}.", "Brixel 可能将 Orla 3 的发布推迟到 {y} 年。"),
    ("The Orla 3 model supports a context window of {n}0,000 tokens.", "Orla 3 模型支持 {n} 万 token 的上下文窗口。"),
    ("Halden laid off {n} employees on {m} {d}.", "Halden 于{mm}月{d}日裁员 {n} 人。"),
    ("Users of Velant's app exceeded {n} million in {y}.", "Velant 应用的用户在 {y} 年超过 {n00} 万。"),
)
"""Made up, in English and in Chinese; numbers and dates are filled in."""
CHANGED: Mapping[str, Sequence[tuple[str, str]]] = {
    "name": (("Velant", "Norvik"), ("Oxmere", "Norvik"), ("Halden", "Norvik"), ("Brixel", "Norvik"), ("Corvane", "Norvik"), ("Orla", "Norvik"), ("Tarn", "Norvik")),
    "negation": (("did not disclose", "disclosed"), ("没有披露", "披露了"), ("released", "did not release"), ("发布开源", "未发布开源"), ("acquired", "did not acquire"), ("美元收购", "美元未能收购"), (" supports", " does not support"), ("支持", "不支持")),
    "certainty": (("plans to open", "has opened"), ("计划在", "已经在"), ("may delay", "has delayed"), ("可能将", "已将")),
    "direction": (("rose", "fell"), ("增长", "下降"), ("exceeded", "fell below"), ("超过", "低于"), ("cut", "raised"), ("下调", "上调")),
    "unit": (("million dollars", "billion dollars"), ("万美元", "亿美元"), ("billion parameters", "million parameters"), ("亿参数", "万参数"), ("dollars", "euros"), ("美元", "欧元")),
}  # fmt: skip
OTHER_PREDICATE: Sequence[tuple[str, str]] = (
    ("raised", "repaid"), ("完成", "放弃"), ("released", "cancelled"), ("发布", "下架"), ("cut", "doubled"), ("下调", "翻倍"),
    ("acquired", "sued"), ("收购初创", "起诉初创"), ("laid off", "hired"), ("裁员", "招聘"), ("to open", "to close"), ("开设", "关闭"),
    ("supports", "lacks"), ("exceeded", "complained to"), ("disclose", "pay"), ("披露", "支付"),
)  # fmt: skip
"""Another verb in place of the sentence's own."""
ADDED: Sequence[tuple[str, str]] = (
    ("which farmers oppose", "遭到农民反对"),
    ("clearing the last local hurdle", "扫清了当地最后一道障碍"),
    ("a move that surprised its rivals", "此举令竞争对手感到意外"),
    ("according to a person close to the talks", "据接近谈判的人士透露"),
    ("making it the largest in the region", "成为该地区规模最大的一家"),
    ("which followed months of delays", "此前已拖延数月"),
    ("while its shares fell", "其股价随之下跌"),
    ("because demand was weaker than hoped", "原因是需求不及预期"),
    ("and analysts expect more of this", "分析师预计还会有更多"),
    ("despite warnings from regulators", "尽管监管机构发出警告"),
    ("and its founder left the company", "其创始人也离开了公司"),
    ("which the government will pay for", "费用由政府承担"),
)
"""Made up: what a model adds to a true sentence."""
_MONTHS_USED = (2, 9)
_FILLED = 6


def spoken() -> Iterator[tuple[str, str, str, str]]:
    """Kind ("true" or what was changed), the statement, its language, the evidence in the other language."""
    rng = random.Random(3)
    for english, chinese in SAID:
        for _ in range(_FILLED):
            fill, other = _filling(rng), _filling(rng)
            texts = {"en": english.format(**fill), "zh": chinese.format(**fill)}
            wrong = {"en": english.format(**other), "zh": chinese.format(**other)}
            for own, there in (("en", "zh"), ("zh", "en")):
                yield "true", texts[own], own, texts[there]
                if wrong[own] != texts[own]:
                    yield "number or date", wrong[own], own, texts[there]
                more = rng.choice(ADDED)[own == "zh"]
                stopped = texts[own].rstrip(".。")
                yield "added", f"{stopped}, {more}." if own == "en" else f"{stopped}，{more}。", own, texts[there]
                for kind, swaps in {**CHANGED, "predicate": OTHER_PREDICATE}.items():
                    options = [texts[own].replace(a, b, 1) for a, b in swaps if a in texts[own]]
                    if options:
                        yield kind, rng.choice(options), own, texts[there]


def _filling(rng: random.Random) -> dict[str, object]:
    n, month = rng.randint(11, 97), rng.randint(*_MONTHS_USED)
    return {
        "n": n, "n0": n * 10, "n00": n * 100, "d": rng.randint(2, 28), "m": MONTHS[month - 1], "mm": month,
        "y": rng.randint(2027, 2031),
    }  # fmt: skip


def gate(encoder: UniversalSentenceEncoder) -> Iterator[Mapping[str, Any]]:
    """By kind and the statement's language: contradicted, and passed by the whole gate."""
    groups: dict[tuple[str, str], list[tuple[bool, bool]]] = defaultdict(list)
    for kind, text, language, evidence in spoken():
        cited = EvidenceSentence(text=evidence, language="zh" if language == "en" else "en", published_at=_UNKNOWN)
        verdict = check(text, language, [cited], embedder=encoder)
        groups[kind, language].append((verdict.kept, verdict.kept and verdict.supported))
    for (kind, language), found in groups.items():
        yield {
            "kind": kind, "statement": language, "n": len(found), "contradicted": sum(not k for k, _ in found) / len(found),
            "published": sum(p for _, p in found) / len(found),
        }  # fmt: skip


def main() -> None:
    """Print how well support tells the right item from the nearest wrong one."""
    options = common.parser(__doc__, "events")
    options.add_argument("--write", action="store_true", help="store the fit")
    args = options.parse_args()
    pairs = read_pairs(common.need(args.data))
    if pairs is None:
        raise SystemExit(f"no bilingual pairs in {args.data}")
    encoder = UniversalSentenceEncoder()
    claims = examples(pairs, encoder)
    common.report("Same story or another, across languages", list(measured(claims)), as_json=args.json)
    common.report("Sentences in two languages, through the shipped gate", list(gate(encoder)), as_json=args.json)
    by_clause, by_verb = parts(pairs, encoder)
    common.report("Clauses against the other language", list(limits(by_clause, FOREIGN)), as_json=args.json)
    common.report("Verbs against the other language", list(limits(by_verb, OTHER_VERBS)), as_json=args.json)
    weights, intercept = fit([claims], translation.SIGNS, RIDGE)
    cut = threshold(claims, claims.scores((weights, intercept)))
    fitted = {
        "weights": {name: round(float(w), 4) for name, w in zip(translation.FEATURES, weights, strict=True)},
        "intercept": round(intercept, 4),
        "threshold": round(float(1 / (1 + np.exp(-cut))), 4),
        "clause": round(float(np.quantile([near for _, true, near in by_clause if not true], FOREIGN)), 4),
        "verb": round(float(np.quantile([near for _, true, near in by_verb if not true], OTHER_VERBS)), 4),
        "fitted_to": {claims.name: len(claims.values)},
    }
    print(json.dumps(fitted, indent=1))
    if args.write:
        stored = json.loads(MODEL.read_text("utf-8"))
        MODEL.write_text(json.dumps(stored | {"cross_language": fitted}, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
