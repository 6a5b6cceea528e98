"""``config.json`` of foreign models: shapes read right, corrupt files refused in one line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundwire.economics.config_json import model_from_config, read_config
from groundwire.errors import EconomicsError

DENSE: dict[str, Any] = {
    "model_type": "llama", "hidden_size": 1024, "num_hidden_layers": 10, "num_attention_heads": 16,
    "num_key_value_heads": 4, "intermediate_size": 3072, "vocab_size": 32_000, "max_position_embeddings": 8192,
}  # fmt: skip


def shape(**changes: Any) -> Any:
    return model_from_config({**DENSE, **changes}, name="brindle")


def test_a_dense_model_by_hand() -> None:
    # attention 1024 x (1024 + 2 x 256 + 1024), feed-forward 3 x 1024 x 3072, ten layers, two vocabularies
    found = shape()
    assert found.parameters == 10 * (1024 * 2560 + 3 * 1024 * 3072) + 2 * 32_000 * 1024
    assert found.kv_bytes_per_token() == 10 * 2 * 4 * 64 * 2
    assert found.max_context == 8192
    assert found.native_bits == 16


def test_tied_vocabularies_count_once() -> None:
    assert shape().parameters - shape(tie_word_embeddings=True).parameters == 32_000 * 1024


def test_a_mixture_uses_some_of_its_experts() -> None:
    found = shape(num_experts=32, num_experts_per_tok=4, moe_intermediate_size=512)
    assert found.experts is not None
    routed = 10 * 3 * 1024 * 512
    assert found.parameters - found.active_parameters == 28 * routed
    first = shape(num_experts=32, num_experts_per_tok=4, moe_intermediate_size=512, first_k_dense_replace=2)
    assert first.dense_layers == 2
    assert first.experts.layers == 8


def test_latent_attention_is_recognised_by_its_rank() -> None:
    found = shape(kv_lora_rank=128, qk_nope_head_dim=64, qk_rope_head_dim=32, v_head_dim=64, q_lora_rank=256)
    assert found.attention.latent
    assert found.kv_bytes_per_token() == 10 * (128 + 32) * 2


def test_sliding_layers_are_counted() -> None:
    kinds = ["sliding_attention"] * 8 + ["full_attention"] * 2
    found = shape(layer_types=kinds, sliding_window=256)
    assert (found.attention.sliding_layers, found.attention.sliding_window) == (8, 256)


@pytest.mark.parametrize(
    ("note", "bits"), [({"quant_method": "fp8"}, 8.0), ({"quant_method": "mxfp4"}, 4.25), ({"bits": 4}, 4.25)]
)
def test_the_number_format_is_the_published_one(note: dict[str, Any], bits: float) -> None:
    assert shape(quantization_config=note).native_bits == bits


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"hidden_size": None}, "hidden_size: is missing"),
        ({"hidden_size": "wide"}, "hidden_size: must be a whole number"),
        ({"hidden_size": 10**12}, "hidden_size: must lie between"),
        ({"num_hidden_layers": 0}, "num_hidden_layers"),
        ({"num_hidden_layers": -4}, "num_hidden_layers: must lie between"),
        ({"num_attention_heads": 0}, "num_attention_heads: must be positive"),
        ({"num_hidden_layers": 1e9}, "num_hidden_layers: must lie between"),
        ({"vocab_size": 0}, "vocab_size"),
        ({"num_experts": 4, "num_experts_per_tok": 8}, "active experts"),
    ],
)
def test_a_corrupt_field_is_named(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(EconomicsError) as caught:
        shape(**changes)
    assert field in str(caught.value)


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"\xff\xfe", b"[" * 100_000, b'{"hidden_size": NaN}', b"null"])
def test_corrupt_bytes_are_one_line_with_the_remedy(tmp_path: Path, raw: bytes) -> None:
    file = tmp_path / "config.json"
    file.write_bytes(raw)
    with pytest.raises(EconomicsError) as caught:
        read_config(file)
    assert "\n" not in str(caught.value)


def test_a_missing_file_says_what_to_give(tmp_path: Path) -> None:
    with pytest.raises(EconomicsError, match=r"give the path of a config\.json"):
        read_config(tmp_path / "nothing.json")


VALUES = st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.floats() | st.text(max_size=8)


@given(st.dictionaries(st.sampled_from([*DENSE, "num_experts", "kv_lora_rank", "sliding_window", "layer_types",
                                        "head_dim", "quantization_config", "hybrid_override_pattern"]),
                       VALUES | st.lists(VALUES, max_size=4)))  # fmt: skip
def test_no_config_does_more_than_fail(changes: dict[str, Any]) -> None:
    try:
        found = model_from_config({**DENSE, **json.loads(json.dumps(changes))}, name="brindle")
    except EconomicsError:
        return
    assert 0 < found.active_parameters <= found.parameters < float("inf")
