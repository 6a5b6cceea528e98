"""Handing mail to a mail server: the one place that speaks SMTP."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage

from groundwire.errors import GroundwireError, SettingsError
from groundwire.settings import Settings

TIMEOUT_S = 30.0
_HERE = ("localhost", "127.0.0.1", "::1")


class MailError(GroundwireError):
    """A mail server did not take a mail; it was not sent and may be tried again."""


def send(settings: Settings, message: EmailMessage) -> None:
    """Send one mail to its one recipient.

    Raises:
        SettingsError: No mail server is named, or the password would travel unprotected.
        MailError: The server can't be reached, or refuses.
    """
    host, port = settings.smtp_host, settings.smtp_port
    if not host:
        raise SettingsError("setting smtp_host: no mail server is named; set it, and mail_from and mail_to")
    if settings.smtp_security == "none" and host not in _HERE:
        raise SettingsError(f"setting smtp_security: 'none' is only for a server on this machine, not {host}")
    where = f"mail server {host}:{port}"
    try:
        with _connect(settings, host, port) as server:
            if settings.smtp_security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password)
            server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        raise MailError(f"{where} refuses {message['To']}: {code} {_words(said)}") from error
    except smtplib.SMTPNotSupportedError as error:
        raise MailError(f"{where}: {error}; set smtp_security to 'tls', or 'none' for this machine's own") from error
    except smtplib.SMTPResponseException as error:
        raise MailError(f"{where}: {error.smtp_code} {_words(error.smtp_error)}") from error
    except (OSError, smtplib.SMTPException) as error:
        raise MailError(f"{where}: {error}; nothing was sent, try again later") from error


def _connect(settings: Settings, host: str, port: int) -> smtplib.SMTP:
    if settings.smtp_security == "tls":
        return smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_S, context=ssl.create_default_context())
    return smtplib.SMTP(host, port, timeout=TIMEOUT_S)


def _words(said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join(text.split())[:200]
