"""How likely a statement is borne out by what it cites."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt
import pytest

from groundwire.briefs.grounding import EvidenceSentence, check, fragments, support
from groundwire.briefs.grounding.align import Pair
from groundwire.briefs.grounding.reading import read

AT = datetime(2026, 11, 20, tzinfo=UTC)
FIRST = "Velant launched the Orla 3 model for small clinics in Norway."
SECOND = "Corvane rents its old servers to a university in Porto."


def score(statement: str, *evidence: str, language: str = "en") -> float:
    cited = [EvidenceSentence(text=text, language=language, published_at=AT) for text in evidence]
    return check(statement, language, cited).support


def path(statement: str, *evidence: str) -> fragments.Path:
    known = fragments.words(read(text, "en", AT) for text in evidence)
    return fragments.trace(read(statement, "en", AT), known, {})


def test_a_copy_costs_only_its_beginning() -> None:
    assert path(FIRST, FIRST).cost == pytest.approx(fragments.START)


def test_each_leap_and_each_new_word_costs_what_the_table_says() -> None:
    left_out = path("Velant launched the Orla 3 model in Norway.", FIRST)
    assert left_out.cost == pytest.approx(fragments.START + fragments.SKIP)
    crossed = path("Velant launched the Orla 3 model to a university in Porto.", FIRST, SECOND)
    assert crossed.cost == pytest.approx(fragments.START + fragments.CROSS)
    new = path("Velant launched the Orla 3 model for small dentists in Norway.", FIRST)
    assert new.cost == pytest.approx(fragments.START + fragments.NEW + fragments.SKIP)
    assert new.replaced() == 1


def test_the_probability_is_the_logistic_of_the_weighted_features() -> None:
    model = support.SupportModel(weights=(2.0, -1.0), intercept=0.5, threshold=0.8)
    assert model.probability((1.0, 0.5)) == pytest.approx(1 / (1 + math.exp(-2.0)))
    assert model.probability((1e9, 0.0)) == pytest.approx(1.0)


def test_no_weight_of_the_shipped_model_speaks_against_its_sense() -> None:
    model = support.load_model()
    assert len(model.weights) == len(support.FEATURES) == len(support.SIGNS)
    assert all(w * sign >= 0 for w, sign in zip(model.weights, support.SIGNS, strict=True))
    assert 0.5 < model.threshold < 1


def test_a_copy_is_better_supported_than_a_patchwork_and_that_than_an_invention() -> None:
    patchwork = "Velant rents the Orla 3 model to a university for small clinics."
    invention = "Engineers at the harbour doubt that ferries will sail before spring."
    assert score(FIRST, FIRST, SECOND) > score(patchwork, FIRST, SECOND) > score(invention, FIRST, SECOND)


def test_the_weakest_sentence_of_a_statement_decides() -> None:
    invention = "Engineers at the harbour doubt that ferries will sail before spring."
    assert score(f"{FIRST} {invention}", FIRST) == pytest.approx(score(invention, FIRST))


def test_a_figure_written_otherwise_costs_no_support() -> None:
    said = "Velant raised $1.2 billion in a round led by Corvane."
    assert score("Velant raised $1,200 million in a round led by Corvane.", said) > 0.9 * score(said, said)


def test_features_are_those_that_the_weights_were_fitted_to() -> None:
    reading = read(FIRST, "en", AT)
    values = support.features([Pair(reading, reading)], (), ())
    by_name = dict(zip(support.FEATURES, values, strict=True))
    assert by_name["missing"] == by_name["cross"] == by_name["replaced"] == 0
    assert by_name["trigrams"] == by_name["known_pairs"] == 1
    assert by_name["cost"] == pytest.approx(fragments.START / len(reading.tokens))


def test_a_stored_model_is_read_back_as_it_was_written() -> None:
    raw = json.loads('{"weights": {"a": 1.5, "b": -2}, "intercept": 0.25, "threshold": 0.75}')
    assert support.parse_model(raw) == support.SupportModel(weights=(1.5, -2.0), intercept=0.25, threshold=0.75)


class Alike:
    """An embedder for which all texts mean the same, or nothing does."""

    def __init__(self, *, alike: bool) -> None:
        self.alike = alike

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """One direction for all, or one for each."""
        return np.ones((len(texts), 1), np.float32) if self.alike else np.eye(len(texts), dtype=np.float32)


ACROSS = [
    ("Velant raised 1.2 billion dollars on November 3.", "en", "Velant 于11月3日融资 12 亿美元。"),
    ("Velant 于11月3日融资 12 亿美元。", "zh", "Velant raised 1.2 billion dollars on November 3."),
    ("Halden cut the price of its API by 30%.", "en", "Halden 将其 API 价格下调 30%。"),
    ("Brixel 收费 20 元。", "zh", "Brixel charges ¥20."),
]


@pytest.mark.parametrize(("said", "language", "evidence"), ACROSS)
def test_a_translation_has_nothing_against_it(said: str, language: str, evidence: str) -> None:
    cited = EvidenceSentence(text=evidence, language="zh" if language == "en" else "en", published_at=AT)
    assert check(said, language, [cited]).findings == ()


@pytest.mark.parametrize(
    ("said", "language", "evidence"),
    [
        ("Velant raised 1.3 billion dollars on November 3.", "en", ACROSS[0][2]),
        ("Velant raised 1.2 billion dollars on November 4.", "en", ACROSS[0][2]),
        ("Velant raised 1.2 billion euros on November 3.", "en", ACROSS[0][2]),
        ("Norvik raised 1.2 billion dollars on November 3.", "en", ACROSS[0][2]),
        ("Velant 于11月3日融资 12 万美元。", "zh", ACROSS[1][2]),
        ("Halden raised the price of its API by 30%.", "en", ACROSS[2][2]),
        ("Halden did not cut the price of its API by 30%.", "en", ACROSS[2][2]),
        ("Brixel 收费 20 美元。", "zh", ACROSS[3][2]),
    ],
)
def test_a_wrong_translation_is_found(said: str, language: str, evidence: str) -> None:
    cited = EvidenceSentence(text=evidence, language="zh" if language == "en" else "en", published_at=AT)
    assert check(said, language, [cited]).findings


def test_evidence_of_the_other_language_supports_only_what_is_near_in_meaning() -> None:
    said, language, evidence = ACROSS[0]
    cited = [EvidenceSentence(text=evidence, language="zh", published_at=AT)]
    near = check(said, language, cited, embedder=Alike(alike=True))
    far = check(
        "Velant praised the quiet weather of the northern islands.", language, cited, embedder=Alike(alike=False)
    )
    assert near.supported
    assert not far.supported
    assert not check(said, language, cited).supported
