"""Number formats: bytes by hand, fewer bits never weigh more, names as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundwire.economics import PRECISIONS, load_catalog, resolve_precision
from groundwire.errors import EconomicsError

CATALOG = load_catalog()
DENSE, MIXTURE, FP8_MIXTURE = (CATALOG.model(n) for n in ("llama-3.1-8b", "gpt-oss-120b", "deepseek-v3"))


def test_eight_billion_weights_in_sixteen_bits_take_sixteen_gigabytes() -> None:
    assert PRECISIONS["bf16"].weight_bytes(DENSE) == 2 * 8_029_995_008 + 0
    # in eight bits, vocabularies stay in sixteen: 6 979 321 856 + 2 x 1 050 673 152
    assert PRECISIONS["fp8"].weight_bytes(DENSE) == 32 * 218_103_808 + 2 * 2 * 128_256 * 4096


def test_experts_published_in_four_bits_are_never_stored_wider() -> None:
    parts = PRECISIONS["bf16"].part_bytes(MIXTURE)
    assert parts["routed"] == pytest.approx(MIXTURE.routed_parameters * 4.25 / 8)
    assert PRECISIONS["bf16"].weight_bytes(FP8_MIXTURE) < 1.05 * FP8_MIXTURE.parameters * 1.0 + 4e9


def test_auto_is_the_format_of_publication() -> None:
    assert [resolve_precision("auto", m).name for m in (DENSE, MIXTURE, FP8_MIXTURE)] == ["bf16", "mxfp4", "fp8"]


@given(
    st.sampled_from(sorted(PRECISIONS)), st.sampled_from(sorted(PRECISIONS)), st.sampled_from(sorted(CATALOG.models))
)
def test_fewer_bits_never_weigh_more(one: str, other: str, name: str) -> None:
    a, b, model = PRECISIONS[one], PRECISIONS[other], CATALOG.models[name]
    bits = ("linear_bits", "expert_bits", "mixer_bits", "embedding_bits")
    if all(getattr(a, k) <= getattr(b, k) for k in bits):
        assert a.weight_bytes(model) <= b.weight_bytes(model)


@pytest.mark.parametrize(
    ("written", "meant"),
    [("FP8", "fp8"), ("bfloat16", "bf16"), ("Q4_K_M", "q4_k_m"), ("awq", "int4"), ("Q4 (Ollama default)", "q4_k_m")],
)
def test_a_format_is_found_as_people_write_it(written: str, meant: str) -> None:
    assert resolve_precision(written).name == meant


def test_an_unknown_format_lists_those_there_are() -> None:
    with pytest.raises(EconomicsError, match="'fp7' is unknown; choose one of fp32, bf16"):
        resolve_precision("fp7")
