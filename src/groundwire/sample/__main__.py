"""Serve the sample wire until interrupted: ``python -m groundwire.sample --port 8765``."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from datetime import UTC, datetime

from groundwire.sample.server import serve_sample


def main() -> None:
    """Parse arguments, serve, say where."""
    parser = argparse.ArgumentParser(prog="python -m groundwire.sample", description="Serve the sample wire.")
    parser.add_argument("--port", type=int, default=0, help="0 picks a free one (default)")
    options = parser.parse_args()
    stop = threading.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):  # a shell's background job is started with SIGINT ignored
        signal.signal(sign, lambda *_: stop.set())
    try:
        with serve_sample(datetime.now(UTC), options.port) as wire:
            sys.stdout.write(
                f"Sample wire (made-up news) at {wire.url}/\n"
                f"groundwire sources import {wire.opml_url} --allow-host {wire.host}\n"
                f"groundwire run --once --allow-host {wire.host}\n"
            )
            sys.stdout.flush()
            stop.wait()
    except OSError as error:
        parser.exit(1, f"port {options.port}: {error.strerror}\n")


main()
