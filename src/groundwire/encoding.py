"""Bytes of a foreign document to characters, feeds and pages alike.

The encoding is, in this order: the byte order mark; UTF-16 or UTF-32 told by where the zero bytes are; the charset of
the HTTP header (RFC 7303); the XML declaration; UTF-8; what the bytes look like. Each must decode without an error or
the next is tried, so that a wrong label costs nothing. Labels are read as browsers read them (WHATWG Encoding): gb2312
as GB18030, iso-8859-1 as windows-1252.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

import charset_normalizer

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_AS_BROWSERS: Final = {
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "cp936": "gb18030", "gb_2312-80": "gb18030",
    "iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252",
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "windows-31j": "cp932",
    "big5": "big5hkscs", "x-x-big5": "big5hkscs", "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "iso-8859-9": "cp1254",
    "tis-620": "cp874", "iso-8859-11": "cp874", "utf8": "utf-8", "unicode": "utf-16", "utf-16": "utf-16-le",
    "ucs-2": "utf-16-le", "utf-32": "utf-32-le",
}  # fmt: skip
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*["']\s*([A-Za-z0-9._-]{1,40})\s*["']""")
_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9._-]{1,40})""", re.IGNORECASE)
_TEXT_CODECS = re.compile(
    r"utf-(?:8|16|32).*|cp\d{3,4}|iso8859.*|latin.*|koi8.*|kz1048|gb.*|big5.*|euc_.*|iso2022_(?:jp|kr).*|shift_jis.*|johab"
    r"|mac.*|hz|tis-620|ptcp154"
)
"""Python's names of charsets; not those of its other codecs (zip, rot13, unicode_escape, punycode, idna)."""
_SINGLE_BYTE = re.compile(r"cp(?:125\d|4\d\d|7\d\d|8\d\d)|iso8859.*|latin.*|koi8.*|mac.*|kz1048|tis-620|ptcp154")
_ESCAPE = re.compile(rb"\x1b\$[@B]")
_SAMPLE: Final = 200_000
"""Bytes that a guess is made from."""
_CANDIDATES: Final = ["gb18030", "big5", "cp932", "euc_jp", "cp949", "koi8_r", "cp1251", "cp1252", "cp874"]


def decode(body: bytes, content_type: str | None = None, declared: str | None = None) -> tuple[str, tuple[str, ...]]:
    """The characters of a document and what was doubtful about them, in words.

    Args:
        body: Foreign bytes.
        content_type: The HTTP header, for its charset.
        declared: What the document itself says (an HTML meta); default: its XML declaration.
    """
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace").lstrip("\ufeff"), ()
    if wide := _wide(body):
        return body.decode(wide, "replace"), ()
    if _ESCAPE.search(body[:_SAMPLE]) and (text := _strictly(body, "iso-2022-jp")) is not None:
        return text, ()  # its escapes are ASCII, so that it would pass for UTF-8
    header = _CHARSET.search(content_type or "")
    found = _DECLARED.match(body[:1024])
    labels = [header[1] if header else None, declared or (found[1].decode("ascii") if found else None), "utf-8"]
    doubts: list[str] = []
    for label in labels:
        if label is None:
            continue
        text = _strictly(body, label)
        if text is not None:
            return text.lstrip("\ufeff"), tuple(doubts)
        doubts.append(f"is not the {label} that it is labelled" if label != "utf-8" else "is not UTF-8")
    guess = _guess(body)
    named = [label for label in labels[:2] if label and _codec(label)]
    # a few wrong bytes in what is otherwise as labelled: closer than a guess that also fails
    encoding = guess or (_codec(named[0]) if named else None) or "cp1252"
    return body.decode(encoding, "replace").lstrip("\ufeff"), (*doubts, f"read as {encoding}")


def _codec(label: str) -> str | None:
    name = _AS_BROWSERS.get(label.lower(), label.lower())
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    return info.name if _TEXT_CODECS.fullmatch(info.name) else None


def _strictly(body: bytes, label: str) -> str | None:
    name = _codec(label)
    if name is None:
        return None
    if name.startswith(("utf-16", "utf-32")):
        return None  # no zero bytes were seen where these have them: the label is wrong
    if _SINGLE_BYTE.fullmatch(name) and not body.isascii() and _is_utf8(body):
        return None  # any bytes are text in these, but hardly any text in them is UTF-8 by chance
    try:
        return body.decode(name)
    except UnicodeError:
        # windows-1252 leaves five bytes undefined that Latin-1 passes on
        return body.decode("latin-1") if name == "cp1252" else None


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _wide(body: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark, told by the zero bytes around the first characters (XML 1.0, appendix F)."""
    zeros = "".join("0" if byte == 0 else "x" for byte in body[:4])
    return {"000x": "utf-32-be", "x000": "utf-32-le", "0x0x": "utf-16-be", "x0x0": "utf-16-le"}.get(zeros)


def _guess(body: bytes) -> str | None:
    # markup is ASCII and would drown the text's few bytes; none of the candidates has "<" or ">" in a longer character
    head = body[:_SAMPLE]
    head = head if len(head) == len(body) else head[: max(head.rfind(b"<"), head.rfind(b" "))]
    sample = re.sub(rb"<[^<>]*>", b" ", head)
    best = charset_normalizer.from_bytes(sample, cp_isolation=_CANDIDATES, enable_fallback=False).best()
    return best.encoding if best else None
