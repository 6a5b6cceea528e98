"""Prefill and decode times, continuous batching, memory: from a phone to a rack with one set of formulas."""
