"""The article's text in a page: trafilatura's choice of blocks, completed and trimmed by the page's structure.

Measured (``benchmarks/extraction.py``), trafilatura errs mostly in leaving out parts of an article that the page splits
over several containers, and in keeping the headline, pointers to other articles and the lines after the end.
"""

from __future__ import annotations

import copy
import logging
import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

import trafilatura
from lxml import etree

from groundwire.extract.blocks import Block, weight, words_of
from groundwire.extract.boilerplate import (
    begins_another_part,
    introduces_related,
    is_aside,
    is_dateline,
    is_ending,
    is_related,
)
from groundwire.extract.vote import voted
from groundwire.text import clean_text

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it logs each page it can't read; our caller is told

_PARAGRAPH: Final = 80
"""Weight from which a block is running text rather than a label: some fifteen words."""
_LONGEST_CELL: Final = 2 * _PARAGRAPH
"""Weight from which a block in a table is a paragraph and no cell of data."""
_HEAD: Final = 6
"""Blocks at the beginning in which the headline, its date and byline may stand."""
_MAIN_PLACE: Final = 0.25
"""Share of the chosen text from which its place in the page's structure is one that the article stands in."""
_ELSEWHERE = re.compile(
    r"comment|respond|disqus|repl(?:y|ies)|discuss|forum|related|recommend|sidebar|footer|promo|teaser|newsletter", re.I
)


def main_text(root: etree._Element, titles: Sequence[str], description: str, blocks: Sequence[Block]) -> str:
    """The article's paragraphs, one a line, the cells of a table row on one line; "" where the page has none.

    Args:
        root: The page; left as it is.
        titles: What the page calls itself, to cut a repeated headline off.
        description: What the page says that it is about, to tell the article from other texts.
        blocks: The page's blocks (``blocks_of``).
    """
    chosen = _completed(blocks, voted(blocks, _trafilatura(root)))
    chosen = _the_one_it_is_about(blocks, chosen, _densest(blocks), " ".join((*titles, description)))
    chosen = _up_to_the_end(blocks, chosen)
    return _rendered(_trimmed([blocks[index] for index in sorted(chosen)], titles))


def trimmed_text(blocks: Sequence[Block], titles: Sequence[str]) -> str:
    """Text that is all article (a feed's own content), without the lines about the page; form as ``main_text``."""
    return _rendered(_trimmed(blocks, titles))


def _trafilatura(root: etree._Element) -> str:
    """The text that trafilatura sees."""
    try:
        text = trafilatura.extract(
            copy.deepcopy(root), favor_precision=True, include_comments=False, include_tables=True, with_metadata=False
        )
    except (ValueError, TypeError, AttributeError, IndexError, KeyError, etree.LxmlError):  # it, on absurd markup
        return ""
    return text or ""


# --- completing ------------------------------------------------------------------------------------------------


def _completed(blocks: Sequence[Block], chosen: set[int]) -> set[int]:
    """With what stands in the same places of the page's structure as most of the chosen text.

    A page that puts adverts into an article often splits it into containers of one class; trafilatura takes one. Inside
    a container it leaves out short paragraphs, subheadings, quotes and table cells that the article needs.
    """
    if not chosen:
        return chosen
    counts = Counter(blocks[index].path for index in chosen)
    places = {path for path in _main_places(blocks, chosen) if counts[path] >= 2}
    same_place = {
        block.index
        for block in blocks
        if block.path in places and block.tag == "p" and block.linked < 0.5 and len(block.text) >= 20
    }
    found = chosen | same_place
    containers = {path[1:] for path in places}
    first, last = min(found), max(found)
    found |= {block.index for block in blocks[first : last + 1] if block.linked < 0.5 and _is_in(block, containers)}
    return found | _whole_tables(blocks, found)


def _main_places(blocks: Sequence[Block], chosen: set[int]) -> set[tuple[str, ...]]:
    """The places in the page's structure that hold much of the chosen text."""
    weights = _weights(blocks, chosen)
    least = _MAIN_PLACE * sum(weights.values())
    return {path for path, share in weights.items() if share >= least}


def _weights(blocks: Sequence[Block], chosen: set[int]) -> Counter[tuple[str, ...]]:
    weights: Counter[tuple[str, ...]] = Counter()
    for index in sorted(chosen):
        weights[blocks[index].path] += weight(blocks[index].text)
    return weights


def _up_to_the_end(blocks: Sequence[Block], chosen: set[int]) -> set[int]:
    """Without what comes after the line that ends the article and begins comments or other articles."""
    heaviest = max(_weights(blocks, chosen).items(), key=lambda item: item[1], default=((), 0))[0]
    last = max((index for index in chosen if blocks[index].path == heaviest), default=-1)
    end = next((block.index for block in blocks[last + 1 :] if begins_another_part(block.text)), len(blocks))
    return {index for index in chosen if index < end}


def _is_in(block: Block, containers: set[tuple[str, ...]]) -> bool:
    """Whether a paragraph, heading, quote or list item stands directly in one of these."""
    if (block.tag in ("p", "blockquote") or block.is_heading) and block.path[1:] in containers:
        return True
    inner = block.path[1].split(".")[0] if len(block.path) > 1 else ""
    return block.path[2:] in containers and (
        (block.tag == "li" and inner in ("ul", "ol")) or (block.tag == "p" and inner == "blockquote")
    )


