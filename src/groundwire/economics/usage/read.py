"""A usage file's bytes -> measured usage: CSV, JSON or JSON lines, bounded, with holes reported by line and column."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zlib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from groundwire.economics.usage.formats import FORMATS, cut_off, flatten, recognise
from groundwire.economics.usage.measured import MeasuredUsage, measure
from groundwire.errors import EconomicsError

__all__ = ["MAX_BYTES", "MAX_ROWS", "parse_usage", "read_usage"]

MAX_BYTES = 64_000_000
MAX_ROWS = 1_000_000
CUT_OFF = "the file says that more pages follow: fetch them too, else the load is too low"
MAX_DEPTH_ERROR = "is nested too deeply"


def read_usage(path: str | Path, *, on: date | None = None) -> MeasuredUsage:
    """Measure a file (``.gz`` is unpacked).

    Args:
        path: CSV, JSON or JSON lines.
        on: Prices of this day, for the present cost where the file states none; None: each model's at its last use.

    Raises:
        EconomicsError: it can't be read, is of no known format, or has holes.
    """
    file = Path(path)
    try:
        with file.open("rb") as f:
            raw = f.read(MAX_BYTES + 1)
    except OSError as error:
        raise EconomicsError(str(path), f"can't be read ({error.strerror})") from error
    return parse_usage(raw, on=on)


def parse_usage(raw: bytes, *, on: date | None = None) -> MeasuredUsage:
    """Measure a file's bytes; as ``read_usage``."""
    if raw[:2] == b"\x1f\x8b":
        raw = _unpacked(raw)
    if len(raw) > MAX_BYTES:
        raise EconomicsError("usage", f"is larger than {MAX_BYTES // 1_000_000} MB; export a shorter time")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise EconomicsError("usage", "is not text in UTF-8; export it again as CSV or JSON") from error
    if not text.strip():
        raise EconomicsError("usage", "is empty; export a time in which there was use")
    rows, unit, notes = _rows(text)
    if not rows:
        raise EconomicsError("usage", "has no rows; export a time in which there was use")
    if len(rows) > MAX_ROWS:
        raise EconomicsError("usage", f"has more than {MAX_ROWS} rows; export a shorter time or by hour")
    name = recognise(rows)
    read = FORMATS[name]
    records = []
    for i, row in enumerate(rows):
        record = read(row, f"{unit} {i + (2 if unit == 'line' else 1)}")
        if record is not None:
            records.append(record)
    if not records:
        raise EconomicsError("usage", f"is a {name}, but no row in it has tokens; export a time in which there was use")
    return measure(records, name, on=on, notes=notes)


def _unpacked(raw: bytes) -> bytes:
    """Unpacked as far as is taken: a bomb does not get to unfold."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(raw)) as packed:
            return packed.read(MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise EconomicsError("usage", "is a damaged gzip file; export it again") from error


def _rows(text: str) -> tuple[list[Mapping[str, Any]], str, tuple[str, ...]]:
    """The rows, what a reader counts them by, and what is missing from the whole."""
    start = text.lstrip()[:1]
    if start in "{[":
        try:
            document = json.loads(text)
            return flatten(document), "row", (CUT_OFF,) if cut_off(document) else ()
        except RecursionError as error:
            raise EconomicsError("usage", MAX_DEPTH_ERROR) from error
        except ValueError:
            return _json_lines(text), "row", ()
    return _csv(text), "line", ()


def _json_lines(text: str) -> list[Mapping[str, Any]]:
    rows: list[Mapping[str, Any]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            rows += flatten(json.loads(line))
        except RecursionError as error:
            raise EconomicsError(f"line {number}", MAX_DEPTH_ERROR) from error
        except ValueError as error:
            raise EconomicsError(
                f"line {number}", "is not valid JSON: the file is cut off or mixed; export again"
            ) from error
    return rows


def _csv(text: str) -> list[Mapping[str, Any]]:
    try:
        dialect: type[csv.Dialect] | str = csv.Sniffer().sniff(text[:8192], delimiters=",;\t")
    except csv.Error:
        dialect = "excel"
    csv.field_size_limit(1_000_000)
    reader = csv.reader(io.StringIO(text, newline=""), dialect)
    try:
        header = [h.strip() for h in next(reader)]
        if len(set(header)) != len(header):
            twice = next(h for h in header if header.count(h) > 1)
            raise EconomicsError("line 1", f"has the column {twice!r:.60} twice; export again")
        rows: list[Mapping[str, Any]] = []
        for cells in reader:
            if not any(c.strip() for c in cells):
                continue
            if len(cells) != len(header):
                raise EconomicsError(
                    f"line {reader.line_num}",
                    f"has {len(cells)} cells where the header has {len(header)}; export again",
                )
            rows.append(dict(zip(header, cells, strict=True)))
            if len(rows) > MAX_ROWS:
                break
    except csv.Error as error:
        raise EconomicsError("usage", f"is not valid CSV ({error}); export again") from error
    return rows
