"""Fitting the events score: rollouts of the grouping on labelled sets, judged by their labels, in one linear model.

A grouping is replayed on labelled articles. At each step the merges that look best are written down with their
features and whether they are right; then the best right one is made (twice), or the best-looking one (the last time),
so that the model learns the choices that it will meet. A logistic regression on them, in which
agreement can't speak against one event nor difference for it, gives the weights. A daily digest
helps as well: what its editor lists as separate items of one day are different stories, alike as they may be.
Nothing is set by hand but what no set here can tell: the cost of time between reports, and the worth of a shared link.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize  # type: ignore[import-untyped]  # ships no types

from benchmarks.common import need, parser, report
from benchmarks.event_sets import LabelledSet, PairSet, b_cubed, read_pairs, read_sets
from groundwire.events.embeddings import UniversalSentenceEncoder
from groundwire.events.features import fingerprints
from groundwire.events.frequencies import Habits, background
from groundwire.events.grouping import agglomerate
from groundwire.events.records import Document
from groundwire.events.scoring import GROUP_FEATURES, EventModel, Floats, Groups, load_model, pair_scores
from groundwire.events.similarity import CHANNELS, Block, Profile, channels

Positions = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

BY_HAND = {"gap_free_days": 2.0, "gap_per_day": 0.25, "gap_limit_days": 30.0, "threshold": -1.0}
"""The sets with times span four days. A report three days after an event's last one pays little, one two weeks after
nearly never joins by itself. The threshold is where the sets do best together in cross-validation."""
LINK_WEIGHT = 2.0
"""Log odds for linking the same page: by hand, since labels were made of links."""
UNFITTED = ("link", "copied")
"""Left out of the fit: labels were made of links; copies are rare in the sets."""
FREE = ("length_smaller", "length_ratio", "log_smaller", "log_larger", "worst_link", "versions")
"""Features that may speak either way."""
WEIGHTS = {"wikinews_en": 1.5, "digest": 0.3}
"""Of one choice in each set; 1 otherwise. The largest set would decide alone; the digest has only negatives."""
RIDGE = 10.0
"""L2 penalty on standardised weights."""
CROSS_FALSE = 0.003
"""Share of random pairs of two languages within three days that may pass the threshold."""
_NEAR_DAYS = 3.0
_CHUNK = 160
_CHOICES = 6
_TURNS = 3


@dataclass(frozen=True, slots=True)
class Prepared:
    """A labelled set with its articles' profiles."""

    name: str
    labels: list[str]
    topics: Positions
    """Groups of events that a split must not cut apart (ECB+: both sub-topics of a topic; a digest: a day)."""
    profiles: list[Profile]
    digest: bool = False
    """Only articles of one topic may be compared: labels say nothing across topics."""


def prepare(labelled: LabelledSet) -> Prepared:
    """Profiles and topics of a set; what it embeds takes a minute."""
    numbers: dict[str, int] = {}
    topics = [
        int("".join(c for c in label if c.isdigit()))
        if label.endswith(("ecb", "ecbplus"))
        else numbers.setdefault(label, len(numbers))
        for label in labelled.labels
    ]
    return Prepared(labelled.name, labelled.labels, np.array(topics), profiles_of(labelled.documents))


def prepare_digest(documents: Sequence[Document], profiles: Sequence[Profile]) -> Prepared:
    """A digest's items as a set in which every item of a day is an event of its own."""
    days = np.array([int(profile.fingerprint.day) for profile in profiles])
    return Prepared("digest", [str(d.article_id) for d in documents], days, list(profiles), digest=True)


def profiles_of(documents: Sequence[Document]) -> list[Profile]:
    """Profiles of documents as one stream would make them."""
    made = fingerprints(documents, UniversalSentenceEncoder(), background("words"), background("names"), Habits())
    return [Profile(fingerprint) for fingerprint in made]


# --- one language ----------------------------------------------------------------------------------------------

Scorer = Callable[[Floats], Floats]


