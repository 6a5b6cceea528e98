"""A language model as architecture numbers: what it weighs, keeps and computes follows from its shape alone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from groundwire.errors import EconomicsError

__all__ = ["Attention", "Experts", "LinearMixer", "ModelShape"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attention:
    """Softmax attention of every layer that has it: grouped-query, or latent (``kv_rank`` set), with sliding windows."""

    layers: int
    """Layers with attention, sliding ones included."""
    heads: int
    kv_heads: int
    head_dim: int
    value_dim: int | None = None
    """Width of a value head where it differs from ``head_dim``."""
    sliding_layers: int = 0
    """Of ``layers``, those that look back only ``sliding_window`` tokens."""
    sliding_window: int = 0
    sliding_kv_heads: int | None = None
    """Key-value heads of the sliding layers where they differ."""
    sliding_head_dim: int | None = None
    """Head width of the sliding layers where it differs."""
    query_rank: int = 0
    """Rank of the query's low-rank projection (latent attention); 0: none."""
    kv_rank: int = 0
    """Rank of the cached latent (latent attention); 0: grouped-query attention."""
    rope_dim: int = 0
    """Latent attention: the part of a query-key head that carries position."""
    sparse_top_k: int = 0
    """Cached tokens that a query really reads (sparse attention); 0: all."""
    indexer_heads: int = 0
    indexer_dim: int = 0
    """The light indexer that chooses those tokens: its heads, and the width of its cached key."""
    gated: bool = False
    """Whether the query projection also makes an output gate of the same width."""

    @property
    def latent(self) -> bool:
        """Whether it caches one latent per token for all heads (MLA)."""
        return self.kv_rank > 0

    def parameters(self, hidden: int) -> float:
        """Weights of all attention layers. [1]"""
        value = self.value_dim or self.head_dim
        if self.latent:  # head_dim counts both parts of a query-key head
            query = self.heads * self.head_dim
            down = hidden * self.query_rank + self.query_rank * query if self.query_rank else hidden * query
            nope = self.head_dim - self.rope_dim
            kv = hidden * (self.kv_rank + self.rope_dim) + self.kv_rank * self.heads * (nope + value)
            index = (self.query_rank or hidden) * self.indexer_heads * self.indexer_dim
            index += hidden * (self.indexer_dim + self.indexer_heads) if self.indexer_heads else 0
            return float(self.layers * (down + kv + self.heads * value * hidden + index))
        gate = 2 if self.gated else 1

        def one(kv_heads: int, key: int, val: int) -> int:
            return hidden * (gate * self.heads * key + kv_heads * (key + val)) + self.heads * val * hidden

        full = self.layers - self.sliding_layers
        sliding_dim = self.sliding_head_dim or self.head_dim
        sliding_value = sliding_dim if self.sliding_head_dim else value
        sliding = one(self.sliding_kv_heads or self.kv_heads, sliding_dim, sliding_value)
        return float(full * one(self.kv_heads, self.head_dim, value) + self.sliding_layers * sliding)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearMixer:
    """Layers that keep a state of fixed size instead of a growing cache: Mamba-2, gated delta networks."""

    layers: int
    value_heads: int
    value_dim: int
    key_heads: int
    """Key heads (gated delta) or state groups (Mamba-2)."""
    key_dim: int
    """Key width (gated delta) or state size (Mamba-2)."""

    @property
    def state_elements(self) -> float:
        """Numbers kept per sequence, all layers. [1/sequence]"""
        return float(self.layers * self.value_heads * self.value_dim * self.key_dim)

    def parameters(self, hidden: int) -> float:
        """Weights of all such layers: values and gate, keys and queries, step sizes, output. [1]"""
        inner = self.value_heads * self.value_dim
        return float(self.layers * hidden * (3 * inner + 2 * self.key_heads * self.key_dim + 2 * self.value_heads))


@dataclass(frozen=True, slots=True, kw_only=True)
class Experts:
    """Mixture-of-Experts feed-forward layers: each token visits ``active`` of ``count``, and the shared ones always."""

    layers: int
    count: int
    active: int
    size: int
    """Inner width of one routed expert."""
    shared_size: int = 0
    """Inner width of the shared experts together; 0: none."""
    latent_size: int = 0
    """Width that tokens are projected to before the routed experts; 0: the model's own."""


