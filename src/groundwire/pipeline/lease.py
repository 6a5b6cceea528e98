"""One run at a time on one database."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from groundwire.errors import GroundwireError, StorageError
from groundwire.pipeline.report import Clock
from groundwire.storage import Store

LENGTH = timedelta(minutes=2)
RENEW_EVERY_S = 30.0


class AnotherRun(GroundwireError):  # noqa: N818  names what is the case
    """Another process is collecting on this database."""


@contextmanager
def only_run(
    store: Store, now: Clock, owner: str | None = None, *, keep: Callable[[], bool] = lambda: False
) -> Iterator[None]:
    """Hold the lease under which stages run, for as long as they take.

    Args:
        store: Whose lease.
        now: The clock.
        owner: Who holds it; those who give the same name hold it together. Default: this process.
        keep: Asked at the end: whether others still hold it.

    Raises:
        AnotherRun: names who holds it.
    """
    owner = owner or this_process()
    holder = store.leases.take("run", owner, now(), LENGTH)
    if holder is not None and _died_here(holder):
        store.leases.release("run", holder)
        holder = store.leases.take("run", owner, now(), LENGTH)
    if holder is not None:
        raise AnotherRun(f"another run is under way ({holder}); wait for its end ({LENGTH.seconds} s if it died)")
    done = threading.Event()

    def renew() -> None:
        while not done.wait(RENEW_EVERY_S):
            try:
                store.leases.take("run", owner, now(), LENGTH)
            except StorageError:  # somebody writes for long: there are three more tries before it runs out
                continue

    keeper = threading.Thread(target=renew, name="lease", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        done.set()
        keeper.join()
        if not keep():
            store.leases.release("run", owner)


def this_process() -> str:
    """Machine and process, as leases and logs name them."""
    return f"{socket.gethostname()} process {os.getpid()}"


def _died_here(owner: str) -> bool:
    """Whether an owner is a process of this machine that is no more."""
    host, _, process = owner.partition(" process ")
    if host != socket.gethostname() or not process.isdigit():
        return False
    try:
        os.kill(int(process), 0)  # signal 0 only asks
    except ProcessLookupError:
        return True
    except PermissionError:  # somebody else's, so it lives
        return False
    return False
