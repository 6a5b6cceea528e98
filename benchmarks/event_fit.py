"""Fitting the events score: rollouts of the grouping on labelled sets, judged by their labels, in one linear model.

A grouping is replayed on labelled articles. At each step the merges that look best are written down with their
features and whether they are right; then the best right one is made (twice), or the best-looking one (the last time),
so that the model learns the choices that it will meet. A logistic regression on them gives the weights. Nothing is
tuned by hand but what no set here can tell: the cost of time between reports, and the worth of a shared link.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]  # ships no types
from sklearn.preprocessing import StandardScaler  # type: ignore[import-untyped]  # ships no types

from benchmarks.event_sets import LabelledSet
from groundwire.events.embeddings import UniversalSentenceEncoder
from groundwire.events.features import fingerprints
from groundwire.events.frequencies import Habits, background
from groundwire.events.records import Document
from groundwire.events.scoring import GROUP_FEATURES, Floats, Groups
from groundwire.events.similarity import Block, Profile, channels

LINK_WEIGHT = 2.0
"""Log odds for linking the same page: by hand, since the sets' labels were made of links."""
GAP = {"gap_free_days": 2.0, "gap_per_day": 0.25, "gap_limit_days": 30.0}
"""By hand: the sets with times span four days. A report three days after an event's last one pays little, one
two weeks after nearly never joins by itself."""
THRESHOLD = 0.0
UNFITTED = ("link", "copied")
"""Left out of the fit: the labels were made of links; copies are rare in the sets."""
_CHUNK = 160
_CHOICES = 6


@dataclass(frozen=True, slots=True)
class Prepared:
    """A labelled set with its articles' profiles."""

    name: str
    labels: list[str]
    topics: npt.NDArray[np.int64]
    """Groups of events that must not be cut apart by a split (ECB+: both sub-topics of a topic)."""
    profiles: list[Profile]


def profiles_of(documents: Sequence[Document]) -> list[Profile]:
    """Profiles of documents as one stream would make them."""
    made = fingerprints(documents, UniversalSentenceEncoder(), background("words"), background("names"), Habits())
    return [Profile(fingerprint) for fingerprint in made]


def prepare(labelled: LabelledSet) -> Prepared:
    """Profiles and topics of a set."""
    numbers: dict[str, int] = {}
    topics = [
        int("".join(c for c in label if c.isdigit()))
        if label.endswith(("ecb", "ecbplus"))
        else numbers.setdefault(label, len(numbers))
        for label in labelled.labels
    ]
    return Prepared(labelled.name, labelled.labels, np.array(topics), profiles_of(labelled.documents))


@dataclass(slots=True)
class _Choices:
    features: list[Floats]
    right: list[bool]
    weight: list[float]


Scorer = Callable[[Floats], Floats]


def _rollout(
    block: Block, profiles: Sequence[Profile], labels: Sequence[str], score: Scorer, choices: _Choices, *, led: bool
) -> None:
    n = len(profiles)
    groups = Groups(block, np.zeros(n, dtype=np.int64), np.array([p.fingerprint.day for p in profiles]))
    alive = list(range(n))
    while len(alive) > 1:
        at = np.array(alive)
        upper = np.triu_indices(len(at), 1)
        a, b = at[upper[0]], at[upper[1]]
        features = groups.features(a, b)
        order = np.argsort(-score(features))
        label = {g: Counter(labels[m] for m in groups.members[g]).most_common(1)[0][0] for g in alive}
        for k in order[:_CHOICES]:
            sizes = groups.sizes[a[k]], groups.sizes[b[k]]
            choices.features.append(features[k])
            choices.right.append(label[a[k]] == label[b[k]])
            choices.weight.append(float(sizes[0] * sizes[1] / (sizes[0] + sizes[1])))
        if led:
            following = next((k for k in order[:400] if label[a[k]] == label[b[k]]), None)
            if following is None:
                return
        else:
            following = order[0]
            if score(features[following : following + 1])[0] < -1:
                return
        groups.merge(int(a[following]), int(b[following]))
        alive.remove(int(b[following]))


def fit_same(
    sets: Sequence[Prepared], masks: Sequence[npt.NDArray[np.bool_]], *, weights: dict[str, float], seed: int = 1
) -> tuple[Floats, float]:
    """Weights of ``GROUP_FEATURES`` and intercept from the articles that the masks let through."""
    unfitted = np.array([name in UNFITTED for name in GROUP_FEATURES])
    start = [GROUP_FEATURES.index(name) for name in ("text", "names", "meaning")]

    def first(features: Floats) -> Floats:
        result: Floats = features[:, start].sum(axis=1)
        return result

    score: Scorer = first
    gathered = _Choices([], [], [])
    solution = np.zeros(len(GROUP_FEATURES)), 0.0
    for turn in range(3):
        for prepared, mask in zip(sets, masks, strict=True):
            topics = np.unique(prepared.topics[mask])
            for chunk in _chunks(prepared.topics, np.random.default_rng(seed).permutation(topics), mask):
                profiles = [prepared.profiles[i] for i in chunk]
                labels = [prepared.labels[i] for i in chunk]
                found = _Choices([], [], [])
                _rollout(channels(profiles, profiles), profiles, labels, score, found, led=turn < 2)
                gathered.features += found.features
                gathered.right += found.right
                gathered.weight += [w**0.5 * weights.get(prepared.name, 1.0) for w in found.weight]
        x, y, w = np.array(gathered.features), np.array(gathered.right), np.array(gathered.weight)
        x[:, unfitted] = 0
        scaler = StandardScaler().fit(x)
        fitted = LogisticRegression(C=0.1, max_iter=4000).fit(scaler.transform(x), y, sample_weight=w / w.mean())
        coefficients = fitted.coef_[0] / scaler.scale_
        intercept = float(fitted.intercept_[0] - coefficients @ scaler.mean_)
        solution = coefficients, intercept

        def learned(features: Floats, c: Floats = coefficients, i: float = intercept) -> Floats:
            result: Floats = features @ c + i
            return result

        score = learned
    return solution


def _chunks(
    topics: npt.NDArray[np.int64], order: npt.NDArray[np.int64], mask: npt.NDArray[np.bool_]
) -> list[npt.NDArray[np.int64]]:
    made, current = [], np.zeros(0, dtype=np.int64)
    for topic in order:
        current = np.concatenate([current, np.flatnonzero((topics == topic) & mask)])
        if len(current) >= _CHUNK:
            made.append(current)
            current = current[:0]
    return [*made, current] if len(current) else made