@dataclass(frozen=True, kw_only=True)  # no slots: what follows from the shape is worked out once
class ModelShape:
    """A decoder-only language model.

    Parameters are counted without biases and norms (below 0.1 % together) and without extra prediction (MTP) layers
    and vision towers, which a text server does not read per token.
    """

    name: str
    hidden_size: int
    vocab_size: int
    attention: Attention
    linear: LinearMixer | None = None
    dense_layers: int
    """Feed-forward layers that are not mixtures."""
    ffn_size: int
    """Inner width of a dense feed-forward layer."""
    ffn_matrices: int = 3
    """3: gated (SwiGLU, GeGLU); 2: plain."""
    experts: Experts | None = None
    tied_embeddings: bool = False
    native_bits: float = 16.0
    """Bits per weight of the routed experts (mixture) or linear layers (dense) as published; less is possible, more is
    never stored."""
    prediction_layers: int = 0
    """Layers that guess further tokens (MTP), for speculative decoding; not counted in the totals."""
    max_context: int = 131072
    """Longest sequence it is made for. [token]"""
    aliases: tuple[str, ...] = ()
    published_parameters: float | None = None
    """What the publisher says in all. [1]"""
    published_active: float | None = None
    """What the publisher says a token uses. [1]"""
    note: str = ""
    """Why computed and published totals differ, where they do by more than 1 %."""
    approximate: bool = False
    """True for a generic shape guessed from a parameter count alone."""
    source: str = ""
    checked: str = ""
    """ISO date on which the source was read."""

    def __post_init__(self) -> None:
        positive = {"hidden_size": self.hidden_size, "vocab_size": self.vocab_size}
        if self.attention.layers:
            positive |= {"heads": self.attention.heads, "head_dim": self.attention.head_dim}
            if not self.attention.latent:
                positive["kv_heads"] = self.attention.kv_heads
        if self.dense_layers:
            positive["ffn_size"] = self.ffn_size
        if self.experts:
            positive |= {"experts": self.experts.count, "expert size": self.experts.size}
            positive |= {"active experts": self.experts.active}
        for field, value in positive.items():
            if value <= 0:
                raise EconomicsError(f"model {self.name!r}: {field}", f"must be positive, is {value}")
        if self.experts and self.experts.active > self.experts.count:
            raise EconomicsError(
                f"model {self.name!r}: active experts", f"{self.experts.active} of only {self.experts.count} experts"
            )
        if self.attention.sliding_layers > self.attention.layers:
            raise EconomicsError(f"model {self.name!r}: sliding_layers", "more than there are attention layers")
        if not 0 < self.native_bits <= 32:
            raise EconomicsError(f"model {self.name!r}: native_bits", f"must lie in 0 to 32, is {self.native_bits}")

    # --- parts, counted in weights --------------------------------------------------------------------------------

    @property
    def mixture(self) -> bool:
        """Whether any layer is a Mixture-of-Experts."""
        return self.experts is not None

    @property
    def layers(self) -> int:
        """Token-mixing layers: each costs its own kernels and, under tensor parallelism, a collective."""
        return self.attention.layers + (self.linear.layers if self.linear else 0)

    @property
    def feed_forward_layers(self) -> int:
        """Dense and mixture layers together."""
        return self.dense_layers + (self.experts.layers if self.experts else 0)

    @cached_property
    def mixer_parameters(self) -> float:
        """Attention and linear-mixer weights. [1]"""
        linear = self.linear.parameters(self.hidden_size) if self.linear else 0.0
        return self.attention.parameters(self.hidden_size) + linear

    @cached_property
    def dense_ffn_parameters(self) -> float:
        """Weights of dense feed-forward layers. [1]"""
        return float(self.dense_layers * self.ffn_matrices * self.hidden_size * self.ffn_size)

    @cached_property
    def shared_expert_parameters(self) -> float:
        """Weights of experts that every token visits, of routers and of projections to the experts. [1]"""
        if not self.experts:
            return 0.0
        each = self.ffn_matrices * self.hidden_size * self.experts.shared_size + self.hidden_size * self.experts.count
        each += 2 * self.hidden_size * self.experts.latent_size
        return float(self.experts.layers * each)

    @property
    def expert_parameters(self) -> float:
        """Weights of one routed expert in one layer. [1]"""
        if not self.experts:
            return 0.0
        return float(self.ffn_matrices * (self.experts.latent_size or self.hidden_size) * self.experts.size)

    @cached_property
    def routed_parameters(self) -> float:
        """Weights of all routed experts of all layers. [1]"""
        return self.expert_parameters * self.experts.count * self.experts.layers if self.experts else 0.0

    @property
    def embedding_parameters(self) -> float:
        """One vocabulary matrix. [1]"""
        return float(self.vocab_size * self.hidden_size)

    @cached_property
    def parameters(self) -> float:
        """All weights. [1]"""
        embeddings = self.embedding_parameters * (1 if self.tied_embeddings else 2)
        return (
            self.mixer_parameters
            + self.dense_ffn_parameters
            + self.shared_expert_parameters
            + self.routed_parameters
            + embeddings
        )

    @cached_property
    def active_parameters(self) -> float:
        """Weights that one token uses, both vocabulary matrices counted as publishers do. [1]"""
        if not self.experts:
            return self.parameters
        unused = self.expert_parameters * (self.experts.count - self.experts.active) * self.experts.layers
        return self.parameters - unused

    # --- what a sequence keeps ------------------------------------------------------------------------------------

    @cached_property
    def full_kv_elements(self) -> float:
        """Cached numbers per token in layers that look back over everything. [1/token]"""
        a = self.attention
        if a.latent:
            return float(a.layers * (a.kv_rank + a.rope_dim + a.indexer_dim))
        return float((a.layers - a.sliding_layers) * a.kv_heads * (a.head_dim + (a.value_dim or a.head_dim)))

    @cached_property
    def sliding_kv_elements(self) -> float:
        """Cached numbers per token in sliding layers, kept for at most ``sliding_window`` tokens. [1/token]"""
        a = self.attention
        dim = a.sliding_head_dim or a.head_dim
        value = dim if a.sliding_head_dim else (a.value_dim or a.head_dim)
        return float(a.sliding_layers * (a.sliding_kv_heads or a.kv_heads) * (dim + value))

    def kv_bytes_per_token(self, bytes_each: float = 2.0) -> float:
        """Cache growth per token while shorter than every window. [byte/token]"""
        return (self.full_kv_elements + self.sliding_kv_elements) * bytes_each
