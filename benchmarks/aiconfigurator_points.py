"""Predict serving points with aiconfigurator, in an environment of its own; reads and writes one JSON object a line.

Run by `benchmarks.economics_accuracy --aiconfigurator PYTHON` with an interpreter that has aiconfigurator (PyPI) installed.
Only its kernel database is asked, never its file of measured samples.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import logging
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any


def estimate(point: Mapping[str, Any], cli_estimate: Callable[..., Any]) -> dict[str, Any]:
    """Time to first token and per output token in s, or why there is none."""
    options = {k: v for k, v in point.items() if k not in ("row", "gemm", "moe") and v is not None}
    started = time.perf_counter()
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            found = cli_estimate(gemm_quant_mode=point["gemm"], moe_quant_mode=point["moe"], **options)
    except Exception as error:
        return {"row": point["row"], "error": f"{type(error).__name__}: {error}"[:200]}
    took = time.perf_counter() - started
    return {"row": point["row"], "ttft": found.ttft / 1e3, "tpot": found.tpot / 1e3, "took_s": took}


def main() -> None:
    """Answer every line of standard input."""
    logging.disable(logging.CRITICAL)
    cli_estimate = importlib.import_module("aiconfigurator.cli.api").cli_estimate
    for line in sys.stdin:
        sys.stdout.write(json.dumps(estimate(json.loads(line), cli_estimate)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
