"""Wrong statements made from true sentences by code, and true ones said otherwise: what the checks withhold of either.

English: news articles grouped by event (``events/wikinews_en.jsonl``); Chinese: the digest (``corpus/ai_daily_zh.jsonl``);
both: the sample wire that ships. Each wrong statement is checked against the sentence that it was made from (``alone``), and
against that sentence with its neighbours in the article (``among``), where a changed fact may be found elsewhere.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import common, paraphrasing, planting
from groundwire.briefs.grounding import EvidenceSentence, Verdict, check
from groundwire.evidence import sentences
from groundwire.sample.wire import articles
from groundwire.text import clean_text

TARGETS = {"number": 0.98, "unit": 0.98, "date": 0.98, "name": 0.98, "negation": 0.98}
AT = datetime(2026, 6, 1, tzinfo=UTC)
AROUND = 2
_NO_STATEMENT = re.compile(r"https?:|www\.|\w\.\w{2,4}/|^\W*\d+\W|\[\d|@\w|[<>|{}*_#`]")
"""Sentences that no statement would be: with addresses, markup, paragraph numbers."""


def texts(data: Path, language: str) -> Iterator[str]:
    """The texts of one language in a folder of the recorded data, and the sample wire's."""
    path = data / ("corpus/ai_daily_zh.jsonl" if language == "zh" else "events/wikinews_en.jsonl")
    if path.exists():
        for row in common.read_jsonl(path):
            yield row["text"]
    for article in articles():
        if article.outlet.language == language:
            yield article.body


def true_sentences(data: Path, language: str) -> list[planting.TrueSentence]:
    """Sentences long enough to say something, with their neighbours, and names of other articles."""
    low, high = (16, 160) if language == "zh" else (50, 300)
    split = [[s.text for s in sentences.split(clean_text(text), language)] for text in texts(data, language)]
    strangers = sorted(
        {
            s[a:b]
            for part in split
            for s in part[:6]
            for a, b in planting.names(s, language)
            if b - a > 3 or language == "zh"
        }
    )
    rng = random.Random(5)
    found, seen = [], set()
    for part in split:
        for i, text in enumerate(part):
            if (
                not low <= len(text) <= high
                or text in seen
                or not text.rstrip().endswith((".", "。"))
                or _NO_STATEMENT.search(text)
            ):
                continue
            seen.add(text)
            near = tuple(
                part[k]
                for d in range(1, AROUND + 1)
                for k in (i - d, i + d)
                if 0 <= k < len(part) and len(part[k]) <= 600
            )
            found.append(
                planting.TrueSentence(
                    text,
                    language,
                    near,
                    tuple(rng.sample(strangers, min(12, len(strangers)))),
                    part[i - 1] if i else "",
                )
            )
    rng.shuffle(found)
    return found


def evidence(s: planting.TrueSentence, *, among: bool) -> list[EvidenceSentence]:
    """What a statement made from ``s`` cites."""
    cited = [s.text, *(s.neighbours if among else ())]
    return [EvidenceSentence(text=t, language=s.language, published_at=AT) for t in cited]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one statement."""

    kind: str
    language: str
    where: str
    """"alone" or "among" the true sentence's neighbours."""
    verdict: Verdict
    said: str
    true: str


def planted(pool: list[planting.TrueSentence], each: int, seed: int) -> Iterator[Result]:
    """Up to ``each`` wrong statements a kind; every second one is made from a paraphrase."""
    rng = random.Random(seed)
    for kind, plant in planting.KINDS:
        made = 0
        for s in pool:
            if made >= each:
                break
            base = s
            if made % 2:
                _, paraphrase = rng.choice(paraphrasing.KINDS[1:])
                said = paraphrase(s.text, s.language, rng)
                base = replace(s, text=said) if said else s
            wrong = plant(base, rng)
            if wrong is None or wrong == base.text:
                continue
            made += 1
            for where in ("alone", "among"):
                if kind == "splice" and where == "alone":
                    continue
                verdict = check(wrong, s.language, evidence(s, among=where == "among"))
                yield Result(kind, s.language, where, verdict, wrong, s.text)


def faithful(pool: list[planting.TrueSentence], each: int, seed: int) -> Iterator[Result]:
    """Up to ``each`` true statements a kind of paraphrase."""
    rng = random.Random(seed)
    kinds = [*paraphrasing.KINDS, ("resolved", None)]
    for kind, paraphrase in kinds:
        made = 0
        for s in pool:
            if made >= each:
                break
            said = paraphrase(s.text, s.language, rng) if paraphrase else planting.resolve(s, rng)
            if said is None or (said == s.text and kind != "same"):
                continue
            made += 1
            for where in ("alone", "among") if paraphrase else ("among",):
                verdict = check(said, s.language, evidence(s, among=where == "among"))
                yield Result(kind, s.language, where, verdict, said, s.text)


def table(results: Sequence[Result], *, wrong: bool) -> list[Mapping[str, Any]]:
    """Share withheld by kind, language and evidence."""
    groups: dict[tuple[str, str], list[Result]] = defaultdict(list)
    for r in results:
        groups[r.kind, r.language].append(r)
    rows: list[Mapping[str, Any]] = []
    for (kind, language), members in groups.items():
        row: dict[str, Any] = {"kind": kind, "language": language, "n": len({(r.said, r.true) for r in members})}
        for where in ("alone", "among"):
            row[where] = withheld([r for r in members if r.where == where])
        row["gate"] = withheld([r for r in members if r.where == "among"], gate=True)
        row["target"] = (f">= {TARGETS[kind]}" if kind in TARGETS else "-") if wrong else "<= 0.05"
        rows.append(row)
    return rows


def withheld(results: Sequence[Result], *, gate: bool = False) -> float | str:
    """Share contradicted, or with ``gate`` contradicted or without enough support; "-" of none."""
    if not results:
        return "-"
    return sum(not r.verdict.kept or (gate and not r.verdict.supported) for r in results) / len(results)


def main() -> None:
    """Print what is withheld of wrong and of true statements."""
    options = common.parser(__doc__, ".")
    options.add_argument("--each", type=int, default=60, help="statements a kind and language (default 60)")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--skip", type=int, default=0, help="leave out the first N true sentences of a language")
    options.add_argument("--show", type=int, default=0, help="print so many mistakes of each kind")
    args = options.parse_args()
    data = common.need(args.data)
    wrong: list[Result] = []
    true: list[Result] = []
    for language in ("en", "zh"):
        pool = true_sentences(data, language)[args.skip :]
        wrong += planted(pool, args.each, args.seed)
        true += faithful(pool, args.each, args.seed)
    among = [r for r in true if r.where == "among"]
    common.report(
        "Wrong statements withheld (share)",
        table(wrong, wrong=True),
        as_json=args.json,
        note=f"{len({(r.said, r.true) for r in wrong})} wrong statements",
    )
    common.report(
        "True statements withheld (share)",
        table(true, wrong=False),
        as_json=args.json,
        note=f"all: {withheld(true):.3f} of {len(true)} checks; by the whole gate {withheld(among, gate=True):.3f} of {len(among)}",
    )
    if args.show:
        for title, results, bad in (("kept though wrong", wrong, True), ("withheld though true", true, False)):
            shown: dict[str, int] = defaultdict(int)
            for r in results:
                if r.verdict.kept == bad and shown[r.kind] < args.show:
                    shown[r.kind] += 1
                    found = ",".join(f.kind for f in r.verdict.findings)
                    print(f"\n[{title}] {r.kind} {r.language} {r.where} {found}\n  said: {r.said}\n  true: {r.true}")


if __name__ == "__main__":
    main()
