"""Brief <-> JSON, lossless, keys sorted: what storage keeps and the API shows."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin

from groundwire.types import Brief


def to_json(brief: Brief) -> dict[str, Any]:
    """Plain lists, dictionaries (keys sorted), strings and numbers; dates in ISO 8601."""
    plain: dict[str, Any] = _plain(brief)
    return plain


def from_json(data: Mapping[str, Any]) -> Brief:
    """The brief that ``to_json`` was given.

    Raises:
        ValueError: A field is missing or has the wrong shape.
    """
    try:
        brief: Brief = _typed(data, Brief)
    except (KeyError, TypeError) as error:
        raise ValueError(f"not a brief: {error}") from error
    return brief


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in sorted(fields(value), key=lambda f: f.name)}
    if isinstance(value, Mapping):
        return {str(k): _plain(value[k]) for k in sorted(value)}
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return value


def _typed(value: Any, kind: Any) -> Any:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        options = [a for a in get_args(kind) if a is not type(None)]
        return None if value is None else _typed(value, options[0])
    if origin is tuple:
        items = get_args(kind)
        if len(items) == 2 and items[1] is Ellipsis:
            return tuple(_typed(item, items[0]) for item in value)
        return tuple(_typed(item, inner) for item, inner in zip(value, items, strict=True))
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        return {k: _typed(v, get_args(kind)[1]) for k, v in value.items()}
    if origin is Literal:
        if value not in get_args(kind):
            raise ValueError(f"not a brief: {value!r} is none of {get_args(kind)}")
        return value
    if kind is datetime:
        return datetime.fromisoformat(value)
    if kind is date:
        return date.fromisoformat(value)
    if kind is float:
        return float(value)
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _hints(kind)
        given = [f for f in fields(kind) if f.name in value or (f.default is MISSING and f.default_factory is MISSING)]
        build: Callable[..., Any] = kind
        return build(**{f.name: _typed(value[f.name], hints[f.name]) for f in given})
    return value


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return typing.get_type_hints(kind)
