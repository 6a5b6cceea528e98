"""Names of things in English and Chinese text, with one key for the same thing in both languages.

No model and no download: capitalisation and the words around a name, Chinese word tags (rjieba), and a table of names
that differ between the languages (``data/names.toml``).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib import resources
from typing import Literal, NamedTuple, cast

import rjieba

from groundwire.evidence import aliases
from groundwire.evidence.cues import has_chinese, word_class
from groundwire.types import Mention

Kind = Literal["organisation", "person", "product", "place", "other"]

_TOKEN = re.compile(r"[A-Za-z][\w+]*(?:[.'’&/-]\w+)*\.?|\d+(?:\.\d+)*\w*|[^\w\s]|\n", re.ASCII)
_CAPITAL = re.compile(r"[A-Z]|[a-z]{1,2}[A-Z]")
_POSSESSIVE = re.compile(r"(?:['’](?:s|m|re|ll|ve|d))?\.*$")
_VERSION = re.compile(r"v?\d+(?:\.\d+)*[A-Za-z]{0,2}$")
_LATIN_WORD = r"[A-Za-z0-9+]*(?:[.-][A-Za-z0-9+]+)*"
_LATIN_IN_CHINESE = re.compile(rf"(?<![A-Za-z0-9@/._-])[A-Za-z]{_LATIN_WORD}(?: (?:[A-Z0-9]{_LATIN_WORD}))*")
_BOOK_TITLE = re.compile(r"《([^《》\n]{2,40})》")
_URL_LIKE = re.compile(r"https?://\S+|\bwww\.\S+|\S+@\S+\.\w+")

_ORGANISATION_WORD = re.compile(
    r"^(?:Inc|Corp|Corporation|Ltd|LLC|PLC|Co|Company|Group|Holdings?|Bank|University|Institute|Labs?|Laborator(?:y"
    r"|ies)|AI|Technolog(?:y|ies)"
    r"|Systems|Software|Semiconductors?|Energy|Power|Capital|Partners|Ventures|Foundation|Ministry|Department|Agency"
    r"|Commission|Committee|Council"
    r"|Court|Association|Union|Party|Authority|Administration|Bureau|Office|Networks?|Cloud|Motors?|Airlines?"
    r"|Industries|Media|News|Times|Post|Journal"
    r"|Police|Army|Navy|Center|Centre|School|College|Hospital|Exchange|Fund|Trust|Alliance|Federation|Organi[sz]ation"
    r"|Parliament|Knesset)\.?$"
)
_TAKES_OF = re.compile(
    r"^(?:Bank|University|Ministry|Department|Institute|Court|Office|House|Board|Council|Bureau|Commission|School"
    r"|College|Academy|Secretary|Chamber|Federation|Republic|Kingdom|Organi[sz]ation|Association|State)$"
)
_PERSON_BEFORE = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Sir|Gov|Sen|Rep|Gen|Col)\.?|\b(?:CEO|CTO|CFO|COO|[Pp]resident|[Cc]hair(?:man|woman)?"
    r"|[Dd]irector|[Mm]inister|[Ss]ecretary"
    r"|[Ff]ounder|[Cc]o-founder|[Aa]nalyst|[Pp]rofessor|[Ss]enator|[Jj]udge|[Ss]pokes(?:man|woman|person)|[Gg]overnor"
    r"|[Mm]ayor|[Ee]ngineer|[Ee]conomist|[Rr]esearcher"
    r"|[Cc]hief(?:\s[a-z]+){0,2}\s(?:executive|officer|scientist))),?\s$"
)
_PERSON_AFTER = re.compile(
    r"^(?:,\s(?:\d{2},|(?:the|a|an|its|chief|head|president|director|founder|co-founder|vice|senior|managing|CEO"
    r"|chair|professor|analyst|who)\b)"
    r"|\s(?:said|says|told|wrote|added|argued|tweeted|warned|explained|noted)\b)"
)
_TITLE_WORD = re.compile(
    r"^(?:Mr|Mrs|Ms|Dr|Prof|Sir|Gov|Sen|Rep|Gen|Col|President|Chairman|Minister|Prime|Secretary|Judge|Senator|CEO|CTO"
    r"|CFO|COO|Chief|Professor|Analyst|Foreign|Vice|Deputy|Governor|Mayor|Executive|Officer|Financial|Operating"
    r"|Technology|MP|Commissioner|Pope|PM)\.?$"
)
_COMPANY_SUFFIX = re.compile(
    r"(?:[,\s]+(?:inc|corp|corporation|ltd|llc|plc|co|company|group|holdings?)\.?)+$|"
    r"(?:股份有限公司|有限责任公司|有限公司|集团公司|公司|集团)$"
)
_NEVER = word_class("not_a_name")
_ORG_TAIL_ZH = re.compile(
    r"^(?:公司|集团|有限公司|股份|科技|银行|大学|学院|研究院|研究所|实验室|委员会|基金|基金会|证券|资本|智能|半导体"
    r"|电子|汽车|能源|电力|电网|法院|协会|联盟|通信|云|软件|网络|部|局|署|院)$"
)
_STRONG_TAIL_ZH = re.compile(
    r"(?:公司|集团|银行|大学|学院|研究院|研究所|实验室|委员会|基金会|证券|法院|协会|联盟|科技|资本|半导体|电网)$"
)
_NAME_TAGS = frozenset({"n", "nr", "ns", "nt", "nz", "nrt", "nrfg", "eng", "j", "ng", "vn", "b"})
_GENERIC_ZH = word_class("generic_organisation_zh")
_TITLE_ZH = (
    r"(?:首席执行官|首席技术官|首席财务官|首席科学家|联合创始人|创始人|董事长|总裁|副总裁|总经理|分析师|部长|总统"
    r"|总理|主席|教授|博士|负责人|工程师|研究员|发言人|CEO|CTO|CFO|COO)"
)
_PERSON_ZH_BEFORE = re.compile(_TITLE_ZH + r"\s?$")
_SAYS_ZH = re.compile(
    r"^\s?(?:近日|今日|昨日|也|还|则|曾)?(?:表示|称|指出|认为|透露|说|强调|写道|宣布|回应|坦言|警告|预测|预计)"
)


class _Found(NamedTuple):
    start: int
    end: int
    key: str
    kind: Kind


def find(text: str, language: str, *, title_end: int = 0) -> tuple[Mention, ...]:
    """Every mention of a named thing, in order, without overlaps.

    Args:
        text: The whole article: what is named in full once may be named shortly afterwards.
        language: The article's main language.
        title_end: Where the title ends: in a headline in Title Case capitals say nothing, so that only names
            known from the body or from the table are taken there.
    """
    blocked = [m.span() for m in _URL_LIKE.finditer(text)]
    found = list(_from_table(text))
    if has_chinese(text):
        found.extend(_chinese(text))
        found.extend(_latin_in_chinese(text) if language != "en" else ())
    if language == "en" or not has_chinese(text):
        found.extend(_english(text, title_end))
    found = list(_resolve_short_forms(_without_overlaps(found, blocked)))
    second = list(_by_second_names(text, found))
    return tuple(
        Mention(start=f.start, end=f.end, text=text[f.start : f.end], key=f.key, kind=f.kind)
        for f in (_without_overlaps([*found, *second], blocked) if second else found)
    )


@lru_cache(maxsize=65536)
def normal_key(name: str) -> str:
    """The table's key of a name, else the name in lower case without company suffix."""
    plain = " ".join(name.replace("’", "'").removesuffix("'s").split()).rstrip(".,")
    known = _table()[0].get(plain)
    if known is None:
        known = _table()[0].get(_COMPANY_SUFFIX.sub("", plain))
    if known is not None:
        return known[0]
    lowered = plain.lower()
    return _COMPANY_SUFFIX.sub("", lowered) or lowered


