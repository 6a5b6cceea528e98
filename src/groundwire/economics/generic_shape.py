"""A typical model shape for a parameter count: what stands in for a model of which only the size is known."""

from __future__ import annotations

from groundwire.economics.models import Attention, Experts, ModelShape
from groundwire.errors import EconomicsError

__all__ = ["generic_model"]


def generic_model(parameters: float, active: float | None = None, *, name: str = "") -> ModelShape:
    """A typical shape for a parameter count: depth and width as published models of that size have them.

    Dense: the width grows with the cube root of size and depth with the rest, feed-forward 3.5 x width, grouped-query
    attention with 8 key-value heads of 128. Mixture: eight experts are used, their number and size chosen to give both counts.

    Raises:
        EconomicsError: counts out of range.
    """
    if not 1e6 <= parameters <= 1e14:
        raise EconomicsError("parameters", f"{parameters:g} lies outside 1e6 to 1e14; give the count in single weights")
    used = parameters if active is None else active
    if not 0 < used <= parameters * 1.001:
        raise EconomicsError("active parameters", f"{used:g} must be positive and at most the total {parameters:g}")
    vocabulary = 128_000 if parameters > 8e8 else 50_000
    # widths of published dense models: 2048 at 1.2e9, 4096 at 8e9, 5120 at 3.2e10, 8192 at 7e10, 16384 at 4e11
    hidden = max(256, round(4096 * (used / 8e9) ** 0.36 / 128) * 128)
    tied = used < 4e9
    body = max(used - vocabulary * hidden * (1 if tied else 2), used * 0.3)
    heads = max(hidden // 128, 1)
    kv_heads = min(8, heads)
    ffn = int(3.5 * hidden)
    per_layer = hidden * 128 * (2 * heads + 2 * kv_heads) + 3 * hidden * ffn
    layers = max(2, round(body / per_layer))
    attention = Attention(layers=layers, heads=heads, kv_heads=kv_heads, head_dim=128)
    experts: Experts | None = None
    if used < 0.9 * parameters:
        top = 8
        fixed = vocabulary * hidden * (1 if tied else 2) + attention.parameters(hidden)
        routed = min(0.6 * used, max(used - fixed, 0.2 * used))  # of the active weights, those in routed experts
        count = max(top + 1, round(top * (parameters - used + routed) / routed))
        each = routed / top / layers / (3 * hidden)
        shared = max(0.0, (used - fixed - routed) / layers / (3 * hidden))
        experts = Experts(layers=layers, count=count, active=top, size=max(1, round(each)), shared_size=round(shared))
    return ModelShape(
        name=name or f"generic-{parameters / 1e9:g}b",
        hidden_size=hidden,
        vocab_size=vocabulary,
        attention=attention,
        dense_layers=0 if experts else layers,
        ffn_size=0
        if experts
        else max(1, round((body / layers - hidden * 128 * (2 * heads + 2 * kv_heads)) / 3 / hidden)),
        experts=experts,
        tied_embeddings=tied,
        published_parameters=parameters,
        published_active=used,
        approximate=True,
        source="generic shape for this parameter count",
    )
