"""From a forecast on a page to its entry in the ledger: probability, rule, or why there can be no rule."""

from __future__ import annotations

import hashlib
import itertools
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from groundwire.briefs import statements
from groundwire.evidence import ahead
from groundwire.evidence.entities import normal_key
from groundwire.evidence.forecasts import BECAUSE_AT_END
from groundwire.forecasts.probability import Probability, stated
from groundwire.forecasts.record import Registered, Unresolvable
from groundwire.forecasts.rule import Comparison, Kind, Rule, Target
from groundwire.types import Article, Brief, DateMention, Evidence, Forecast, Implication, Quantity, SentenceEvidence

_POSSIBILITY = frozenset(
    (
        "could",
        "may",
        "might",
        "maybe",
        "perhaps",
        "potential",
        "potentially",
        "可能",
        "可能会",
        "或",
        "或许",
        "也许",
        "或将",
        "或于",
    )
)
"""Hedges that are as true of what does not happen: no outcome can make such a forecast false."""
_CONDITION = re.compile(
    r"(?:^|[,;:—“(]\s?|\bthat\s|\bonly\s|\beven\s|\s)(?:if|unless|provided that|assuming|as long as)\s"
    r"|如果|假如|假设|倘若|若(?!干|有所)|除非|只要|一旦",
    re.IGNORECASE,
)
_HYPOTHETICAL = re.compile(r"(?:^|[.;]\s)(?:An?|Any|Such)\s[^,;:.]{1,80}\swould\b(?! have)")
"""What something would bring that nobody says is coming: "a long delay would leave little time"."""
_AFTER = re.compile(r"^(?:after|beyond|since|later than)\b|(?:之后|以后|后)$", re.IGNORECASE)
_NOT_BEFORE = re.compile(r"(?:\bnot|n['’]t|\bno earlier than)\s*$|不会?早于$|不早于", re.IGNORECASE)
_UP = re.compile(
    r"\b(?:reach|exceed|pass|top|surpass|rise|rising|grow|climb|increase|hit|more than|at least|over|above|double)"
    r"|达到?|超过|突破|增至|升至|涨至|增长|高于|至少|上涨|上升",
    re.IGNORECASE,
)
_DOWN = re.compile(
    r"\b(?:fall|drop|decline|decrease|shrink|below|under|less than|at most|up to|cut)|跌至|降至|低于|降到|下降|不足|至多|下跌",
    re.IGNORECASE,
)
_CAPITAL = re.compile(r"[A-Z\u3400-\u9fff]")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_THESE = re.compile(r"(?:\b(?:the|these|those|both|its)\s|[这那该]|上述)$", re.IGNORECASE)
"""Before a number that only points at things that are there: "these two chips"."""
_GENERIC = re.compile(
    r"^(?:the|an?|its?|some|several|industry|people|公司|该公司|官方|业内|分析师|专家|委员会|消息|知情人士)",
    re.IGNORECASE,
)
_POSSESSIVE = re.compile(r"['’]s\b")
_PLANS = re.compile(
    r"(?:(?:is|are) )?(?:expect|plan|intend|aim|hope)\w* to$|will$|won't$|计划|规划|承诺|拟|力争|争取|将|定于|即将",
    re.IGNORECASE,
)
"""Hedges with which who speaks tells of their own doing."""
_ASIDE = re.compile(
    r",\s(?=(?:[A-Z][\w’'.-]*\s){1,4}(?:said|says|wrote|told)\b|(?:s?he|it|they)\s(?:said|says|added|wrote)\b"
    r"|(?:above|below|up from|down from|compared with|as|on the ground|which|after|while|though|although|but)\s)"
    r"|，(?=(?:这|此|该)?是(?:在|对|因|为)|较|相较|此前|高于|低于|同比|环比)"
)
_NO_BEFORE = re.compile(r"(?:\b(?:not?|never|n['’]t)|n['’]t|\bno plans?|没有|不|无意|未)\s?$", re.IGNORECASE)
_NO_WITHIN = re.compile(r"\b(?:not|never)\b(?! only)|n['’]t\b|不(?:会|再|得|可能)|难以", re.IGNORECASE)
_OPPOSITE: Final[Mapping[Comparison, Comparison]] = {">=": "<=", "<=": ">="}
_NO_IN = re.compile(r"n['’]t$", re.IGNORECASE)
_NO_AFTER = re.compile(
    r"^\s?(?:(?:not|never)\b(?! only\b| until\b| before\b)|不(?:会|再|得)?(?!到|少于|仅|低于|超过|高于|晚于|早于|断|同))"
)
_OF_WHAT_PRECEDES = re.compile(
    r"(?:for|in|on|by|next|track|course|target|trend|planned|scheduled|due|coming)$", re.IGNORECASE
)
"""Ends of hedges that tell of what stands before them: "its opening, planned for May"."""
_CLAUSE = re.compile(r"[,;:，；：—]\s?|\s–\s")
_ONWARDS = re.compile(r"\b(?:to|until)\b|至|到")
_PRICE = re.compile(r"[A-Z]{3}/")
"""The unit of a price, as ``Quantity.unit`` writes it."""
_RETOLD = ("headline", "numbers", "implications", "who_should_care", "action")
"""Sections that show part of a sentence, or are registered anyway."""
_SAID_THEN = re.compile(r"\b(?:said|told\s\w+|wrote|announced|reported)\s(?:on|in|late|early|last)?\s?$", re.IGNORECASE)
_ASIDE_AFTER = re.compile(r"[,;]\s")
HEDGED = 20
"""Characters between hedge and date from which the date ends what is predicted and a comma begins something else."""
_UP_TO = re.compile(r"\bthrough\s$|[至到]$", re.IGNORECASE)
_NEXT = re.compile(r"next (?:year|quarter|month|week)$", re.IGNORECASE)
_WITHIN = re.compile(r"\b(?:over|within|during|in)\sthe\s$", re.IGNORECASE)
_GENERATION = re.compile(r"(?:\d+|[一二三四五六七八九十两]+)代")
"""二代产品 is the second generation, not two of them."""
_APART = re.compile(r"[,，（(]\s?$")
"""Before a probability that stands apart from what it is the probability of."""
_TAIL = re.compile(r",?\s(?:partly|mainly|largely|mostly|in part)$")
_FULL_STOPS = ' .。!！"”’」'
_FILLER = " ,;:，；：、—–-"
WORDS = 160
"""Characters of "what happens" in a rule."""
LEAST = 8
"""Characters of it (half as many Chinese ones) below which the whole clause says what happens."""
MOST_SUBJECTS = 4


