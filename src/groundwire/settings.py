"""One typed settings object, from ``settings.toml`` in the home folder and GROUNDWIRE_… in the environment."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final

from groundwire.errors import SettingsError

LANGUAGES: Final = ("en", "zh")
"""Of pages and their interface; what a source says stays in its own."""
DEFAULT_HOME = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "groundwire"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set; each field's name is its key in the file and, upper case, in the environment."""

    home: Path
    """Holds the database and ``settings.toml``."""
    database_url: str = ""
    """SQLAlchemy URL; empty: SQLite in the home folder."""
    base_url: str = "http://127.0.0.1:8700"
    """Where readers reach the site; the address in feeds and share links."""
    port: int = 8700
    language: str = "en"
    """The reader's language: "en" or "zh"."""
    contact_url: str = "https://groundwire.invalid/self-hosted"
    """Named in the User-Agent, so that a publisher can reach whoever runs this."""
    allow_hosts: tuple[str, ...] = ()
    """HOST:PORT of private addresses that may be fetched all the same."""
    fresh_hours: float = 6.0
    """How long the newest article of an event makes it "fresh". [h]"""
    window_days: float = 45.0
    """How long after its last article an event can still grow. [d]"""
    max_entries_per_poll: int = 500
    """The newest so many of a feed are taken at one poll: a flood drowns only itself."""
    fetch_concurrency: int = 32
    """Requests under way at once, all hosts together."""
    reader_roles: tuple[str, ...] = ()
    """The reader's roles (founders, infrastructure, …): stories for them rank higher in recaps."""
    reader_topics: tuple[str, ...] = ()
    """The reader's topics (chips, energy, …): the same."""
    mail_to: tuple[str, ...] = ()
    """Who gets the weekly recap by mail."""
    mail_from: str = ""
    """The sender's address; replies and wishes to unsubscribe go there."""
    smtp_host: str = ""
    """The mail server that takes our mail."""
    smtp_port: int = 587
    smtp_security: str = "starttls"
    """"starttls", "tls" (from the first byte, often port 465) or "none" (only to a server on this machine)."""
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    """Better given as GROUNDWIRE_SMTP_PASSWORD than written into the file."""
    model: str = ""
    """The language model that writes, as its endpoint calls it; empty: none; "scripted": the offline one that ships."""
    model_url: str = ""
    """Its OpenAI-compatible endpoint, for example http://127.0.0.1:11434/v1; empty: api.openai.com."""
    model_key: str = field(default="", repr=False)
    """Its key; better given as GROUNDWIRE_MODEL_KEY than written into the file."""
    model_context_tokens: int = 8192
    """What the model can read and write at once; small ones are asked section by section."""
    model_output_tokens: int = 1200
    """Longest answer."""
    model_timeout_s: float = 120.0
    """Longest wait for one try. [s]"""
    model_concurrency: int = 2
    """Questions under way at once; a small server of your own may want 1."""
    model_languages: tuple[str, ...] = ("en", "zh")
    """With a model, pages are made in each of these besides ``language``, what no source says in it translated.

    Without one, pages are made in ``language`` and in each of the sources' own."""
    model_retries: int = 2
    """Tries after the first; a Retry-After is honoured."""
    model_budget_tokens: int = 2_000_000
    """What one run may use; then the rest is extractive."""
    model_budget_usd: float = 5.0
    """The same in money, by list prices."""
    judge_model: str = ""
    """A second model that must agree before a written statement is shown; empty: none. It can only withhold."""
    judge_url: str = ""
    """Its endpoint; empty: that of ``model``."""
    judge_key: str = field(default="", repr=False)
    """Its key; empty: that of ``model``."""
    model_device: str = "h100"
    """What a hosted model is taken to run on, as the workbench names accelerators; for the desk's own bill."""
    model_watts: float = 0.0
    """What the machine of a model of your own draws while it answers; 0: taken as hosted, or unknown. [W]"""
    region: str = "US"
    """Whose electricity the desk runs on, as the workbench names grids: a country's code or name."""
    workers: int = 2
    """Processes that parse foreign bytes."""
    worker_silence_s: float = 30.0
    """How long a `groundwire worker` may give no sign of life before its jobs go to others. [s]"""
    catalog_files: tuple[str, ...] = ()
    """The workbench's catalogue files of your own (models, devices, prices, grids), relative to the home folder."""

    @property
    def url(self) -> str:
        """The database's URL."""
        return self.database_url or f"sqlite:///{self.home / 'groundwire.db'}"


