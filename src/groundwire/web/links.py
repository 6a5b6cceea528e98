"""Where things are: addresses on the served site, and relative ones within a static copy."""

from __future__ import annotations

import posixpath
import re
from typing import Final, Protocol
from urllib.parse import parse_qs, quote, urlsplit

from groundwire.web.assets import Assets

_PAGES: Final = re.compile(
    r"/(?:|topics/[^/]+|events/[^/.]+|articles/\d+|weekly(?:/[^/.]+)?|daily(?:/[^/.]+)?|forecasts|sources|about)"
)


PAGE_PARAMETERS: Final = ("q", "page", "start", "end", "role", "topic", "interest")
"""What chooses a page besides its path; anything else in a query is nobody's business."""


def topic_url(topic: str) -> str:
    """The page of a topic."""
    return f"/topics/{quote(topic, safe='')}"


class Links(Protocol):
    """How a page names other pages."""

    live: bool
    """Whether a server answers: search, tokens and decisions need one."""

    def page(self, path: str) -> str:
        """A page of the site, by its path on the served site."""

    def asset(self, plain_name: str) -> str:
        """A static file."""

    def language(self, language: str) -> str:
        """This page in another language of the interface."""

    def absolute(self, path: str) -> str:
        """The permanent public address."""


class LiveLinks:
    """On the served site."""

    live = True

    def __init__(self, assets: Assets, base_url: str, path: str, query: str) -> None:
        self._assets, self._base = assets, base_url.rstrip("/")
        sheet = path.startswith("/workbench")  # its whole query is the question
        names = ((part, part.partition("=")[0]) for part in query.split("&") if part)
        kept = [part for part, name in names if name in PAGE_PARAMETERS or (sheet and name != "lang")]
        self._self = f"{path}?{'&'.join([*kept, 'lang='])}"

    def page(self, path: str) -> str:
        """The path itself."""
        return path

    def asset(self, plain_name: str) -> str:
        """Under its hashed name."""
        return f"/static/{self._assets.name(plain_name)}"

    def language(self, language: str) -> str:
        """The same address with ``lang`` set."""
        return self._self + language

    def absolute(self, path: str) -> str:
        """From the configured address, never from the request's Host."""
        return self._base + path


class StaticLinks:
    """Within a static copy: relative, so that it works from a folder as well as from any host."""

    live = False

    def __init__(self, assets: Assets, base_url: str, path: str, language: str) -> None:
        self._assets, self._base, self._path, self._language = assets, base_url.rstrip("/"), path, language
        self._here = file_of(path, language)

    def page(self, path: str) -> str:
        """The relative path of the page's file, in the language of this page."""
        place, _, fragment = path.partition("#")
        target = self._relative(file_of(place, self._language))
        return f"{target}#{fragment}" if fragment else target

    def asset(self, plain_name: str) -> str:
        """The relative path of its file."""
        return self._relative(f"static/{self._assets.name(plain_name)}")

    def language(self, language: str) -> str:
        """The relative path of this page's other file."""
        return self._relative(file_of(self._path, language))

    def absolute(self, path: str) -> str:
        """From the configured address."""
        return self._base + path

    def _relative(self, file: str) -> str:
        return posixpath.relpath(file, posixpath.dirname(self._here) or ".")


def file_of(address: str, language: str) -> str:
    """The file of a page in a static copy: "/events/x" -> "events/x.html", Chinese pages below "zh/".

    Feeds, JSON and Markdown are the same in all languages. Escapes become underscores, so that no server or file
    system unescapes them.
    """
    parts = urlsplit(address)
    # a folder named ".." would lead out of the copy
    path = "/".join("__" if part in (".", "..") else part for part in parts.path.replace("%", "_").split("/"))
    if _PAGES.fullmatch(parts.path) is None:
        return path.lstrip("/")
    page = parse_qs(parts.query).get("page")
    file = f"{path.strip('/') or 'index'}{f'-page-{int(page[0])}' if page else ''}.html"
    return file if language == "en" else f"{language}/{file}"
