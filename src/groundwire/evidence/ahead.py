"""How surely a sentence looks ahead: its cues and what stands around them, weighed by a fitted model.

A cue ("will", "is expected to", 预计, 将) alone decides little: 将 also marks an object, "may" also doubts the present, a
manual's "will" tells what always happens. Which cue it is, what precedes and follows it, dates, speakers and conditions
beside it are features of a logistic regression; ``data/ahead.toml`` holds the weights (``benchmarks/forecasts.py`` fits
them and measures them cross-validated).
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from groundwire.evidence.cues import has_chinese

CLASSES = ("announced", "expected", "planned", "possible", "time", "told")
"""Kinds of cue; "told" (argues, 称) never makes a candidate by itself."""
_EN = {
    "announced": r"will|shall|won['’]t|going to|(?:is|are|was|were) to(?= (?!the\b|a\b|an\b|you\b|me\b)[a-z]+\b)",
    "expected": r"(?:(?:is|are|was|were|been) )?(?:widely )?(?:expected|projected|forecast|anticipated|slated|scheduled|set"
    r"|poised|thought|believed|bound|about|likely)(?: to\b| for\b)|(?:is|are) due to|expects?(?: to\b)?|expecting(?: to\b)?|projects(?! [a-z]*s\b)|projecting"
    r"|anticipates?|anticipating|on (?:track|course|target|trend)|(?:well )?on (?:track|target)|due (?:in|on|by|next)"
    r"|predict(?:s|ed|ing)?(?= (?:that|(?:\w+ ){1,5}(?:will|would|to))\b)|estimates? that"
    r"|forecasts?(?= (?:that|a|an|the|to|revenue|sales))|awaiting|extrapolates?",
    "planned": r"plans?(?: to\b| for\b)|plan is to|planning to|planned|intends? to|intended to|intention to|aims? to|aiming to"
    r"|hopes? to|hoping to|vow(?:s|ed) to|pledg(?:es|ed|ing)|promis(?:es|ed|ing)(?= to\b| \w+ed\b| (?:the|a|an)\b)"
    r"|commits? to|committed to|prepar(?:es|ing)|seeks to|targets(?= \w+)|targeting (?=20|q[1-4]|\$|\d)"
    r"|getting ready|drawing up plans|stated intention|decided to|agreed to|commitments?(?= (?:to|of|extending|through))",
    "possible": r"could|may|might|would|should|likely|unlikely|probably|perhaps|maybe|potentially|impending|potential",
    "time": r"soon|upcoming|forthcoming|coming (?:soon|online|in|to|on|weeks|months|days|year)|(?<!the )(?<!is )next (?:week|month|year|quarter"
    r"|summer|spring|few|couple|two|three|generation|version|release|run|monday|tuesday|wednesday|thursday|friday)"
    r"|in (?:the )?coming (?:days|weeks|months|years)|(?:in|over|within) the next|within (?:a|days|weeks|months)"
    r"|by (?:the end of|end of|early|mid|late|20\d\d|next)|later this (?:week|month|year|quarter|summer|fall)|tomorrow"
    r"|eventually|in due course|on the way|imminent|in the future|this (?:summer|fall|autumn|winter|spring|weekend)"
    r"|in (?:20[3-9]\d|h[12]|q[1-4])|through (?:\w+ )?20\d\d|to 20\d\d|is (?:next|coming)|are (?:next|coming)|ahead of"
    r"|starting (?:\w+ \d|next|in)|beginning (?:\w+ \d|next|in)|effective (?:\w+ \d|from)",
    "told": r"predict\w*|speculat\w+|rumou?r\w*|leaks?|hint(?:s|ed|ing)?|teas(?:ed|es|ing)|argu(?:es|ed|ing)|suggest(?:s|ed|ing)?"
    r"|warn(?:s|ed|ing)?|believes?|says?|said|told|announced|announces|announcing|clarified|reported|roadmap|guidance|outlook",
}
_ZH = {
    "announced": r"将于|将在|将会|即将|将(?![军领士才要近])|届时|会(?=在|于|将|继续|逐步|陆续|推出|开放|有|成为)|拟(?!合|人|态|真|定的|议)",
    "expected": r"预计|有望|料将|料|预期|预判|预告|展望|预测|定于|预示|预言|估计",
    "planned": r"计划|规划|筹备|承诺|力争|争取|打算|准备|希望|致力于|决定|目标|考虑|旨在|拟定|着手|启动",
    "possible": r"可能|或许|或(?=将|于|会|可|是|升|降|在|成)|也许|猜测|若(?!干)|如果|假如|一旦|传闻|疑似",
    "time": r"未来|后续|随后|稍后|今后|下一(?:版本|代|步|阶段|季度|财年)|下周|下月|下个月|明年|年内|年底|月底|逐步|陆续|不久|最终|最晚|最早"
    r"|最快|月内|周内|本月下旬|次月|几周内|几天内|几个月内|分阶段|进一步|之前完成|前完成|起(?=正式|停止|生效|开始|执行|全面|调整|将)",
    "told": r"表示|称|透露|消息|爆料|报道|认为|警告|预言|宣布|公告|官方|知情人士|据悉|强调|指出",
}
_PATTERNS = {
    "en": re.compile(
        "|".join(rf"(?P<{name}>\b(?:{words})\b)" if name != "announced" else rf"(?P<{name}>\b(?:{words})\b|['’]ll\b)"
                 for name, words in _EN.items()), re.IGNORECASE),
    "zh": re.compile("|".join(f"(?P<{name}>{words})" for name, words in _ZH.items())),
}  # fmt: skip

_QUESTION = re.compile(r"[?？]\s*[”\"’」]?\s*$")
_PAST_BEFORE = re.compile(
    r"(?:\b(?:was|were|had been|has been|had|been|than|as|previously|once|originally|earlier|initially"
    r"|widely)\s(?:[a-z]+ly\s)?$)"
    r"|(?:曾|此前|原|原本|原定|曾经|超出|超|低于|高于|不及|好于|优于|符合|已|先前|之前)的?$",
    re.IGNORECASE,
)
_PAST_ITSELF = re.compile(r"(?:was|were|been)\b", re.IGNORECASE)
_PERFECT_AFTER = re.compile(
    r"^\snot be\b|^\s(?:(?:not|also|well|already|only)\s)?have\b|^\s(?:n['’]t|not)\shave\b", re.IGNORECASE
)
_NOUN_BEFORE = re.compile(
    r"\b(?:the|a|an|free|own|good|at|her|his|their|its|ill|a living|goal|aim|purpose|way|idea|task|trick|point|key)\s$",
    re.IGNORECASE,
)
_MONTH_MAY = re.compile(r"^(?:\s\d|,|\.|\s(?:to|and|through|of)\b)")
_NO_VERB_AFTER_ZH = re.compile(
    r"^(?:[其该此这]|.{0,12}(?:作为|视为|整合|纳入|转为|用于|称为|从.{1,12}[降升提调])|[^，。；]{2,24}(?:[升更改变转拆调定设译述分合].?[为成]))"
)
_VERB_AFTER_ZH = re.compile(r"^(?:[其该此这]|.{0,12}(?:作为|视为|整合|纳入|转为|用于|称为|从.{1,12}[降升提调]))")
_VERB_AFTER_ZH = re.compile(
    r"^(?:[于在会不再为使能由与从通对向以按被有无可首率同全逐陆继正直很快自永随开推成发支提获加采面引用停结关上下移达超保持新扩"
    r"协拥退迁升降更实完进助恢投建收取聚优基根]|是[^是]|[A-Za-z]{0,3}$)"
)
_PLAN_NOUN_AFTER = re.compile(r"^(?:[的、，。；：”）从由为是已上下中]|$|[A-Za-z]*(?:用户|套餐|订阅|配额|额度|中))")
_PLAN_NOUN_BEFORE = re.compile(
    r"(?:的|[A-Za-z0-9]\s?|付费|订阅|套餐|编码|开源|合作|支持|测试|奖励|所有|商业|资助|培训|试点|该|此|这一|一项|项目|访问)$"
)
_NOT_AHEAD_AFTER = re.compile(r"^(?:[的性器头]|任务|框架|能力|模型|精度|误差|范式|版|分析)")
"""After 预测 and its like: the name of a method, of a quality, of a preview."""
_GENERIC_BEFORE = re.compile(
    r"(?:用户|开发者|客户|企业|人们|系统|模型|工具|会话|功能|数据|请求|任务|智能体|Agent)[\w\s“”\"'’]{0,4}$"
    r"|\b(?:users?|developers?|customers|you|one|models?|agents?|tools?|systems?|it|they|teams?|people|that|which)\s(?:then\s|also\s)?$",
    re.IGNORECASE,
)
_SUBJECT_BEFORE = re.compile(
    r"(?:官方|公司|团队|双方|该公司|平台|政府|我们|company|firm|companies|government|we|he|she|I)\s?[还也并均]?$",
    re.IGNORECASE,
)
_CONDITION = re.compile(r"\b(?:if|when|whenever|unless|once|assuming)\b|当|一旦|若(?!干)|如果|假如|只要", re.IGNORECASE)
_DEONTIC = re.compile(
    r"\b(?:must|need(?:s)? to|have to|has to|ought|should)\b|需|必须|务必|建议|应当|应该", re.IGNORECASE
)
_ABLE = re.compile(
    r"\b(?:can|lets?|allows?|enabl\w+|able to|supports?)\b|支持|能够|可以|可在|即可|用于|实现", re.IGNORECASE
)
_NOW = re.compile(
    r"\b(?:now|today|currently|already|released|launched|shipped|announced|found|reported|showed|introduced|added)\b"
    r"|已|现已|目前|今日|近日|正式发布|推出了|发布了|上线了",
    re.IGNORECASE,
)
_PAST_VERB = re.compile(r"\b(?:was|were|had|did|\w{3,}ed)\b|了|曾", re.IGNORECASE)
_QUOTED = re.compile(r"[“\"「]")
_COMMITTED = re.compile(
    r"合作|协议|投资|收购|裁|deal|agreement|partnership|contract|acqui|invest|layoff", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that may make a forecast: half-open span in the sentence, and their class."""

    start: int
    end: int
    kind: str


