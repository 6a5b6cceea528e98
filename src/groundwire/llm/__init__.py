"""The only room that talks to language models: none is needed, none is configured by default."""

from groundwire.llm.budget import Budget
from groundwire.llm.choose import configured
from groundwire.llm.model import Answer, LanguageModel, ModelError
from groundwire.llm.recording import Call, Calls, Recorder
from groundwire.llm.scripted import ScriptedModel

__all__ = [
    "Answer",
    "Budget",
    "Call",
    "Calls",
    "LanguageModel",
    "ModelError",
    "Recorder",
    "ScriptedModel",
    "configured",
]
