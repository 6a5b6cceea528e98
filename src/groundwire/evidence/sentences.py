"""Text -> sentences with exact offsets, in English, Chinese and mixtures of the two.

``sentencex`` proposes; what it gets wrong in news text is mended here: list markers and abbreviations cut off from
their sentence, initials, Chinese full stops it runs over, closing quotes left at the next sentence's head, sentences
glued together by extraction. A newline always ends a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from sentencex import segment  # type: ignore[import-untyped]  # ships no type information

from groundwire.types import Article, Sentence

MAX_LINE = 20_000
"""Characters of one line given to the splitter at once: a longer one is cut (hostile or broken text)."""

_CJK = re.compile(r"[\u3400-\u9fff]")
_CLOSERS = "”’」』）)】]》〉\"'"
_LIST_MARKER = re.compile(r"^\s*(?:[-*•·–—]+|\(?\d{1,3}[.)、]|\(?[A-Za-z][.)])\s*$")
_ALWAYS_MERGE = re.compile(
    r"(?:^|[\s(“\"])(?:Mr|Mrs|Ms|Dr|Prof|Gov|Sen|Rep|Gen|Col|Lt|Sgt|Capt|Maj|Rev|Hon|St|Mt|Messrs|vs|No|Nos|Fig|Eq"
    r"|Vol|pp"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|approx|est|e\.g|i\.e|cf|al|Treas|Sec|Dept|Asst|Atty)\.$"
)
_INITIAL = re.compile(r"(?:^|[\s(“\"])[A-Z]\.$")
_MAYBE_MERGE = re.compile(
    r"(?:\b(?:Inc|Corp|Co|Ltd|LLC|PLC|Bros|Jr|Sr|Ph\.D|a\.m|p\.m|etc)|\b(?:[A-Z]\.)+[A-Z])\.$", re.IGNORECASE
)
_AFTER_ABBREVIATION = re.compile(
    r"^(?:[a-z0-9,;:(&'’-]|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|(?:January|February|March|April|May|June|July"
    r"|August"
    r"|September|October|November|December)\b|(?:E|C|M|P|G)(?:S|D|M)?T\b|UTC\b)"
)
_GIVEN_NAME_NEXT = re.compile(r"^[A-Z][\w’'-]+")
_STARTERS = (
    r"(?:The|A|An|In|On|At|It|Its|He|She|They|We|But|And|However|This|That|These|Those|For|With|While|When|After|As|If"
    r"|There|Some|Many|Most|Both|According|Meanwhile|Although|Since|By|To|From)"
)
_GLUED = re.compile(r"(?<=[a-z]{2}[.!?])(?=" + _STARTERS + r"\s)")
_AFTER_COMPANY = re.compile(
    r"(?<=\b(?:Inc|Ltd|LLC)\.)\s+(?=" + _STARTERS + r"\s)|(?<=\bCorp\.)\s+(?=" + _STARTERS + r"\s)"
)
_QUOTED_END = re.compile(r"(?<=[.!?][”\"])\s+(?=[A-Z“\"])")
_CHINESE_END = re.compile(r"[。！？!?；]+[" + re.escape(_CLOSERS) + r"]*")
_SAID_AFTER_QUOTE = re.compile(r"^[^，。；：“”\s]{1,12}(?:说|道|表示|称|指出|透露|认为|强调|补充|回应|写道|坦言)[。！]")


def split(text: str, language: str) -> tuple[Sentence, ...]:
    """The sentences of a text in order, without white space at their ends.

    Every character but white space lies in exactly one sentence, and ``text[s.start:s.end] == s.text``.
    """
    return tuple(
        Sentence(start=start, end=end, text=text[start:end])
        for line_start, line in _lines(text)
        for start, end in _stripped(text, line_start, _split_line(line, language))
    )


def of_article(article: Article) -> tuple[Sentence, ...]:
    """The title as one sentence, then those of the body."""
    text, title_end = article.text, len(article.title)
    body = split(text[article.body_start :], article.language)
    start = len(text[:title_end]) - len(text[:title_end].lstrip())
    title = text[start:title_end].rstrip()
    first = (Sentence(start=start, end=start + len(title), text=title),) if title else ()
    offset = article.body_start
    return first + tuple(Sentence(start=s.start + offset, end=s.end + offset, text=s.text) for s in body)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for match in re.finditer(r"[^\n\r\u2028\u2029\x0b\x0c\x85]+", text):
        line = match.group()
        for offset in range(0, len(line), MAX_LINE):
            yield match.start() + offset, line[offset : offset + MAX_LINE]


def _stripped(text: str, line_start: int, cuts: list[int]) -> Iterator[tuple[int, int]]:
    for left, right in pairwise(cuts):
        piece = text[line_start + left : line_start + right]
        start = line_start + left + len(piece) - len(piece.lstrip())
        end = start + len(piece.strip())
        if end > start:
            yield start, end


def _split_line(line: str, language: str) -> list[int]:
    """Offsets where sentences of one line begin, and its end."""
    chinese = _CJK.search(line) is not None
    cuts = {0, len(line)}
    position = 0
    for piece in segment("zh" if chinese and language != "en" else "en", line):
        found = line.find(piece, position) if piece else -1
        if found < 0:  # a splitter that changed the text: its cut can't be placed
            continue
        position = found + len(piece)
        cuts.add(position)
    if chinese:
        cuts |= set(_chinese_ends(line))
    else:
        for pattern in (_GLUED, _AFTER_COMPANY, _QUOTED_END):
            cuts |= {match.end() for match in pattern.finditer(line)}
    return _mend(line, sorted(cuts))


def _chinese_ends(line: str) -> Iterator[int]:
    """Ends of Chinese sentences, but not inside a quotation or brackets that go on behind them."""
    for match in _CHINESE_END.finditer(line):
        mark = match.group()
        if mark[0] in "!?；":
            continue
        end = match.end()
        if mark[-1] in "”」』）)" and line[end : end + 1] in "，,、的：:":
            continue
        before = line[max(0, end - 200) : end]
        if before.count("“") > before.count("”") or before.count("「") > before.count("」"):
            continue
        if before.count("（") > before.count("）"):
            continue
        yield end


def _mend(line: str, cuts: list[int]) -> list[int]:
    kept = [cuts[0]]
    for cut in cuts[1:-1]:
        cut = _past_closers(line, kept[-1], cut)
        if cut > kept[-1] and cut < cuts[-1] and not _joins(line[kept[-1] : cut], line[cut:]):
            kept.append(cut)
    kept.append(cuts[-1])
    return kept


def _past_closers(line: str, start: int, cut: int) -> int:
    """Move a cut behind quotes and brackets that close what is open before it."""
    while cut < len(line) and line[cut] in "”’」』）)】":
        cut += 1
    if line[cut : cut + 1] == '"' and line[start:cut].count('"') % 2 == 1:
        cut += 1
    return cut


def _joins(before: str, after: str) -> bool:
    """Whether a proposed cut between two pieces is wrong."""
    tail, head = before.rstrip(), after.lstrip()
    if not tail or not head:
        return False
    if _LIST_MARKER.match(tail):
        return True
    if tail.endswith("…") and _CJK.match(head):
        return True
    if tail[-1] in "”」" and _SAID_AFTER_QUOTE.match(head):
        return True
    spaced = len(tail) < len(before) or len(head) < len(after)
    if tail[-1] in ".:" and not spaced and (head[0].isascii() and head[0].isalnum()):
        return _GLUED.match(before[-3:] + after, 3) is None
    if tail[-1] != ".":
        return tail[-1] in '?!”"’' and head[0].islower() and head[0].isascii()
    if _ALWAYS_MERGE.search(tail[-12:]):
        return True
    if _INITIAL.search(tail[-4:]):
        return _GIVEN_NAME_NEXT.match(head) is not None and re.match(_STARTERS + r"\s", head) is None
    if _MAYBE_MERGE.search(tail[-12:]):
        return _AFTER_ABBREVIATION.match(head) is not None
    return head[0].islower() and head[0].isascii()