@dataclass(slots=True)
class _Choices:
    features: list[Floats]
    right: list[bool]
    weight: list[float]


def fit_same(sets: Sequence[Prepared], masks: Sequence[Mask], seed: int = 1) -> tuple[Floats, float]:
    """Weights of ``GROUP_FEATURES`` and the intercept, from the articles that the masks let through."""
    unfitted = np.array([name in UNFITTED for name in GROUP_FEATURES])
    start = np.array([float(name in ("text", "names", "meaning")) for name in GROUP_FEATURES])
    weights, intercept = start, 0.0
    gathered = _Choices([], [], [])
    for turn in range(_TURNS):
        score = _linear(weights, intercept)
        for prepared, mask in zip(sets, masks, strict=True):
            worth = WEIGHTS.get(prepared.name, 1.0)
            for chunk in _chunks(prepared, mask, seed + turn):
                found = _Choices([], [], [])
                _rollout(prepared, chunk, score, found, led=turn < _TURNS - 1)
                gathered.features += found.features
                gathered.right += found.right
                gathered.weight += [w**0.5 * worth for w in found.weight]
        x = np.array(gathered.features)
        x[:, unfitted] = 0
        weights, intercept = _logistic(x, np.array(gathered.right), np.array(gathered.weight), GROUP_FEATURES)
    return weights, intercept


def _linear(weights: Floats, intercept: float) -> Scorer:
    def score(features: Floats) -> Floats:
        result: Floats = features @ weights + intercept
        return result

    return score


def _rollout(prepared: Prepared, chunk: Positions, score: Scorer, choices: _Choices, *, led: bool) -> None:
    """Replay the grouping of some articles; ``led``: only right merges are made, the best-looking first."""
    profiles = [prepared.profiles[i] for i in chunk]
    n = len(profiles)
    groups = Groups(channels(profiles, profiles), np.zeros(n, dtype=np.int64), np.full(n, np.nan))
    _, labels = np.unique([prepared.labels[i] for i in chunk], return_inverse=True)
    counts = np.zeros((n, labels.max() + 1), dtype=np.int64)
    counts[np.arange(n), labels] = 1
    alive = np.ones(n, dtype=bool)
    scores = np.full((n, n), -np.inf)
    upper = np.triu_indices(n, 1)
    scores[upper] = score(groups.features(*upper))
    while alive.sum() > 1:
        label = counts.argmax(axis=1)
        order = np.argsort(-scores, axis=None, kind="stable")[:400]
        order = order[np.isfinite(scores.ravel()[order])]
        a, b = order // n, order % n
        if not a.size:
            return
        seen = slice(0, _CHOICES)
        choices.features += list(groups.features(a[seen], b[seen]))
        choices.right += (label[a[seen]] == label[b[seen]]).tolist()
        sizes = groups.sizes[a[seen]], groups.sizes[b[seen]]
        choices.weight += (sizes[0] * sizes[1] / (sizes[0] + sizes[1])).tolist()
        if led:
            right = np.flatnonzero(label[a] == label[b])
            if not right.size:
                return
            chosen = int(right[0])
        else:
            chosen = 0
            if scores[a[0], b[0]] < -1:
                return
        into, out = int(a[chosen]), int(b[chosen])
        groups.merge(into, out)
        counts[into] += counts[out]
        alive[out] = False
        for gone in (into, out):
            scores[gone] = scores[:, gone] = -np.inf
        others = np.flatnonzero(alive)
        others = others[others != into]
        if others.size:
            low, high = np.minimum(others, into), np.maximum(others, into)
            scores[low, high] = score(groups.features(low, high))


def _chunks(prepared: Prepared, mask: Mask, seed: int) -> list[Positions]:
    """Whole topics in random order, gathered to about 160 articles (a digest: one topic each)."""
    made, current = [], np.zeros(0, dtype=np.int64)
    for topic in np.random.default_rng(seed).permutation(np.unique(prepared.topics[mask])):
        current = np.concatenate([current, np.flatnonzero((prepared.topics == topic) & mask)])
        if len(current) >= _CHUNK or (prepared.digest and len(current) > 1):
            made.append(current)
            current = current[:0]
    return [*made, current] if len(current) > 1 else made