def forecast_key(article_id: int, text: str) -> str:
    """The identity of a forecast: who printed it (in whichever version) and its words."""
    return hashlib.sha256(f"{article_id}\n{' '.join(text.split())}".encode()).hexdigest()[:24]


def register(
    brief: Brief, articles: Mapping[int, Article], evidence: Mapping[int, Evidence], now: datetime
) -> Iterator[Registered]:
    """The forecasts that a page makes public: those of its implications, and those with a date that serve another section.

    Args:
        brief: The page.
        articles: Cited versions by id.
        evidence: By version id; a forecast without is registered by its words alone.
        now: When the page is published.
    """
    taken: set[tuple[int, int]] = set()
    for implication in (*brief.implications, *_elsewhere(brief, evidence)):
        if not implication.statement.citations:
            continue
        cited = implication.statement.citations[0]
        article = articles.get(cited.version_id)
        if article is None:
            continue
        found = _sentence(evidence.get(article.id), cited.start)
        place = (article.id, found.sentence.start if found else cited.start)
        if place not in taken:
            taken.add(place)
            yield _registered(implication, article, evidence.get(article.id), now)


def _elsewhere(brief: Brief, evidence: Mapping[int, Evidence]) -> Iterator[Implication]:
    """Dated forecasts among the page's other statements: a sentence that tells what changed may say what is to come."""
    for statement in statements(brief):
        if statement.section in _RETOLD or not statement.citations:
            continue
        cited = statement.citations[0]
        found = _sentence(evidence.get(cited.version_id), cited.start)
        forecast = found.forecast if found else None
        horizon = forecast.horizon if forecast else None
        if forecast is None or horizon is None or forecast.hedge not in cited.quote:
            continue
        if cited.start <= horizon.start and horizon.end <= cited.end:
            yield Implication(statement=statement, who=forecast.who, horizon=horizon, reason=None)


