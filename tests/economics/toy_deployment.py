"""A made-up model and device with round numbers, for formulas checked by hand."""

from __future__ import annotations

from dataclasses import replace

from groundwire.economics.accelerators import Accelerator
from groundwire.economics.models import Attention, Experts, ModelShape
from groundwire.economics.performance.deployment import Deployment
from groundwire.economics.performance.roofline import Parameters

DENSE = ModelShape(
    name="toy-dense",
    hidden_size=1024,
    vocab_size=1000,
    attention=Attention(layers=2, heads=8, kv_heads=2, head_dim=128),
    dense_layers=2,
    ffn_size=4096,
)
"""Mixer 2 x 2 621 440, feed-forward 2 x 12 582 912, each vocabulary matrix 1 024 000 weights; 1024 cached numbers a token."""

MIXTURE = replace(
    DENSE, name="toy-mixture", dense_layers=0, ffn_size=0, experts=Experts(layers=2, count=8, active=2, size=1024)
)
"""The same attention; 8 experts of 3 145 728 weights in each of two layers, two of them visited by a token."""

DEVICE = Accelerator(
    name="toy-device",
    title="Toy device",
    vendor="Nobody",
    kind="datacenter gpu",
    family="toy",
    peaks={"bf16": 100e12, "fp8": 200e12},
    memory=1e9,
    memory_bandwidth=1e12,
    link_bandwidth=1e11,
    link="wire",
    link_domain=8,
    tdp=500.0,
    idle=50.0,
    cooling="air",
    year=2026,
)

IDEAL = Parameters(
    bandwidth=1.0,
    expert_bandwidth=1.0,
    cache_bandwidth=1.0,
    compute=1.0,
    expert_compute=1.0,
    prefill_compute=1.0,
    prefill_expert_compute=1.0,
    attention_compute=1.0,
    layer=0.0,
    routed_layer=0.0,
    dense_layer=0.0,
    latent_layer=0.0,
    linear_layer=0.0,
    step=0.0,
    sequence=0.0,
    passes=0.0,
    reduce=0.0,
    exchange=0.0,
    link=1.0,
    stage=0.0,
    request=0.0,
    interference=1.0,
    alignment=0.0,
    turnover=0.0,
    burst=1.0,
    slow_host=0.0,
    shuffle=0.0,
    flop_energy=1e-20,
    sharpness=200.0,
    tile=0.0,
    imbalance=0.0,
    small=0.0,
    narrow=0.0,
    scatter=0.0,
    spread=1.0,
)
"""Data sheets taken at their word, no overhead: what is left is bytes, operations and messages."""


def served(model: ModelShape = DENSE, **changes: object) -> Deployment:
    """One toy device with the model, or what ``changes`` say."""
    return replace(Deployment(model=model, accelerator=DEVICE, precision="bf16"), **changes)  # type: ignore[arg-type]  # field names are the caller's
