"""What every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The recorded data set to measure on; skips where it is absent."""
    path = Path(os.environ.get("GROUNDWIRE_DATA", Path(__file__).parents[2] / "shared" / "data"))
    if not path.is_dir():
        pytest.skip(f"recorded data set not found at {path}; set GROUNDWIRE_DATA")
    return path
