"""A page as the sequence of its text blocks: what lies between two block-level boundaries, with where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from lxml import etree

from groundwire.markup import BLOCK_ELEMENTS, SKIPPED_ELEMENTS, ends_skipping

_CJK = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_CELLS: Final = frozenset({"td", "th"})
_BLOCKS: Final = BLOCK_ELEMENTS | _CELLS
_MAX_PATH: Final = 24
"""Ancestors kept of a path; more only repeat the page's frame."""
_INLINE_LABELS: Final = frozenset({"strong", "b"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One stretch of text that a reader sees as a unit: a paragraph, a heading, a list item, a cell."""

    index: int
    text: str
    """White space collapsed."""
    key: str
    """Its letters and digits only, case folded: equal for equal words however set."""
    tag: str
    """The innermost block element that it stands in."""
    path: tuple[str, ...]
    """That element and the block elements around it, innermost first, as "tag.class class"; digits as "#"."""
    link_chars: int
    """How much of it is link text. [character]"""
    bold: bool
    """Whether all of it is set bold, as a heading that is none."""
    row: int
    """Number of the table row that it stands in; -1 for none."""
    cell: int
    """Number of the table cell that it stands in; -1 for none."""
    table: int
    """Number of the innermost table around it; -1 for none."""

    @property
    def is_heading(self) -> bool:
        """Whether it is set as a heading."""
        return self.tag in _HEADINGS

    @property
    def linked(self) -> float:
        """Share of it that is link text."""
        return self.link_chars / max(1, len(self.text.replace(" ", "")))


def words_of(text: str) -> str:
    """Letters and digits only, case folded: what must agree for two texts to be the same words."""
    return re.sub(r"[\W_]+", "", text).casefold()


def weight(text: str) -> int:
    """Length in characters, a Chinese, Japanese or Korean one counting for the three that it says as much as."""
    return len(text) + 2 * len(_CJK.findall(text))


def blocks_of(root: etree._Element) -> list[Block]:
    """All text blocks of a page in document order; scripts, forms' controls and the like left out."""
    return _Walk(root).blocks


class _Walk:
    """One pass over the tree, without recursion: depth is the publisher's choice."""

    def __init__(self, root: etree._Element) -> None:
        self.blocks: list[Block] = []
        self._inside: list[tuple[str, ...]] = [(_step(str(root.tag), ""),)]  # paths of the open block elements
        self._pieces: list[str] = []
        self._holder: tuple[str, ...] | None = None
        self._link_chars = 0
        self._bold_chars = 0
        self._links = 0
        self._bolds = 0
        self._rows = 0
        self._row_stack: list[int] = []
        self._cells = 0
        self._cell_stack: list[int] = []
        self._tables = 0
        self._table_stack: list[int] = []
        for text in self._texts(root):
            self._add(text)
        self._close()

    def _texts(self, root: etree._Element) -> Iterator[str | None]:
        skipped: etree._Element | None = None
        for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
            if skipped is not None and event == "start" and ends_skipping(skipped, element):
                skipped = None
            if skipped is not None:
                if event == "end" and element is skipped:
                    skipped = None
                    yield element.tail
            elif event in ("comment", "pi"):
                yield element.tail
            elif event == "start":
                if element.tag in SKIPPED_ELEMENTS:
                    skipped = element
                    continue
                self._enter(element)
                yield element.text
            else:
                self._leave(element)
                if element is not root:
                    yield element.tail

    def _enter(self, element: etree._Element) -> None:
        tag = element.tag
        if tag in _BLOCKS:
            self._close()
            around = self._inside[-1][: _MAX_PATH - 1]
            self._inside.append((_step(str(tag), (element.get("class") or "")[:400]), *around))
            if tag == "tr":
                self._rows += 1
                self._row_stack.append(self._rows)
            elif tag in _CELLS:
                self._cells += 1
                self._cell_stack.append(self._cells)
            elif tag == "table":
                self._tables += 1
                self._table_stack.append(self._tables)
        elif tag == "a":
            self._links += 1
        elif tag in _INLINE_LABELS:
            self._bolds += 1

    def _leave(self, element: etree._Element) -> None:
        tag = element.tag
        if tag in _BLOCKS:
            self._close()
            self._inside.pop()
            if tag == "tr":
                self._row_stack.pop()
            elif tag in _CELLS:
                self._cell_stack.pop()
            elif tag == "table":
                self._table_stack.pop()
        elif tag == "a":
            self._links -= 1
        elif tag in _INLINE_LABELS:
            self._bolds -= 1

    def _add(self, text: str | None) -> None:
        if not text:
            return
        self._pieces.append(text)
        if not text.isspace():
            visible = len("".join(text.split())) if self._links or self._bolds else 0
            if self._holder is None:
                self._holder = self._inside[-1]
            self._link_chars += visible if self._links else 0
            self._bold_chars += visible if self._bolds else 0

    def _close(self) -> None:
        """End the block that is being gathered."""
        pieces, self._pieces = self._pieces, []
        if self._holder is not None:
            text = " ".join("".join(pieces).split())
            self.blocks.append(
                Block(
                    index=len(self.blocks),
                    text=text,
                    key=words_of(text),
                    tag=self._holder[0].partition(".")[0],
                    path=self._holder,
                    link_chars=self._link_chars,
                    bold=self._bold_chars == len(text.replace(" ", "")),
                    row=self._row_stack[-1] if self._row_stack else -1,
                    cell=self._cell_stack[-1] if self._cell_stack else -1,
                    table=self._table_stack[-1] if self._table_stack else -1,
                )
            )
        self._holder, self._link_chars, self._bold_chars = None, 0, 0


@lru_cache(maxsize=4096)
def _step(tag: str, classes: str) -> str:
    return f"{tag}.{' '.join(sorted(re.sub(r'[0-9]+', '#', classes).split()))}"
