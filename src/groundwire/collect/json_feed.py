"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import html
import json
import math
from typing import Any

from groundwire.collect.drafts import MAX_CATEGORIES, MAX_ENTRIES, EntryDraft, FeedDraft
from groundwire.errors import ParseError


def read_json(text: str) -> FeedDraft:
    """The feed in a JSON document.

    Raises:
        ParseError: not JSON, nested too deeply, or JSON of another kind.
    """
    document = _load(text)
    version = document.get("version")
    items = document.get("items")
    if not isinstance(items, list) or not ("jsonfeed.org/version/" in str(version) or "title" in document):
        raise ParseError("feed", "JSON, but not a JSON Feed")
    draft = FeedDraft(
        format="json11" if str(version).endswith("1.1") else "json1",
        title=_string(document.get("title")),
        title_is_html=False,
        homepage=_string(document.get("home_page_url")) or None,
        self_url=_string(document.get("feed_url")) or None,
        language=_string(document.get("language")) or None,
    )
    authors = _authors(document)
    for item in items[:MAX_ENTRIES]:
        if isinstance(item, dict):
            draft.entries.append(_entry(item, authors))
        else:
            draft.warnings.append("an item that is no object was left out")
    if len(items) > MAX_ENTRIES:
        draft.warnings.append(f"{len(items)} items: only the first {MAX_ENTRIES} were read")
    return draft


def _load(text: str) -> dict[str, Any]:
    try:
        # NaN and Infinity are no JSON, and an overflowing number (1e400) is no id: both are read as absent
        document = json.loads(
            text, parse_constant=lambda _: None, parse_float=_finite, parse_int=_integer, strict=False
        )
    except RecursionError as error:
        raise ParseError("feed", "JSON nested too deeply") from error
    except ValueError as error:
        raise ParseError("feed", f"not JSON: {error}"[:200]) from error
    if not isinstance(document, dict):
        raise ParseError("feed", "JSON, but not a JSON Feed")
    return document


def _finite(text: str) -> float | None:
    number = float(text)
    return number if math.isfinite(number) else None


def _integer(text: str) -> int | None:
    return int(text) if len(text) <= 40 else None  # longer ones take quadratic time and mean nothing


def _string(value: object) -> str:
    """Strings as they are, numbers as text (ids are often numbers), anything else as absent."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _entry(item: dict[str, Any], feed_authors: str) -> EntryDraft:
    body = _string(item.get("content_html"))
    if not body.strip():
        text = _string(item.get("content_text")) or _string(item.get("summary"))
        body = html.escape(text, quote=False)
    tags = item.get("tags")
    return EntryDraft(
        guid=_string(item.get("id")) or None,
        link=_string(item.get("url")) or _string(item.get("external_url")) or None,
        title=_string(item.get("title")),
        title_is_html=False,
        author=_authors(item) or feed_authors or None,
        published=_string(item.get("date_published")) or None,
        updated=_string(item.get("date_modified")) or None,
        html=body,
        language=_string(item.get("language")) or None,
        categories=[_string(tag) for tag in tags[:MAX_CATEGORIES]] if isinstance(tags, list) else [],
    )


def _authors(holder: dict[str, Any]) -> str:
    """Names of the authors: 1.1's list or 1.0's single one."""
    listed = holder.get("authors")
    people = listed[:10] if isinstance(listed, list) else [holder.get("author")]
    names = [_string(person.get("name")) for person in people if isinstance(person, dict)]
    return ", ".join(name for name in names if name)