def cues(text: str) -> tuple[Cue, ...]:
    """The cues of a sentence that aren't plainly something else, in order; none in a question."""
    if _QUESTION.search(text):
        return ()
    found = [Cue(m.start(), m.end(), str(m.lastgroup)) for m in _PATTERNS["en"].finditer(text) if _english(text, m)]
    if has_chinese(text):
        found += [
            Cue(m.start(), m.end(), str(m.lastgroup)) for m in _PATTERNS["zh"].finditer(text) if _chinese(text, m)
        ]
    return tuple(sorted(found, key=lambda cue: cue.start))


def _english(text: str, match: re.Match[str]) -> bool:
    words, left, right = match.group(), text[: match.start()], text[match.end() :]
    lower = words.lower()
    if match.lastgroup == "told":
        return True
    if _PAST_ITSELF.match(words) or _PAST_BEFORE.search(left[-24:]):
        return False
    if lower in {"could", "may", "might", "would", "will", "should"} and _PERFECT_AFTER.match(right[:16]):
        return False
    if lower == "may" and words == "May" and (match.start() > 0 or _MONTH_MAY.match(right[:8])):
        return False
    if words in {"Will", "Plans", "Project", "Projects"} and match.start() > 0:
        return False
    if lower in {"will", "expects", "expect", "is to", "are to"} or lower.startswith(
        ("plan", "project", "forecast", "likely")
    ):
        return _NOUN_BEFORE.search(left[-12:]) is None
    return True