def _sign(name: str) -> tuple[float | None, float | None]:
    """Which weights a feature may have: agreement never speaks against one event, difference never for it."""
    if name in FREE:
        return None, None
    return (None, 0.0) if name.endswith("_differ") else (0.0, None)


def _logistic(x: Floats, y: npt.NDArray[np.bool_], weight: Floats, names: Sequence[str]) -> tuple[Floats, float]:
    """Weighted logistic regression with an L2 penalty on standardised weights; returns weights of raw features."""
    mean, scale = x.mean(axis=0), x.std(axis=0)
    scale[scale == 0] = 1
    z, w, sign = (x - mean) / scale, weight / weight.mean(), np.where(y, 1.0, -1.0)

    def loss(p: Floats) -> tuple[float, Floats]:
        margin = sign * (z @ p[:-1] + p[-1])
        slope = -sign * w / (1 + np.exp(np.clip(margin, -500, 500)))
        value = float((w * np.logaddexp(0, -margin)).sum() + RIDGE / 2 * (p[:-1] ** 2).sum())
        return value, np.append(z.T @ slope + RIDGE * p[:-1], slope.sum())

    bounds = [*map(_sign, names), (None, None)]
    start = np.zeros(x.shape[1] + 1)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 2000}).x
    weights = found[:-1] / scale
    return weights, float(found[-1] - weights @ mean)


# --- two languages ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PairFeatures:
    """Channels of pairs of two languages."""

    right: Floats
    right_gap: Floats
    right_chinese: Positions
    """Which Chinese item each is of: folds must not cut it apart."""
    near: Floats
    """Of random pairs within three days."""
    near_gap: Floats
    anywhere: Floats
    """Of random pairs of any dates."""
    anywhere_gap: Floats


def pair_features(
    pairs: PairSet, chinese: Sequence[Profile], english: Sequence[Profile], seed: int = 5
) -> PairFeatures:
    """Channels of the pairs that link the same page, and of random pairs; the links themselves are hidden."""
    random = np.random.default_rng(seed)
    right = set(pairs.pairs)
    zh_days = np.array([p.fingerprint.day for p in chinese])
    en_days = np.array([p.fingerprint.day for p in english])
    close = np.argwhere(np.abs(zh_days[:, None] - en_days[None, :]) <= _NEAR_DAYS)
    close = close[random.permutation(len(close))[:20_000]]
    anywhere = np.stack([random.integers(0, len(chinese), 60_000), random.integers(0, len(english), 60_000)], axis=1)

    def of(wanted: Sequence[tuple[int, int]]) -> tuple[Floats, Floats, Positions]:
        by_chinese: dict[int, list[int]] = defaultdict(list)
        for zh, en in wanted:
            by_chinese[zh].append(en)
        rows, gaps, owners = [], [], []
        for zh, ens in sorted(by_chinese.items()):
            rows.append(channels([chinese[zh]], [english[en] for en in ens])[0])
            gaps.append(np.abs(zh_days[zh] - en_days[ens]))
            owners.append(np.full(len(ens), zh))
        return np.concatenate(rows).astype(np.float64), np.concatenate(gaps), np.concatenate(owners)

    known, known_gap, owner = of(pairs.pairs)
    near, near_gap, _ = of([(int(a), int(b)) for a, b in close if (int(a), int(b)) not in right])
    far, far_gap, _ = of([(int(a), int(b)) for a, b in anywhere if (int(a), int(b)) not in right])
    return PairFeatures(known, known_gap, owner, near, near_gap, far, far_gap)


