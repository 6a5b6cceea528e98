"""Number formats of weights, cache and arithmetic: how many bits each part of a model takes under a named scheme."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from groundwire.economics.models import ModelShape
from groundwire.errors import EconomicsError

__all__ = ["PRECISIONS", "Precision", "resolve_precision"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Precision:
    """A quantisation scheme. Bits include the scheme's own scales (NVFP4: 4 + 8/16; MXFP4: 4 + 8/32)."""

    name: str
    linear_bits: float
    """Dense feed-forward and, in dense models, attention weights. [bit]"""
    expert_bits: float
    """Routed experts. [bit]"""
    mixer_bits: float
    """Attention weights of mixtures, which most published 4-bit mixtures keep wide. [bit]"""
    embedding_bits: float
    """Vocabulary matrices. [bit]"""
    kv_bits: float
    """Cache entries. [bit]"""
    compute: str
    """Arithmetic format of the large products: a key of ``Accelerator.peaks``."""
    source: str = ""

    def weight_bytes(self, model: ModelShape) -> float:
        """All weights as stored. [byte]"""
        parts = self.part_bytes(model)
        return sum(parts.values())

    def part_bytes(self, model: ModelShape) -> dict[str, float]:
        """Stored bytes by part: mixer, dense, shared, routed (all experts), embedding, logits. [byte]"""
        mixture = model.mixture
        mixer = min(self.mixer_bits if mixture else self.linear_bits, 16.0 if mixture else model.native_bits)
        if mixture and model.native_bits >= 8.0:  # published whole in eight bits: attention too
            mixer = min(mixer, model.native_bits)
        linear = min(self.linear_bits, 16.0 if mixture and model.native_bits < 8.0 else model.native_bits)
        expert = min(self.expert_bits, model.native_bits)
        embedding = model.embedding_parameters * self.embedding_bits / 8.0
        return {
            "mixer": model.mixer_parameters * mixer / 8.0,
            "dense": model.dense_ffn_parameters * linear / 8.0,
            "shared": model.shared_expert_parameters * min(mixer, linear) / 8.0,
            "routed": model.routed_parameters * expert / 8.0,
            "embedding": 0.0 if model.tied_embeddings else embedding,
            "logits": embedding,
        }

    def with_kv_bits(self, bits: float) -> Precision:
        """The same scheme with another cache format."""
        return replace(self, kv_bits=bits)


def _plain(
    name: str, bits: float, kv: float, compute: str, *, mixer: float | None = None, emb: float = 16.0
) -> Precision:
    return Precision(
        name=name, linear_bits=bits, expert_bits=bits, mixer_bits=bits if mixer is None else mixer,
        embedding_bits=emb, kv_bits=kv, compute=compute,
    )  # fmt: skip


def _gguf(name: str, bits: float) -> Precision:
    # llama.cpp quantises vocabulary matrices too, keeps the cache in 16 bits and multiplies after unpacking to int8
    return _plain(name, bits, 16.0, "bf16", emb=min(bits + 1.5, 16.0) if bits < 8 else bits)


# GGUF bits per weight: llama.cpp tools/quantize README, means over whole files (read 2026-11-22)
PRECISIONS: Final[dict[str, Precision]] = {
    p.name: p
    for p in (
        _plain("fp32", 32, 32, "fp32", emb=32),
        _plain("bf16", 16, 16, "bf16"),
        _plain("fp8", 8, 8, "fp8"),
        _plain("int8", 8, 16, "int8"),
        _plain("w8a16", 8, 16, "bf16"),
        _plain("int4", 4.25, 16, "bf16"),
        _plain("nvfp4", 4.5, 8, "fp4", mixer=16),
        _plain("mxfp4", 4.25, 8, "fp4", mixer=16),
        # Qualcomm's names: 4-bit weights with 16-bit integer, or with floating-point activations
        _plain("w4a16", 4.25, 8, "int8", emb=8),
        _plain("w4", 4.25, 16, "bf16", emb=16),
        _gguf("q2_k", 3.0),
        _gguf("q3_k_m", 3.9),
        _gguf("iq4_xs", 4.3),
        _gguf("q4_0", 4.6),
        _gguf("q4_1", 5.1),
        _gguf("q4_k_s", 4.6),
        _gguf("q4_k_m", 4.8),
        _gguf("q5_k_m", 5.6),
        _gguf("q6_k", 6.55),
        _gguf("q8_0", 8.5),
        _gguf("f16", 16.0),
    )
}