@cache
def _table() -> tuple[dict[str, tuple[str, Kind]], re.Pattern[str], re.Pattern[str]]:
    """Names -> (key, kind); a pattern of the Latin names; one of the Chinese ones."""
    raw = tomllib.loads(resources.files("groundwire.evidence").joinpath("data/names.toml").read_text("utf-8"))
    names = {
        name: (key, cast("Kind", kind)) for kind, group in raw.items() for key, forms in group.items() for name in forms
    }
    latin = sorted((n for n in names if n.isascii()), key=lambda n: (-len(n), n))
    chinese = sorted((n for n in names if not n.isascii()), key=lambda n: (-len(n), n))
    return (
        names,
        re.compile(r"(?<![A-Za-z0-9@/._-])(?:" + "|".join(map(re.escape, latin)) + r")(?![A-Za-z0-9_])"),
        re.compile("|".join(map(re.escape, chinese))),
    )


def _from_table(text: str) -> Iterator[_Found]:
    names, latin, chinese = _table()
    for pattern in (latin, chinese):
        for match in pattern.finditer(text):
            key, kind = names[match.group()]
            yield _Found(match.start(), match.end(), key, kind)


# --- English ---------------------------------------------------------------------------------------------------


def _english(text: str, title_end: int) -> Iterator[_Found]:
    tokens = [(m.start(), m.end(), m.group()) for m in _TOKEN.finditer(text)]
    lower = {t for start, _, t in tokens if t[0].islower() and start >= title_end}
    body: set[str] = set()
    shy: list[_Found] = []
    for found, certain in _capital_runs(text, tokens, lower):
        name = text[found.start : found.end]
        if found.start < title_end:
            shy.append(found)
        elif certain or name in body:
            body.add(name)
            yield found
        else:
            shy.append(found)
    for found in shy:  # headline and sentence-initial single words: only if the body names them for certain
        if text[found.start : found.end] in body:
            yield found


