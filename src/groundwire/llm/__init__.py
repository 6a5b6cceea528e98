"""The only room that talks to language models: none is needed, none is configured by default."""

from groundwire.llm.model import Answer, LanguageModel

__all__ = ["Answer", "LanguageModel"]