def fit_cross(features: PairFeatures, right: Mask | None = None, near: Mask | None = None) -> tuple[Floats, float]:
    """Weights of ``CHANNELS`` and the intercept that lets 0.3 % of random near pairs pass the threshold."""
    known = features.right if right is None else features.right[right]
    random = features.near if near is None else features.near[near]
    unfitted = np.array([name in UNFITTED for name in CHANNELS])
    x = np.concatenate([known, random])
    x[:, unfitted] = 0
    y = np.arange(len(x)) < len(known)
    weights, _ = _logistic(x, y, np.where(y, len(random) / len(known) / 4, 1.0), CHANNELS)
    kept = np.where(unfitted, 0, random) @ weights
    return weights, float(BY_HAND["threshold"] - np.quantile(kept, 1 - CROSS_FALSE))


# --- the model -------------------------------------------------------------------------------------------------


def model_json(
    same: tuple[Floats, float], cross: tuple[Floats, float], about: Mapping[str, object]
) -> dict[str, object]:
    """The model file's content; links get their weight by hand."""
    named_same = {name: round(float(w), 4) for name, w in zip(GROUP_FEATURES, same[0], strict=True)}
    named_cross = {name: round(float(w), 4) for name, w in zip(CHANNELS, cross[0], strict=True)}
    named_same["link"] = named_cross["link"] = LINK_WEIGHT
    return {
        **about,
        "same": named_same,
        "same_intercept": round(same[1], 4),
        "cross": named_cross,
        "cross_intercept": round(cross[1], 4),
        **BY_HAND,
    }


def model_of(same: tuple[Floats, float]) -> EventModel:
    """A model for articles of one language."""
    empty = (np.zeros(len(CHANNELS)), 0.0)
    return replace(load_model(json.loads(json.dumps(model_json(same, empty, {})))))


def cross_validated(
    sets: Sequence[Prepared], folds: int = 4, thresholds: Sequence[float] = ()
) -> list[dict[str, object]]:
    """B-cubed on topics that the fit has not seen, mean over folds weighted by articles.

    Each fold's articles are grouped among themselves. A digest's figure is its precision alone.
    """
    wanted = thresholds or (BY_HAND["threshold"],)
    found: dict[tuple[str, float], list[tuple[int, tuple[float, float, float]]]] = defaultdict(list)
    for fold in range(folds):
        fitted = fit_same(sets, [s.topics % folds != fold for s in sets])
        for prepared in sets:
            for threshold in wanted:
                model = replace(model_of(fitted), threshold=threshold)
                at = np.flatnonzero(prepared.topics % folds == fold)
                found[prepared.name, threshold].append((len(at), _measure(prepared, at, model)))
    rows: list[dict[str, object]] = []
    for (name, threshold), parts in found.items():
        sizes = np.array([size for size, _ in parts])
        p, r, f = (np.array([figures for _, figures in parts]) * sizes[:, None]).sum(axis=0) / sizes.sum()
        rows.append(
            {
                "set": name,
                "threshold": threshold,
                "precision": round(float(p), 4),
                "recall": round(float(r), 4),
                "F1": round(float(f), 4),
            }
        )
    return rows


def _measure(prepared: Prepared, at: Positions, model: EventModel) -> tuple[float, float, float]:
    parts = [at[prepared.topics[at] == t] for t in np.unique(prepared.topics[at])] if prepared.digest else [at]
    labels: list[str] = []
    groups: list[str] = []
    for number, part in enumerate(parts):
        profiles = [prepared.profiles[i] for i in part]
        block: Block = channels(profiles, profiles)
        days = np.array([p.fingerprint.day for p in profiles])
        grouped = agglomerate(block, np.zeros(len(part), dtype=np.int64), days, model)
        labels += [prepared.labels[i] for i in part]
        groups += [f"{number}-{g}" for g in grouped]
    return b_cubed(labels, groups)


