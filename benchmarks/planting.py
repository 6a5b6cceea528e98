"""True sentences -> wrong ones, by code: one fact of each changed, nothing else. Knows nothing of how they are checked."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import rjieba

from groundwire.times import MONTHS


@dataclass(frozen=True, slots=True)
class TrueSentence:
    """A sentence of an article, with those around it."""

    text: str
    language: str
    neighbours: tuple[str, ...]
    """The sentences before and behind it in the article, the nearest first."""
    strangers: tuple[str, ...]
    """Names from other articles."""
    before: str = ""
    """The sentence right before it."""


Plant = Callable[[TrueSentence, random.Random], str | None]

_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_NUMBER_WORDS = [
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "fifteen",
    "twenty",
    "thirty",
    "forty",
    "fifty",
]
_ZH_DIGITS = "二三四五六七八九"
_DATE_AROUND = re.compile(
    rf"\b(?:{'|'.join(m[:3] for m in MONTHS)})[a-z]*\.? \d{{1,2}}(?:,? \d{{4}})?|\b\d{{1,2}}(?:st|nd|rd|th)? (?:of )?(?:{'|'.join(MONTHS)})(?: \d{{4}})?"
    r"|\b(?:19|20)\d\d\b|\d{1,4} ?[年月日号]|\d{4}-\d\d-\d\d|\d{1,2}:\d\d"
)
_CAPITALS = re.compile(r"(?<=[a-z,] )[A-Z][a-zA-Z’'-]+(?: [A-Z][a-zA-Z’'-]+)*(?!\w)")
_NOT_NAMES = frozenset(["I", "I'm", "Mr", "Mrs", "Ms", "Dr", "The", "It", "He", "She", "They", "We", *MONTHS, *_DAYS])


def names(text: str, language: str) -> list[tuple[int, int]]:
    """Spans of what is certainly a name: capitals inside an English sentence; Latin words, people and places in Chinese."""
    if language != "zh":
        return [m.span() for m in _CAPITALS.finditer(text) if not set(m.group().split()) & _NOT_NAMES]
    spans, position = [], 0
    for word, tag in rjieba.tag(text):
        start = text.find(word, position)
        position = start + len(word)
        latin = re.fullmatch(r"[A-Z][A-Za-z]{2,}", word) is not None and not word.isupper()
        if latin or (tag in ("ns", "nt") and len(word) >= 2):
            spans.append((start, position))
    return spans


def _swap(text: str, span: tuple[int, int], new: str) -> str:
    return text[: span[0]] + new + text[span[1] :]


def _free_numbers(text: str) -> list[re.Match[str]]:
    """Numbers in digits that are in no date and no name (GPT-5, v2.1, H100)."""
    dates = [m.span() for m in _DATE_AROUND.finditer(text)]
    return [
        m for m in re.finditer(r"(?<![\w.,:/+-])\d+(?:,\d{3})*(?:\.\d+)?(?![\w]*[-/:]\d|\.\d|[A-Za-z]+\d|\w*-\w*\d)", text)
        if not any(a < m.end() and m.start() < b for a, b in dates)
        and not re.search(r"[A-Z][\w.]*[ -]$", text[: m.start()]) and not re.match(r"[A-Zb]\b|\.\d", text[m.end() :])
    ]  # fmt: skip


def number(s: TrueSentence, rng: random.Random) -> str | None:
    """Another number in place of one."""
    spots: list[tuple[tuple[int, int], str]] = []
    for m in _free_numbers(s.text):
        digits = m.group()
        value = float(digits.replace(",", ""))
        options = {value + 1, value * 10, value * 2, max(0.0, value - 1), value + 3} - {value, 1.0, 0.0}
        if value >= 20:
            options |= {round(value * 1.2), round(value * 0.7)} - {value}
        new = rng.choice(sorted(options))
        decimals = len(digits.partition(".")[2])
        written = f"{new:,.{decimals}f}" if "," in digits else f"{new:.{decimals}f}"
        if written != digits:
            spots.append((m.span(), written))
    if s.language != "zh":
        for m in re.finditer(rf"\b(?:{'|'.join(_NUMBER_WORDS)})\b", s.text):
            spots.append((m.span(), rng.choice([w for w in _NUMBER_WORDS if w != m.group()])))
    else:
        for m in re.finditer(r"[两三四五六七八九](?=[名家款个种项位台辆倍次])", s.text):
            spots.append((m.span(), rng.choice([d for d in _ZH_DIGITS if d not in (m.group(), "二")])))
    return _swap(s.text, *rng.choice(spots)) if spots else None


_UNITS_EN = [
    ["million", "billion", "trillion", "thousand"], ["dollars", "euros", "pounds"], ["hours", "minutes", "days", "weeks", "months", "years"],
    ["hour", "minute", "day", "week", "month", "year"], ["kilometres", "miles", "metres"], ["kilometers", "miles", "meters"], ["km", "m", "cm"], ["kilograms", "tonnes", "grams"],
    ["MW", "GW", "kW"], ["GB", "TB", "MB"], ["percent", "percentage points"], ["per cent", "percentage points"], ["Celsius", "Fahrenheit"], ["tokens", "parameters"], ["feet", "miles", "inches"],
]  # fmt: skip
_UNITS_ZH = [
    ["万", "亿", "千"], ["美元", "欧元", "元"], ["小时", "分钟", "天", "个月"], ["GB", "TB", "MB"], ["GW", "MW"], ["%", "个百分点"], ["公里", "米"], ["倍", "%"],
]  # fmt: skip


def unit(s: TrueSentence, rng: random.Random) -> str | None:
    """Another unit, currency or power of ten behind (or before) a number."""
    spots: list[tuple[tuple[int, int], str]] = []
    for group in _UNITS_ZH if s.language == "zh" else _UNITS_EN:
        for word in group:
            tail = "" if s.language == "zh" else r"\b"
            for m in re.finditer(rf"(?<=\d)[ -]?({re.escape(word)}){tail}(?![万亿A-Za-z])", s.text):
                if s.language == "zh" and word in ("元", "米", "天") and s.text[m.start(1) - 1] in "美欧日港":
                    continue
                spots.append((m.span(1), rng.choice([w for w in group if w != word])))
    for m in re.finditer(r"[$€£](?=\s?\d)(?!\s?[\d.,]+ ?[万亿]? ?[美欧日]?元)", s.text):
        spots.append((m.span(), rng.choice([c for c in "$€£" if c != m.group()])))
    return _swap(s.text, *rng.choice(spots)) if spots else None


def date(s: TrueSentence, rng: random.Random) -> str | None:
    """Another day, month, weekday, year or quarter."""
    spots: list[tuple[tuple[int, int], str]] = []
    text = s.text
    if s.language != "zh":
        for m in re.finditer(rf"\b(?:{'|'.join(MONTHS)})\b(?! (?:be|have|not|also|well|[a-z]+ [a-z]+ to)\b)", text):
            if m.group() != "May" or re.search(
                r"\d|\bin $|\bof $|\bsince $", text[max(0, m.start() - 6) : m.start()] + text[m.end() : m.end() + 4]
            ):
                spots.append((m.span(), rng.choice([x for x in MONTHS if x != m.group()])))
        spots += [
            (m.span(), rng.choice([x for x in _DAYS if x != m.group()]))
            for m in re.finditer(rf"\b(?:{'|'.join(_DAYS)})\b", text)
        ]
        for m in re.finditer(rf"(?:{'|'.join(MONTHS)}) (\d{{1,2}})\b|\b(\d{{1,2}}) (?:{'|'.join(MONTHS)})", text):
            k = 1 if m.group(1) else 2
            spots.append((m.span(k), str((int(m.group(k)) + rng.randint(1, 20)) % 28 + 1)))
        spots += [
            (m.span(), new)
            for old, new in (
                ("yesterday", "tomorrow"),
                ("last week", "next week"),
                ("last month", "next month"),
                ("last year", "next year"),
                ("next year", "last year"),
            )
            for m in re.finditer(rf"\b{old}\b", text)
        ]
    else:
        for m in re.finditer(r"(\d{1,2}) ?月", text):
            spots.append((m.span(1), str(int(m.group(1)) % 12 + 1)))
        for m in re.finditer(r"月 ?(\d{1,2}) ?[日号]", text):
            spots.append((m.span(1), str((int(m.group(1)) + rng.randint(1, 20)) % 28 + 1)))
        spots += [
            (m.span(), new)
            for old, new in (
                ("昨天", "明天"),
                ("昨日", "明日"),
                ("上周", "下周"),
                ("去年", "明年"),
                ("下周", "上周"),
                ("上个月", "下个月"),
                ("明年", "去年"),
            )
            for m in re.finditer(old, text)
        ]
        spots += [
            (m.span(1), rng.choice([d for d in "一二三四五" if d != m.group(1)]))
            for m in re.finditer(r"(?:周|星期)([一二三四五])", text)
        ]
    for m in re.finditer(r"(?<![\d-])((?:19|20)\d\d)(?= ?年|[ ,.)]|$)(?! ?(?:people|users|[万个名家]))", text):
        spots.append((m.span(1), str(int(m.group(1)) + rng.choice([-3, -2, -1, 1, 2, 3]))))
    return _swap(text, *rng.choice(spots)) if spots else None


def name(s: TrueSentence, rng: random.Random) -> str | None:
    """Another name in place of one: from a neighbouring sentence where there is one, else from another article."""
    spots = names(s.text, s.language)
    if not spots:
        return None
    span = rng.choice(spots)
    old = s.text[span[0] : span[1]]
    near = [n[a:b] for n in s.neighbours for a, b in names(n, s.language)]
    pool = [n for n in (near if near and rng.random() < 0.5 else s.strangers) if not _same(n, old) and n not in s.text]
    return _swap(s.text, span, rng.choice(pool)) if pool else None


def _same(a: str, b: str) -> bool:
    return bool(set(a.lower().split()) & set(b.lower().split())) or a in b or b in a


_AUX = r"(?<!\w)(is|are|was|were|has|have|had|will|would|can|could|should|may|might|must|does|did)(?= (?!not\b|n't|only\b|just\b|un\w)[a-z])"
_PAST_EN = re.compile(
    r"(?<=[a-z] )(?P<v>announced|launched|released|reported|agreed|approved|reached|won|killed|arrested|confirmed|signed|received|attended|visited|denied|won|took)(?= (?:the|a|an|its|his|her|that|to)\b)"
)
_BASE = {
    "won": "win",
    "took": "take",
    "killed": "kill",
    "arrested": "arrest",
    "visited": "visit",
    "attended": "attend",
    "denied": "deny",
    "launched": "launch",
    "reached": "reach",
    "confirmed": "confirm",
    "signed": "sign",
    "reported": "report",
}


def negation(s: TrueSentence, rng: random.Random) -> str | None:
    """ "not" put in or taken out."""
    text = s.text
    if s.language == "zh":
        gone = [
            (m.span(), new)
            for old, new in (
                ("没有", ""),
                ("尚未", "已"),
                ("并未", ""),
                ("未能", "成功"),
                ("无法", "可以"),
                ("不会", "会"),
                ("不支持", "支持"),
                ("不再", ""),
            )
            for m in re.finditer(old, text)
        ]
        put = [
            (m.span(), new)
            for old, new in (
                ("已经", "尚未"),
                ("(?<!为|不)支持", "不支持"),
                ("可以", "不可以"),
                ("发布了", "没有发布"),
                ("推出了", "没有推出"),
                ("宣布", "没有宣布"),
                ("将会", "不会"),
                ("能够", "不能"),
                ("采用", "未采用"),
                ("确认", "未确认"),
                ("完成", "未完成"),
                ("包括", "不包括"),
            )
            for m in re.finditer(old, text)
        ]
    else:
        gone = [
            (m.span(), new)
            for old, new in (
                (r" not(?= [a-z])(?! only| just)", ""),
                (r"n't(?= [a-z])", ""),
                (r"\bnever ", ""),
                (r"\bno (?=[a-z]+ (?:was|were|is|are|has|had)\b)", "the "),
                (r"\bwithout ", "with "),
                (r"\bfailed to ", "managed to "),
                (r"\bcannot ", "can "),
            )
            for m in re.finditer(old, text)
        ]
        denied = re.search(r"\b(?:no|not|nor|never|none|neither|nobody|without)\b|n't", text) is not None
        put = (
            []
            if denied
            else [((m.end(), m.end()), rng.choice([" not", " not", " never"])) for m in re.finditer(_AUX, text)]
        )
        put += (
            []
            if denied
            else [
                (
                    m.span("v"),
                    f"did not {_BASE.get(m['v'], re.sub('d$', '', m['v']) if m['v'].endswith('eed') is False and m['v'][:-1].endswith('e') else re.sub('ed$', '', m['v']))}",
                )
                for m in _PAST_EN.finditer(text)
            ]
        )
    spots = gone if gone and rng.random() < 0.5 else put or gone
    return _swap(text, *rng.choice(spots)) if spots else None


def modality(s: TrueSentence, rng: random.Random) -> str | None:
    """What may or will be, told as what has been."""
    if s.language == "zh":
        pairs: tuple[tuple[str, str], ...] = (
            ("可能会", "已经"),
            ("可能", "已经"),
            ("(?<![该此本项阅划])计划(?=在|于|将|推|发|上|开|为|与|向|投|收|建)", "已经"),
            ("预计将", "已"),
            ("即将", "已"),
            ("有望", "已经"),
            (r"(?<![模虚])拟(?=[在将以收向对发])", "已"),
            ("考虑", "已经"),
            ("将于", "已于"),
            (r"(?<=[，。a-z\u4e00-\u9fff])将(?=(?:在|会|推出|发布|上线|支持|继续|于|成为|开放|提供|采用))", "已"),
        )
    else:
        pairs = (
            (r"\b(?:may|might|could|will) be (?=\w+(?:ed|en)\b)", "has been "),
            (r"\b(?:may|might|could|will|would) (?!not|be|have|never)(?=[a-z])", "has "),
            (r"\b(?:plans|plan|intends|hopes|aims|wants) to be ", "has been "),
            (r"\b(?:plans|plan|intends|hopes|aims|wants|is expected|are expected|is set|is due) to (?!be\b)", "has "),
        )
    spots = [(m.span(), new) for old, new in pairs for m in re.finditer(old, s.text)]
    return _swap(s.text, *rng.choice(spots)) if spots else None


_OPPOSITES = [
    ("rose", "fell"), ("rise", "fall"), ("increased", "decreased"), ("increase", "decrease"), ("increasing", "decreasing"), ("more than", "less than"), ("higher", "lower"), ("gained", "lost"), ("grew", "shrank"),
    ("above", "below"), ("up", "down"), ("faster", "slower"), ("before", "after"), ("won", "lost"), ("bought", "sold"), ("approved", "rejected"), ("supported", "opposed"), ("majority", "minority"), ("largest", "smallest"), ("best", "worst"), ("stronger", "weaker"), ("opened", "closed"),
]  # fmt: skip
_OPPOSITES_ZH = [
    ("上涨", "下跌"), ("增长", "下降"), ("提升", "降低"), ("提高", "降低"), ("增加", "减少"), ("超过", "不足"), ("高于", "低于"), ("更快", "更慢"), ("支持", "反对"), ("开源", "闭源"), ("优于", "逊于"), ("加强", "削弱"), ("扩大", "缩小"), ("上调", "下调"), ("买入", "卖出"),
]  # fmt: skip


def direction(s: TrueSentence, rng: random.Random) -> str | None:
    """The opposite of a movement, a comparison or a verdict."""
    spots: list[tuple[tuple[int, int], str]] = []
    for a, b in _OPPOSITES_ZH if s.language == "zh" else _OPPOSITES:
        for old, new in ((a, b), (b, a)):
            if old in ("up", "down"):
                continue
            tail = "" if s.language == "zh" else r"\b"
            spots += [(m.span(), new) for m in re.finditer(rf"{tail}{old}{tail}", s.text)]
    return _swap(s.text, *rng.choice(spots)) if spots else None


def cause(s: TrueSentence, rng: random.Random) -> str | None:
    """Cause and effect with their places changed."""
    text = s.text.rstrip()
    stop = text[-1] if text and text[-1] in ".。" else ""
    body = text[: len(text) - len(stop)]
    if s.language == "zh":
        for word in ("导致", "造成", "引发", "使得", "因此", "所以"):
            parts = body.split(word)
            if len(parts) == 2 and min(map(len, parts)) >= 5:
                return parts[1].strip("，, 了") + word + parts[0].strip("，, ") + stop
        m = re.fullmatch(r"(由于|因为|因)([^，]{5,40})，([^，]{5,60})", body)
        return f"{m[1]}{m[3]}，{m[2]}{stop}" if m else None
    for word in (
        " because of ",
        " because ",
        " due to ",
        " led to ",
        " caused ",
        " resulted in ",
        " as a result of ",
        " thanks to ",
        " was caused by ",
        " prompted ",
        " triggered ",
    ):
        parts = body.split(word)
        if (
            len(parts) == 2
            and min(len(p.split()) for p in parts) >= 3
            and not parts[1].startswith("by ")
            and not re.search(r"[.?!\"“”]", body)
        ):
            first, second = parts[0].strip(), parts[1].strip()
            return second[0].upper() + second[1:] + word + first[0].lower() + first[1:] + stop
    return None


_VERB = re.compile(
    r" (?:has|have|had|is|was|were|are|will|would|may|could|said|says|told|announced|launched|released|reported|won|took|made|gave|became|began|called|agreed|plans)(?= )"
)
_VERB_ZH = re.compile(
    r"(?:正式|近日|今日|于|已|将|还|也)?(?:发布|推出|宣布|表示|上线|开源|更新|支持|完成|新增|获得|指出|确认|称)"
)


def splice(s: TrueSentence, rng: random.Random) -> str | None:
    """The subject of this sentence with the predicate of a neighbour that has another subject."""
    pattern = _VERB_ZH if s.language == "zh" else _VERB
    own = pattern.search(s.text)
    if own is None or own.start() < 3 or own.start() > 90:
        return None
    subject = s.text[: own.start()]
    if not names(" a " + subject, s.language) or re.search(r"[,，:：“\"(（]", subject):
        return None
    options = []
    for other in s.neighbours:
        verb = pattern.search(other)
        if verb is None or verb.start() < 3 or verb.start() > 90 or re.search(r"[,，:：“\"(（]", other[: verb.start()]):
            continue
        theirs = other[: verb.start()]
        if _referring(theirs) or _same(subject, theirs) or not names(" a " + theirs, s.language):
            continue
        options.append(subject + other[verb.start() :])
    return rng.choice(options) if options else None


def _referring(subject: str) -> bool:
    return (
        re.match(
            r"\s*(?:it|he|she|they|we|i|this|that|these|those|the|its|his|her|their|who|which|one|both|该|其|此|这|它|他|她|官方|公司|团队|用户|目前)",
            subject,
            re.IGNORECASE,
        )
        is not None
    )


def splice_numbers(s: TrueSentence, rng: random.Random) -> str | None:
    """Two numbers of one sentence that change places: each is in the evidence, of something else."""
    found = [m for m in _free_numbers(s.text) if m.group() not in ("0", "1")]
    pairs = [
        (a, b)
        for i, a in enumerate(found)
        for b in found[i + 1 :]
        if a.group() != b.group()
        and not re.fullmatch(r"\s?(?:to|-|–|and|or|至|到|、|和|/|,)\s?", s.text[a.end() : b.start()])
        and b.start() - a.end() > 6
    ]
    if not pairs:
        return None
    a, b = rng.choice(pairs)
    return s.text[: a.start()] + b.group() + s.text[a.end() : b.start()] + a.group() + s.text[b.end() :]


def resolve(s: TrueSentence, rng: random.Random) -> str | None:
    """No error: the subject of the sentence before in place of the pronoun that stands for it, where only one name can be meant."""
    zh = s.language == "zh"
    pronoun = re.match(
        r"(?:该公司|该模型|该版本|该功能|该平台|该工具|它)(?=[^，。的]{2})" if zh else r"(?:It|He|She|They)(?= [a-z])",
        s.text,
    )
    verb = (_VERB_ZH if zh else _VERB).search(s.before)
    if (
        pronoun is None
        or verb is None
        or not 2 < verb.start() < 60
        or re.search(r"[,，:：“\"(（]", s.before[: verb.start()])
    ):
        return None
    subject = s.before[: verb.start()]
    if len(names(" a " + subject, s.language)) != 1 or _referring(subject) or (not zh and not subject[:1].isupper()):
        return None
    if zh and (pronoun.group() != "该公司" or len(names(s.before, "zh")) > 1):
        return None
    return subject + s.text[pronoun.end() :]


_ACT = re.compile(
    r"\b(?:accus|attack|sued|sue|beat|defeat|acquir|bought|buy|kill|arrest|criticis|criticiz|warn|support|invad|replac|urg|ask|told|visit|condemn|help|back|blam|thank|succeed|bomb|shot|elect|appoint|call|lead|led|join|buil|releas|launch|invest)\w*\b"
)


def role(s: TrueSentence, rng: random.Random) -> str | None:
    """Two names on either side of a verb change places."""
    if s.language == "zh":
        spots = names(s.text, "zh")
        verbs = re.compile(r"收购|投资|起诉|指控|批评|支持|超越|击败|取代|接入|集成|调用|推荐|警告|邀请")
    else:
        m = re.match(r"(?:[A-Z][a-zA-Z’'-]+(?: [A-Z][a-zA-Z’'-]+)*)(?= [a-z])", s.text)
        spots = ([m.span()] if m and " " in m.group() and not set(m.group().split()) & _NOT_NAMES else []) + names(
            s.text, s.language
        )
        verbs = _ACT
    options = []
    for a, b in zip(spots, spots[1:], strict=False):
        between = s.text[a[1] : b[0]]
        if (
            len(between) <= 70
            and verbs.search(between)
            and not re.search(r"[,，、]| and |和|与|:|：", between)
            and not _same(s.text[slice(*a)], s.text[slice(*b)])
        ):
            options.append(s.text[: a[0]] + s.text[slice(*b)] + between + s.text[slice(*a)] + s.text[b[1] :])
    return rng.choice(options) if options else None


KINDS: Sequence[tuple[str, Plant]] = (
    ("number", number), ("unit", unit), ("date", date), ("name", name), ("negation", negation), ("modality", modality), ("direction", direction),
    ("cause", cause), ("splice", splice), ("splice_numbers", splice_numbers), ("role", role),
)  # fmt: skip
