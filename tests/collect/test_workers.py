from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from groundwire.collect.workers import Workers
from groundwire.errors import ParseError

# what the workers are given to do: at module level, so that they can be named to another process


def length(body: bytes) -> int:
    return len(body)


def refuse(body: bytes) -> int:
    raise ParseError("feed", "not one")


def blunder(body: bytes) -> int:
    raise ValueError("unforeseen")


def recurse(body: bytes) -> int:
    return recurse(body) + 1


def spin(body: bytes) -> int:
    while True:
        pass


def eat(body: bytes) -> int:
    return len(bytearray(300 * 2**20))


def crash(body: bytes) -> int:
    os.kill(os.getpid(), signal.SIGSEGV)
    return 0


def open_files(body: bytes) -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(2, timeout_s=1.0, memory_bytes=256 * 2**20) as running:
        yield running


def test_a_task_gives_its_value(workers: Workers) -> None:
    assert workers.run_sync(length, b"abc") == 3


@pytest.mark.parametrize(
    ("task", "words"),
    [
        (refuse, "feed: not one"),
        (blunder, "blunder: could not be read (ValueError: unforeseen)"),
        (recurse, "recurse: nested too deeply"),
        (spin, "spin: took longer than 1 s"),
        (eat, "eat: needed more than 256 MB"),
        (crash, "crash: crashed its worker"),
    ],
)
def test_every_way_to_fail_is_a_parse_error_in_words(workers: Workers, task: object, words: str) -> None:
    with pytest.raises(ParseError) as caught:
        workers.run_sync(task, b"")  # type: ignore[arg-type]
    assert str(caught.value) == words


def test_the_death_of_one_never_loses_another(workers: Workers) -> None:
    async def all_at_once() -> list[int | BaseException]:
        tasks = [workers.run(crash, b"1"), workers.run(spin, b"1"), workers.run(eat, b"1")]
        fine = [workers.run(length, b"x" * n) for n in range(20)]
        return await asyncio.gather(*tasks, *fine, return_exceptions=True)

    results = asyncio.run(all_at_once())
    assert [type(result) for result in results[:3]] == [ParseError] * 3
    assert results[3:] == list(range(20))


def test_what_killed_three_workers_is_not_tried_again(workers: Workers) -> None:
    for _ in range(3):
        with pytest.raises(ParseError, match="crashed"):
            workers.run_sync(crash, b"poison")
    with pytest.raises(ParseError, match="not tried again"):
        workers.run_sync(crash, b"poison")
    assert workers.run_sync(length, b"poison") == 6  # another task over the same bytes is another matter


def test_an_honest_refusal_is_no_poison(workers: Workers) -> None:
    for _ in range(5):
        with pytest.raises(ParseError, match="not one"):
            workers.run_sync(refuse, b"same")


def test_cancelling_frees_the_worker(workers: Workers) -> None:
    async def cancel() -> int:
        task = asyncio.create_task(workers.run(spin, b"cancelled"))
        await asyncio.sleep(0.2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return await workers.run(length, b"after")

    assert asyncio.run(cancel()) == 5


def test_workers_killed_from_outside_are_replaced(workers: Workers) -> None:
    workers.run_sync(length, b"warm")
    pool = workers._pool
    assert pool is not None
    for pid in list(pool._pool_manager.worker_manager.workers):
        os.kill(pid, signal.SIGKILL)
    assert workers.run_sync(length, b"again") == 5


def test_workers_do_not_run_the_program_that_started_them_again() -> None:
    program = "from groundwire.collect.workers import Workers\nwith Workers(1) as w: print(w.run_sync(len, b'abc'))"
    done = subprocess.run(
        [sys.executable, "-"], input=program, capture_output=True, text=True, timeout=60, check=True
    )  # a program from a pipe can't be run again at all
    assert done.stdout == "3\n"
    assert not done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_no_worker_outlives_its_owner_even_if_that_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "owner.py"
    script.write_text(
        "import sys, time\n"
        f"sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "from groundwire.collect.workers import Workers\n"
        "import test_workers\n"
        "if __name__ == '__main__':\n"
        "    workers = Workers(2, timeout_s=60)\n"
        "    workers.run_sync(test_workers.length, b'x')\n"
        "    pids = list(workers._pool._pool_manager.worker_manager.workers)\n"
        "    workers._schedule(test_workers.spin, (b'x',), {})\n"
        "    print(*pids, flush=True)\n"
        "    time.sleep(60)\n"
    )
    owner = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    pids = [int(pid) for pid in owner.stdout.readline().split()]
    assert len(pids) == 2
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    left = pids
    for _ in range(200):
        left = [pid for pid in left if Path(f"/proc/{pid}").exists()]
        if not left:
            break
        time.sleep(0.05)
    assert not left


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_workers_inherit_no_files_of_ours(workers: Workers, tmp_path: Path) -> None:
    held = [(tmp_path / str(n)).open("w") for n in range(50)]
    with Workers(1) as fresh:
        assert fresh.run_sync(open_files, b"") < 50
    for file in held:
        file.close()