def cross_validated_pairs(features: PairFeatures, folds: int = 5) -> dict[str, float]:
    """Share of pairs found at 1 % and 0.1 % false, by weights that have not seen their Chinese item."""
    items = np.unique(features.right_chinese)
    fold_of = dict(
        zip(items.tolist(), (np.random.default_rng(3).permutation(len(items)) % folds).tolist(), strict=True)
    )
    right_fold = np.array([fold_of[int(i)] for i in features.right_chinese])
    near_fold = np.arange(len(features.near)) % folds
    scores: dict[str, list[Floats]] = defaultdict(list)
    for fold in range(folds):
        weights, intercept = fit_cross(features, right_fold != fold, near_fold != fold)
        model = replace(
            load_model(
                json.loads(json.dumps(model_json((np.zeros(len(GROUP_FEATURES)), 0.0), (weights, intercept), {})))
            )
        )
        for name, rows, gaps in (
            ("right", features.right[right_fold == fold], features.right_gap[right_fold == fold]),
            ("near", features.near[near_fold == fold], features.near_gap[near_fold == fold]),
            ("anywhere", features.anywhere[fold::folds], features.anywhere_gap[fold::folds]),
        ):
            scores[name].append(score_pairs(rows, gaps, model) - intercept)
    joined = {name: np.concatenate(parts) for name, parts in scores.items()}
    return {
        f"{pool} {share:.1%}": round(found_at(joined["right"], joined[pool], share), 3)
        for pool in ("anywhere", "near")
        for share in (0.01, 0.001)
    }


def score_pairs(rows: Floats, gaps: Floats, model: EventModel) -> Floats:
    """Score of pairs of two languages from their channels (links hidden) and days apart."""
    hidden = rows.copy()
    hidden[:, CHANNELS.index("link")] = 0
    block = hidden[None].astype(np.float32)
    scores: Floats = pair_scores(block, np.zeros((1, len(rows)), dtype=bool), gaps[None], model)[0]
    return scores


def found_at(right: Floats, random: Floats, share: float) -> float:
    """Share of right pairs that score above all but ``share`` of the random ones."""
    return float((right > np.quantile(random, 1 - share)).mean())


def left_out(sets: Sequence[Prepared], extra: Sequence[Prepared], threshold: float) -> list[dict[str, object]]:
    """B-cubed on each set by weights that were fitted on the other sets alone."""
    rows: list[dict[str, object]] = []
    for held in sets:
        others = [s for s in (*sets, *extra) if s is not held]
        model = replace(
            model_of(fit_same(others, [np.ones(len(s.labels), dtype=bool) for s in others])), threshold=threshold
        )
        precision, recall, f1 = _measure(held, np.arange(len(held.labels)), model)
        rows.append({"left out": held.name, "precision": precision, "recall": recall, "F1": f1})
    return rows


def main() -> None:
    options = parser(__doc__, "events")
    options.add_argument("--write", type=Path, metavar="FILE", help="write the fitted model there")
    chosen = options.parse_args()
    path = need(chosen.data)
    sets = [prepare(labelled) for labelled in read_sets(path)]
    pairs = read_pairs(path)
    digest: list[Prepared] = []
    cross = np.zeros(len(CHANNELS)), 0.0
    if pairs is not None:
        profiles = profiles_of([*pairs.chinese, *pairs.english])
        chinese, english = profiles[: len(pairs.chinese)], profiles[len(pairs.chinese) :]
        digest = [prepare_digest(pairs.chinese, chinese)]
        features = pair_features(pairs, chinese, english)
        report("pairs found, five folds", [cross_validated_pairs(features)], as_json=chosen.json)
        cross = fit_cross(features)
    everything = [*sets, *digest]
    report(
        "B-cubed on unseen topics", cross_validated(everything, thresholds=(-1.5, -1.0, -0.5, 0.0)), as_json=chosen.json
    )
    report("B-cubed on unseen sets", left_out(sets, digest, BY_HAND["threshold"]), as_json=chosen.json)
    if chosen.write:
        same = fit_same(everything, [np.ones(len(s.labels), dtype=bool) for s in everything])
        about = {"about": "fitted by python -m benchmarks.event_fit"}
        chosen.write.write_text(json.dumps(model_json(same, cross, about), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
