"""Reading a model's shape from a Hugging Face ``config.json``: foreign bytes, so bounded, checked and never obeyed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from groundwire.economics.models import Attention, Experts, LinearMixer, ModelShape
from groundwire.errors import EconomicsError

__all__ = ["model_from_config", "read_config"]

MAX_BYTES = 4_000_000
MAX_LAYERS = 2_000
MAX_INTEGER = 10**8

# model families without the gate matrix in their feed-forward layers
_PLAIN_FFN = (
    "gpt2",
    "gptj",
    "gpt_neox",
    "gpt_bigcode",
    "opt",
    "bloom",
    "falcon",
    "phi",
    "starcoder2",
    "mpt",
    "nemotron",
)


def read_config(path: str | Path, *, name: str | None = None) -> ModelShape:
    """Read a ``config.json`` (or the folder that holds one).

    Raises:
        EconomicsError: not readable, not JSON, or a field is missing or out of range; says which.
    """
    path = Path(path)
    if path.is_dir():
        path = path / "config.json"
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise EconomicsError(str(path), f"can't be read ({error.strerror}); give the path of a config.json") from error
    if len(raw) > MAX_BYTES:
        raise EconomicsError(str(path), f"is larger than {MAX_BYTES} bytes; a config.json is a few kilobytes")
    try:
        config = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise EconomicsError(str(path), "is not valid JSON; download the model's config.json again") from error
    if not isinstance(config, dict):
        raise EconomicsError(str(path), "holds no JSON object; download the model's config.json again")
    return model_from_config(
        config, name=name or (path.stem if path.stem != "config" else path.resolve().parent.name), source=path.name
    )


def model_from_config(config: Mapping[str, Any], *, name: str, source: str = "config.json") -> ModelShape:
    """The shape that a parsed ``config.json`` describes; see ``read_config`` for errors."""
    text = config
    for key in ("text_config", "llm_config", "language_config"):
        if isinstance(config.get(key), dict):
            text = config[key]
            break
    read = _Reader(text, f"{name}: {source}")
    kind = str(text.get("model_type") or config.get("model_type") or "")
    hidden = read.integer("hidden_size", "n_embd", "d_model")
    total = read.integer("num_hidden_layers", "n_layer", "n_layers", "num_layers", limit=MAX_LAYERS, default=0)
    kinds = _layer_kinds(text, total, read)
    mixers = [k for k in kinds if k in ("full", "sliding")]
    attention = _attention(read, text, hidden, len(mixers), mixers.count("sliding"))
    experts, dense = _feed_forward(read, text, kind, kinds)
    quantization = config.get("quantization_config") or text.get("quantization_config")
    return ModelShape(
        name=name,
        hidden_size=hidden,
        vocab_size=read.integer("vocab_size"),
        attention=attention,
        linear=_linear(read, text, kinds.count("linear")),
        dense_layers=dense,
        ffn_size=_dense_size(read, hidden, dense),
        ffn_matrices=2 if kind.startswith(_PLAIN_FFN) and kind not in ("phi3", "phimoe") else 3,
        experts=experts,
        tied_embeddings=bool(text.get("tie_word_embeddings", config.get("tie_word_embeddings", False))),
        native_bits=_native_bits(quantization),
        prediction_layers=read.integer("num_nextn_predict_layers", "num_mtp_modules", default=0, limit=100),
        max_context=read.integer("max_position_embeddings", "n_positions", "n_ctx", default=131072),
        source=source,
    )


class _Reader:
    """Integers from a JSON object, by the first of several names, within limits."""

    def __init__(self, values: Mapping[str, Any], where: str) -> None:
        self._values, self.where = values, where

    def integer(self, *names: str, default: int | None = None, limit: int = MAX_INTEGER) -> int:
        for name in names:
            value = self._values.get(name)
            if value is None:
                continue
            if isinstance(value, list) and value and all(v == value[0] for v in value):
                value = value[0]
            if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value or value % 1:
                raise EconomicsError(f"{self.where}: {name}", f"must be a whole number, is {str(value)[:40]!r}")
            if not 0 <= value <= limit:
                raise EconomicsError(f"{self.where}: {name}", f"must lie between 0 and {limit}, is {value}")
            return int(value)
        if default is None:
            raise EconomicsError(f"{self.where}: {names[0]}", "is missing; give the config.json of a language model")
        return default


def _layer_kinds(text: Mapping[str, Any], total: int, read: _Reader) -> list[str]:
    """Per block: full, sliding or linear attention, or (hybrids with blocks of one part each) ffn, moe."""
    pattern = text.get("hybrid_override_pattern")
    if isinstance(pattern, str) and pattern:
        names = {"M": "linear", "*": "full", "-": "ffn", "E": "moe"}
        return [names.get(c, "ffn") for c in pattern[:MAX_LAYERS]]
    blocks = text.get("layers_block_type")
    if isinstance(blocks, list) and blocks:
        names = {"mamba": "linear", "attention": "full", "moe": "moe", "mlp": "ffn"}
        return [names.get(str(b), "full") for b in blocks[:MAX_LAYERS]]
    if total < 1:
        raise EconomicsError(f"{read.where}: num_hidden_layers", "is missing or zero; give a language model's config")
    types = text.get("layer_types")
    if isinstance(types, list) and len(types) == total:
        return [
            "linear" if "linear" in str(t) or "mamba" in str(t) else "sliding" if "sliding" in str(t) or "chunk" in str(t) else "full"
            for t in types
        ]  # fmt: skip
    linear = text.get("linear_attn_config")
    if isinstance(linear, dict) and isinstance(linear.get("kda_layers"), list):
        marked = {i for i in linear["kda_layers"] if isinstance(i, int)}
        return ["linear" if i + 1 in marked else "full" for i in range(total)]
    window = text.get("sliding_window")
    marks = text.get("hybrid_layer_pattern")
    if window and isinstance(marks, list) and len(marks) == total:
        return ["sliding" if m else "full" for m in marks]
    every = read.integer("full_attention_interval", default=0)
    if every > 1:
        return ["full" if i % every == every - 1 else "linear" for i in range(total)]
    every = read.integer("sliding_window_pattern", default=0)
    if every > 1 and window:
        return ["full" if i % every == every - 1 else "sliding" for i in range(total)]
    if window and text.get("use_sliding_window", True) and text.get("model_type") in ("mistral", "phi3"):
        return ["sliding"] * total
    return ["full"] * total


def _attention(read: _Reader, text: Mapping[str, Any], hidden: int, layers: int, sliding: int) -> Attention:
    if layers == 0:
        return Attention(layers=0, heads=1, kv_heads=1, head_dim=1)
    heads = read.integer("num_attention_heads", "n_head", "n_heads", limit=MAX_LAYERS)
    if heads == 0:
        raise EconomicsError(f"{read.where}: num_attention_heads", "must be positive")
    kv_rank = read.integer("kv_lora_rank", default=0)
    if kv_rank:
        rope = read.integer("qk_rope_head_dim")
        return Attention(
            layers=layers, heads=heads, kv_heads=1, head_dim=read.integer("qk_nope_head_dim") + rope,
            value_dim=read.integer("v_head_dim"), query_rank=read.integer("q_lora_rank", default=0), kv_rank=kv_rank,
            rope_dim=rope, sparse_top_k=read.integer("index_topk", default=0),
            indexer_heads=read.integer("index_n_heads", default=0), indexer_dim=read.integer("index_head_dim", default=0),
        )  # fmt: skip
    kv_heads = read.integer("num_key_value_heads", "num_kv_heads", default=1 if text.get("multi_query") else heads)
    head_dim = read.integer("head_dim", default=0) or hidden // heads
    wide = read.integer("global_head_dim", default=0)  # families whose full layers are wider than the sliding ones
    return Attention(
        layers=layers, heads=heads, kv_heads=read.integer("num_global_key_value_heads", default=0) or kv_heads or heads,
        head_dim=wide or head_dim, value_dim=read.integer("v_head_dim", default=0) or None,
        sliding_layers=sliding, sliding_window=read.integer("sliding_window", "attention_chunk_size", default=0) if sliding else 0,
        sliding_kv_heads=read.integer("swa_num_key_value_heads", default=0) or (kv_heads if wide else None),
        sliding_head_dim=head_dim if wide else None, gated=bool(text.get("attn_output_gate")),
    )  # fmt: skip


def _linear(read: _Reader, text: Mapping[str, Any], layers: int) -> LinearMixer | None:
    if not layers:
        return None
    if "linear_num_value_heads" in text:
        return LinearMixer(
            layers=layers, value_heads=read.integer("linear_num_value_heads"), value_dim=read.integer("linear_value_head_dim"),
            key_heads=read.integer("linear_num_key_heads"), key_dim=read.integer("linear_key_head_dim"),
        )  # fmt: skip
    delta = text.get("linear_attn_config")
    if isinstance(delta, dict):
        inner = _Reader(delta, read.where)
        heads, dim = inner.integer("num_heads"), inner.integer("head_dim")
        return LinearMixer(layers=layers, value_heads=heads, value_dim=dim, key_heads=heads, key_dim=dim)
    return LinearMixer(
        layers=layers, value_heads=read.integer("mamba_num_heads", "mamba_n_heads"),
        value_dim=read.integer("mamba_head_dim", "mamba_d_head"), key_heads=read.integer("n_groups", "mamba_n_groups"),
        key_dim=read.integer("ssm_state_size", "mamba_d_state"),
    )  # fmt: skip


def _feed_forward(
    read: _Reader, text: Mapping[str, Any], kind: str, kinds: Sequence[str]
) -> tuple[Experts | None, int]:
    """The mixture, and how many feed-forward layers are dense."""
    separate = any(k in ("ffn", "moe") for k in kinds)  # blocks of one part each
    feed = kinds.count("ffn") + kinds.count("moe") if separate else len(kinds)
    count = read.integer("n_routed_experts", "num_local_experts", "num_experts", "moe_num_experts", default=0)
    if count <= 1:
        return None, feed
    if separate:
        dense = kinds.count("ffn")
    else:
        pattern = text.get("moe_layer_freq")
        step = read.integer("interleave_moe_layer_step", "decoder_sparse_step", default=1)
        if isinstance(pattern, list) and len(pattern) == feed:
            dense = sum(1 for p in pattern if not p)
        else:
            dense = min(read.integer("first_k_dense_replace", default=0), feed)
            if step > 1:
                dense = feed - feed // step
    size = read.integer("moe_intermediate_size", "intermediate_size_moe", "expert_dim", default=0)
    size = size or read.integer("intermediate_size")
    shared = read.integer("moe_shared_expert_intermediate_size", "shared_expert_intermediate_size", default=0)
    shared = (
        shared or read.integer("n_shared_experts", "num_shared_experts", "moe_num_shared_experts", default=0) * size
    )
    if kind.startswith("llama4"):
        shared = size
    active = read.integer("num_experts_per_tok", "top_k_experts", "num_experts_per_token", "moe_k")
    latent = read.integer("moe_latent_size", "routed_expert_hidden_size", default=0)
    mixture = Experts(
        layers=feed - dense, count=count, active=active, size=size, shared_size=shared, latent_size=latent
    )
    return mixture, dense


def _dense_size(read: _Reader, hidden: int, dense: int) -> int:
    if not dense:
        return 0
    return read.integer(
        "intermediate_size_mlp",
        "dense_intermediate_size",
        "intermediate_size",
        "ffn_hidden_size",
        "n_inner",
        default=4 * hidden,
    )


def _native_bits(quantization: object) -> float:
    """Bits per weight as published, from the quantisation note that newer configs carry."""
    if not isinstance(quantization, Mapping):
        return 16.0
    text = json.dumps(quantization, default=str)[:20_000].lower()
    method = str(quantization.get("quant_method", "")).lower()
    if "mxfp4" in text:
        return 4.25
    if "nvfp4" in text:
        return 4.5
    if method == "fp8" or '"fp8"' in text or "float8" in text:
        return 8.0
    bits = quantization.get("bits")
    if isinstance(bits, (int, float)) and not isinstance(bits, bool) and 2 <= bits <= 8:
        return float(bits) + 0.25
    return 16.0