def _sentence(evidence: Evidence | None, at: int) -> SentenceEvidence | None:
    sentences = evidence.sentences if evidence else ()
    return next((s for s in sentences if s.sentence.start <= at < s.sentence.end), None)


def _registered(implication: Implication, article: Article, evidence: Evidence | None, now: datetime) -> Registered:
    cited = implication.statement.citations[0]
    found = _sentence(evidence, cited.start)
    forecast = found.forecast if found else None
    horizon = implication.horizon or (forecast.horizon if forecast else None)
    probability = stated(cited.quote)
    said = article.published_at
    why_not: Unresolvable | None
    rule = None
    before = cited.quote[: max(horizon.start - cited.start, 0)] if horizon else ""
    why_not = _unresolvable(cited.quote, before, horizon, forecast, said.date(), known=probability is not None)
    if why_not is None and horizon is not None:
        rule = _rule(
            cited.quote, cited.start, horizon, forecast, evidence, said.date(), _odds(cited.quote, probability)
        )
        if not rule.subject:
            rule, why_not = None, "nothing_named"
        elif rule.until < said.date() or rule.until < rule.since:
            rule, why_not = None, "past"
    return Registered(
        key=forecast_key(article.article_id, cited.quote),
        article_id=article.article_id,
        version_id=article.id,
        start=cited.start,
        end=cited.end,
        text=cited.quote,
        language=implication.statement.language,
        who=implication.who,
        source=source_of(implication.who, found, article.outlet),
        hedge=forecast.hedge if forecast else "",
        horizon=horizon.text if horizon else "",
        first=horizon.first if horizon else None,
        last=horizon.last if horizon else None,
        grain=horizon.grain if horizon else None,
        reason=implication.reason.text if implication.reason else "",
        probability=probability,
        rule=rule,
        unresolvable=why_not,
        said_at=said,
        registered_at=now,
    )


def source_of(who: str, found: SentenceEvidence | None, outlet: str) -> str:
    """Under whose name a forecast counts: the organisation that ``who`` names, else the person, else the outlet.

    "The company" and "analysts" name nobody whom another page could mean too: such forecasts count for the outlet, and so
    do Chinese words in which no name is known (首批模型预计 is no speaker).
    """
    if not who or _GENERIC.match(who) or not _CAPITAL.search(who):
        return outlet
    inside = [m for m in found.mentions if m.text in who] if found else []
    house = next((m.text for m in inside if m.kind == "organisation"), None)
    house = house or next(
        (m.text for m in inside if m.kind != "place" and _POSSESSIVE.match(who[who.find(m.text) + len(m.text) :])), None
    )
    if house is None and not inside and _CHINESE.search(who):
        return outlet
    return house or next((m.text for m in inside if m.kind == "person"), who)


def _unresolvable(
    text: str, before: str, horizon: DateMention | None, forecast: Forecast | None, said: date, *, known: bool
) -> Unresolvable | None:
    """``before``: what stands before the horizon: "he said in December" tells when it was said."""
    if horizon is None or _SAID_THEN.search(before):
        return "no_date"
    if horizon.last <= said:
        return "past"
    if horizon.modifier == "after" and _AFTER.search(horizon.text):
        return "after_only"
    if forecast is not None and forecast.hedge.lower() in _POSSIBILITY and not known:
        return "possibility"
    return "conditional" if _CONDITION.search(text) or _HYPOTHETICAL.search(text) else None


def _odds(text: str, probability: Probability | None) -> tuple[int, int] | None:
    """Where a sentence states its probability: that is no part of what is predicted."""
    at = -1 if probability is None else text.find(probability.words)
    return None if probability is None or at < 0 else (at, at + len(probability.words))


