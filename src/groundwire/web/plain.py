"""Data classes -> JSON bytes that any parser takes: valid UTF-8, no NaN, nothing that ends a script element."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from typing import Any


def plain(value: object) -> Any:
    """Lists, dictionaries, strings and numbers; times as "2026-02-11T08:30:00Z"."""
    if isinstance(value, str):
        # lone surrogates have no UTF-8 form
        return value.encode("utf-8", "replace").decode() if not value.isascii() else value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {plain(str(key)): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def to_json(value: object, *, indent: int | None = None) -> bytes:
    """UTF-8 JSON in the order of the fields."""
    text = json.dumps(plain(value), ensure_ascii=False, allow_nan=False, indent=indent)
    # legal in JSON, but line ends to old script parsers
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").encode()


def for_script(value: object) -> str:
    """JSON that can stand inside a script element of an HTML page, whatever the strings hold."""
    text = to_json(value).decode()
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
