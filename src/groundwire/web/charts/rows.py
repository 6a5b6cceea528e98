"""Charts of rows: dots with ranges, a waterfall, a tornado."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from groundwire.web.charts.scales import Scale, log_range
from groundwire.web.charts.shapes import WIDE, Format, bottom_axis, dot, fit, line, rect, svg, text, words_width

ROW = 40.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One row: a middle with its range (equal ends: none)."""

    label: str
    low: float
    middle: float
    high: float
    note: str = ""
    """Beside the label, quieter."""
    kind: str = ""
    """"best", "other", "api": chosen by the style sheet."""


def dot_plot(
    points: Sequence[Point], *, title: str, axis: str, form: Format, value: Format | None = None, width: float = WIDE
) -> Markup:
    """Rows with a dot and its range on one logarithmic axis; label above, value at the end."""
    low, high = log_range([x for p in points for x in (p.low, p.middle, p.high)])
    scale = Scale(low, high, 2.0, width - 78.0, log=True)
    bottom = 4 + ROW * len(points)
    parts = bottom_axis(scale, bottom, 2, form, axis)
    show = value or form
    for i, p in enumerate(points):
        y = 4 + ROW * i
        label = fit(p.label, width - 4, 12.5)
        room = words_width(f"{label} {p.note}", 12.5) < width
        note = f' <tspan class="note">{escape(p.note)}</tspan>' if p.note and room else ""
        parts.append(f'<text x="2" y="{y + 13:.1f}" class="row {p.kind}">{escape(label)}{note}</text>')
        level = y + 25
        if p.high > p.low:
            parts.append(line(scale(p.low), level, scale(p.high), level, f"range {p.kind}"))
        parts.append(dot(scale(p.middle), level, f"dot {p.kind}"))
        parts.append(text(width - 2, level + 4, show(p.middle), f"value {p.kind}", "end"))
    return svg(width, bottom + 38, title, parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step down (or up) from what came in to what is left."""

    label: str
    amount: float
    """Added: positive for what comes in, negative for a cost. Ignored for totals."""
    low: float = math.nan
    high: float = math.nan
    """Range of the amount, or of a total."""
    total: bool = False


def waterfall(steps: Sequence[Step], *, title: str, axis: str, form: Format, width: float = WIDE) -> Markup:
    """From price to what is left: each cost begins where the last one ended; ranges as thin lines."""
    level, ends = 0.0, [0.0]
    for s in steps:
        level = level if s.total else level + s.amount
        ends.append(level)
        ends += [x for x in (s.low, s.high) if s.total and math.isfinite(x)]
    narrow = width < 500
    label, row, drop = (0.0, 44.0, 15.0) if narrow else (170.0, 30.0, 0.0)
    scale = Scale(min(ends), max(ends) * 1.02 if max(ends) > 0 else 1.0, label + 10, width - 84.0)
    bottom = 6 + row * len(steps)
    parts = [line(scale(0.0), 2, scale(0.0), bottom, "zero")]
    running = 0.0
    for i, s in enumerate(steps):
        top = 6 + row * i
        y = top + drop
        before, running = running, running if s.total else running + s.amount
        a, b = (0.0, running) if s.total else (before, running)
        kind = ("loss" if running < 0 else "left") if s.total else ("in" if s.amount >= 0 else "cost")
        name = f"row {'total' if s.total else ''}".strip()
        clear = scale(0.0) + 6 if scale(0.0) < 40 else 2.0  # beside the line of zero, not on it
        parts.append(text(clear, top + 12, s.label, name) if narrow else text(label, y + 15, s.label, name, "end"))
        parts.append(rect(min(scale(a), scale(b)), y + 3, abs(scale(b) - scale(a)), 17, f"bar {kind}"))
        if math.isfinite(s.low) and s.high > s.low:
            shift = 0.0 if s.total else before
            sign = 1.0 if s.total else -1.0
            x1, x2 = scale(shift + sign * s.low), scale(shift + sign * s.high)
            parts.append(line(min(x1, x2), y + 11.5, max(x1, x2), y + 11.5, "spread"))
        amount = running if s.total else s.amount
        parts.append(text(width - 2, y + 15, form(amount), f"value {kind}", "end"))
        if i + 1 < len(steps):
            parts.append(line(scale(running), y + 20, scale(running), y + row + 3, "link"))
    parts.append(text(width - 2, bottom + 14, axis, "axis", "end"))
    return svg(width, bottom + 20, title, parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Swing:
    """One quantity: what the answer becomes at its low and its high end."""

    label: str
    low_label: str
    high_label: str
    at_low: float
    at_high: float


def tornado_chart(
    swings: Sequence[Swing],
    base: float,
    *,
    title: str,
    axis: str,
    form: Format,
    more: bool = True,
    width: float = WIDE,
) -> Markup:
    """Bars to both sides of the answer, the widest first; the ends carry the value that moves it there.

    ``more`` says whether more is better: it colours the sides.
    """
    values = [v for s in swings for v in (s.at_low, s.at_high)] + [base]
    low, high = min(values), max(values)
    pad = (high - low) * 0.16 or 1.0
    narrow = width < 500
    start, row, drop = (34.0, 42.0, 14.0) if narrow else (210.0, 28.0, 0.0)
    scale = Scale(low - pad, high + pad, start, width - (38.0 if narrow else 4.0))
    bottom = 6 + row * len(swings)
    parts = bottom_axis(scale, bottom, 2, form, axis, 5)
    for i, s in enumerate(swings):
        y = 6 + row * i + drop
        parts.append(text(2, y + (-1 if narrow else 16), s.label, "row"))
        for end, words, other in ((s.at_low, s.low_label, s.at_high), (s.at_high, s.high_label, s.at_low)):
            a, b = scale(base), scale(end)
            right = end > base or (end == base and other < base)
            parts.append(rect(min(a, b), y + 4, abs(b - a), 15, f"bar {'better' if right == more else 'worse'}"))
            parts.append(text(b + (4 if right else -4), y + 16, words, "end", "start" if right else "end"))
    parts.append(line(scale(base), 2, scale(base), bottom, "zero"))
    return svg(width, bottom + 38, title, parts)
