"""Foreign bytes are parsed in processes that can be killed: five seconds, 512 MB, and the next one takes over.

A parser can be made to loop, to eat memory or to crash the interpreter. In a worker that costs one page: it is killed,
its caller gets a ``ParseError`` in words, the others never notice. What killed its worker three times is not tried
again.
"""

from __future__ import annotations

import asyncio
import atexit
import ctypes
import hashlib
import multiprocessing
import multiprocessing.context
import multiprocessing.process
import os
import signal
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import TimeoutError as FutureTimeoutError
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import spawn
from types import TracebackType
from typing import Any, Final, ParamSpec, Self, TypeVar

import pebble

from groundwire.errors import ParseError

TIMEOUT_S: Final = 5.0
MEMORY_BYTES: Final = 512 * 1024 * 1024
"""Private memory (heap and anonymous maps) of one worker; shared libraries don't count."""
MAX_FATALITIES: Final = 3
_REMEMBERED: Final = 4096
_TASKS_PER_WORKER: Final = 1000
"""Then a fresh process takes over, so that what parsers leak stays small against the limit."""
_POOLS_TRIED: Final = 3
_PRELOADED: Final = ["groundwire.collect.feed", "groundwire.collect.opml", "groundwire.extract"]
_PR_SET_PDEATHSIG: Final = 1

_PREPARING = threading.Lock()

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Refusal:
    """Why a task gave no value."""

    what: str
    reason: str
    memory: bool = False


