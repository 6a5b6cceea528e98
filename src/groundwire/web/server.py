"""The HTTP server under the site: uvicorn, bound to this machine, that waits for no one for long."""

from __future__ import annotations

import asyncio
import socket
from typing import Final

import h11
import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_S: Final = 10.0
"""How long a request's line and headers may take from their first byte. [s]"""


def listen(port: int) -> socket.socket:
    """A socket bound to ``port`` of the loopback address; 0 picks a free one.

    Raises:
        OSError: The port is taken or not allowed.
    """
    # the protocol named: asyncio turns Nagle's wait (40 ms an answer) off only where it is
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError:
        listener.close()
        raise
    return listener


def server(app: FastAPI, *, head_s: float = HEAD_S) -> uvicorn.Server:
    """A server of the app, to run on sockets from ``listen``."""

    class Bounded(_Impatient):
        patience_s = head_s

    return uvicorn.Server(
        uvicorn.Config(app, http=Bounded, ws="none", log_level="warning", server_header=False, date_header=False)
    )


class _Impatient(H11Protocol):
    """Refuses requests whose head takes too long: uvicorn itself waits for the rest of one for ever."""

    patience_s: float
    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._stop()

    def _watch(self) -> None:
        if self.conn.their_state is not h11.IDLE:  # the head is here, or was refused
            self._stop()
        elif self._late is None:
            self._late = self.loop.call_later(self.patience_s, self._refuse)

    def _stop(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _refuse(self) -> None:
        if not self.transport.is_closing():
            self.send_400_response("The request took too long.")