_ALIASES: Final[dict[str, str]] = {
    "bfloat16": "bf16", "fp16": "bf16", "float16": "bf16", "half": "bf16", "float32": "fp32", "f32": "fp32",
    "fp8_e4m3": "fp8", "float8": "fp8", "e4m3": "fp8", "fp4": "nvfp4", "w4a4": "nvfp4", "w8a8": "int8", "w4a8": "int4",
    "awq": "int4", "gptq": "int4", "uint4": "int4", "q4": "q4_k_m", "q5": "q5_k_m", "q6": "q6_k", "q8": "q8_0",
    "q3": "q3_k_m", "q2": "q2_k", "q3_k": "q3_k_m", "q4_k": "q4_k_m", "q5_k": "q5_k_m", "q3_k_s": "q3_k_m",
    "q3_k_l": "q3_k_m", "q5_0": "q5_k_m", "q5_1": "q5_k_m", "q5_k_s": "q5_k_m", "iq4_nl": "q4_0", "w8": "w8a16",
}  # fmt: skip

_CONTAINED: Final = tuple(
    (re.compile(rf"(?<![a-z0-9]){pattern}"), name)
    for pattern, name in (
        (r"(ud_)?[it]?q[12]_", "q2_k"), (r"ternary", "q2_k"), (r"(ud_)?i?q3_", "q3_k_m"), (r"(ud_)?iq4_", "iq4_xs"), (r"(ud_)?q4_0", "q4_0"),
        (r"(ud_)?q4_1", "q4_1"), (r"(ud_)?q4_k_s", "q4_k_s"), (r"(ud_)?q4_", "q4_k_m"), (r"(ud_)?q5_", "q5_k_m"),
        (r"(ud_)?q6_", "q6_k"), (r"(ud_)?q8_", "q8_0"), (r"nvfp4", "nvfp4"), (r"mxfp4", "mxfp4"), (r"fp4", "nvfp4"), (r"(mx)?fp8|float8|e[45]m[23]", "fp8"),
        (r"w8a8", "int8"), (r"w4a16|w4a(fp)?8|awq|gptq|u?int4|nf4|q4f16", "int4"), (r"w8a16", "w8a16"),
        (r"int8_weight", "w8a16"), (r"int8", "int8"), (r"fp6", "q6_k"), (r"bf16|fp16|w16a16", "bf16"), (r"tf32", "fp32"),
    )
)  # fmt: skip
"""Names that makers of quantised models decorate: what stands at a word's start, and the scheme it means."""
_WIDTH = re.compile(r"(?<![a-z0-9.])(\d{1,2}(?:\.\d+)?)_?(?:bit|bpw)|^(\d{1,2})$")
_BY_WIDTH: Final = {2: "q2_k", 3: "q3_k_m", 4: "int4", 5: "q5_k_m", 6: "q6_k", 8: "w8a16", 16: "bf16", 32: "fp32"}
"""Where only a width is given ("4-bit", "4.5bpw"): weights that are unpacked before they are multiplied. [bit]"""


def resolve_precision(name: str, model: ModelShape | None = None) -> Precision:
    """The scheme of a name as people write it ("FP8", "Q4 (Ollama default)", "bfloat16").

    "auto" or "" takes the format that the model is published in.

    Raises:
        EconomicsError: no such scheme; names those there are.
    """
    text = re.sub(r"\(.*?\)", " ", name).strip().lower().replace("-", "_")
    text = re.sub(r"\b(int|fp|bf)_(?=\d)", r"\1", text)
    text = _ALIASES.get(text, text)
    if text in ("", "auto", "unset", "native", "none"):
        bits = model.native_bits if model else 16.0
        text = "bf16" if bits > 8 else "fp8" if bits == 8 else "mxfp4" if bits == 4.25 else "nvfp4"
    if text in PRECISIONS:
        chosen = PRECISIONS[text]
        if model and text == "nvfp4" and model.mixture and model.native_bits == 4.25:
            return PRECISIONS["mxfp4"]  # published in MXFP4: that is what "FP4" then means
        return chosen
    plain = re.sub(r"[^a-z0-9.]+", "_", text)
    for pattern, scheme in _CONTAINED:
        if pattern.search(plain):
            return PRECISIONS[scheme]
    if (width := _WIDTH.search(plain)) is not None:
        bits = float(width[1] or width[2])
        return PRECISIONS[_BY_WIDTH[min(_BY_WIDTH, key=lambda w: abs(w - bits))]]
    raise EconomicsError("precision", f"{name!r} is unknown; choose one of {', '.join(PRECISIONS)}")
