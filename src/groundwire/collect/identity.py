"""When are two entries the same, and two addresses the same page.

An entry's key is made of what its publisher calls it (guid, id), else of its link, else of its title and date. Where
one document gives several entries the same guid, the guid says nothing: the link, then title and date, take its place.
Publishers that change guids at every fetch are seen through by ``second_key``: where it points and what it says.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

from groundwire.markup import html_to_text
from groundwire.types import Entry

MAX_URL: Final = 2048
"""Longest address kept, in characters."""

# Parameters that say where a reader came from, never what is shown. Generic names that some sites identify articles by
# (id, ref, source, cid, eid) are no part of it: two addresses of one page cost a duplicate, one of two an article.
_TRACKING = re.compile(
    r"(?:utm|mtm|pk|piwik|hsa|vero|oly|itm|stm|mkt|at)_.+"
    r"|(?:fb|g|gbra|wbra|ms|tw|yc|ysc|dc|tt)cl(?:k)?id|(?:g|w)braid|li_fat_id|gclsrc|_ga|_gl|mc_[ce]id|_hs(?:enc|mi)|igsh(?:id)?"
    r"|spm|scm|share_(?:token|source|medium|plat|session_id|tag|times|from)|from(?:source|uid)|isappinstalled|nsukey"
    r"|wt\.mc_id|cmpid|ncid|ocid|sr_share|smid|smtyp|partner(?:id)?|guccounter|guce_referrer(?:_sig)?|ref_(?:src|url)"
    r"|(?:php|j|asp)?sess(?:ion)?_?id(?:[a-z]{8})?",
    re.IGNORECASE,
)
_PATH_SESSION = re.compile(r";(?:jsessionid|sid|phpsessid)=[^/;?]*", re.IGNORECASE)
_HIDDEN = re.compile("[\x00-\x20\x7f-\xa0\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
_PORTS: Final = {"http": "80", "https": "443"}


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryIdentity:
    """What of an entry tells it from others; all foreign."""

    guid: str | None
    link: str | None
    title: str
    date: str
    content: str


def safe_url(link: str | None, base: str = "") -> str | None:
    """An absolute http(s) address made of a foreign link, or None: other schemes, no or impossible host, hidden text.

    White space around it and line breaks in it are dropped as browsers do; characters that reorder or hide text make
    the whole unusable. The rest is kept as the publisher wrote it.
    """
    if not link:
        return None
    trimmed = re.sub(r"[\t\r\n]", "", link[: 4 * MAX_URL].strip(" \t\r\n\f\x00\ufeff"))
    if not trimmed or len(trimmed) > MAX_URL:
        return None
    try:
        joined = urljoin(base, trimmed)
        parts = urlsplit(joined)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in _PORTS or _HIDDEN.search(joined.replace(" ", "%20")) or ascii_host(host) is None:
        return None
    return joined.replace(" ", "%20")


def ascii_host(host: str) -> str | None:
    """A host's name in ASCII, lower case; None where it is no name (empty, label over 63, broken punycode)."""
    if not host or len(host) > 253:
        return None
    if ":" in host:  # IPv6 literal, already unwrapped and checked by urlsplit
        return host.lower()
    name = host.lower().rstrip(".")
    labels = name.split(".")
    if any(not label or len(label) > 63 for label in labels):
        return None
    try:
        for label in labels:
            if label.startswith("xn--"):
                label.encode("ascii").decode("idna")
        encoded = name.encode("idna").decode("ascii") if not name.isascii() else name
    except UnicodeError:
        return None
    return encoded if re.fullmatch(r"[a-z0-9._-]+", encoded) else None


def canonical_url(url: str) -> str | None:
    """The form under which addresses of one page are equal; for comparing, never for fetching or showing.

    https, host without "www." and default port, no fragment (but a script's "#!" route), no trailing slash, no tracking
    parameters, the others sorted. None for what ``safe_url`` refuses.
    """
    safe = safe_url(url)
    if safe is None:
        return None
    parts = urlsplit(safe)
    host = ascii_host(parts.hostname or "") or ""
    host = f"[{host}]" if ":" in host else host.removeprefix("www.")
    port = "" if parts.port is None or str(parts.port) == _PORTS[parts.scheme.lower()] else f":{parts.port}"
    # dots resolved and one spelling for each octet (RFC 3986, 6.2.2)
    plain = urlsplit(urljoin(safe, _PATH_SESSION.sub("", parts.path) or "/")).path
    path = quote(_unquote(plain), safe="/:@!$&'()*+,;=~-._%")
    path = re.sub(r"/(?:index\.(?:html?|php|aspx?|jsp))?$", "", re.sub(r"/{2,}", "/", path))
    query = sorted(
        (name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.fullmatch(name)
    )
    fragment = parts.fragment if parts.fragment.startswith(("!", "/")) else ""
    return urlunsplit(("https", host + port, path, urlencode(query), fragment))


def entry_keys(found: Sequence[EntryIdentity]) -> list[str]:
    """The key of each entry of one document, in order; equal keys mean the same entry given twice."""
    guids = Counter(entry.guid for entry in {_whole(entry): entry for entry in found}.values() if entry.guid)
    keys = [_key(entry, use_guid=guids[entry.guid] <= 1 if entry.guid else False) for entry in found]
    # several entries with one link (all point home) and no usable guid: title and date decide
    by_key: dict[str, set[tuple[str, str]]] = {}
    for key, entry in zip(keys, found, strict=True):
        by_key.setdefault(key, set()).add((entry.title, entry.date))
    return [
        _hash("title", entry.title, entry.date) if len(by_key[key]) > 1 else key
        for key, entry in zip(keys, found, strict=True)
    ]


def guid_key(guid: str) -> str:
    """The key of an entry whose guid is its own."""
    return _hash("guid", guid.strip())


def second_key(entry: Entry) -> str | None:
    """Under what else an entry is known when its key is new: title, path of the link and first words together.

    All three must agree, so that a daily column with one title, or entries that all link to the home page, stay apart;
    query and session ids are left out, since publishers that change guids put the session there. None where there is
    too little to tell entries apart.
    """
    link = canonical_url(entry.url) if entry.url else None
    path = urlunsplit(urlsplit(link)._replace(query="", fragment="")) if link else ""
    words = _folded(html_to_text(entry.html[:4_000]))[:500]
    if not entry.title or not (words or path):
        return None
    return _hash("second", _folded(entry.title), path, words)


def _key(entry: EntryIdentity, *, use_guid: bool) -> str:
    if entry.guid and use_guid:
        return guid_key(entry.guid)
    link = canonical_url(entry.link) if entry.link else None
    if link:
        return _hash("link", link)
    if entry.title or entry.date:
        return _hash("title", entry.title, entry.date)
    return _hash("content", entry.content)


def _whole(entry: EntryIdentity) -> tuple[str, ...]:
    """What makes two entries with one guid two entries, and not one given twice."""
    return (entry.guid or "", canonical_url(entry.link) or "" if entry.link else "", entry.title)


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _unquote(path: str) -> str:
    """Percent escapes decoded where they stand for characters that need none."""
    return re.sub(r"%([2-7][0-9A-Fa-f])", lambda found: _plain(found[0], found[1]), path)


def _plain(escaped: str, digits: str) -> str:
    character = chr(int(digits, 16))
    return character if character.isalnum() or character in "-._~" else escaped.upper()
