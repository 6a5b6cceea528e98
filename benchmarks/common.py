"""What every benchmark shares: arguments, where the data is, how a table is printed."""

from __future__ import annotations

import argparse
import gzip
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

DATA = Path(os.environ.get("GROUNDWIRE_DATA", Path(__file__).parents[2] / "shared" / "data"))


def parser(doc: str | None, default: str) -> argparse.ArgumentParser:
    """The two options that every benchmark has; ``default`` is relative to the recorded data set."""
    options = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument(
        "--data", type=Path, default=DATA / default, help=f"file or folder (default: {default} of the recorded data)"
    )
    options.add_argument("--json", action="store_true", help="print one JSON object")
    return options


def need(path: Path) -> Path:
    """The path, or end the benchmark with a clear word (exit 0): absent data is no failure."""
    if not path.exists():
        print(f"skipped: no data at {path} (set --data or GROUNDWIRE_DATA)")
        sys.exit(0)
    return path


def read_jsonl(path: Path) -> Iterator[dict[str, Any]]:
    """One object a line, plain or gzipped."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def report(title: str, rows: Sequence[Mapping[str, object]], *, as_json: bool, note: str = "") -> None:
    """Print rows (same keys each) as an aligned table or as JSON ``{"title", "rows", "note"}``."""
    if as_json:
        print(json.dumps({"title": title, "rows": [dict(r) for r in rows], "note": note}, ensure_ascii=False))
        return
    print(f"# {title}")
    if rows:
        keys = list(rows[0])
        cells = [[f"{r[k]:.3f}" if isinstance(r[k], float) else str(r[k]) for k in keys] for r in rows]
        widths = [max(len(k), *(len(c[i]) for c in cells)) for i, k in enumerate(keys)]
        for line in [keys, *cells]:
            print("  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)).rstrip())
    if note:
        print(note)
