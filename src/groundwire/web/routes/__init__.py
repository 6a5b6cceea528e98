"""Each module here is one part of the site: its ``router`` and, for a place in the navigation, its ``SECTION``.

A new part is a new module: nothing else has to know of it.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

from fastapi import APIRouter

from groundwire.web.site import Section


def parts() -> Iterator[tuple[APIRouter, Section | None]]:
    """Every part, in order of its module's name."""
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda m: m.name):
        part = importlib.import_module(f"{__name__}.{module.name}")
        yield part.router, getattr(part, "SECTION", None)
