"""The 30-second summary: what changed, why it matters, what to do."""

from __future__ import annotations

import re
from collections.abc import Callable

from groundwire.briefs import cite, quality
from groundwire.briefs.ledger import Ledger
from groundwire.briefs.pool import Candidate, Pool
from groundwire.types import Section, Statement

LIMIT = 300
"""Weight of a statement of the summary."""

ADVICE = -0.1
"""Salience that advice needs: it is seldom in the lead, yet must be about this."""
FOREIGN = 0.25
"""What a sentence in another language than the reader's must be better by: the summary is read first."""

ABSENT = {
    "what_changed": "no sentence of the sources states a fact beyond the headline",
    "why_it_matters": "no source says what follows from it",
    "what_to_do": "no source advises its readers what to do",
}

_ADDRESSEE = re.compile(
    r"\b(?:you|users?|developers?|customers?|companies|teams?|enterprises?|startups?|founders?|operators?"
    r"|buyers?|investors?|businesses|engineers?|organi[sz]ations|admin(?:istrator)?s|subscribers?|clients?|builders"
    r"|firms|practitioners|readers|anyone|everyone)\b"
    r"|用户|开发者|企业|团队|客户|创业者|投资者|使用者|厂商|机构|管理员|订阅者|运营者|工程师|买家|个人|大家|读者|公司",
    re.IGNORECASE,
)
_ADVICE = re.compile(
    r"\b(?:should|recommends?|recommended|advis(?:es?|ed|ing)|urg(?:es?|ed|ing)|need to|needs to|must|ought to"
    r"|had better|make sure|be sure|can apply|can request|can switch|can migrate|can opt|can download|(?:are"
    r"|is) encouraged|migrate|switch to|budget for|prepare for|plan for|watch for)\b"
    r"|建议|应当|应该|应尽快|必须|务必|不妨|推荐|提醒|敦促|可申请|可领取|可迁移|警惕|尽快|切勿|迁移至|切换至|值得|需",
    re.IGNORECASE,
)
_NO_SUBJECT = re.compile(
    r"[,;:—]|\s[–-]\s|\b(?:that|who|which)\s\w+\s(?:he|she|it|they)\b|\b(?:is|meaning|when|if|because|so|they|it)\b|让|使|支持"
)
"""Between the people addressed and the advice these show that the advice is for somebody else, or none."""
_NO_ADVICE = re.compile(
    r"^\s(?:not\s)?(?:be|have been|have)\s(?:\w+ed|ashamed|able|known|seen|told|allowed)\b|^\s(?:have|know|see)\b",
    re.IGNORECASE,
)
"""Behind "should": a judgment of what others do or did."""
_UNDECIDED = re.compile(r"\bwhether\b|是否", re.IGNORECASE)
_IMPERATIVE = re.compile(
    r"^(?:Upgrade|Update|Switch|Avoid|Check|Consider|Migrate|Use|Test|Try|Set|Audit|Budget|Plan|Prepare|Renegotiate"
    r"|Measure|Compare|Review|Watch|Patch|Rotate|Disable|Enable|Read|Start|Stop|Move|Lock)\s[a-z]"
    r"|^(?:建议|请|提醒|务必|切勿)"
)


def what_changed(pool: Pool, ledger: Ledger) -> Statement | None:
    """The central fact, fuller than the headline."""
    fit = [c for c in pool.candidates if not c.is_title and c.role("fact") >= 0.35 and c.role("quote") < 0.6]
    return _best(
        "what_changed", pool, ledger, fit,
        lambda c: 0.5 * c.role("fact") + pool.of(c) + 0.1 * (c.position == 1) - 0.15 * (c.role("background") > 0.4)
        + 0.25 * ledger.news(c) + 0.3 * ledger.near_headline(c),
    )  # fmt: skip