def _chinese(text: str, match: re.Match[str]) -> bool:
    words, left, right = match.group(), text[: match.start()], text[match.end() :]
    if match.lastgroup == "told":
        return True
    if _PAST_BEFORE.search(left[-24:]):
        return False
    if words in {"计划", "规划"}:
        return _PLAN_NOUN_AFTER.match(right) is None
    if words in {"预测", "预期", "估计", "预告", "预计"}:
        return (
            _NOT_AHEAD_AFTER.match(right) is None
            and re.search(r"(?:[可A-Za-z]|采用|使用|进行|时间|内部|轨迹|的)$", left) is None
        )
    return not (words == "可能" and right[:1] in "性的")


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What else is known of a sentence."""

    date_ahead: bool
    dated_past: bool
    """All its dates lie behind."""
    speaker: bool
    reason: bool
    named_before: bool
    """A name stands right before the first cue."""
    technical: int
    """Technical terms in it."""


def first(found: Sequence[Cue]) -> Cue | None:
    """The cue that decides: the first that announces, expects or plans, else the first that is more than "says"."""
    strong = (cue for cue in found if cue.kind in ("announced", "expected", "planned"))
    return next(strong, None) or next((cue for cue in found if cue.kind != "told"), None)


def features(text: str, found: Sequence[Cue], beside: Beside) -> dict[str, float]:
    """Named features of a sentence with cues; absent ones are 0."""
    language = "zh" if has_chinese(text) else "en"
    f: dict[str, float] = {f"intercept_{language}": 1.0}
    kinds = {cue.kind for cue in found}
    for kind in kinds:
        f[f"{kind}_{language}"] = 1.0
    f["cues"] = math.log1p(sum(cue.kind != "told" for cue in found))
    deciding = first(found)
    if deciding is None:
        return {}
    left, right = text[: deciding.start], text[deciding.end :]
    word = text[deciding.start : deciding.end]
    strong = deciding.kind not in ("possible", "time")
    f["weak_only"] = float(not strong)
    f["far_in"] = deciding.start / max(len(text), 1)
    f["generic"] = float(_GENERIC_BEFORE.search(left[-14:]) is not None)
    f["subject"] = float(beside.named_before or _SUBJECT_BEFORE.search(left[-10:]) is not None)
    f["date_ahead"] = float(beside.date_ahead)
    f["dated_past"] = float(beside.dated_past)
    f["speaker"] = float(beside.speaker)
    f["reason"] = float(beside.reason)
    f["condition"] = float(_CONDITION.search(text) is not None)
    f["deontic"] = float(_DEONTIC.search(text) is not None)
    f["able"] = float(_ABLE.search(text) is not None)
    f["now"] = float(_NOW.search(text) is not None)
    f["past_verb"] = float(_PAST_VERB.search(text) is not None)
    f["quoted"] = float(_QUOTED.search(text) is not None)
    f["committed"] = float(_COMMITTED.search(text) is not None)
    f["technical"] = math.log1p(beside.technical)
    f["length"] = math.log(max(len(text) / (40 if language == "zh" else 130), 0.1))
    if word == "将":
        f["verb_after"] = float(_VERB_AFTER_ZH.match(right) is not None)
        f["object_after"] = float(not f["verb_after"])
        f["moved_after"] = float(_NO_VERB_AFTER_ZH.match(right) is not None)
        f["clause_start"] = float(not left.strip() or left.rstrip()[-1:] in "，。；、：,")
    if word == "计划":
        f["plan_noun"] = float(_PLAN_NOUN_BEFORE.search(left[-6:]) is not None)
    for cue in found:
        if cue.kind != "told":
            f[f"word_{_normal(text[cue.start : cue.end])}"] = 1.0
    if beside.date_ahead and "possible" in kinds:
        f["possible_dated"] = 1.0
    if "time" in kinds and strong:
        f["time_and_strong"] = 1.0
    if "told" in kinds and "possible" in kinds:
        f["told_possible"] = 1.0
    return f


def _normal(word: str) -> str:
    """A cue without its auxiliary: "is expected to" and "expects" are one word."""
    lower = re.sub(
        r"^(?:(?:is|are|widely|well|the) )+(?=[a-z]{3})|(?<=[a-z]{3})(?: to| for| that)$",
        "",
        word.lower().replace("’", "'"),
    )
    return lower.split(" ")[0] or lower


@cache
def _model() -> tuple[Mapping[str, float], float]:
    raw = tomllib.loads(resources.files("groundwire.evidence").joinpath("data/ahead.toml").read_text("utf-8"))
    return raw["weight"], float(raw["threshold"])


def surely(values: Mapping[str, float]) -> bool:
    """Whether the model takes a sentence of these features for a forecast."""
    weights, threshold = _model()
    return sum(weights.get(name, 0.0) * value for name, value in values.items()) >= threshold