def _whole_tables(blocks: Sequence[Block], chosen: set[int]) -> set[int]:
    """All cells of the tables of which most rows were chosen: a nought in a cell is too short to be matched."""
    tables: dict[int, dict[int, list[Block]]] = {}
    for block in blocks:
        if block.row >= 0:
            tables.setdefault(block.table, {}).setdefault(block.row, []).append(block)
    found: set[int] = set()
    for rows in tables.values():
        taken = [
            cells
            for cells in rows.values()
            if sum(len(cell.key) for cell in cells if cell.index in chosen) >= 0.5 * sum(len(c.key) for c in cells) > 0
        ]
        if len(rows) >= 2 and len(taken) >= 0.5 * len(rows):
            found.update(cell.index for cells in rows.values() for cell in cells)
    return found


def _densest(blocks: Sequence[Block]) -> set[int]:
    """The paragraphs of the place in the structure that holds the most running text; not comments or teasers."""
    elsewhere = {path for path in {block.path for block in blocks} if _ELSEWHERE.search(" ".join(path))}
    candidates = [block for block in blocks if block.path not in elsewhere]
    weights: Counter[tuple[str, ...]] = Counter()
    for block in candidates:
        if block.linked < 0.3 and weight(block.text) >= _PARAGRAPH:
            weights[block.path] += weight(block.text)
    if not weights:
        return set()
    place, _ = max(weights.items(), key=lambda item: item[1])
    members = [block.index for block in candidates if block.path == place and block.linked < 0.5]
    headings = {b.index for b in blocks[members[0] : members[-1]] if b.is_heading and not b.link_chars}
    return set(members) | headings


def _the_one_it_is_about(blocks: Sequence[Block], chosen: set[int], other: set[int], about: str) -> set[int]:
    """``chosen``, unless ``other`` is far longer and says far more of what the page's title and description say."""

    def size(indices: set[int]) -> int:
        return sum(weight(blocks[index].text) for index in indices)

    if size(chosen) >= 0.5 * size(other):
        return chosen
    subject = _terms(about)

    def covered(indices: set[int]) -> int:
        return len(subject & _terms(" ".join(blocks[index].text for index in indices)))

    return other if covered(chosen) < 0.5 * covered(other) or not chosen else chosen


def _terms(text: str) -> set[str]:
    """Words of four letters or more, numbers, and pairs of Chinese, Japanese or Korean characters."""
    folded = text.casefold()
    words = set(re.findall(r"[a-z\u00c0-\u04ff]{4,}|\d{2,}", folded))
    runs = re.findall("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2,}", folded)
    return words | {run[i : i + 2] for run in runs for i in range(len(run) - 1)}


# --- trimming --------------------------------------------------------------------------------------------------


def _trimmed(chosen: Sequence[Block], titles: Sequence[str]) -> list[Block]:
    """Without the headline, lines about the page, pointers to other articles and what follows the end."""
    kept = [block for block in chosen if not (is_related(block.text, block.link_chars) or is_aside(block.text))]
    kept = _without_link_lists(kept)
    names = [name for name in (words_of(title) for title in titles) if name]
    head = [block for block in kept[:_HEAD] if not (_is_title(block, names) or _is_dateline(block))]
    kept = head + kept[_HEAD:]
    while len(kept) > 1 and _ends(kept[-1]):
        kept.pop()
    return kept


def _is_title(block: Block, names: Sequence[str]) -> bool:
    if len(block.key) < 4:
        return False
    return block.tag == "h1" or any(
        block.key == name or (weight(block.text) >= 20 and name.startswith(block.key)) for name in names
    )


def _is_dateline(block: Block) -> bool:
    return weight(block.text) < 2 * _PARAGRAPH and is_dateline(block.text)


def _ends(block: Block) -> bool:
    """Whether the last block is no part of the article."""
    return block.is_heading or introduces_related(block.text) or is_ending(block.text)


def _without_link_lists(kept: Sequence[Block]) -> list[Block]:
    """Without blocks that are nothing but links (other articles' headlines), and the lines that announce them."""
    found: list[Block] = []
    announced = False
    for block in kept:
        if introduces_related(block.text):
            announced = True
            found.append(block)
        elif (announced and block.linked >= 0.5) or _is_link_line(block):
            while found and introduces_related(found[-1].text):
                found.pop()
        else:
            announced = False
            found.append(block)
    return found


def _is_link_line(block: Block) -> bool:
    return block.linked >= 0.95 and weight(block.text) >= 25 and not block.is_heading and block.tag not in ("td", "th")


def _rendered(kept: Sequence[Block]) -> str:
    lines: list[str] = []
    before: Block | None = None
    for block in kept:
        if before is not None and _in_one_row(before, block):
            lines[-1] += f" | {block.text}"
        elif block.key:
            lines.append(block.text)
        else:
            continue
        before = block
    cleaned = (" ".join(clean_text(line).split()) for line in lines)
    return "\n".join(line for line in cleaned if line)


def _in_one_row(one: Block, other: Block) -> bool:
    """Whether two blocks are neighbouring cells of a row of data, not columns of a page laid out by tables."""
    same_row = one.row >= 0 and one.row == other.row and one.cell != other.cell
    return same_row and max(weight(one.text), weight(other.text)) < _LONGEST_CELL
