"""Who says it: the words with which a sentence names its speaker (according to X, X said, 据X报道, X表示)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_SAY = (
    r"(?:said|says|told|tells|wrote|writes|stated|states|noted|notes|argued|argues|added|adds|explained|explains"
    r"|claimed"
    r"|claims|warned|warns|predicted|predicts|estimated|estimates|expects|expected that|forecasts?|believes|announced"
    r"|confirmed|reported|reports"
    r"|acknowledged|insisted|insists|tweeted|posted|remarked|commented|projected|projects|anticipates|thinks|reckons"
    r"|found that|saying|announcing|projecting|forecasting|predicting|estimating|warning)"
)
_NAME = r"(?:[A-Z][\w&.’'-]*)(?:\s+(?:of|for|&|de|van|von|al|bin|the)?\s?(?:[A-Z][\w&’'-]*))*"
_NOUNS = (
    r"(?:compan(?:y|ies)|firms?|startups?|agenc(?:y|ies)|ministr(?:y|ies)|government|spokes(?:man|woman|person"
    r"|people)|officials?|analysts?"
    r"|executives?|researchers?|sources?|people familiar with the (?:matter|plans?|talks|deal)|report|study|survey"
    r"|filing|regulators?"
    r"|utilit(?:y|ies)|chip ?makers?|bank|founders?|authors?|developers?|engineers?|police|court|economists?"
    r"|scientists?|experts?|authorit(?:y|ies)"
    r"|operator|vendors?|supplier|director|minister|president|chief executive|outlet|newspaper|statement)"
)
_LOWER = (
    r"(?:(?:[Tt]he|[Aa]n?|[Ss]ome|[Ss]everal|[Tt]wo|[Ii]ts|[Ii]ndustry|[Uu]\.?S\.?|[Ss]enior"
    r"|[Gg]overnment)\s)?(?:[a-z-]+\s){0,2}" + _NOUNS
)
_SPEAKER = rf"(?:{_NAME}|(?<=@)\w{{2,30}}|{_LOWER})"
_END = (
    r"(?=[,.;:)”\"]|\s(?:who|which|that|and|in|on|as|to|from|at|by|shows?|said|released|published|cited|seen"
    r"|reviewed)\b|\s?$)"
)

_ENGLISH = (
    re.compile(
        rf"\b[Aa]ccording to (?P<who>(?:the |an? )?{_NAME}(?:\s[a-z]+){{0,2}}?|{_LOWER}(?:\sfrom {_NAME})?){_END}"
    ),
    re.compile(rf"(?P<who>{_NAME}),\s[^,.;“\"]{{3,90}},\s(?:has |have |had |also )?{_SAY}\b"),
    re.compile(rf"(?P<who>{_SPEAKER})\s(?:has |have |had |also |later |now |further |separately )?{_SAY}\b"),
    re.compile(rf"\b[Pp]er (?P<who>{_NAME}){_END}"),
    re.compile(
        rf"(?P<who>{_SPEAKER})\s(?:now |still |also )?(?:sees|saw|gives|gave|puts?|rates?|assigns?|assigned)\s"
        r"(?:[\w%’'.-]+\s){0,4}(?:chances?|odds|probability|likelihood)\b"
    ),
    re.compile(
        rf"[,”\"]\s?(?:said|says|wrote|writes|added|explained|warned|noted|argued)\s(?P<who>(?:the "
        rf"|an? )?(?:[a-z-]+\s){{0,3}}{_NAME}|{_LOWER})"
    ),
)
_NOT_A_SPEAKER = re.compile(
    r"^(?:It|This|That|He|She|They|We|I|You|There|What|Who|But|And|However|Which|The|In|On|As|If|When|While|These"
    r"|Those|Here|Also|One|Separate|Other|Several|Some|Many|Recent|Earlier|New|Multiple|Various"
    r"|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|January|February|March|April|May|June|July|August"
    r"|September|October|November|December)$"
)
_LEADING = re.compile(r"^(?:But|And|However|Meanwhile|While|As|When|In|On|At|If|Although|Yet|So)\s+")

_SAY_ZH = (
    r"(?:表示|(?<![名人简号职据])称(?!号|为|之|赞)|指出|透露|认为|强调|补充|回应|介绍|宣称|声称|写道|坦言|警告|预测"
    r"|预计|估计|证实|宣布|说道?|提到|解释|披露|建议|提醒|呼吁|确认)"
)
_CHINESE = (
    re.compile(
        r"(?:根据|依据|据|按照)(?P<who>[^，。；：“”！？\n据]{2,24}?)(?:的)?(?:补充)?(?:最新|官方|内部)?(?:报道|称"
        r"|消息|透露|介绍|披露|统计|预测|估计|显示|数据|报告"
        r"|测算|公告|通报|说法|说明|分析)"
    ),
    re.compile(
        rf"(?:^|[，。；：！？”\n、])(?P<who>[^，。；：“”！？\n]{{2,26}}?){_SAY_ZH}(?=[，：:了“该其将在已，\s\u4e00-\u9fffA-Za-z0-9])"
    ),
)
_LEAD_ZH = re.compile(
    r"^(?:同时|此外|对此|近日|日前|另外|随后|不过|但是?|而|其中|目前|今天|今日|昨日|昨天|当天|周[一二三四五六日天]"
    r"|(?:\d{4}年)?\d{1,2}月\d{1,2}日"
    r"|北京时间.{0,12}?[日点分])[，,]?\s*"
)
_TAIL_ZH = re.compile(
    r"(?:进一步|还|也|则|曾|近日|日前|昨日|今日|今天|昨天|正式|公开|最新|随后|同时|再次|首次|均|都|已|共同|联合|一致"
    r"|明确|此前|在[^，]{1,14}(?:上|中|里|时|后)"
    r"|于?(?:\d{4}年)?\d{1,2}月\d{1,2}日|周[一二三四五六日天]|通过[^，]{1,16}|发文|发帖|发推)+$"
)
_NOT_A_SPEAKER_ZH = re.compile(
    r"^(?:他们?|她们?|它们?|其|此|这|那|我们?|你|有|可|将|不|所|被|如|并|且|也|还|但|或|从|对|以|使|让|使得|据|人"
    r"|更|业内|自|均|都|因|由|一|名|号|简)"
)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who a sentence says has said it; half-open span in the given text."""

    start: int
    end: int
    text: str


