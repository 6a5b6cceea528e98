"""Continuous batching in a steady state: how many sequences run, how prompts and answers slow each other down.

A closed loop: ``concurrency`` requests are always in flight, each is replaced when it ends. A replica decodes as many as
its memory holds; others wait. Prompts are processed between or within decode steps, which stretches those steps.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from groundwire.economics.performance.roofline import (
    DecodeTime,
    Parameters,
    decode_time,
    overlap,
    prefill_time,
)
from groundwire.economics.performance.terms import Terms

__all__ = ["Served", "largest_batch", "mixed_step", "serve"]

Array = npt.NDArray[np.float64]
Number = float | Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A steady state; arrays broadcast over all arguments."""

    ttft: Array
    """Mean time to first token. [s]"""
    tpot: Array
    """Mean time per output token after the first. [s]"""
    itl_median: Array
    """Median time between two tokens of a sequence: a decode step, unless most steps carry prompts. [s]"""
    tokens_per_s: Array
    """Output of one replica. [token/s]"""
    batch: Array
    """Sequences that run in one replica. [sequence]"""
    batch_max: Array
    """Sequences that fit in one replica. [sequence]"""
    decode: DecodeTime
    """Of one step of that batch. [s]"""
    prefill: Array
    """One prompt alone. [s]"""
    prefill_share: Array
    """Share of the replica's time that goes into prompts. [1]"""


def largest_batch(t: Terms, context: Number) -> Array:
    """Sequences of ``context`` tokens that fit beside the weights, per replica; 0 or less: not even the weights fit."""
    context = np.asarray(context, float)
    kept = t.kv_token_full * context + t.kv_token_sliding * np.minimum(context, t.window) + t.state_bytes
    room = np.asarray(t.memory) - t.resident_bytes
    return np.asarray(room / np.maximum(kept, 1.0) * t.attention_shards * t.stages)


def mixed_step(step: Number, prompts: Number, often: Number, mixing: Number) -> tuple[Array, Array]:
    """Mean time per token when prompts are processed within decode steps, and what they add to it. [s]

    A step that carries a prompt also decodes, so memory traffic of one hides behind arithmetic of the other. With fewer
    than one prompt per step only that share of steps is stretched; with more, every step carries ``often``.

    Args:
        step: A decode step alone. [s]
        prompts: Processing one prompt, or all that start in a step where these are more. [s]
        often: Prompts that start per step. [1]
        mixing: Sharpness of the overlap.
    """
    step, often = np.asarray(step, float), np.asarray(often, float)
    stretched = overlap(step, prompts, mixing) - step
    added = np.minimum(often, 1.0) * stretched
    return np.asarray(step + added), np.asarray(added)


GROWN = 0.6
"""Of their answers' final length, what sequences in flight keep on average: engines page the cache and admit by present use. [1]"""
CHUNK = 8192.0
"""Tokens of prompts that engines process in one pass at most, unless told otherwise. [token]"""


def _queue_time(t: Terms, p: Parameters, fresh: Number, before: Number, queued: Number) -> Array:
    """Working off ``queued`` prompts that arrived at once, as many in one pass as fit into a chunk. [s]"""
    fresh, queued = np.asarray(fresh, float), np.asarray(queued, float)
    pack = np.clip(CHUNK / fresh, 1.0, np.maximum(queued, 1.0))
    return np.asarray(prefill_time(t, p, fresh, before, pack).busy * queued / pack)


