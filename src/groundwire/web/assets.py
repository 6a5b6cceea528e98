"""Style, script and images: read once, served under names that hold their hash, so that browsers keep them for good."""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Asset:
    """One static file."""

    name: str
    """Public name, with the hash: "groundwire.1a2b3c4d5e.css"."""
    body: bytes
    media_type: str


class Assets:
    """All static files of the site, in memory: there is no path to traverse, no range to compute."""

    def __init__(self) -> None:
        self._by_plain_name: dict[str, Asset] = {}
        for file in sorted(files("groundwire.web").joinpath("static").iterdir(), key=lambda f: f.name):
            body = file.read_bytes()
            stem, _, suffix = file.name.rpartition(".")
            kind = "text/javascript" if suffix == "js" else mimetypes.guess_type(file.name)[0] or "text/plain"
            charset = "; charset=utf-8" if kind.startswith("text/") else ""
            name = f"{stem}.{hashlib.sha256(body).hexdigest()[:10]}.{suffix}"
            self._by_plain_name[file.name] = Asset(name, body, kind + charset)
        self.by_name: Mapping[str, Asset] = {asset.name: asset for asset in self._by_plain_name.values()}

    def name(self, plain_name: str) -> str:
        """The public name of a file of the static folder."""
        return self._by_plain_name[plain_name].name

    def plain(self, plain_name: str) -> Asset | None:
        """A file by the name that it has in the static folder."""
        return self._by_plain_name.get(plain_name)
