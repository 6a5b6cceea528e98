"""The access token of a home folder: made once, readable by its owner only."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from pathlib import Path


def access_token(home: Path) -> str:
    """The token in ``home/token``; made if it is not there (two processes at once agree on one)."""
    path = home / "token"
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=home, prefix=".token-")  # made with mode 0600
        try:
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(secrets.token_urlsafe(24) + "\n")
            with contextlib.suppress(FileExistsError):  # another process was first: its token holds
                os.link(draft, path)
        finally:
            Path(draft).unlink()
    return path.read_text(encoding="ascii").strip()