def _capital_runs(text: str, tokens: list[tuple[int, int, str]], lower: set[str]) -> Iterator[tuple[_Found, bool]]:
    i, count = 0, len(tokens)
    while i < count:
        start, end, word = tokens[i]
        if not _CAPITAL.match(word) or _POSSESSIVE.sub("", word).lower() in _NEVER:  # "Sunday's" too
            i += 1
            continue
        opens = i == 0 or tokens[i - 1][2] in '.!?\n"“”:•*-–—' or tokens[i - 1][2].endswith(".")
        j = i + 1
        while j < count and not tokens[j - 1][2].endswith((".", "'s", "’s")) and _continues(text, tokens, j):
            j += 1 if _joinable(tokens[j][2]) else 2
        end = tokens[j - 1][1]
        words = [t[2] for t in tokens[i:j]]
        name_end = end - 2 if text[start:end].endswith(("'s", "’s")) else end
        name_end -= text[start:name_end].endswith(".") and not re.search(
            r"(?:\.\w\.|\b[A-Z]\.|Inc\.|Corp\.|Ltd\.|Co\.)$", text[start:name_end]
        )
        while len(words) > 1 and (_TITLE_WORD.match(words[0]) or (opens and words[0].lower() in lower)):
            start, words = tokens[i + 1][0], words[1:]
            i += 1
        name = text[start:name_end]
        certain = not (opens and len(words) == 1) or any(c.isupper() or c.isdigit() for c in name[1:])
        if opens and len(words) == 1 and words[0].lower() in lower:
            certain = False
        if len(name) > 1 and not (len(words) == 1 and _TITLE_WORD.match(words[0])):
            yield _Found(start, name_end, normal_key(name), _kind(text, start, name_end, words)), certain
        i = j


def _joinable(word: str) -> bool:
    return bool(_CAPITAL.match(word) or _VERSION.match(word))


def _continues(text: str, tokens: list[tuple[int, int, str]], j: int) -> bool:
    """Whether the run of capitals goes on with token ``j``: a capital or version, or "of"/"&" and a capital."""
    previous_end, (start, _, word) = tokens[j - 1][1], tokens[j]
    if text[previous_end:start] != " ":
        return False
    if _CAPITAL.match(word):
        return word.rstrip(".").lower() not in _NEVER or word in {"AI", "Pro", "Max", "Plus", "Mini", "Flash", "Open"}
    if _VERSION.match(word):
        if re.fullmatch(r"\d+[bB]", word) and any(c.isdigit() for c in tokens[j - 1][2]):
            return True  # "Foo 3.6 27B"
        return not re.fullmatch(r"\d{4}|\d+(?:st|nd|rd|th)|\d+(?:am|pm|[kmb]n?)|[\d.]+[xX%]", word) and len(word) <= 6
    if word in {"of", "&"} and j + 1 < len(tokens) and _CAPITAL.match(tokens[j + 1][2]):
        return word == "&" or _TAKES_OF.match(tokens[j - 1][2]) is not None
    return False


def _kind(text: str, start: int, end: int, words: list[str]) -> Kind:
    known = _table()[0].get(text[start:end])
    if known is not None:
        return known[1]
    if any(_ORGANISATION_WORD.match(w) for w in words[1:]) or (_ORGANISATION_WORD.match(words[0]) and len(words) > 1):
        return "organisation"
    if re.search(r"\d", text[start:end]):
        return "product"
    if _PERSON_BEFORE.search(text[max(0, start - 40) : start]):
        return "person"
    if (
        2 <= len(words) <= 3
        and all(w.isalpha() and not w.isupper() for w in words)
        and _PERSON_AFTER.match(text[end : end + 24])
    ):
        return "person"
    return "other"


# --- Chinese ---------------------------------------------------------------------------------------------------


