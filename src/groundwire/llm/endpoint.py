"""A model behind any OpenAI-compatible endpoint (Ollama, vLLM, llama.cpp, hosted ones)."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from typing import Any

import httpx2
import openai

from groundwire.llm.budget import list_price
from groundwire.llm.model import Answer, ModelError

MAX_BYTES = 4_000_000
"""Of one reply; a model's longest answer has a hundredth of it."""
LIST_TIMEOUT_S = 10.0
"""A list of models needs no model to think. [s]"""


class _TooLong(httpx2.TransportError):
    """A reply is longer than any answer."""


class _Bounded(httpx2.SyncByteStream):
    """A reply's bytes, so many and for so long at most: a server that drips never lets a read time out."""

    def __init__(self, inner: httpx2.SyncByteStream, until: float) -> None:
        self._inner, self._until = inner, until

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for chunk in self._inner:
            size += len(chunk)
            if size > MAX_BYTES:
                raise _TooLong("too long")
            if time.monotonic() > self._until:
                raise httpx2.ReadTimeout("the reply goes on for too long")
            yield chunk

    def close(self) -> None:
        self._inner.close()


class _Transport(httpx2.HTTPTransport):
    """Bounds each reply in bytes and time, and takes no compressed one, whose size can't be known.

    Args:
        timeout_s: From the request to the reply's last byte. [s]
    """

    def __init__(self, timeout_s: float) -> None:
        super().__init__()
        self._timeout_s = timeout_s

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        until = time.monotonic() + self._timeout_s
        request.headers["Accept-Encoding"] = "identity"
        response = super().handle_request(request)
        if (
            not isinstance(response.stream, httpx2.SyncByteStream)
            or response.headers.get("Content-Encoding", "identity") != "identity"
        ):
            response.close()
            raise _TooLong("compressed though we asked for plain bytes")
        response.stream = _Bounded(response.stream, until)
        return response


