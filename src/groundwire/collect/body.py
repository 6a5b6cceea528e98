"""Decoding a response body within bounds: at most one content coding, a cap on the decoded size, text only."""

from __future__ import annotations

import zlib

SNIFFED = 512
"""So many decoded bytes decide whether a body is text at all. [byte]"""

ACCEPT_ENCODING = "gzip, deflate"
"""What we ask for; anything else is refused, as a coding that nobody offered to take is a trick or a fault."""

_MAGIC = (
    (b"PK\x03\x04", "a ZIP archive"),
    (b"%PDF-", "a PDF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x89PNG\r\n\x1a\n", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF87a", "an image"),
    (b"GIF89a", "an image"),
    (b"RIFF", "a media file"),
    (b"OggS", "an audio file"),
    (b"ID3", "an audio file"),
    (b"fLaC", "an audio file"),
    (b"\x1aE\xdf\xa3", "a video"),
    (b"\x00\x00\x01\xba", "a video"),
    (b"\x7fELF", "a program"),
)


class BodyRefused(Exception):  # noqa: N818  names what happened
    """The body can't be taken; the message says why."""


class BodyDecoder:
    """Takes a body's bytes as they come; never holds more than ``limit`` and one chunk.

    Args:
        coding: The Content-Encoding header.
        limit: Largest decoded size. [byte]
        truncate: Keep the first ``limit`` bytes instead of refusing what is longer.
    """

    def __init__(self, coding: str, limit: int, *, truncate: bool = False) -> None:
        self._limit = limit
        self._truncate = truncate
        self._coding = coding.strip().lower()
        if self._coding == "x-gzip":
            self._coding = "gzip"
        if self._coding not in ("", "identity", "gzip", "deflate"):
            raise BodyRefused(f"its content coding {coding[:60]!r} is not one that we asked for")
        self._inflate: zlib._Decompress | None = None
        self._head = b""
        self._started = self._coding in ("", "identity")
        self._parts: list[bytes] = []
        self._sniffed = False
        self.size = 0
        self.full = False
        """Truncated at the limit: nothing more is wanted."""

    def feed(self, chunk: bytes) -> None:
        """Take some bytes off the wire.

        Raises:
            BodyRefused: Too large, broken, or not text.
        """
        if not self._started:
            chunk = self._start(chunk)
        if self._inflate is None:
            self._keep(chunk)
            return
        while chunk and not self.full:
            try:
                # one byte over the limit is enough to know that it is too large
                out = self._inflate.decompress(chunk, self._limit - self.size + 1)
            except zlib.error as error:
                raise BodyRefused(f"its {self._coding} coding is broken") from error
            self._keep(out)
            if self._inflate.eof and (rest := self._inflate.unused_data):
                # gzip allows several members after each other; trailing rubbish after the last is ignored
                if not rest.startswith(b"\x1f\x8b"):
                    return
                self._inflate, chunk = zlib.decompressobj(31), rest
            else:
                chunk = self._inflate.unconsumed_tail

    def finish(self) -> bytes:
        """The whole decoded body.

        Raises:
            BodyRefused: It ended early, or is not text.
        """
        if not self._started:
            self._begin(self._head)
        if self._inflate is not None and not self._inflate.eof and not self.full and self._head:
            raise BodyRefused(f"its {self._coding} coding ends early")
        body = b"".join(self._parts)
        self._check_text(body)
        return body

    def _start(self, chunk: bytes) -> bytes:
        self._head += chunk
        if len(self._head) < 2:
            return b""
        return self._begin(self._head)

    def _begin(self, head: bytes) -> bytes:
        """Choose the decoder by the first two bytes: servers often name a coding that they did not apply."""
        self._started = True
        if self._coding == "gzip" and head.startswith(b"\x1f\x8b"):
            self._inflate = zlib.decompressobj(31)
        elif self._coding == "deflate" and len(head) > 1:
            zlib_wrapped = head[0] & 0x0F == 8 and int.from_bytes(head[:2]) % 31 == 0  # RFC 1950, 2.2
            if zlib_wrapped:
                self._inflate = zlib.decompressobj(15)
            elif not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<", b"{")):
                self._inflate = zlib.decompressobj(-15)
        return head

    def _keep(self, chunk: bytes) -> None:
        self.size += len(chunk)
        if self.size > self._limit:
            if not self._truncate:
                raise BodyRefused(f"larger than {megabytes(self._limit)}")
            chunk = chunk[: len(chunk) - (self.size - self._limit)]
            self.size, self.full = self._limit, True
        if chunk:
            self._parts.append(chunk)
        if not self._sniffed and self.size >= SNIFFED:
            self._check_text(b"".join(self._parts))

    def _check_text(self, start: bytes) -> None:
        if not self._sniffed:
            self._sniffed = True
            if (kind := binary_kind(start[:SNIFFED])) is not None:
                raise BodyRefused(f"it is {kind}, not a feed or a page")


def binary_kind(start: bytes) -> str | None:
    """What a body that is no text is, by its first bytes; None for text."""
    for magic, kind in _MAGIC:
        if start.startswith(magic):
            return kind
    if start[4:8] == b"ftyp":
        return "a video"
    if start.startswith(b"MZ") and b"\0" in start:
        return "a program"
    if start and not start.strip(b"\0"):  # disc images begin with 32 kB of nothing
        return "binary data"
    return None


def megabytes(size: float) -> str:
    """A size for people: "10 MB", "512 kB"."""
    return f"{size / 1e6:g} MB" if size >= 1e6 else f"{size / 1e3:g} kB"