def _chinese(text: str) -> Iterator[_Found]:
    for match in _BOOK_TITLE.finditer(text):
        yield _Found(match.start(1), match.end(1), match.group(1).lower(), "other")
    position = 0
    tagged: list[tuple[int, int, str, str]] = []
    for word, tag in rjieba.tag(text):
        start = text.find(word, position)
        if start < 0:
            continue
        position = start + len(word)
        tagged.append((start, position, word, tag))
    for i, (start, end, word, tag) in enumerate(tagged):
        if tag.startswith("nr") and 2 <= len(word) <= 7:
            before, after = text[max(0, start - 8) : start], text[end : end + 8]
            if _PERSON_ZH_BEFORE.search(before) or _SAYS_ZH.match(after):
                yield _Found(start, end, word, "person")
        if _ORG_TAIL_ZH.match(word):
            yield from _organisation_before(text, tagged, i)
        elif tag == "nt" and len(word) >= 4:
            yield _Found(start, end, normal_key(word), "organisation")


def _organisation_before(text: str, tagged: list[tuple[int, int, str, str]], i: int) -> Iterator[_Found]:
    """Take up to four name-like words before a word that organisations' names end in."""
    j = i
    while j > 0 and i - j < 4 and tagged[j - 1][1] == tagged[j][0] and tagged[j - 1][3] in _NAME_TAGS:
        j -= 1
    start, end = tagged[j][0], tagged[i][1]
    name = text[start:end]
    if j == i or name in _GENERIC_ZH or not _STRONG_TAIL_ZH.search(name) or len(name) > 20:
        return
    if any(t[3] in {"nr", "ns", "nz", "nt", "nrt", "eng"} for t in tagged[j:i]):
        yield _Found(start, end, normal_key(name), "organisation")


def _latin_in_chinese(text: str) -> Iterator[_Found]:
    for match in _LATIN_IN_CHINESE.finditer(text):
        start, end = match.span()
        name = match.group()
        while " " in name and name.rsplit(" ", 1)[1].lower() in _NEVER - {"pro", "plus", "max", "mini", "flash"}:
            name = name.rsplit(" ", 1)[0]
        while " " in name and name.split(" ", 1)[0].lower() in _NEVER:
            start += len(name.split(" ", 1)[0]) + 1
            name = name.split(" ", 1)[1]
        end = start + len(name)
        if (
            len(name) < 2
            or not name[0].isalpha()
            or name.lower() in _NEVER
            or not (_CAPITAL.search(name) or re.search(r"\d", name))
        ):
            continue
        if re.fullmatch(r"[A-Z]{0,3}\d*[%xX]?", name) and not re.search(r"[A-Z]\d", name):
            continue
        kind: Kind = "product" if re.search(r"\d", name) else "other"
        if _SAYS_ZH.match(text[end : end + 8]) and _PERSON_ZH_BEFORE.search(text[max(0, start - 8) : start]):
            kind = "person"
        yield _Found(start, end, normal_key(name), kind)


# --- both ------------------------------------------------------------------------------------------------------


def _without_overlaps(found: list[_Found], blocked: list[tuple[int, int]]) -> list[_Found]:
    """Longest first; what lies in a web address is no name."""
    kept: list[_Found] = []
    taken: set[int] = set()
    for f in sorted(set(found), key=lambda f: (f.start - f.end, f.start, f.kind == "other", f.kind, f.key)):
        if taken.isdisjoint(range(f.start, f.end)) and not any(a < f.end and f.start < b for a, b in blocked):
            taken.update(range(f.start, f.end))
            kept.append(f)
    return sorted(kept)


def _by_second_names(text: str, found: list[_Found]) -> Iterator[_Found]:
    """What the text calls by a name that it introduced in brackets."""
    kinds: dict[str, Kind] = {}
    for f in found:
        if kinds.get(f.key, "other") == "other":
            kinds[f.key] = f.kind
    for alias, key in aliases.introduced(text, {(f.start, f.end): f.key for f in found}, _GENERIC_ZH).items():
        edge = r"\b" if alias.isascii() else ""
        for match in re.finditer(edge + re.escape(alias) + edge, text):
            yield _Found(match.start(), match.end(), key, kinds[key])


def _resolve_short_forms(found: list[_Found]) -> Iterator[_Found]:
    """Give "Nsur" the key and kind of the "Abdullah Nsur" named before it, if there is only one."""
    by_last: dict[str, set[tuple[str, Kind]]] = {}
    for f in found:
        parts = f.key.split(" ")
        if len(parts) in (2, 3) and f.kind in ("person", "other") and not any(c.isdigit() for c in f.key):
            by_last.setdefault(parts[-1], set()).add((f.key, f.kind))
    persons = {key for forms in by_last.values() for key, kind in forms if kind == "person"}
    for f in found:
        full = {key for key, _ in by_last.get(f.key, ())}
        if len(full) == 1 and f.key not in full:
            key = next(iter(full))
            yield f._replace(key=key, kind="person" if key in persons else f.kind)
        elif f.kind == "other" and f.key in persons:
            yield f._replace(kind="person")
        else:
            yield f