def load(home: Path | None = None, environment: Mapping[str, str] = os.environ, **overrides: Any) -> Settings:
    """Read settings: defaults, then the file, then the environment, then ``overrides`` that are not None.

    Raises:
        SettingsError: names the key, what was given and what is allowed.
    """
    home = Path(home or environment.get("GROUNDWIRE_HOME") or DEFAULT_HOME).expanduser()
    path = home / "settings.toml"
    given: dict[str, Any] = {}
    if path.exists():
        try:
            given |= tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsError(f"{path}: {error}; mend the line or remove the file") from error
    kinds = {known.name: str(known.type) for known in fields(Settings) if known.name != "home"}
    for name in given:
        if name not in kinds:
            raise SettingsError(f"{path}: unknown setting {name!r}; known are {', '.join(sorted(kinds))}")
    given |= {
        name: environment[f"GROUNDWIRE_{name.upper()}"] for name in kinds if f"GROUNDWIRE_{name.upper()}" in environment
    }
    given |= {name: value for name, value in overrides.items() if value is not None}
    values = {name: _typed(name, kinds[name], value) for name, value in given.items()}
    settings = Settings(home=home, **values)
    _check(settings)
    return settings


def _typed(name: str, kind: str, value: Any) -> Any:
    try:
        match kind:
            case "int":
                return int(value)
            case "float":
                return float(value)
            case "tuple[str, ...]":
                parts = value.split(",") if isinstance(value, str) else value
                return tuple(str(part).strip() for part in parts if str(part).strip())
            case _:
                return str(value)
    except (TypeError, ValueError) as error:
        raise SettingsError(
            f"setting {name}: {value!r} is not {'a whole number' if kind == 'int' else 'a number'}"
        ) from error


_MODEL_LIMITS = (
    "model_output_tokens", "model_timeout_s", "model_budget_tokens", "model_budget_usd", "model_concurrency",
)  # fmt: skip


def _check(settings: Settings) -> None:
    if settings.language not in LANGUAGES:
        raise SettingsError(f"setting language: {settings.language!r}; allowed are en and zh")
    if not 0 <= settings.port <= 65_535:
        raise SettingsError(f"setting port: {settings.port}; allowed are 0 to 65535 (0 picks a free one)")
    positive = (
        "fresh_hours",
        "window_days",
        "max_entries_per_poll",
        "fetch_concurrency",
        "workers",
        "worker_silence_s",
        *_MODEL_LIMITS,
    )
    for name in positive:
        if not getattr(settings, name) > 0:
            raise SettingsError(f"setting {name}: {getattr(settings, name)}; it must be greater than 0")
    if settings.model_context_tokens < 2 * settings.model_output_tokens:
        raise SettingsError(
            f"setting model_context_tokens: {settings.model_context_tokens}; it must be at least twice "
            f"model_output_tokens ({settings.model_output_tokens})"
        )
    if settings.model_retries < 0:
        raise SettingsError(f"setting model_retries: {settings.model_retries}; it must not be negative")
    for name in ("model_url", "judge_url"):
        if (url := getattr(settings, name)) and not url.startswith(("http://", "https://")):
            raise SettingsError(f"setting {name}: {url!r}; it starts with http:// or https://")
    for language in settings.model_languages:
        if language not in LANGUAGES:
            raise SettingsError(f"setting model_languages: {language!r}; allowed are en and zh")
    if settings.smtp_security not in ("starttls", "tls", "none"):
        raise SettingsError(f"setting smtp_security: {settings.smtp_security!r}; allowed are starttls, tls and none")
    if not 0 < settings.smtp_port <= 65_535:
        raise SettingsError(f"setting smtp_port: {settings.smtp_port}; allowed are 1 to 65535")
    for name, address in (("mail_from", settings.mail_from), *(("mail_to", to) for to in settings.mail_to)):
        if address and not re.fullmatch(r"[^@\s<>,;]+@[^@\s<>,;]+", address):
            raise SettingsError(f"setting {name}: {address!r} is no mail address; write name@host")
    for host in settings.allow_hosts:
        name, separator, port = host.rpartition(":")
        if not (separator and name and port.isdigit()):
            raise SettingsError(f"setting allow_hosts: {host!r}; write HOST:PORT, for example 127.0.0.1:8765")
    if not settings.base_url.startswith(("http://", "https://")):
        raise SettingsError(f"setting base_url: {settings.base_url!r}; it starts with http:// or https://")
