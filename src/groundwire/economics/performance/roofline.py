"""How long one decode step and one prefill take: bytes over bandwidth, operations over peak, messages over links, launches.

Times of parts that wait for each other add up; within a part, memory and arithmetic overlap imperfectly, which a smooth
maximum describes. All arguments broadcast; no loop over scenarios.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from groundwire.economics.performance.terms import Terms

__all__ = ["DecodeTime", "Parameters", "PrefillTime", "decode_time", "overlap", "prefill_time", "touched_share"]

Array = npt.NDArray[np.float64]
Number = float | Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What calibration fits: achieved shares of data-sheet figures, and latencies. All positive."""

    bandwidth: Number = 0.75
    """Achieved share of memory bandwidth when weights are read. [1]"""
    expert_bandwidth: Number = 0.6
    """The same for routed experts, scattered in memory. [1]"""
    cache_bandwidth: Number = 0.6
    """The same when the cache is read. [1]"""
    compute: Number = 0.6
    """Achieved share of peak in large products. [1]"""
    expert_compute: Number = 0.4
    """The same for products with routed experts, dealt unevenly. [1]"""
    prefill_compute: Number = 0.6
    """Achieved share of peak in the large products of prefill. [1]"""
    prefill_expert_compute: Number = 0.3
    """The same for routed experts in prefill. [1]"""
    attention_compute: Number = 0.3
    """Achieved share of the 16-bit peak in attention. [1]"""
    layer: Number = 12e-6
    """Launches and small kernels of one mixer layer. [s]"""
    routed_layer: Number = 12e-6
    """The same of one mixture layer: routing, sorting, gathering. [s]"""
    dense_layer: Number = 4e-6
    """The same of one dense feed-forward layer. [s]"""
    latent_layer: Number = 8e-6
    """What a latent-attention layer adds. [s]"""
    linear_layer: Number = 15e-6
    """The same of one linear-mixer layer. [s]"""
    step: Number = 5e-4
    """Scheduling and sampling of one step. [s]"""
    sequence: Number = 1e-6
    """Scheduling and sampling of one step, per sequence. [s/sequence]"""
    passes: Number = 12.0
    """Passes of a token's activations over memory per layer: norms, residuals, rotations, quantisation. [1]"""
    reduce: Number = 8e-6
    """Latency of one all-reduce between two devices; grows with the logarithm of their number. [s]"""
    exchange: Number = 20e-6
    """The same of one all-to-all exchange. [s]"""
    link: Number = 0.5
    """Achieved share of link bandwidth. [1]"""
    stage: Number = 2e-5
    """Handing over from one pipeline stage to the next. [s]"""
    request: Number = 0.02
    """What every request takes before and after the model: parsing, tokenising, sending. [s]"""
    interference: Number = 0.9
    """Share of a prefill's time that decoding sequences lose while it is mixed into their steps. [1]"""
    first: Number = 1.0
    """Time of a prompt until its first token over the time that it takes from others: chunks, hand-overs. [1]"""
    queueing: Number = 0.5
    """How much of the time that prefills take up shows as waiting of the next: 0 evenly spaced, 1 at random. [1]"""
    alignment: Number = 1.0
    """Decode steps that a new request waits before its prompt is taken up. [1]"""
    turnover: Number = 0.02
    """Share of the time between two answers' ends that a new request waits for a slot: 1 where slots are as many as requests
    and an ended one is freed too late for the next. [1]"""
    burst: Number = 1.0
    """How much of a burst's mean queue is felt: 1 one prompt after the other. [1]"""
    slow_host: Number = 1e-3
    """Added to each step by a single-board host. [s]"""
    shuffle: Number = 4.0
    """Passes over memory to deal tokens to experts and gather the results. [1]"""
    flop_energy: Number = 0.6e-12
    """Energy of one 16-bit operation at full tilt, by which thermal design power caps arithmetic. [J/FLOP]"""
    sharpness: Number = 2.5
    """How well memory and arithmetic overlap within a part: infinity perfectly, 1 not at all. [1]"""
    mixing: Number = 2.0
    """The same for a prompt mixed into a decode step. [1]"""
    tile: Number = 32.0
    """Tokens by which an expert's share of a pass is rounded up, on average half of it: products come in tiles. [token]"""
    imbalance: Number = 1.0
    """How much of the expected unevenness between devices that hold whole experts is felt. [1]"""
    small: Number = 500.0
    """Geometric mean of a dense product's sides at which half of the achieved share is lost. [1]"""
    narrow: Number = 700.0
    """Width of an expert at which half of the achieved share of peak is lost. [1]"""
    scatter: Number = 100.0
    """The same for the achieved share of memory bandwidth. [1]"""
    ahead: Number = 1.5
    """Tokens gained per step where a report of a model that can guess ahead doesn't say whether it did. [token]"""
    crowd: Number = 8.0
    """Sequences per device at which a second decoding replica is likely, where a report doesn't say how many. [sequence]"""
    scaling: Number = 0.4
    """Growth of the number of replicas with the load, in such reports: replicas ~ load^scaling. [1]"""
    spread: Number = 1.0
    """How evenly tokens spread over experts: 1 independent, 0 all the same. [1]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecodeTime:
    """One decode step, by what it waits for. [s]"""

    total: Array
    stream: Array
    """Moving the same bytes at data-sheet bandwidth: what memory is loaded with."""
    memory: Array
    """Weights and cache."""
    compute: Array
    link: Array
    overhead: Array


def overlap(memory: Number, compute: Number, sharpness: Number = 2.5) -> Array:
    """A smooth maximum of two times that overlap imperfectly: ``(m^p + c^p)^(1/p)``. [s]

    Between max (perfect overlap) and sum (none); at equal times 2^(1/p) = 1.32 of either.
    """
    m, c = np.asarray(memory, float), np.asarray(compute, float)
    high, low = np.maximum(m, c), np.minimum(m, c)
    ratio = low / np.maximum(high, 1e-300)
    return np.asarray(high * (1.0 + ratio**sharpness) ** (1.0 / sharpness))


def sustained(t: Terms, p: Parameters, share: Number, side: Number = np.inf) -> Array:
    """Arithmetic that a device sustains: a share of its peak, or less where its power does not allow it. [FLOP/s]

    A 350 W card and a 700 W module with the same chip differ here, not on the data sheet.
    """
    peak = np.asarray(t.peak, float) * share / (1.0 + p.small / np.asarray(side, float))
    allowed = np.asarray(t.tdp, float) / (np.asarray(p.flop_energy) * np.asarray(t.format_bits, float) / 16.0)
    return np.asarray((peak**-4.0 + allowed**-4.0) ** -0.25)


def touched_share(tokens: Number, active_share: Number, spread: Number = 1.0) -> Array:
    """Share of a layer's routed experts that at least one of ``tokens`` visits: ``1 - (1 - a)^(tokens^spread)``. [1]

    Independent uniform routing has ``spread`` 1; related tokens (one batch, one topic) choose alike, which counts as
    fewer independent ones.

    Example:
        >>> round(float(touched_share(1, 8 / 128)), 4), round(float(touched_share(16, 8 / 128)), 4)
        (0.0625, 0.6439)
    """
    free = 1.0 - np.minimum(np.asarray(active_share, float), 1.0 - 1e-12)
    return np.asarray(1.0 - free ** (np.maximum(np.asarray(tokens, float), 0.0) ** np.asarray(spread)))


def busiest_share(t: Terms, p: Parameters, tokens: Number) -> Array:
    """Share of its experts that the busiest device has to read: all devices wait for it. [1]

    With whole experts spread over g devices, the number touched on each is about binomial; the largest of g such lies
    ``sqrt(2 ln g)`` standard deviations above the mean, and never above all.
    """
    share = touched_share(tokens, t.active_share, p.spread)
    each = np.maximum(np.asarray(t.experts, float) / t.group, 1.0)
    above = np.sqrt(2.0 * np.log(np.maximum(np.asarray(t.group, float), 1.0)) * share * (1.0 - share) / each)
    return np.asarray(np.minimum(share + t.expert_parallel * p.imbalance * above, 1.0))


def _routed(t: Terms, p: Parameters, tokens: Number, compute: Number) -> tuple[Array, Array, Array]:
    """Reading and multiplying the routed experts for ``tokens`` of the replica, and moving tokens to and fro. [s]

    With few tokens per device the busiest one computes more than its share, by the same reasoning as for bytes.
    """
    tokens = np.asarray(tokens, float)
    routed = np.asarray(t.routed_bytes, float) > 0
    if not routed.any():
        none = np.zeros(())
        return none, none, none
    share = np.where(routed, busiest_share(t, p, tokens), 0.0)
    visits = np.maximum(tokens * t.active / t.group, 1e-9)
    uneven = 1.0 + t.expert_parallel * p.imbalance * np.sqrt(
        2.0 * np.log(np.maximum(np.asarray(t.group, float), 1.0)) / visits
    )
    uneven = np.minimum(uneven, np.maximum(np.asarray(t.group, float), 1.0))
    width = np.asarray(t.expert_width, float)
    wide = width / (width + p.narrow)
    memory = t.routed_bytes * share / (np.asarray(t.bandwidth) * p.expert_bandwidth * width / (width + p.scatter))
    padding = 1.0 + touched_share(tokens, t.active_share, p.spread) * t.experts * p.tile / np.maximum(
        tokens * t.active, 1e-9
    )
    work = t.routed_flop * tokens * uneven * padding / (sustained(t, p, compute) * wide)
    # with whole experts a device deals only its own tokens; with cut ones every device deals all
    dealt = tokens * np.where(
        np.asarray(t.expert_parallel) > 0, uneven / np.maximum(np.asarray(t.group, float), 1.0), 1.0
    )
    moved = p.shuffle * t.active * t.hidden_bytes * t.routed_layers * dealt / (np.asarray(t.bandwidth) * p.bandwidth)
    return np.asarray(memory), np.asarray(work), np.asarray(moved)


def _hops(group: Number) -> Array:
    """Latency of a collective grows with the number of devices, slower than linearly: 1 between two. [1]"""
    return np.asarray(np.log2(np.maximum(np.asarray(group, float), 1.0)) * 0.5 + 0.5)


def _collectives(t: Terms, p: Parameters, tokens: Number) -> Array:
    """All-reduces and exchanges of one pass over ``tokens`` of the replica. [s]

    An all-reduce over g devices moves 2 (g-1)/g of the activations over each link; an exchange sends each token's
    activations to its experts' devices, at most once per device.
    """
    group = np.asarray(t.group, float)
    cut = np.where(group > 1, (group - 1) / group, 0.0)
    size = np.asarray(t.hidden_bytes) * np.asarray(tokens, float)
    ring = 2.0 * cut * size / (np.asarray(t.link) * p.link)
    visits = np.minimum(np.asarray(t.active, float), np.maximum(group - 1, 0))
    sends = size / group * visits / (np.asarray(t.link) * p.link)
    latency = _hops(group)
    return np.asarray(
        t.reduces * np.where(group > 1, p.reduce * latency + ring, 0.0)
        + t.exchanges * np.where(group > 1, p.exchange * latency + sends, 0.0)
    )


def decode_time(t: Terms, p: Parameters, batch: Number, context: Number) -> DecodeTime:
    """One step in which each of ``batch`` sequences of a replica gains a token.

    Args:
        t: Counts per device.
        p: Achieved shares and latencies.
        batch: Sequences decoded together in one replica. [sequence]
        context: Cached tokens of each. [token]

    Returns:
        The step time and its parts, broadcast. [s]
    """
    stages = np.asarray(t.stages, float)
    tokens = np.maximum(np.asarray(batch, float), 1e-9) / stages  # stages work on different sequences at a time
    own = tokens / t.attention_shards
    context = np.asarray(context, float)
    bandwidth = np.asarray(t.bandwidth, float)

    rate = sustained(t, p, p.compute, t.side)
    mixer = (t.mixer_bytes / (bandwidth * p.bandwidth), t.mixer_flop * own / rate)
    dense_flop = (t.dense_flop + t.logits_flop) * tokens
    dense = ((t.dense_bytes + t.logits_bytes) / (bandwidth * p.bandwidth), dense_flop / rate)
    *routed, moved = _routed(t, p, tokens, p.expert_compute)
    seen = np.minimum(context, t.sparse_top_k)
    windowed = np.minimum(context, t.window)
    cache_bytes = (t.kv_full_bytes * seen + t.index_bytes * context + t.kv_sliding_bytes * windowed) * own
    state = 2.0 * np.asarray(t.state_bytes) * own / (bandwidth * p.bandwidth)  # read and written
    score = (t.score_flop * seen + t.score_sliding_flop * windowed) * own
    cache = (cache_bytes / (bandwidth * p.cache_bandwidth), score / (t.peak_wide * p.attention_compute))

    parts = [mixer, dense, routed, cache]
    work = np.asarray(sum(overlap(m, c, p.sharpness) for m, c in parts) + state + moved)
    memory = np.asarray(sum(m for m, _ in parts) + state + moved)
    compute = np.asarray(sum(c for _, c in parts))
    stream = (mixer[0] + dense[0] + state + moved) * p.bandwidth + routed[0] * p.expert_bandwidth
    stream = stream + cache[0] * p.cache_bandwidth
    link = _collectives(t, p, tokens)
    layers = _layers(t, p)
    elementwise = _elementwise(t, p, tokens)
    overhead = np.asarray(
        layers + elementwise + (p.step + p.slow_host * t.slow_host + p.sequence * tokens * stages) / stages
    )
    handing = np.where(stages > 1, p.stage, 0.0)
    total = stages * (work + link + overhead + handing)
    return DecodeTime(
        total=np.asarray(total),
        stream=np.asarray(stages * stream + 0 * total),
        memory=np.asarray(stages * memory + 0 * total),
        compute=np.asarray(stages * compute + 0 * total),
        link=np.asarray(stages * (link + handing) + 0 * total),
        overhead=np.asarray(stages * overhead + 0 * total),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PrefillTime:
    """Processing one prompt. [s]"""

    latency: Array
    """Alone on an idle replica."""
    busy: Array
    """What it takes of the replica's time when many prompts come: less than the latency where attention is
    data-parallel, since prompts on different shards are processed side by side."""


def prefill_time(t: Terms, p: Parameters, tokens: Number, before: Number = 0.0, prompts: Number = 1.0) -> PrefillTime:
    """Processing ``prompts`` prompts of ``tokens`` tokens in one pass, ``before`` tokens of each being cached already.

    Weights are read once, products are large, attention is causal: each token looks back over half the prompt and all
    that came before. Under data-parallel attention one prompt's attention stays on one device.
    """
    each = np.asarray(tokens, float)
    tokens = each * prompts
    stages = np.asarray(t.stages, float)
    bandwidth = np.asarray(t.bandwidth, float)
    peak = sustained(t, p, p.prefill_compute, t.side)
    mixer = (t.mixer_bytes / (bandwidth * p.bandwidth), t.mixer_flop * tokens / peak)
    dense = ((t.dense_bytes + t.logits_bytes) / (bandwidth * p.bandwidth), t.dense_flop * tokens / peak)
    *routed, moved = _routed(t, p, tokens, p.prefill_expert_compute)
    seen = np.minimum(0.5 * each + before, t.sparse_top_k)
    windowed = np.minimum(0.5 * each + before, t.window)
    score = tokens * (t.score_prefill_flop * seen + t.score_sliding_flop * windowed)
    attention = score / (t.peak_wide * p.attention_compute)
    own = overlap(mixer[0], mixer[1], p.sharpness) + attention
    rest = (
        overlap(dense[0], dense[1], p.sharpness)
        + overlap(routed[0], routed[1], p.sharpness)
        + moved
        + _collectives(t, p, tokens)
    )
    layers = _layers(t, p) + _elementwise(t, p, tokens)
    return PrefillTime(
        latency=np.asarray(stages * (own + rest + layers) + p.step),
        busy=np.asarray(own / t.attention_shards + rest + layers + p.step / stages),
    )


def _elementwise(t: Terms, p: Parameters, tokens: Number) -> Array:
    """Norms, residuals and the like: activations in and out of memory, on every device of the group. [s]"""
    moved = p.passes * t.hidden_bytes * (t.mixer_layers + t.linear_layers) * np.asarray(tokens, float)
    return np.asarray(moved / (np.asarray(t.bandwidth, float) * p.bandwidth))


def _layers(t: Terms, p: Parameters) -> Array:
    """Launches and small kernels of one pass through a stage. [s]"""
    return np.asarray(
        p.layer * t.mixer_layers
        + p.latent_layer * t.latent * t.mixer_layers
        + p.linear_layer * t.linear_layers
        + p.dense_layer * t.dense_layers
        + p.routed_layer * t.routed_layers
    )