class EndpointModel:
    """Asks an endpoint through the official client, which retries, waits longer each time and honours Retry-After.

    Args:
        name: The model, as the endpoint calls it.
        base_url: The endpoint, usually ending in "/v1"; empty: OpenAI's.
        key: Its key; local endpoints take anything.
        timeout_s: Longest wait for one try, to the reply's last byte. [s]
        retries: Tries after the first, on 408, 409, 429, 5xx and broken connections.
        key_variable: Where the key is set, for who has to mend it.
    """

    parameters: Mapping[str, Any] = {"temperature": 0.0, "seed": 7}

    def __init__(
        self, name: str, *, base_url: str, key: str, timeout_s: float, retries: int,
        key_variable: str = "GROUNDWIRE_MODEL_KEY",
    ) -> None:  # fmt: skip
        self.name, self._base_url, self._key_variable = name, base_url, key_variable
        http = openai.DefaultHttpxClient(transport=_Transport(timeout_s))
        self._client = openai.OpenAI(
            base_url=base_url or None, api_key=key or "none", timeout=timeout_s, max_retries=retries, http_client=http
        )
        self._without: frozenset[str] = frozenset()
        """Parameters of a request that this server knows not, found out by asking."""

    def price(self, input_tokens: int, output_tokens: int) -> float | None:
        """See ``LanguageModel.price``."""
        return list_price(self.name, self._base_url, input_tokens, output_tokens)

    def answer(self, prompt: str, *, schema: Mapping[str, Any], max_output_tokens: int) -> Answer:
        """See ``LanguageModel.answer``."""
        started = time.monotonic()
        without = self._without
        while True:
            try:
                reply = self._ask(prompt, schema, max_output_tokens, without)
            except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
                refused = _refused(str(error), without)
                if refused is None:
                    raise self._in_words(error) from error
                without |= {refused}
            except openai.OpenAIError as error:
                raise self._in_words(error) from error
            else:
                self._without = without
                return _answer(reply, self.name, len(prompt) // 3, max_output_tokens, time.monotonic() - started)

    def served(self) -> tuple[str, ...] | None:
        """The models that the endpoint says it serves, found out without spending a token; None if it doesn't tell.

        Raises:
            ModelError: The endpoint can't be reached, or refuses.
        """
        brief = self._client.with_options(timeout=LIST_TIMEOUT_S, max_retries=0)
        try:
            listed = _reply(brief.models.with_raw_response.list().content, self.name).get("data")
        except openai.NotFoundError:
            return None
        except openai.OpenAIError as error:
            raise self._in_words(error) from error
        rows = listed if isinstance(listed, list) else []
        named = [row["id"] for row in rows if isinstance(row, dict) and isinstance(row.get("id"), str)]
        return tuple(named) or None

    def _ask(self, prompt: str, schema: Mapping[str, Any], limit: int, without: frozenset[str]) -> Mapping[str, Any]:
        optional: dict[str, Any] = {name: value for name, value in self.parameters.items() if name not in without}
        optional["max_completion_tokens" if "max_tokens" in without else "max_tokens"] = limit
        if "json_schema" not in without:
            named = {"name": "answer", "strict": True, "schema": dict(schema)}
            optional["response_format"] = {"type": "json_schema", "json_schema": named}
        elif "response_format" not in without:
            optional["response_format"] = {"type": "json_object"}
        raw = self._client.chat.completions.with_raw_response.create(
            model=self.name, messages=[{"role": "user", "content": prompt}], **optional
        )
        return _reply(raw.content, self.name)

    def _in_words(self, error: openai.OpenAIError) -> ModelError:
        lasting = True
        match error:
            case openai.AuthenticationError() | openai.PermissionDeniedError():
                words = f"the endpoint refuses the key; set {self._key_variable}"
            case openai.NotFoundError():
                words = "the endpoint knows no such model; check the settings model and model_url"
            case openai.RateLimitError():
                words = "asked too often (429), also after waiting; the next run tries again"
            case openai.APITimeoutError():
                words, lasting = "no answer in time; raise model_timeout_s or choose a faster model", False
            case openai.APIConnectionError() if isinstance(error.__cause__, _TooLong):
                words, lasting = f"the endpoint's reply can't be read ({error.__cause__})", False
            case openai.APIConnectionError():
                words = "the endpoint can't be reached; check model_url, and that it runs"
            case openai.APIStatusError():
                words, lasting = f"the endpoint answers {error.status_code}", False
            case _:
                words, lasting = f"the endpoint's reply can't be read ({type(error).__name__})", False
        return ModelError(self.name, words, lasting=lasting)


def _reply(body: bytes, name: str) -> Mapping[str, Any]:
    try:
        reply = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ModelError(name, "the endpoint's reply is no JSON; check model_url", lasting=False) from error
    if not isinstance(reply, dict):
        raise ModelError(name, "the endpoint's reply is no chat completion; check model_url", lasting=False)
    return reply


def _answer(reply: Mapping[str, Any], name: str, sent: int, limit: int, elapsed_s: float) -> Answer:
    """A reply as an answer; whatever of it has another shape than the API says counts as absent."""
    choices = reply.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = choice.get("message") if isinstance(choice, dict) else None
    content = message.get("content") if isinstance(message, dict) else None
    usage = reply.get("usage")
    model, version = reply.get("model"), reply.get("system_fingerprint")
    return Answer(
        text=content if isinstance(content, str) else "",
        model=" ".join(str(part)[:200] for part in (model or name, version) if isinstance(part, str)),
        input_tokens=_count(usage, "prompt_tokens", sent),
        output_tokens=_count(usage, "completion_tokens", limit),
        elapsed_s=elapsed_s,
    )


def _count(usage: object, name: str, otherwise: int) -> int:
    found = usage.get(name) if isinstance(usage, dict) else None
    return found if type(found) is int and 0 <= found < 10**9 else otherwise


def _refused(words: str, without: frozenset[str]) -> str | None:
    """Which parameter to do without after a request was refused; None: none is left.

    Some models take no temperature or another name of the limit, and say so; some servers know no schemas, some not
    even JSON, and don't always say so.
    """
    named = [name for name in ("max_tokens", "temperature", "seed") if name in words]
    return next((name for name in (*named, "json_schema", "response_format") if name not in without), None)
