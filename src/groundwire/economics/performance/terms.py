"""The byte, operation and message counts of one deployment: all that the time formulas need to know of it.

Every count is per device of one replica (a group of ``group`` devices that shares each layer) and follows from shapes
and number formats alone; measured efficiencies come in only in ``roofline``.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from operator import attrgetter

import numpy as np
import numpy.typing as npt

from groundwire.economics.performance.deployment import Deployment, Parallelism

__all__ = ["Terms", "stack_terms", "terms_of"]

BETWEEN_SERVERS = 50e9
"""One 400 Gbit/s network port per device, as servers of eight have it. [byte/s]"""

FORMAT_BITS = {"fp32": 32.0, "bf16": 16.0, "fp8": 8.0, "int8": 8.0, "fp4": 4.0}

Number = float | npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Counts; floats for one deployment, arrays of one shape for many (``stack_terms``)."""

    group: Number
    """Devices that share each layer."""
    stages: Number
    """Pipeline stages."""
    attention_shards: Number
    """Parts that the sequences of a replica are dealt into for attention (1, or ``group`` if data-parallel)."""
    mixer_bytes: Number
    """Attention and linear-mixer weights read per step. [byte]"""
    dense_bytes: Number
    """Dense feed-forward and shared-expert weights. [byte]"""
    logits_bytes: Number
    """Output vocabulary matrix. [byte]"""
    routed_bytes: Number
    """All routed experts. [byte]"""
    weights: Number
    """Weights that one device holds. [1]"""
    resident_bytes: Number
    """All weights kept in memory. [byte]"""
    experts: Number
    """Routed experts per layer (1 if none)."""
    side: Number
    """Geometric mean of the sides of the largest dense product on one device. [1]"""
    expert_width: Number
    """Inner width of a routed expert as one device holds it. [1]"""
    active_share: Number
    """Share of routed experts that one token visits."""
    mixer_flop: Number
    """Products with mixer weights per token of this shard. [FLOP/token]"""
    dense_flop: Number
    """Products with dense and shared weights per token of the replica. [FLOP/token]"""
    routed_flop: Number
    """Products with routed experts per token of the replica. [FLOP/token]"""
    logits_flop: Number
    """[FLOP/token]"""
    kv_full_bytes: Number
    """Cache read per token of context in full-attention layers. [byte/token]"""
    kv_sliding_bytes: Number
    """The same in sliding layers. [byte/token]"""
    window: Number
    """Sliding window. [token]"""
    sparse_top_k: Number
    """Cached tokens that sparse attention reads; infinity: all. [token]"""
    index_bytes: Number
    """What the indexer of sparse attention reads per token of context. [byte/token]"""
    state_bytes: Number
    """Fixed state of linear mixers per sequence, read and written. [byte/sequence]"""
    score_flop: Number
    """Attention arithmetic of one new token per token of context, full layers. [FLOP/token]"""
    score_sliding_flop: Number
    """The same in sliding layers. [FLOP/token]"""
    score_prefill_flop: Number
    """The same in prefill, where latent attention is not absorbed, full layers. [FLOP/token]"""
    mixer_layers: Number
    linear_layers: Number
    dense_layers: Number
    routed_layers: Number
    latent: Number
    """1 for latent attention, else 0."""
    hidden_bytes: Number
    """One token's activations between layers. [byte/token]"""
    active: Number
    """Routed experts per token."""
    reduces: Number
    """All-reduces (or gather and scatter pairs) per step."""
    exchanges: Number
    """All-to-all exchanges per step (experts spread, attention data-parallel)."""
    expert_parallel: Number
    """1 where whole experts are spread, else 0."""
    bandwidth: Number
    """[byte/s]"""
    peak: Number
    """In the arithmetic format of the large products. [FLOP/s]"""
    peak_wide: Number
    """In 16 bits, for attention. [FLOP/s]"""
    link: Number
    """[byte/s]"""
    memory: Number
    """That the engine may fill. [byte]"""
    kv_token_full: Number
    """Cache kept per token in full layers, per device and sequence of the shard. [byte/token]"""
    kv_token_sliding: Number
    slow_host: Number
    """1 where a single-board computer feeds the device, else 0."""
    format_bits: Number
    """Width of the arithmetic format of the large products, which their energy is proportional to. [bit]"""
    tdp: Number
    """[W]"""
    idle: Number
    """[W]; NaN where not published."""


