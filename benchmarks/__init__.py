"""Measurements: ``python -m benchmarks.NAME [--data PATH] [--json]``; the figures stand in docs/benchmarks.md."""
