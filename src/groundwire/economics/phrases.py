"""Numbers and the answer's one sentence as people read them, in English and Chinese."""

from __future__ import annotations

import math
from typing import Literal

from groundwire.economics.answer import Answer
from groundwire.economics.prediction import Interval
from groundwire.economics.ways import Hosted, Mix, SelfHosted, Way

__all__ = [
    "Language",
    "headline",
    "money",
    "number",
    "percent",
    "seconds",
    "small_money",
    "small_range",
    "tier_note",
    "way_name",
]

Language = Literal["en", "zh"]


def number(value: float, digits: int = 3) -> str:
    """Rounded to ``digits`` significant digits, thousands apart; "–" where not known."""
    if not math.isfinite(value):
        return "–"
    if value == 0:
        return "0"
    size = math.floor(math.log10(abs(value)))
    rounded = round(value, digits - 1 - size)
    if abs(rounded) >= 10 ** (digits - 1):
        return f"{rounded:,.0f}".replace(",", " ").replace("-", "−")
    return f"{rounded:.{max(digits - 1 - size, 0)}f}".replace("-", "−")


def money(value: float) -> str:
    """Dollars: "$1 240", "$10.60", "$0.0087"."""
    if not math.isfinite(value):
        return "–"
    size, sign = abs(value), "−" if value < 0 else ""
    if size >= 999.5 or size < 0.995:
        return f"{sign}${number(size, 3 if size >= 1 else 2)}"
    return f"{sign}${size:.2f}" if size < 99.995 else f"{sign}${size:.0f}"


def small_money(value: float, digits: int = 2) -> str:
    """A small amount: in cents below ten cents: "0.21 ¢"."""
    if not math.isfinite(value):
        return "–"
    return f"{number(value * 100, digits)} ¢" if abs(value) < 0.1 else money(value)


def small_range(low: float, high: float) -> str:
    """Two small amounts; a unit that both have is said once: "0.21 – 0.35 ¢"."""
    first, last = small_money(low), small_money(high)
    return f"{first.removesuffix(' ¢') if last.endswith('¢') else first} – {last}"


def percent(share: float) -> str:
    """A share: "41 %", "0.8 %"; "–" where there is none."""
    if not math.isfinite(share):
        return "–"
    shown = number(share * 100, 2) if 0 < abs(share) < 0.0995 else f"{share * 100:.0f}"
    return f"{shown} %".replace("-", "−")


def seconds(value: float) -> str:
    """ "1.4 s", "38 ms"."""
    if not math.isfinite(value):
        return "–"
    return f"{number(value * 1000, 2)} ms" if value < 0.1 else f"{number(value, 2)} s"


_COHORTS_ZH = {"light": "轻度", "median": "中等", "heavy": "重度"}
_TENURE_ZH = {"on-demand": "按需租用", "reserved": "预留", "spot": "竞价", "owned": "自有"}


def way_name(way: Way, language: Language = "en") -> str:
    """A way in few words: "gpt-oss-120b MXFP4 on MI300X, reserved"."""
    zh = language == "zh"
    if isinstance(way, SelfHosted):
        d = way.deployment
        if zh:
            count = f"{d.devices} 块 " if d.devices > 1 else ""
            return f"{way.model} {way.precision.upper()}，{count}{d.accelerator.title}，{_TENURE_ZH[way.tenure]}"
        return way.label
    if isinstance(way, Hosted):
        return f"{way.short_model}，{way.host} 接口" if zh else way.label
    if isinstance(way, Mix):
        join = "；其余：" if zh else "; the rest: "
        return join.join(way_name(p.way, language) for p in way.parts)
    place = "用户设备 " if zh else "on the user's "
    return f"{way.model} {way.precision.upper()}，{place}{way.deployment.accelerator.title}" if zh else way.label


def headline(answer: Answer, language: Language = "en") -> str:
    """The answer in one sentence: what is earned, who costs money, what is cheapest."""
    zh = language == "zh"
    best = way_name(answer.best.way, language)
    cost = answer.best.spread("usd_per_request")
    each = small_money(cost.p50)
    spread = f"{small_money(cost.p10)} – {small_money(cost.p90)}"
    if answer.metric != "gross_margin":
        per_user = answer.spread("serving_per_user")
        if zh:
            return (
                f"服务一位用户每月花费 {money(per_user.p50)}（{money(per_user.p10)} – {money(per_user.p90)}）；"
                f"最便宜的方式是 {best}，每个请求 {each}（{spread}）。"
            )
        return (
            f"A user costs {money(per_user.p50)} a month to serve ({money(per_user.p10)} to {money(per_user.p90)}); "
            f"cheapest is {best}, at {each} a request ({spread})."
        )
    median = answer.spread("median_margin")
    verb_zh, verb = ("赚", "earn") if median.p50 >= 0 else ("亏", "lose")
    losing = _who_loses(answer)
    low, high = sorted((abs(median.p10), abs(median.p90))) if median.p50 < 0 else (median.p10, median.p90)
    shown = percent(abs(median.p50))
    bounds = f" ({percent(low)} – {percent(high)})" if percent(low) != percent(high) else ""
    overall = answer.spread("gross_margin")
    if zh:
        who = f"{'、'.join(_COHORTS_ZH.get(n, n) for n in losing)}用户亏钱；" if losing else ""
        around = f"（{percent(low)} – {percent(high)}）" if bounds else ""
        return (
            f"每位付费的中等用户{verb_zh} {shown}{around}；{who}全部用户合计毛利率 {percent(overall.p50)}；"
            f"最便宜的是 {best}，每个请求 {each}。"
        )
    who = f"{' and '.join(losing)} users lose money; " if losing else ""
    return (
        f"You {verb} {shown}{bounds.replace(' – ', ' to ')} on a median paying user; {who}"
        f"{percent(overall.p50)} over all users; {best} is cheapest, at {each} a request."
    )


def _who_loses(answer: Answer) -> list[str]:
    """Paying cohorts whose contribution is negative, as all their plans together leave it."""
    found = []
    for cohort in answer.scenario.cohorts:
        paid = answer.economics.cohort(cohort.name)
        left = sum(float(r.contribution.reshape(-1)[0]) * r.plan.share for r in paid)
        if paid and left < 0:
            found.append(cohort.name)
    return found


def tier_note(tier: str, language: Language = "en", speed: Interval | None = None) -> str:
    """How far a prediction can be trusted, in words; with the 80 % interval of its speed, as factors, if given."""
    factors = "" if speed is None else f"{number(speed.low, 2)} – {number(speed.high, 2)}"
    if language == "en":
        return f"{tier}, speed × {factors}" if factors else tier
    named = {
        "calibrated on this pair": "以同一模型与设备的实测校准",
        "calibrated on neighbours": "以相近模型或设备的实测校准",
        "data sheets only": "仅据规格表",
        "price list": "价目表",
    }.get(tier, tier)
    return f"{named}，速度 × {factors}" if factors else named
