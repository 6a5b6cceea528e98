"""Settings -> the models that they name."""

from __future__ import annotations

from groundwire.errors import SettingsError
from groundwire.llm.model import LanguageModel
from groundwire.llm.scripted import ScriptedModel
from groundwire.settings import Settings

MODEL_KEY = "GROUNDWIRE_MODEL_KEY"


def configured(settings: Settings) -> LanguageModel | None:
    """The model that writes; None: none is set, and nothing is missed.

    Raises:
        SettingsError: The client isn't installed.
    """
    return _model(settings, "model", settings.model, settings.model_url, settings.model_key)


def configured_judge(settings: Settings) -> LanguageModel | None:
    """The model that judges what the other one wrote; errors as ``configured``."""
    url, key = settings.judge_url or settings.model_url, settings.judge_key or settings.model_key
    variable = "GROUNDWIRE_JUDGE_KEY" if settings.judge_key or settings.judge_url else MODEL_KEY
    return _model(settings, "judge_model", settings.judge_model, url, key, variable)


def _model(
    settings: Settings, setting: str, name: str, url: str, key: str, key_variable: str = MODEL_KEY
) -> LanguageModel | None:
    if not name:
        return None
    if name == ScriptedModel.name:
        return ScriptedModel()
    try:
        from groundwire.llm.endpoint import EndpointModel
    except ImportError as error:
        raise SettingsError(
            f"setting {setting}: its client is not installed; run: pip install 'groundwire[models]'"
        ) from error
    return EndpointModel(
        name, base_url=url, key=key, timeout_s=settings.model_timeout_s, retries=settings.model_retries,
        key_variable=key_variable,
    )  # fmt: skip
