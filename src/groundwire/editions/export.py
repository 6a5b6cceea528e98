"""Writing a static copy of the site: whole files or none, only what changed, nothing left over from the last time."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from groundwire.errors import GroundwireError

MANIFEST = ".groundwire-export.json"
"""Lists what we wrote, so that a later run removes what is no longer there and touches nothing else."""


@dataclass(frozen=True, slots=True)
class File:
    """One file of the copy."""

    path: str
    """Relative, with slashes: "events/some-event.html"."""
    body: bytes


def write_files(files: Iterable[File], directory: Path) -> int:
    """Write the files; return how many there are. The same files again leave the folder as it is, byte for byte.

    Raises:
        GroundwireError: The folder can't be written, or a path would leave it.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
        before = _manifest(directory)
        written: set[str] = set()
        for file in files:
            _write(directory, file)
            written.add(file.path)
        for path in before - written:
            (directory / path).unlink(missing_ok=True)
        listing = json.dumps({"files": sorted(written)}, indent=0) + "\n"
        _write(directory, File(MANIFEST, listing.encode()))
    except OSError as error:
        raise GroundwireError(f"{error.filename or directory}: {error.strerror}; choose another folder") from error
    return len(written)


def _write(directory: Path, file: File) -> None:
    target = directory / _inside(file.path)
    if target.is_file() and target.read_bytes() == file.body:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=target.parent, prefix=".draft-")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(file.body)
        Path(draft).chmod(0o644)
        Path(draft).replace(target)
    except OSError:
        Path(draft).unlink(missing_ok=True)
        raise


def _manifest(directory: Path) -> set[str]:
    try:
        listed = json.loads((directory / MANIFEST).read_text(encoding="utf-8"))["files"]
        return {_inside(path) for path in listed}
    except FileNotFoundError:
        return set()
    except (ValueError, KeyError, TypeError) as error:
        raise GroundwireError(f"{directory / MANIFEST}: damaged; remove it or choose another folder") from error


def _inside(path: str) -> str:
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or ".." in parts or "\\" in path:
        raise GroundwireError(f"{path!r} would be written outside of the folder")
    return path
