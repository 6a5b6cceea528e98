"""Reading what requests send: bounded, of the one type that a place takes, and refused in words if it is not right."""

from __future__ import annotations

import asyncio
import json
from typing import Any, Final, NoReturn, TypeVar
from urllib.parse import parse_qsl

from pydantic import BaseModel, ValidationError
from starlette.requests import ClientDisconnect, Request

from groundwire.web.access import Refused

MAX_BODY: Final = 64 * 1024
"""Of anything posted. [byte]"""
MAX_FIELDS: Final = 600
BODY_S: Final = 10.0
"""How long sending it may take. [s]"""

Model = TypeVar("Model", bound=BaseModel)


class Form:
    """The fields of a submitted form."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self._pairs = pairs

    def get(self, name: str) -> str:
        """The last value of a field, "" if it was not sent."""
        return next((value for key, value in reversed(self._pairs) if key == name), "")

    def all(self, name: str) -> list[str]:
        """Every value of a field."""
        return [value for key, value in self._pairs if key == name]


async def read_form(request: Request) -> Form:
    """A URL-encoded form.

    Raises:
        Refused: 400, 408, 413, 415 or 422.
    """
    body = await _body(request, "application/x-www-form-urlencoded")
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="strict")
    except (UnicodeDecodeError, ValueError) as error:
        raise Refused(422, "the form can't be read") from error
    if any(not value.isprintable() for _, value in pairs):
        raise Refused(422, "the form holds control characters")
    return Form(pairs)


async def read_json(request: Request, model: type[Model]) -> Model:
    """A JSON object of the model's shape: no NaN, no key twice, no lone surrogates, not too deep.

    Raises:
        Refused: 400, 408, 413, 415 or 422.
    """
    body = await _body(request, "application/json")
    try:
        value = json.loads(body.decode(), parse_constant=_refuse_constant, object_pairs_hook=_unique)
        json.dumps(value, ensure_ascii=False).encode()
        return model.model_validate(value)
    except RecursionError as error:
        raise Refused(422, "the JSON is nested too deeply") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "the body"
        raise Refused(422, f"{where}: {first['msg']}") from error
    except ValueError as error:
        raise Refused(422, "the body is no valid JSON") from error


async def _body(request: Request, media_type: str) -> bytes:
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given != media_type:
        raise Refused(415, f"send {media_type}")
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_S):
            async for chunk in request.stream():
                body += chunk
                if len(body) > MAX_BODY:
                    raise Refused(413, f"more than {MAX_BODY} bytes")
    except TimeoutError:
        raise Refused(408, f"the body took more than {BODY_S:g} seconds") from None
    except ClientDisconnect:
        raise Refused(400, "the connection ended within the body") from None
    return bytes(body)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is there twice")
    return found