def terms_of(deployment: Deployment, split: Parallelism | None = None) -> Terms:
    """Count a deployment; ``split`` overrides how (for the prefill side of a disaggregated one)."""
    model, device, scheme = deployment.model, deployment.accelerator, deployment.scheme
    split = split or deployment.split
    group, attention = split.tensor, model.attention
    data = split.data_attention and group > 1
    parts = scheme.part_bytes(model)
    mixer_split = 1 if data else group
    kv = scheme.kv_bits / 8.0
    # key-value heads can't be cut below one; a latent is needed whole on every device that has heads of it
    kv_split = 1.0 if data or attention.latent else float(min(group, max(attention.kv_heads, 1)))
    experts = model.experts
    mixers = model.layers
    feed = model.feed_forward_layers
    if attention.latent:
        width = attention.heads * (2 * attention.kv_rank + attention.rope_dim)
        prefill_width = attention.heads * (attention.head_dim + (attention.value_dim or attention.head_dim))
        index_layers, full_layers = attention.layers if attention.indexer_dim else 0, attention.layers
        sliding_width = 0
    else:
        width = attention.heads * (attention.head_dim + (attention.value_dim or attention.head_dim))
        prefill_width, index_layers = width, 0
        full_layers = attention.layers - attention.sliding_layers
        sliding_width = attention.heads * 2 * (attention.sliding_head_dim or attention.head_dim)
    stages = split.pipeline
    reduces = 0.0
    exchanges = 0.0
    if group > 1:
        reduces = float((0 if data else mixers) + (0 if data else feed)) / stages
        if data:
            exchanges = 2.0 * feed / stages
    index_bytes = index_layers * attention.indexer_dim * kv
    full_bytes = model.full_kv_elements * kv - index_bytes
    return Terms(
        group=float(group),
        stages=float(stages),
        attention_shards=float(group if data else 1),
        mixer_bytes=parts["mixer"] / mixer_split / stages,
        dense_bytes=(parts["dense"] + parts["shared"]) / group / stages,
        logits_bytes=parts["logits"] / group,
        routed_bytes=parts["routed"] / group / stages,
        resident_bytes=(parts["mixer"] / mixer_split + (parts["dense"] + parts["shared"] + parts["routed"]) / group)
        / stages
        + (parts["logits"] + parts["embedding"]) / group,
        weights=model.parameters / group / stages,
        experts=float(experts.count if experts else 1),
        side=float((model.hidden_size * max(model.ffn_size, attention.heads * attention.head_dim) / group) ** 0.5),
        expert_width=float((experts.size if split.expert else experts.size / group) if experts else 1e9),
        active_share=experts.active / experts.count if experts else 1.0,
        mixer_flop=2.0 * model.mixer_parameters / mixer_split / stages,
        dense_flop=2.0 * (model.dense_ffn_parameters + model.shared_expert_parameters) / group / stages,
        routed_flop=2.0
        * (model.expert_parameters * experts.active * experts.layers if experts else 0.0)
        / group
        / stages,
        logits_flop=2.0 * model.embedding_parameters / group,
        kv_full_bytes=full_bytes / kv_split / stages,
        kv_sliding_bytes=model.sliding_kv_elements * kv / kv_split / stages,
        window=float(attention.sliding_window or 1),
        sparse_top_k=float(attention.sparse_top_k) if attention.sparse_top_k else float("inf"),
        index_bytes=index_bytes / stages,
        state_bytes=(model.linear.state_elements * 4.0 / mixer_split / stages) if model.linear else 0.0,
        score_flop=2.0 * full_layers * width / mixer_split / stages,
        score_sliding_flop=2.0 * attention.sliding_layers * sliding_width / mixer_split / stages,
        score_prefill_flop=2.0 * full_layers * prefill_width / mixer_split / stages,
        mixer_layers=float(attention.layers) / stages,
        linear_layers=float(model.linear.layers if model.linear else 0) / stages,
        dense_layers=float(model.dense_layers) / stages,
        routed_layers=float(experts.layers if experts else 0) / stages,
        latent=float(attention.latent),
        hidden_bytes=2.0 * model.hidden_size,
        active=float(experts.active if experts else 1),
        reduces=reduces,
        exchanges=exchanges,
        expert_parallel=float(split.expert and group > 1),
        bandwidth=device.memory_bandwidth,
        peak=device.peak(scheme.compute),
        peak_wide=device.peak("bf16"),
        link=device.link_bandwidth if group <= device.link_domain else min(device.link_bandwidth, BETWEEN_SERVERS),
        memory=device.memory * deployment.memory_share,
        kv_token_full=model.full_kv_elements * kv / kv_split / stages,
        kv_token_sliding=model.sliding_kv_elements * kv / kv_split / stages,
        slow_host=float(deployment.host == "board"),
        format_bits=FORMAT_BITS.get(device.peak_format(scheme.compute), 16.0),
        tdp=device.tdp,
        idle=float("nan") if device.idle is None else device.idle,
    )


_NAMES = tuple(f.name for f in fields(Terms))
_VALUES = attrgetter(*_NAMES)


def stack_terms(many: list[Terms]) -> Terms:
    """Many deployments as one set of arrays, so that formulas run over all at once."""
    table = np.array([_VALUES(t) for t in many], dtype=float).reshape(len(many), len(_NAMES))
    return Terms(**dict(zip(_NAMES, np.ascontiguousarray(table.T), strict=True)))
