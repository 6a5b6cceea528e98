"""Hygiene for foreign text: what leaves here is NFC, printable, bounded, and looks like what it is.

Applied once, where bytes become text; everything later (offsets, hashes, quotes, the database, terminals) relies on it.
"""

from __future__ import annotations

import re
import unicodedata

# Characters that no reader sees but that hide words, reorder them or smuggle bytes: soft hyphen, combining grapheme
# joiner, zero-width and bidirectional controls (UAX #9), invisible operators, byte order mark, interlinear annotation,
# language tags; PostgreSQL refuses NUL, terminals obey ESC, and lone surrogates can't be encoded.
_REMOVED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]+"
)
_NEWLINE = re.compile("\r\n?|[\x0b\x0c\u2028\u2029]")
# what HTML reads these as (WHATWG, numeric character reference end state): Windows-1252 passed off as Latin-1
_C1 = {code: bytes([code]).decode("cp1252") for code in range(0x80, 0xA0) if code not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}
_MAYBE_C1 = re.compile("[\x80-\x9f]")
_SPACES = re.compile("[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_SELECTORS = re.compile("([\ufe00-\ufe0f\U000e0100-\U000e01ef])[\ufe00-\ufe0f\U000e0100-\U000e01ef]+")
_MAYBE_MARKS = re.compile("[^\x00-\u02ff\u2010-\u2027\u3000-\u3029\u3031-\u9fff\uac00-\ud7af\uff00-\uffef]{6}")
_MAX_MARKS = 4
_ELLIPSIS = "…"


def clean_text(text: str) -> str:
    """NFC; control, zero-width, bidirectional and tag characters removed; every space a plain one; newlines ``\\n``."""
    text = _SPACES.sub(" ", _NEWLINE.sub("\n", as_windows_1252(text)))
    text = _SELECTORS.sub(r"\1", _REMOVED.sub("", text))
    if _MAYBE_MARKS.search(text):
        text = _cap_marks(text)
    return unicodedata.normalize("NFC", text)


def as_windows_1252(text: str) -> str:
    """With C1 controls read as browsers read them: the curly quotes that Windows-1252 has there."""
    return text.translate(_C1) if _MAYBE_C1.search(text) else text


def one_line(text: str, limit: int = 512) -> str:
    """Cleaned text on one line, at most ``limit`` characters, never cut within a letter and its marks."""
    # NFC at most triples a string, and white space may be nearly all of it: look at no more than can matter
    return truncate(" ".join(clean_text(text[: 16 * limit]).split()), limit)


def truncate(text: str, limit: int) -> str:
    """The text, or its beginning and an ellipsis: at most ``limit`` characters, cut on a grapheme boundary."""
    if len(text) <= limit:
        return text
    end = limit - 1
    while end > 0 and (unicodedata.combining(text[end]) or text[end] in "\u200d\ufe0e\ufe0f"):
        end -= 1
    return text[:end].rstrip() + _ELLIPSIS


def _cap_marks(text: str) -> str:
    """At most four combining marks on one letter: more is decoration that covers its neighbours ("Zalgo")."""
    kept: list[str] = []
    run = 0
    for character in text:
        run = run + 1 if unicodedata.combining(character) else 0
        if run <= _MAX_MARKS:
            kept.append(character)
    return "".join(kept)