def serve(
    t: Terms,
    p: Parameters,
    *,
    concurrency: Number,
    input_tokens: Number,
    output_tokens: Number,
    cached_tokens: Number = 0.0,
    max_sequences: Number = np.inf,
    burst: Number = 0.0,
    prefill_terms: Terms | None = None,
    prefill_replicas: Number = 0.0,
    replicas: Number = 1.0,
) -> Served:
    """The steady state of one replica.

    Args:
        t: Counts per device of the decoding replica.
        p: Achieved shares and latencies.
        concurrency: Requests in flight per replica, waiting ones included. [request]
        input_tokens: Prompt length. [token]
        output_tokens: Answer length, at least 1. [token]
        cached_tokens: Of the prompt, those whose cache is at hand (prefix cache). [token]
        max_sequences: The engine's own limit on running sequences per replica. [sequence]
        burst: Share of requests that arrived all at once at the start (benchmarks: 1 / rounds). [1]
        prefill_terms: Counts of separate prefill devices; None: prompts share the decoding ones.
        prefill_replicas: Prefill replicas for all decoding replicas together.
        replicas: Decoding replicas.
    """
    concurrency = np.maximum(np.asarray(concurrency, float), 1e-9)
    outputs = np.maximum(np.asarray(output_tokens, float), 1.0)
    inputs = np.asarray(input_tokens, float)
    fresh = np.maximum(inputs - cached_tokens, 1.0)
    context = inputs + 0.5 * outputs
    fits = largest_batch(t, inputs + outputs)
    shared = largest_batch(t, inputs + GROWN * outputs)
    running = np.minimum(concurrency, np.minimum(np.maximum(shared, 1.0), max_sequences))
    before = np.asarray(cached_tokens, float)
    apart = prefill_terms is not None
    prompt = prefill_time(prefill_terms if prefill_terms is not None else t, p, fresh, before)

    if not apart:
        step = decode_time(t, p, running, context)
        often = running / outputs
        together = prefill_time(t, p, fresh, before, np.maximum(often, 1.0))
        tpot, lost = mixed_step(step.total, p.interference * together.busy, often, p.mixing)
        load = np.minimum(running * prompt.busy / (outputs * tpot + prompt.latency), 0.97)
        wait = p.first * prompt.latency / (1.0 - p.queueing * load)
        if np.any(burst):
            wait = wait + 0.5 * burst * p.burst * _queue_time(t, p, fresh, before, running)
        between = outputs * tpot / running * (1.0 - 1.0 / np.maximum(running, 1.0))
        ttft = p.request + p.alignment * tpot + wait + p.turnover * between
        slots = running
    else:
        servers = np.maximum(np.asarray(prefill_replicas, float), 1e-9) / replicas  # per decoding replica
        service = prompt.busy / servers
        slots = running
        for _ in range(4):  # requests in flight split between prompt queue and decoding: converges fast
            step = decode_time(t, p, slots, context)
            answer = outputs * step.total
            queued = np.maximum(running - slots, 0.0)
            response = p.first * prompt.latency + p.queueing * queued * service
            rate = np.minimum(running / (answer + response), 1.0 / service)
            slots = np.clip(rate * answer, 1e-3, running)
        tpot = step.total
        lost = 0.0 * tpot
        response = np.maximum(running / rate - answer, p.first * prompt.latency)
        assert prefill_terms is not None  # noqa: S101  tells the type checker
        start = _queue_time(prefill_terms, p, fresh, before, running / servers)
        ttft = p.request + p.alignment * tpot + response + 0.5 * burst * p.burst * start
        load = np.minimum(rate * service, 1.0)
    life = ttft + tpot * (outputs - 1.0)
    waiting = np.maximum(concurrency - running, 0.0)
    queue = waiting * life / np.maximum(running, 1e-9)
    ttft = ttft + queue
    rate_tokens = concurrency * outputs / (ttft + tpot * (outputs - 1.0))
    crowded = 1.0 / (1.0 + np.exp(-np.clip((running / outputs - 0.7) / 0.15, -50, 50)))  # most steps carry a prompt
    return Served(
        ttft=np.asarray(ttft),
        tpot=np.asarray(tpot),
        itl_median=np.asarray(step.total + crowded * lost),
        tokens_per_s=np.asarray(rate_tokens),
        batch=np.asarray(slots + 0.0 * tpot),
        batch_max=np.asarray(fits + 0.0 * tpot),
        decode=step,
        prefill=np.asarray(prompt.latency + 0.0 * tpot),
        prefill_share=np.asarray(load + 0.0 * tpot),
    )