def find(sentence: str) -> tuple[Speaker, ...]:
    """The named speakers of one sentence in order; pronouns name nobody and are left out."""
    found: dict[int, Speaker] = {}
    for start, end in (*_english(sentence), *_chinese(sentence)):
        if not any(s.start < end and start < s.end for s in found.values()):
            found[start] = Speaker(start, end, sentence[start:end])
    return tuple(found[start] for start in sorted(found))


def _english(sentence: str) -> Iterator[tuple[int, int]]:
    for pattern in _ENGLISH:
        for match in pattern.finditer(sentence):
            start, end = match.span("who")
            lead = _LEADING.match(sentence[start:end])
            start += lead.end() if lead else 0
            end = start + len(sentence[start:end].rstrip(" .’'"))
            if end - start > 1 and not _NOT_A_SPEAKER.match(sentence[start:end]):
                yield start, end


def _chinese(sentence: str) -> Iterator[tuple[int, int]]:
    for pattern in _CHINESE:
        for match in pattern.finditer(sentence):
            start, end = match.span("who")
            while lead := _LEAD_ZH.match(sentence[start:end]):
                start += lead.end()
            tail = _TAIL_ZH.search(sentence[start:end])
            end = start + tail.start() if tail else end
            start += len(sentence[start:end]) - len(sentence[start:end].lstrip())
            end = start + len(sentence[start:end].rstrip())
            name = sentence[start:end]
            if len(name) >= 2 and not _NOT_A_SPEAKER_ZH.match(name) and len(name) <= 22:
                yield start, end


_PRONOUN = re.compile(
    r"(?:^|[,;”\"]\s?)(?P<one>[Hh]e|[Ss]he)\s(?:also |later |then )?"
    + _SAY
    + r"\b|\b(?P<many>[Ii]t|[Tt]hey)\s(?:also |now |still )?(?:expects?|plans?|forecasts?|predicts?|estimates?|said"
    r"|says|will|aims?)\b"
    r"|(?:^|[，。；”])(?P<zh>他|她|其|该公司|该机构)(?:还|也|进一步)?" + _SAY_ZH
)


class Memory:
    """Who has spoken and of whom was spoken so far in an article: whom "she said" and "it expects" mean."""

    def __init__(self) -> None:
        self._person = ""
        self._organisation = ""

    def speaker(self, sentence: str, names: Sequence[tuple[str, str]]) -> str:
        """The sentence's speaker: named in it, or named before and meant by its pronoun; "" if neither.

        Args:
            sentence: The next sentence of the article.
            names: Names in it, text and kind, in order.
        """
        speakers = find(sentence)
        pronoun = _PRONOUN.search(sentence)
        who = speakers[0].text if speakers else ""
        if not who and pronoun is not None:
            personal = pronoun["one"] or pronoun["zh"] in ("他", "她")
            before = [text for text, kind in names if kind != "person" and 0 <= sentence.find(text) < pronoun.start()]
            who = self._person if personal else (before[0] if before else self._organisation)
        person = next((text for text, kind in names if kind == "person"), "")
        organisation = next((text for text, kind in names if kind in ("organisation", "other")), "")
        if speakers and not person and re.match(r"[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)+$|[\u4e00-\u9fff·]{2,12}$", who):
            person = who
        self._person = person or self._person
        self._organisation = organisation or self._organisation
        return who
