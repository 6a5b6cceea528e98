"""True sentences -> the same said otherwise, by code: order, formats, voice, words, parts left out. Knows nothing of how they are checked."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

from groundwire.times import MONTHS

_DAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
_WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_HAN = "零一二三四五六七八九"
_WHEN = r"(?:(?:On|In|At|By|Since|Late|Early|Last|This|Earlier|During) [A-Z0-9a-z][\w ]{2,30}|Yesterday|Today)"

Paraphrase = Callable[[str, str, random.Random], str | None]


def _lower_first(text: str) -> str:
    word = text.split(" ")[0]
    common = word in (
        "The",
        "A",
        "An",
        "It",
        "He",
        "She",
        "They",
        "We",
        "This",
        "That",
        "There",
        "These",
        "Those",
        "In",
        "On",
        "At",
        "Some",
        "Many",
        "Its",
        "His",
        "Her",
        "Their",
        "Two",
        "Three",
        "More",
        "Most",
        "All",
        "Police",
        "Officials",
        "Researchers",
    )
    return text[0].lower() + text[1:] if common else text


def _upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


def _body(text: str) -> tuple[str, str]:
    text = text.strip()
    return (text[:-1], text[-1]) if text[-1:] in ".。" else (text, "")


def reorder(text: str, language: str, rng: random.Random) -> str | None:
    """Clauses in another order: "A, while B" -> "While B, A"; "On Monday, A" -> "A on Monday"."""
    body, stop = _body(text)
    if re.search(r"[\"“”:;：；]", body):
        return None
    if language == "zh":
        m = re.fullmatch(
            r"((?:北京时间)?(?:\d{4} ?年)? ?\d{1,2} ?月 ?\d{1,2} ?日[^，]{0,6})，([^，]{2,14}?)((?:正式)?(?:发布|宣布|推出|确认|开源|上线).+)",
            body,
        )
        return f"{m[2]}{m[1]}{m[3]}{stop}" if m else None
    m = re.fullmatch(r"([^,]{15,140}),? (while|because|after|before|although|when|if|as) ([^,]{12,120})", body)
    if m and not re.search(r"\b(?:that|which|who)\b", m[1]):
        return f"{_upper_first(m[2])} {m[3]}, {_lower_first(m[1])}{stop}"
    m = re.fullmatch(rf"({_WHEN}), ([^,]{{15,150}})", body)
    if m and re.search(rf"\d|{_DAYS}|week|month|year|yesterday|{'|'.join(MONTHS)}", m[1], re.IGNORECASE):
        return f"{_upper_first(m[2])} {m[1][0].lower() + m[1][1:]}{stop}"
    return None


def attribution(text: str, language: str, rng: random.Random) -> str | None:
    """Who says so, moved from one end of the sentence to the other."""
    body, stop = _body(text)
    if re.search(r"[\"“”:：;；]", body):
        return None
    if language == "zh":
        m = re.fullmatch(r"([^，]{2,12})(表示|指出|称)，(.{12,})", body)
        return (
            f"据{m[1]}{'称' if m[2] == '称' else '介绍'}，{m[3]}{stop}"
            if m and not re.search("^(?:该|其|此|他|她|据|并|还|同时)", m[1])
            else None
        )
    m = re.fullmatch(r"([A-Z][\w’' -]{2,40}?) (said|says|reported|announced) (?:that )?([^,]{20,})", body)
    if m and not re.search(r"^(?:on|in|at|to|of|the (?:same|first))\b", m[3]):
        return f"{_upper_first(m[3])}, {_lower_first(m[1])} {m[2]}{stop}"
    m = re.fullmatch(r"(.{25,}), according to ([^,]{3,60})", body)
    return f"According to {m[2]}, {_lower_first(m[1])}{stop}" if m else None


def drop(text: str, language: str, rng: random.Random) -> str | None:
    """A part that may be missed left out: an apposition, a relative clause, a bracket, the day at the head."""
    body, stop = _body(text)
    if re.search(r"[“”\"「」]", body):
        return None
    if language == "zh":
        options = [
            re.sub(r"（[^（）]{2,40}）", "", body, count=1),
            re.sub(r"^(?:此外|同时|目前|据悉|值得注意的是|另外|随后|近日|日前)，?", "", body),
        ]
        options.append(re.sub(r"^(?:北京时间 ?)?(?:\d{4} ?年 ?)?\d{1,2} ?月 ?\d{1,2} ?日，", "", body))
        parts = body.split("，")
        if len(parts) >= 3 and not re.search(r"如果|虽然|尽管|由于|因为|但|除|若|只要|随着|通过|为了|“|”|当", body):
            options.append("，".join(parts[:-1]))
    else:
        options = [
            re.sub(r" \([^()]{2,60}\)", "", body, count=1),
            re.sub(r", (?:which|who|whose) [^,]{8,80},", "", body, count=1),
            re.sub(r", (?:which|who|whose) [^,.]{8,120}$", "", body),
        ]
        head = re.sub(rf"^{_WHEN}, ", "", body)
        options += [
            _upper_first(head),
            re.sub(rf" on (?:{_DAYS})\b(?! \d)", "", body, count=1),
            re.sub(r", (?:according to|citing) [^,]{3,60}$", "", body),
            re.sub(r"^(?:However|Meanwhile|Moreover|But|And|Also|Additionally|Still),? (?=[A-Z])", "", body),
        ]
        options.append(re.sub(r"(?<=[a-z]), (?:a|an|the) [a-z][^,]{5,60},(?= [a-z])", "", body, count=1))
    options = [
        o
        for o in options
        if o != body and len(o) > 0.35 * len(body) and o.count("“") == o.count("”") and o.count('"') % 2 == 0
    ]
    return rng.choice(options).strip(" ，,") + stop if options else None


def numerals(text: str, language: str, rng: random.Random) -> str | None:
    """Numbers, units and currencies written another way; what is quoted stays."""
    if re.search(r"[“”\"「」]", text):
        return None
    if language == "zh":
        rules: list[tuple[str, Callable[[re.Match[str]], str]]] = [
            (r"(\d+(?:\.\d+)?) ?%", lambda m: f"百分之{m[1]}"),
            (r"(?<![\d.])(\d+(?:\.\d+)?) ?亿(?=[美欧]?元)", lambda m: f"{float(m[1]) * 10000:g}万" if float(m[1]) < 100 else f"{m[1]}亿"),
            (r"(?<![\d.,])(\d+(?:\.\d)?) ?万(?![亿元美])", lambda m: f"{round(float(m[1]) * 10000):d}"),
            (r"(?<![\d.])(\d+(?:\.\d+)?) ?(万|亿)?美元", lambda m: f"{m[1]}{m[2] or ''}美金"),
            (r"(?<![\d.,A-Za-z-])([2-9])(?= ?[个款种项家名倍])", lambda m: _HAN[int(m[1])] if m[1] != "2" else "两"),
            (r"(?<![一二三四五六七八九十百千万第])([三四五六七八九])(?=[个款种项家名])", lambda m: str(_HAN.index(m[1]))),
        ]  # fmt: skip
    else:
        rules = [
            (r"\b(\d+(?:\.\d+)?)%", lambda m: f"{m[1]} percent"), (r"\b(\d+(?:\.\d+)?) (?:percent|per cent)\b", lambda m: f"{m[1]}%"),
            (r"(?<![\d,.])(\d{1,3}),(\d{3})(?![\d,])", lambda m: m[1] + m[2]), (r"(?<![\d,.])(\d{2})(\d{3})(?![\d,.:/-])(?= [a-z])", lambda m: f"{m[1]},{m[2]}"),
            (r"\$(\d+(?:\.\d+)?) (million|billion)\b", lambda m: f"${m[1]}{m[2][0]}{'n' if m[2][0] == 'b' else ''}"), (r"\$(\d+(?:\.\d+)?) (million|billion)\b", lambda m: f"{m[1]} {m[2]} dollars"),
            (r"\$(\d+(?:\.\d+)?) billion\b", lambda m: f"${float(m[1]) * 1000:,.0f} million"), (r"(?<![\d$€£.,])(\d+(?:\.\d+)?) million\b", lambda m: f"{float(m[1]) * 1e6:,.0f}"),
            (r"(?<![\w.,:$€£/-])(?<![A-Z][a-z]{6} )([2-9]|1[0-2])(?= [a-z]{3,}s\b)(?! (?:hours|days|minutes|years|points))", lambda m: _WORDS[int(m[1])]),
            (rf"\b({'|'.join(_WORDS[2:])})(?= [a-z]{{3,}}s\b)", lambda m: str(_WORDS.index(m[1]))),
        ]  # fmt: skip
    made = {new for pattern, repl in rules if (new := re.sub(pattern, repl, text, count=1)) != text}
    return rng.choice(sorted(made)) if made else None


def calendar(text: str, language: str, rng: random.Random) -> str | None:
    """Dates written another way."""
    if language == "zh":
        rules: list[tuple[str, Callable[[re.Match[str]], str]]] = [
            (r"(\d{1,2}) ?月 ?(\d{1,2}) ?日", lambda m: f"{m[1]}月{m[2]}号"), (r"(\d{1,2}) 月 ?(\d{1,2}) 日", lambda m: f"{m[1]}月{m[2]}日"),
            (r"(?<!\d)([1-9]) ?月 ?([1-9]) ?日", lambda m: f"{_HAN[int(m[1])]}月{_HAN[int(m[2])]}日"),
            (r"(\d{4}) ?年 ?(\d{1,2}) ?月 ?(\d{1,2}) ?日", lambda m: f"{m[1]}-{int(m[2]):02d}-{int(m[3]):02d}"),
        ]  # fmt: skip
    else:
        month = "|".join(MONTHS)
        rules = [
            (rf"\b({month}) (\d{{1,2}}), (\d{{4}})", lambda m: f"{m[2]} {m[1]} {m[3]}"), (rf"\b({month}) (\d{{1,2}})\b(?!, \d{{4}}|\d)", lambda m: f"{m[2]} {m[1]}"),
            (rf"\b(\d{{1,2}}) ({month})\b", lambda m: f"{m[2]} {m[1]}"), (r"\b(January|February|August|September|October|November|December) (\d{1,2})\b(?! \d)", lambda m: f"{m[1][:3]}. {m[2]}"),
            (rf"\b({month}) (\d{{1,2}}), (\d{{4}})", lambda m: f"{m[3]}-{MONTHS.index(m[1]) + 1:02d}-{int(m[2]):02d}"),
        ]  # fmt: skip
    made = {new for pattern, repl in rules if (new := re.sub(pattern, repl, text, count=1)) != text}
    return rng.choice(sorted(made)) if made else None


_VOICE = {
    "acquired": "acquired",
    "bought": "bought",
    "launched": "launched",
    "released": "released",
    "approved": "approved",
    "announced": "announced",
    "signed": "signed",
    "attacked": "attacked",
    "killed": "killed",
    "arrested": "arrested",
    "condemned": "condemned",
    "published": "published",
    "built": "built",
    "won": "won",
    "criticised": "criticised",
    "criticized": "criticized",
    "beat": "beaten",
    "defeated": "defeated",
    "opened": "opened",
    "closed": "closed",
    "created": "created",
    "founded": "founded",
    "led": "led",
    "wrote": "written",
    "rejected": "rejected",
    "joined": "joined",
    "replaced": "replaced",
    "supported": "supported",
    "introduced": "introduced",
    "unveiled": "unveiled",
    "shipped": "shipped",
    "developed": "developed",
    "filed": "filed",
    "blocked": "blocked",
}


def voice(text: str, language: str, rng: random.Random) -> str | None:
    """Active to passive and back (发布 B 的是 A; A 被 B)."""
    body, stop = _body(text)
    if language == "zh":
        m = re.fullmatch(r"([^，、的]{2,16}?)(?:正式)?(?:宣布)?(发布|推出|开源|上线|收购)了? ?([^，]{3,40})", body)
        return f"{m[3]}由{m[1]}{m[2]}{stop}" if m and not re.search(r"将|已|会|并|和|近日|今日|被", body) else None
    m = re.match(
        rf"((?:The |A |An )?[A-Z]?[\w’'.-]+(?: [A-Z][\w’'.-]+){{0,4}}) ({'|'.join(_VOICE)}) ((?:a|an|the|its|his|her)? ?[\w’' -]{{3,50}}?)(?= (?:on|in|at|after|for|from|as|during|last|this|earlier|to|by|with)\b|$)",
        body,
    )
    if (
        not m
        or "," in m[0]
        or re.search(r"\b(?:and|that|which|who|it|he|she|they)\b", m[0], re.IGNORECASE)
        or (m[3].split()[-1].endswith("s") and not m[3].startswith(("a ", "an ")))
    ):
        return None
    rest = body[m.end() :]
    return f"{_upper_first(m[3].strip())} was {_VOICE[m[2]]} by {_lower_first(m[1])}{rest}{stop}"


_SYNONYMS = [("said", "stated"), ("bought", "purchased"), ("about", "around"), ("approximately", "about"), ("released", "published"), ("launched", "introduced"), ("began", "started"), ("killed", "left dead"), ("big", "large"), ("however", "but"), ("currently", "now"), ("large", "big"), ("several", "a number of"), ("also", "too"), ("help", "aid"), ("purchase", "buy"), ("unveiled", "revealed"), ("improved", "enhanced"), ("showed", "demonstrated"), ("nearly", "almost"), ("allows", "lets"), ("firm", "company"), ("company", "firm"), ("in order to", "to"), ("employees", "staff"), ("cars", "vehicles"), ("use", "employ"), ("near", "close to"), ("rise", "increase"), ("fell", "dropped"), ("rose", "increased"), ("ended", "finished"), ("hurt", "injured"), ("attempt", "try"), ("requested", "asked for"), ("confirmed", "verified"), ("more than", "over"), ("over (?=\\d)", "more than ")]  # fmt: skip
_SYNONYMS_ZH = [("发布", "推出"), ("推出", "发布"), ("宣布", "公布"), ("表示", "称"), ("指出", "表示"), ("目前", "当前"), ("提升", "提高"), ("支持", "可支持"), ("用户", "使用者"), ("大幅", "显著"), ("此外", "另外"), ("公司", "企业"), ("使用", "采用"), ("约", "大约"), ("超过", "逾"), ("帮助", "助力"), ("修复", "修正"), ("新增", "增加"), ("开始", "启动"), ("需要", "需"), ("能够", "可以"), ("以及", "和"), ("降低", "减少"), ("近日", "日前"), ("全新", "新"), ("包括", "包含"), ("透露", "披露")]  # fmt: skip


def synonyms(text: str, language: str, rng: random.Random) -> str | None:
    """One or two words for others of the same meaning."""
    quoted = [m.span() for m in re.finditer(r"“[^”]*”|\"[^\"]*\"|《[^》]*》|「[^」]*」", text)]
    made = text
    pairs = list(_SYNONYMS_ZH if language == "zh" else _SYNONYMS)
    rng.shuffle(pairs)
    changed = 0
    for old, new in pairs:
        pattern = old if language == "zh" else rf"\b{old}(?!\w)"
        m = re.search(pattern, made)
        if m and made == text and any(a < m.end() and m.start() < b for a, b in quoted):
            continue
        if m and not (quoted and changed):
            made, changed = made[: m.start()] + new + made[m.end() :], changed + 1
        if changed == 2:
            break
    return made if changed else None


def same(text: str, language: str, rng: random.Random) -> str | None:
    """The sentence itself."""
    return text


KINDS: Sequence[tuple[str, Paraphrase]] = (
    ("same", same), ("reorder", reorder), ("attribution", attribution), ("drop", drop), ("numerals", numerals), ("calendar", calendar), ("voice", voice), ("synonyms", synonyms),
)  # fmt: skip
