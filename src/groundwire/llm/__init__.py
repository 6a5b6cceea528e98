"""The only room that talks to language models: none is needed, none is configured by default."""

from groundwire.llm.budget import Budget
from groundwire.llm.choose import configured, configured_judge
from groundwire.llm.model import Answer, LanguageModel, ModelError, Question
from groundwire.llm.recording import Call, Calls, Recorder
from groundwire.llm.scripted import ScriptedModel

__all__ = [
    "Answer",
    "Budget",
    "Call",
    "Calls",
    "LanguageModel",
    "ModelError",
    "Question",
    "Recorder",
    "ScriptedModel",
    "configured",
    "configured_judge",
]
