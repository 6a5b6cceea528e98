"""A model without a model: gives answers that were written beforehand, for offline use and tests."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from groundwire.llm.model import Answer

_NUMBERED = re.compile(r"^\[(\d+)\] (.+)$", re.MULTILINE)


def code_of(schema: Mapping[str, Any]) -> str:
    """The code that an answer must give back."""
    return str(schema["properties"]["code"]["enum"][0])


def repeat_evidence(prompt: str, schema: Mapping[str, Any]) -> str:
    """The answer of the scripted model that ships: each section in turn takes the next evidence sentence as it stands.

    It translates nothing and, as a judge, believes everything, but decides no forecast.
    """
    code, asked = code_of(schema), schema["properties"]
    if "supported" in asked:
        return json.dumps({"code": code, "supported": True})
    if "verdict" in asked:
        return json.dumps({"code": code, "verdict": "unclear"})
    if "translations" in asked:
        return json.dumps({"code": code, "translations": []})
    sections = asked["statements"]["items"]["properties"]["section"]["enum"]
    numbered = _NUMBERED.findall(prompt)
    made = [
        {"section": section, "text": text, "evidence": [int(number)]}
        for section, (number, text) in zip(sections, numbered, strict=False)
    ]
    return json.dumps({"code": code, "statements": made}, ensure_ascii=False)


class ScriptedModel:
    """Answers by a function of prompt and schema; counts a token per four characters, and costs nothing.

    Args:
        script: Gives the answer's text; it may raise ``ModelError``.
    """

    name = "scripted"
    parameters: Mapping[str, Any] = {}

    def __init__(self, script: Callable[[str, Mapping[str, Any]], str] = repeat_evidence) -> None:
        self._script = script
        self.asked = 0

    def answer(self, prompt: str, *, schema: Mapping[str, Any], max_output_tokens: int) -> Answer:
        """See ``LanguageModel.answer``."""
        self.asked += 1
        text = self._script(prompt, schema)[: 4 * max_output_tokens]
        return Answer(
            text=text, model=self.name, input_tokens=len(prompt) // 4, output_tokens=len(text) // 4, elapsed_s=0.0
        )

    def served(self) -> tuple[str, ...]:
        """See ``LanguageModel.served``."""
        return (self.name,)

    def price(self, input_tokens: int, output_tokens: int) -> float | None:
        """See ``LanguageModel.price``."""
        del input_tokens, output_tokens
        return 0.0