def _rule(
    text: str,
    offset: int,
    horizon: DateMention,
    forecast: Forecast | None,
    evidence: Evidence | None,
    said: date,
    odds: tuple[int, int] | None,
) -> Rule:
    found = _sentence(evidence, offset)
    at, start = _hedge(text, offset, found, forecast)
    day, day_end = max(horizon.start - offset, 0), max(horizon.end - offset, 0)
    end = _claim_end(text, offset, at, forecast)
    if _ASIDE_AFTER.match(text, day_end) and day - at > HEDGED:
        end = min(end, day_end)
    if odds is not None and _APART.search(text, at, odds[0]):
        end = min(end, odds[0])
    kind: Kind = "happens"
    since, until = max(horizon.first, said), horizon.last
    if horizon.modifier == "before":
        since, until = said, horizon.first - timedelta(days=1)
        before = text[:day].rstrip()[-20:]
        if _NOT_BEFORE.search(before) or _NOT_BEFORE.match(horizon.text):
            kind = "absent"
    elif horizon.modifier == "by" or _UP_TO.search(text[:day]):
        since = said
    elif _NEXT.match(horizon.text) and _WITHIN.search(
        text[:day]
    ):  # the twelve months from now, not the calendar's year
        since, until = said, said + (horizon.last - horizon.first)
    target = None
    if kind == "happens" and found is not None:
        likely = None if odds is None else (offset + odds[0], offset + odds[1])
        measured = _measured(found, offset + at, offset + end, likely)
        if measured is not None:
            kind, target = "reaches", _target(text, offset, at, measured)
    start = max(start, text.rfind("，", start, max(day, start)) + 1)
    if odds is not None and not text[start : max(odds[0], start)].strip():
        start = max(start, odds[1])
    denied = _NO_AFTER.match(text[start:end])
    if denied or (forecast is not None and start > at and _NO_IN.search(forecast.hedge)):
        if target is None or target.comparison not in _OPPOSITE:  # a bound is the other way round already
            kind, target, start = "absent", None, start + (denied.end() if denied else 0)
    elif forecast is not None and start > at and _NO_BEFORE.search(text[:at]):
        if target is not None and target.comparison in _OPPOSITE:
            target = replace(target, comparison=_OPPOSITE[target.comparison])
        else:
            kind, target = "absent", None
    words = _TAIL.sub("", " ".join(text[start:end].split()).strip(_FILLER))[:WORDS].strip(_FILLER)
    subject = _subject(evidence, found, forecast, offset + at, offset + end, horizon)
    if len(words) < (LEAST if words.isascii() else LEAST // 2):
        words = " ".join(text[:end].split())[:WORDS].strip(_FILLER)
    return Rule(kind=kind, subject=subject, words=words or text[:WORDS], since=since, until=until, target=target)


def _hedge(text: str, offset: int, found: SentenceEvidence | None, forecast: Forecast | None) -> tuple[int, int]:
    """Where the hedge stands, and where what is predicted begins: behind it, but for a hedge that is a time or tells of
    what stands before it ("the hall opens next month", "its opening is planned for May"): there with the clause."""
    if forecast is None:
        return 0, 0
    cue = ahead.first(ahead.cues(found.sentence.text)) if found else None
    shift = found.sentence.start - offset if found else 0
    if cue is None or text[max(cue.start + shift, 0) : cue.end + shift] != forecast.hedge:
        at = max(text.find(forecast.hedge), 0)
        return at, at + len(forecast.hedge)
    at, end = cue.start + shift, cue.end + shift
    follows = cue.kind != "time" and not _OF_WHAT_PRECEDES.search(forecast.hedge)
    if follows or text.startswith(" to ", end):
        return at, end
    begins = [0, *(m.end() for m in _CLAUSE.finditer(text, 0, at))]
    return at, next((begin for begin in reversed(begins) if _says_something(text[begin:at])), 0)


def _says_something(words: str) -> bool:
    return len(words.split()) >= 2 or sum("\u3400" <= c <= "\u9fff" for c in words) >= 4


def _claim_end(text: str, offset: int, at: int, forecast: Forecast | None) -> int:
    """Where what is predicted ends: at its reason, at a clause that only comments, at the full stop."""
    ends = [len(text.rstrip(_FULL_STOPS))]
    if forecast is not None and forecast.reason is not None and offset + at < forecast.reason[0]:
        before = text[: forecast.reason[0] - offset]
        ends.append(len(BECAUSE_AT_END.sub("", before)))
    aside = _ASIDE.search(text, at)
    if aside:
        ends.append(aside.start())
    return max(min(ends), at)


def _measured(found: SentenceEvidence, start: int, end: int, odds: tuple[int, int] | None) -> Quantity | None:
    """The figure that is predicted: money, a share, a counted thing between hedge and reason. Of "from 6 % to 9 %" the
    second; sizes that only describe ("halls above 100 kW") and how likely it is are none."""
    ahead = [q for q in found.quantities if start <= q.start < end and _predicted(q)]
    ahead = [q for q in ahead if odds is None or q.end <= odds[0] or odds[1] <= q.start]
    ahead = [q for q in ahead if not _THESE.search(found.sentence.text[: q.start - found.sentence.start])]
    for first, second in itertools.pairwise(ahead):
        between = found.sentence.text[first.end - found.sentence.start : second.start - found.sentence.start]
        if first.unit == second.unit and _ONWARDS.search(between):
            return second
    return ahead[0] if ahead else None


def _predicted(q: Quantity) -> bool:
    if _GENERATION.match(q.text):
        return False
    if q.kind == "rate":
        return _PRICE.match(q.unit) is not None
    return bool(q.unit) and q.kind in ("currency", "percent", "count")


def _target(text: str, offset: int, at: int, q: Quantity) -> Target:
    if q.upper is not None and q.upper > q.value:
        return Target(comparison="..", value=q.value, upper=q.upper, unit=q.unit)
    before = text[at : max(q.start - offset, at)]
    comparison: Comparison = "~"
    if q.qualifier in ("more", "less"):
        comparison = ">=" if q.qualifier == "more" else "<="
    else:
        up, down = _last(_UP, before), _last(_DOWN, before)
        if max(up, down) >= 0:
            comparison = ">=" if up > down else "<="
    if _NO_WITHIN.search(before):
        comparison = _OPPOSITE.get(comparison, comparison)
    return Target(comparison=comparison, value=q.value, unit=q.unit)


def _last(pattern: re.Pattern[str], text: str) -> int:
    return max((match.start() for match in pattern.finditer(text)), default=-1)


def _subject(
    evidence: Evidence | None,
    found: SentenceEvidence | None,
    forecast: Forecast | None,
    hedge_at: int,
    end: int,
    horizon: DateMention,
) -> tuple[str, ...]:
    """Keys of the names that it is about: those of the sentence, up to its reason, but a speaker who tells of others, else
    those the article is about."""
    if evidence is None:
        return ()
    named = [
        m
        for m in (found.mentions if found else ())
        if m.kind != "place" and m.start < end and not (m.start < horizon.end and horizon.start < m.end)
    ]
    who = forecast.who if forecast else ""
    plans = forecast is not None and _PLANS.match(forecast.hedge) is not None
    doer = max((m for m in named if m.start < hedge_at), key=lambda m: m.start, default=None)
    others = any(m.start > hedge_at and m.text not in who for m in named)
    own = (plans or not others) and (doer is None or doer.text in who)
    about = [m for m in named if own or m.text not in who]
    about.sort(key=lambda m: (m.start < hedge_at, m.start))
    keys = tuple(dict.fromkeys(m.key for m in about))[:MOST_SUBJECTS]
    if keys:
        return keys
    if who and len(who.split()) <= MOST_SUBJECTS and _CAPITAL.match(who) and not _GENERIC.match(who):
        return (normal_key(who),)
    counted = Counter(m.key for s in evidence.sentences for m in s.mentions if m.kind != "place")
    return tuple(key for key, _ in sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:2])