class Workers:
    """Killable processes that parse; use as a context manager, from one event loop or from any thread.

    Functions and arguments must be picklable: module-level functions, plain data.
    """

    def __init__(
        self, max_workers: int | None = None, *, timeout_s: float = TIMEOUT_S, memory_bytes: int = MEMORY_BYTES
    ) -> None:
        """Processes start with the first task.

        Args:
            max_workers: At most so many processes; default: one for each processor.
            timeout_s: For one task, from its start in a worker. [s]
            memory_bytes: For one worker. [byte]
        """
        self._max_workers = max_workers or os.cpu_count() or 1
        self._timeout_s = timeout_s
        self._memory_bytes = memory_bytes
        self._pool: pebble.ProcessPool | None = None
        self._lock = threading.Lock()
        self._fatalities: OrderedDict[bytes, int] = OrderedDict()
        self._processor_s = 0.0

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run in a worker and wait without blocking the event loop; cancelling kills the worker.

        Raises:
            ParseError: what ``function`` raised, or that it took too long, too much memory, or crashed.
        """
        digest = self._admit(function, args, kwargs)
        for _ in range(_POOLS_TRIED):
            pool, future = self._schedule(function, args, kwargs)
            try:
                return self._value(await asyncio.wrap_future(future), digest)
            except asyncio.CancelledError:
                future.cancel()  # type: ignore[no-untyped-call]  # pebble leaves it untyped
                raise
            except BrokenProcessPool:
                await asyncio.to_thread(self._discard, pool)
            except (FutureTimeoutError, pebble.ProcessExpired) as error:
                raise self._lost(function, digest, error) from error
        raise ParseError(_what(function), "the workers are being killed from outside")

    def run_sync(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Like ``run``, for callers without an event loop."""
        digest = self._admit(function, args, kwargs)
        for _ in range(_POOLS_TRIED):
            pool, future = self._schedule(function, args, kwargs)
            try:
                return self._value(future.result(), digest)
            except BrokenProcessPool:
                self._discard(pool)
            except (FutureTimeoutError, pebble.ProcessExpired) as error:
                raise self._lost(function, digest, error) from error
        raise ParseError(_what(function), "the workers are being killed from outside")

    def processor_s(self) -> float:
        """What finished tasks took of a processor, all together. [s]"""
        return self._processor_s

    def close(self) -> None:
        """Stop all processes; unfinished tasks are lost."""
        atexit.unregister(self.close)
        self._discard(self._pool)

    def _discard(self, pool: pebble.ProcessPool | None) -> None:
        """Stop a pool; the next task starts another."""
        with self._lock:
            if self._pool is pool:
                self._pool = None
        if pool is not None:
            pool.stop()  # type: ignore[no-untyped-call]  # pebble leaves it untyped
            pool.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _schedule(
        self, function: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[pebble.ProcessPool, pebble.ProcessFuture[tuple[T | _Refusal, float]]]:
        for attempt in range(_POOLS_TRIED):
            pool = self._running()
            try:
                return pool, pool.schedule(_call, args=(function, args, kwargs), timeout=self._timeout_s)
            except (BrokenProcessPool, RuntimeError):  # its last idle worker was killed from outside
                self._discard(pool)
                if attempt == _POOLS_TRIED - 1:
                    raise
        raise AssertionError("the last attempt returns or raises")

    def _running(self) -> pebble.ProcessPool:
        with self._lock:
            if self._pool is None:
                self._pool = pebble.ProcessPool(
                    max_workers=self._max_workers,
                    max_tasks=_TASKS_PER_WORKER,
                    initializer=_confine,
                    initargs=(self._memory_bytes, os.getpid()),
                    context=_context(),
                )
                atexit.unregister(self.close)
                atexit.register(self.close)
            return self._pool

    def _admit(self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> bytes:
        digest = _digest(function, args, kwargs)
        if self._fatalities.get(digest, 0) >= MAX_FATALITIES:
            raise ParseError(_what(function), f"killed its worker {MAX_FATALITIES} times: not tried again")
        return digest

    def _value(self, answer: tuple[T | _Refusal, float], digest: bytes) -> T:
        outcome, used = answer
        with self._lock:
            self._processor_s += used
        if not isinstance(outcome, _Refusal):
            return outcome
        if outcome.memory:
            self._count(digest)
            raise ParseError(outcome.what, f"needed more than {self._memory_bytes // 2**20} MB")
        raise ParseError(outcome.what, outcome.reason)

    def _lost(self, function: Callable[..., Any], digest: bytes, error: Exception) -> ParseError:
        """Why a worker gave no answer at all."""
        self._count(digest)
        late = isinstance(error, FutureTimeoutError)
        return ParseError(_what(function), f"took longer than {self._timeout_s:g} s" if late else "crashed its worker")

    def _count(self, digest: bytes) -> None:
        self._fatalities[digest] = self._fatalities.pop(digest, 0) + 1
        while len(self._fatalities) > _REMEMBERED:
            self._fatalities.popitem(last=False)


def _context() -> multiprocessing.context.BaseContext:
    """Fork from a clean server that has the parsers imported: new workers are ready in milliseconds, and inherit no
    socket, thread or lock of ours. Where there is none (Windows), spawn."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = _LeanContext()
    context.set_forkserver_preload(_PRELOADED)
    return context


class _LeanProcess(multiprocessing.context.ForkServerProcess):
    """A worker that does not import the program that started it: the parsers need none of a command line or server.

    The standard library imports the main module anew in each process, for functions defined there; ours never are.
    """

    @staticmethod
    def _Popen(process_obj: multiprocessing.process.BaseProcess) -> Any:  # noqa: N802  the standard library's name
        with _PREPARING:
            complete = spawn.get_preparation_data
            spawn.get_preparation_data = lambda name: {
                key: value for key, value in complete(name).items() if not key.startswith("init_main")
            }
            try:
                return multiprocessing.context.ForkServerProcess._Popen(process_obj)
            finally:
                spawn.get_preparation_data = complete


class _LeanContext(multiprocessing.context.ForkServerContext):
    Process = _LeanProcess


def _confine(memory_bytes: int, owner: int) -> None:
    """In a new worker: die at once when told to or when the owner is gone, and hold no more memory than that."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # a Python handler would wait for the loop it is to stop
    if sys.platform == "linux":
        # its parent is the fork server, which ends when our process does, however that ended
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        import resource

        # not RLIMIT_AS, which would count the mapped but untouched address space of shared libraries
        resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    threading.Thread(target=_leave_with, args=(owner,), daemon=True).start()


def _leave_with(owner: int) -> None:
    """End when the owner has: for systems without a signal for it."""
    parent = os.getppid()
    pause = threading.Event()
    while os.getppid() == parent and _alive(owner):
        pause.wait(2.0)
    os._exit(1)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _call(function: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[T | _Refusal, float]:
    """In the worker: the value and the processor seconds that it took."""
    began = time.process_time()
    return _outcome(function, args, kwargs), time.process_time() - began


def _outcome(function: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]) -> T | _Refusal:
    """In the worker: failures come back as values, since not every exception survives the way between processes."""
    try:
        return function(*args, **kwargs)
    except ParseError as error:
        return _Refusal(error.what, error.reason)
    except MemoryError:
        return _Refusal(_what(function), "", memory=True)
    except RecursionError:
        return _Refusal(_what(function), "nested too deeply")
    except Exception as error:
        return _Refusal(_what(function), f"could not be read ({type(error).__name__}: {error})"[:300])


def _what(function: Callable[..., Any]) -> str:
    return str(getattr(function, "__name__", "task")).removeprefix("parse_").removeprefix("extract_")


def _digest(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> bytes:
    """Names a task by its foreign bytes, cheaply: other arguments (times, addresses) may differ at each try."""
    digest = hashlib.blake2b(_what(function).encode(), digest_size=16)
    for value in (*args, *kwargs.values()):
        body = getattr(value, "body", value)
        if isinstance(body, bytes):
            digest.update(body)
        elif isinstance(body, str):
            digest.update(body.encode("utf-8", "surrogatepass"))
    return digest.digest()
