"""Settings -> the model that they name."""

from __future__ import annotations

from groundwire.errors import SettingsError
from groundwire.llm.model import LanguageModel
from groundwire.llm.scripted import ScriptedModel
from groundwire.settings import Settings


def configured(settings: Settings) -> LanguageModel | None:
    """The model to ask; None: none is set, and nothing is missed.

    Raises:
        SettingsError: The client isn't installed.
    """
    if not settings.model:
        return None
    if settings.model == ScriptedModel.name:
        return ScriptedModel()
    try:
        from groundwire.llm.endpoint import EndpointModel
    except ImportError as error:
        raise SettingsError(
            "setting model: its client is not installed; run: pip install 'groundwire[models]'"
        ) from error
    return EndpointModel(
        settings.model,
        base_url=settings.model_url,
        key=settings.model_key,
        timeout_s=settings.model_timeout_s,
        retries=settings.model_retries,
    )
