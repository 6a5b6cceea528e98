"""A model behind any OpenAI-compatible endpoint (Ollama, vLLM, llama.cpp, hosted ones)."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import openai

from groundwire.llm.model import Answer, ModelError


class EndpointModel:
    """Asks an endpoint through the official client, which retries and honours Retry-After.

    Args:
        name: The model, as the endpoint calls it.
        base_url: The endpoint, usually ending in "/v1".
        key: Its key; local endpoints take anything.
        timeout_s: Longest wait for one try. [s]
        retries: Tries after the first, on 408, 409, 429, 5xx and broken connections.
    """

    parameters: Mapping[str, Any] = {"temperature": 0.0, "seed": 7}

    def __init__(self, name: str, *, base_url: str, key: str, timeout_s: float, retries: int) -> None:
        self.name = name
        self._client = openai.OpenAI(
            base_url=base_url or None, api_key=key or "none", timeout=timeout_s, max_retries=retries
        )
        self._takes_schema = True

    def answer(self, prompt: str, *, schema: Mapping[str, Any], max_output_tokens: int) -> Answer:
        """See ``LanguageModel.answer``."""
        started = time.monotonic()
        if self._takes_schema:
            try:
                return self._ask(prompt, _schema_format(schema), max_output_tokens, started)
            except openai.BadRequestError:  # some servers know no schemas; they are asked in words alone from now on
                self._takes_schema = False
            except openai.OpenAIError as error:
                raise self._in_words(error) from error
        try:
            return self._ask(prompt, openai.omit, max_output_tokens, started)
        except openai.OpenAIError as error:
            raise self._in_words(error) from error

    def _ask(self, prompt: str, response_format: Any, limit: int, started: float) -> Answer:
        reply = self._client.chat.completions.create(
            model=self.name,
            messages=[{"role": "user", "content": prompt}],
            max_tokens=limit,
            temperature=self.parameters["temperature"],
            seed=self.parameters["seed"],
            response_format=response_format,
        )
        choice = reply.choices[0] if reply.choices else None
        usage = reply.usage
        return Answer(
            text=(choice.message.content or "") if choice else "",
            model=reply.model or self.name,
            input_tokens=usage.prompt_tokens if usage else len(prompt) // 3,
            output_tokens=usage.completion_tokens if usage else limit,
            elapsed_s=time.monotonic() - started,
        )

    def _in_words(self, error: openai.OpenAIError) -> ModelError:
        match error:
            case openai.AuthenticationError() | openai.PermissionDeniedError():
                words = "the endpoint refuses the key; set GROUNDWIRE_MODEL_KEY"
            case openai.NotFoundError():
                words = "the endpoint knows no such model; check the settings model and model_url"
            case openai.RateLimitError():
                words = "asked too often (429), also after waiting; the next run tries again"
            case openai.APITimeoutError():
                words = "no answer in time; raise model_timeout_s or choose a faster model"
            case openai.APIConnectionError():
                words = "the endpoint can't be reached; check model_url, and that it runs"
            case openai.APIStatusError():
                words = f"the endpoint answers {error.status_code}"
            case _:
                words = f"the endpoint's answer can't be read ({type(error).__name__})"
        refused_this_one = isinstance(error, (openai.BadRequestError, openai.UnprocessableEntityError))
        return ModelError(self.name, words, lasting=not refused_this_one)


def _schema_format(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "json_schema", "json_schema": {"name": "statements", "strict": True, "schema": dict(schema)}}
