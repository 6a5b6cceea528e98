"""A real SMTP server on this machine that keeps what comes, and refuses what a test tells it to."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

from aiosmtpd.controller import Controller


class Inbox:
    """What came, and what is refused: by recipient, or at the end of every mail."""

    def __init__(self) -> None:
        self.received: list[bytes] = []
        self.refused: dict[str, str] = {}
        """Recipient -> answer."""
        self.full = ""
        """The answer to every mail once it was transferred; "": it is kept."""

    @property
    def mails(self) -> list[EmailMessage]:
        """What came, read as mail."""
        return [message_from_bytes(raw, policy=SMTP) for raw in self.received]

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, server: object, session: object, envelope: object, address: str, options: object
    ) -> str:
        del server, session, options
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)  # type: ignore[attr-defined]  # aiosmtpd ships no types
        return "250 OK"

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:  # noqa: N802  the same
        del server, session
        if self.full:
            return self.full
        self.received.append(envelope.content)  # type: ignore[attr-defined]  # the same
        return "250 OK"


@contextmanager
def mail_server() -> Iterator[tuple[Inbox, int]]:
    """An inbox and its port."""
    inbox = Inbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield inbox, port
    finally:
        controller.stop()