_FOR_READERS = re.compile(
    r"^For (?:[a-z-]+\s){0,2}(?:compan(?:y|ies)|startups?|start-ups?|founders?|developers?|users?|customers?|buyers?"
    r"|operators?|investors?|teams?|enterprises?|clouds?|utilities|lenders?|anyone|those)\b"
    r"|^(?:对|对于)[^，。]{1,16}(?:来说|而言|，)",
)
"""Opens a sentence that says what the news is to those who read it."""
_CAUSE = re.compile(
    r"\b(?:because|so that|therefore|thus|means?|would have|would otherwise|without (?:it|them)|only if|in effect|as rents?"
    r"|as prices?)\b|因此|因为|导致|若不|否则|从而|使得",
    re.IGNORECASE,
)
EFFECT = 0.24
"""Salience that a sentence needs which gives cause and effect without saying outright what follows."""


def why_it_matters(pool: Pool, ledger: Ledger) -> Statement | None:
    """What follows from it: as a source says outright, else the central sentence that speaks of effects."""
    fit = [c for c in pool.candidates if not c.is_title and _tells_effect(pool, c)]
    return _best(
        "why_it_matters", pool, ledger, fit,
        lambda c: 0.6 * c.role("consequence") + 0.4 * bool(_FOR_READERS.search(c.text)) + 0.8 * pool.of(c)
        - 0.2 * c.role("quote")
        - 0.2 * (c.role("background") > 0.4),
    )  # fmt: skip


def cause_and_effect(pool: Pool, ledger: Ledger) -> Statement | None:
    """Where no source says outright what follows: the most central sentence that ties an effect to a cause."""
    fit = [
        c
        for c in pool.candidates
        if not c.is_title
        and c.role("quote") < 0.6
        and c.role("recommendation") < 0.6
        and pool.central(c, EFFECT)
        and _CAUSE.search(c.text)
    ]
    return _best("why_it_matters", pool, ledger, fit, lambda c: pool.of(c) + 0.5 * c.role("consequence"))


def _tells_effect(pool: Pool, c: Candidate) -> bool:
    if c.role("quote") >= 0.85:
        return False
    addressed = 0.4 * bool(_FOR_READERS.search(c.text))
    outright = c.role("consequence") + addressed >= 0.5 and pool.central(c, 0.25 - 0.2 * bool(addressed))
    return outright or (c.role("consequence") >= 0.3 and pool.central(c, 0.4) and c.role("background") < 0.4)


def what_to_do(pool: Pool, ledger: Ledger) -> Statement | None:
    """Advice that a source gives to people such as the reader."""
    fit = [
        c
        for c in pool.candidates
        if not c.is_title
        and c.role("recommendation") >= 0.6
        and c.role("quote") < 0.3
        and c.found.forecast is None
        and pool.central(c, ADVICE)
        and addresses_readers(c.text)
    ]
    return _best(
        "what_to_do", pool, ledger, fit, lambda c: c.role("recommendation") + 0.7 * pool.of(c) - 0.3 * c.role("quote")
    )


def addresses_readers(text: str) -> bool:
    """Whether advice is meant for users, developers, companies: named close before it, or an imperative."""
    if _UNDECIDED.search(text) or text.rstrip('”"’」').endswith(("!", "！")):
        return False
    if _IMPERATIVE.search(text):
        return True
    for advice in _ADVICE.finditer(text):
        if _NO_ADVICE.match(text[advice.end() :]):
            continue
        before = text[max(0, advice.start() - 60) : advice.start()]
        whom = next(iter(reversed(list(_ADDRESSEE.finditer(before)))), None)
        if whom is not None and not _NO_SUBJECT.search(before[whom.end() :]):
            return True
        if _ADDRESSEE.search(text, advice.end(), advice.end() + 24):
            return True
    return False


def _best(
    section: Section, pool: Pool, ledger: Ledger, fit: list[Candidate], merit: Callable[[Candidate], float]
) -> Statement | None:
    def rank(c: Candidate) -> tuple[float, int]:
        return -round(merit(c) - FOREIGN * (c.article.language != pool.language), 6), c.index

    for candidate in sorted(fit, key=rank):
        if ledger.repeats(candidate) or (candidate.looseness >= 1.0 and quality.weight(candidate.text) < 60):
            continue
        statement = cite.state(section, candidate, pool, limit=LIMIT)
        if statement is not None:
            ledger.tell(candidate)
            return statement
    return None
