"""What the workbench's views share: its language, short numbers, names of quantities."""

from __future__ import annotations

from groundwire.economics.answer import Answer
from groundwire.economics.compare import Row
from groundwire.economics.parameters import parameters
from groundwire.economics.phrases import Language, number
from groundwire.economics.uncertainty import Range
from groundwire.web.messages import Messages

__all__ = ["figure", "known_energy", "language", "quantity", "short"]


def language(t: Messages) -> Language:
    """The interface's language, as the phrases name it."""
    return "zh" if t.language == "zh" else "en"


def short(r: Range) -> str:
    """A range as a form shows it: "0.75 (0.6 – 0.9)"."""
    if r.certain:
        return figure(r.mid)
    return f"{figure(r.mid)} ({figure(r.low)} – {figure(r.high)})"


def figure(value: float) -> str:
    """Three digits, thousands apart."""
    return f"{value:.3g}" if abs(value) < 1000 else number(value, 3)


def known_energy(answer: Answer) -> Row | None:
    """The best way if its energy is known, else the cheapest whose energy is."""
    return next((r for r in answer.comparison.rows if r.spread("energy").p50 > 0), None)


def quantity(key: str, t: Messages) -> str:
    """What a quantity is called."""
    p = parameters().get(key)
    if p is None:
        return t.name("workbench_errors", key)
    return p.label_zh if t.language == "zh" else p.label
