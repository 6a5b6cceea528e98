"""Charts as in a good newspaper: drawn on the server, labelled directly, units on axes, ranges shown, no legend.

Plain SVG with classes that the style sheet colours, so that one drawing serves light, dark and print, needs no inline
style (the content security policy forbids it) and takes about a millisecond. A Vega-Lite chart through vl-convert took
24 ms each and 0.6 s at first use (measured 2026-11 on two cores): six of them would have used up the 200 ms in which
the workbench answers.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

__all__ = [
    "NARROW",
    "WIDE",
    "Bar",
    "Line",
    "Mark",
    "Point",
    "Step",
    "Swing",
    "dot_plot",
    "line_chart",
    "step_chart",
    "tornado_chart",
    "twice",
    "waterfall",
]

WIDE, NARROW = 640.0, 370.0
"""Drawn twice: the style sheet shows the one that the column has room for."""
ROW = 40.0
Format = Callable[[float], str]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@dataclass(frozen=True, slots=True)
class Scale:
    """From values to positions."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def __call__(self, value: float) -> float:
        """Where a value stands; clipped to the ends."""
        if self.log:
            share = math.log(max(value, 1e-300) / self.low) / math.log(self.high / self.low)
        else:
            share = (value - self.low) / (self.high - self.low)
        return self.start + min(max(share, 0.0), 1.0) * (self.end - self.start)

    def ticks(self, count: int = 5) -> list[float]:
        """Round values along the scale."""
        return _log_ticks(self.low, self.high, count) if self.log else _ticks(self.low, self.high, count)


def _ticks(low: float, high: float, count: int) -> list[float]:
    rough = (high - low) / max(count, 1)
    power = 10.0 ** math.floor(math.log10(rough)) if rough > 0 else 1.0
    step = next((m * power for m in (1, 2, 2.5, 5, 10) if m * power >= rough), 10 * power)
    first = math.ceil(low / step - 1e-9)
    return [i * step for i in range(first, math.floor(high / step + 1e-9) + 1)]


def _log_ticks(low: float, high: float, count: int) -> list[float]:
    decades = math.log10(high / low)
    marks = (1, 2, 5) if decades < 2.2 else (1, 3) if decades < 3.5 else (1,)
    found = [
        m * 10.0**e
        for e in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
        for m in marks
        if low * 0.999 <= m * 10.0**e <= high * 1.001
    ]
    while len(found) > count + 2:
        found = found[::2]
    return found


def log_range(values: Sequence[float], margin: float = 1.25) -> tuple[float, float]:
    """Ends of a logarithmic axis around values; the whole of it spans at least a factor of four."""
    known = [v for v in values if math.isfinite(v) and v > 0]
    low, high = (min(known), max(known)) if known else (1.0, 10.0)
    low, high = low / margin, high * margin
    if high / low < 4:
        middle = math.sqrt(low * high)
        low, high = middle / 2, middle * 2
    return low, high


def twice(draw: Callable[[float], Markup]) -> Markup:
    """A chart for a wide and for a narrow column; the style sheet shows one of them."""
    wide, narrow = draw(WIDE), draw(NARROW)
    return Markup('<div class="for-wide">{}</div><div class="for-narrow">{}</div>').format(wide, narrow)


# --- pieces -------------------------------------------------------------------------------------------------------


def _text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> str:
    place = f' text-anchor="{anchor}"' if anchor != "start" else ""
    name = f' class="{kind}"' if kind else ""
    return f'<text x="{x:.1f}" y="{y:.1f}"{name}{place}>{escape(words)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _rect(x: float, y: float, width: float, height: float, kind: str) -> str:
    return f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{max(width, 0.5):.1f}" height="{height:.1f}"/>'


def _dot(x: float, y: float, kind: str, radius: float = 4.5) -> str:
    return f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}"/>'


def _svg(width: float, height: float, title: str, parts: Sequence[str]) -> Markup:
    body = "".join(parts)
    return Markup(  # noqa: S704  every word in it went through escape
        f'<svg class="chart" viewBox="0 0 {width:g} {height:.0f}" role="img" aria-label="{escape(title)}">{body}</svg>'
    )


def _bottom_axis(scale: Scale, y: float, top: float, form: Format, title: str, count: int = 6) -> list[str]:
    """Grid lines down to ``y``, their values below, and what is measured, with its unit, at the right."""
    parts = []
    for tick in scale.ticks(count):
        x = scale(tick)
        parts.append(_line(x, top, x, y, "grid"))
        anchor = "middle" if scale.start + 12 < x < scale.end - 12 else "start" if x < scale.end - 12 else "end"
        parts.append(_text(x, y + 15, form(tick), "tick", anchor))
    parts.append(_text(scale.end, y + 31, title, "axis", "end"))
    return parts


# --- rows of points with ranges -----------------------------------------------------------------------------------


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
    parts = _bottom_axis(scale, bottom, 2, form, axis)
    show = value or form
    for i, p in enumerate(points):
        y = 4 + ROW * i
        label = fit(p.label, width - 4, 12.5)
        room = words_width(f"{label} {p.note}", 12.5) < width
        note = f' <tspan class="note">{escape(p.note)}</tspan>' if p.note and room else ""
        parts.append(f'<text x="2" y="{y + 13:.1f}" class="row {p.kind}">{escape(label)}{note}</text>')
        level = y + 25
        if p.high > p.low:
            parts.append(_line(scale(p.low), level, scale(p.high), level, f"range {p.kind}"))
        parts.append(_dot(scale(p.middle), level, f"dot {p.kind}"))
        parts.append(_text(width - 2, level + 4, show(p.middle), f"value {p.kind}", "end"))
    return _svg(width, bottom + 38, title, parts)


# --- waterfall ----------------------------------------------------------------------------------------------------


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
    parts = [_line(scale(0.0), 2, scale(0.0), bottom, "zero")]
    running = 0.0
    for i, s in enumerate(steps):
        top = 6 + row * i
        y = top + drop
        before, running = running, running if s.total else running + s.amount
        a, b = (0.0, running) if s.total else (before, running)
        kind = ("loss" if running < 0 else "left") if s.total else ("in" if s.amount >= 0 else "cost")
        name = f"row {'total' if s.total else ''}".strip()
        clear = scale(0.0) + 6 if scale(0.0) < 40 else 2.0  # beside the line of zero, not on it
        parts.append(_text(clear, top + 12, s.label, name) if narrow else _text(label, y + 15, s.label, name, "end"))
        parts.append(_rect(min(scale(a), scale(b)), y + 3, abs(scale(b) - scale(a)), 17, f"bar {kind}"))
        if math.isfinite(s.low) and s.high > s.low:
            shift = 0.0 if s.total else before
            sign = 1.0 if s.total else -1.0
            x1, x2 = scale(shift + sign * s.low), scale(shift + sign * s.high)
            parts.append(_line(min(x1, x2), y + 11.5, max(x1, x2), y + 11.5, "spread"))
        amount = running if s.total else s.amount
        parts.append(_text(width - 2, y + 15, form(amount), f"value {kind}", "end"))
        if i + 1 < len(steps):
            parts.append(_line(scale(running), y + 20, scale(running), y + row + 3, "link"))
    parts.append(_text(width - 2, bottom + 14, axis, "axis", "end"))
    return _svg(width, bottom + 20, title, parts)


# --- lines --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line, labelled at its end."""

    label: str
    x: Sequence[float]
    y: Sequence[float]
    kind: str = ""
    label_at: float = 0.7
    """Share of its length at which the label stands: above and left of an upper line, below and right of a lower."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A vertical line with words at its head."""

    x: float
    label: str
    kind: str = ""


def line_chart(
    lines: Sequence[Line],
    marks: Sequence[Mark],
    *,
    title: str,
    x_axis: str,
    y_axis: str,
    x_form: Format,
    y_form: Format,
    height: float = 290.0,
    width: float = WIDE,
) -> Markup:
    """Lines on two logarithmic axes, with vertical marks."""
    xs = [v for line in lines for v in line.x] + [m.x for m in marks]
    ys = [v for line in lines for v in line.y if math.isfinite(v) and v > 0]
    x = Scale(min(xs), max(xs), 58.0, width - 6.0, log=True)
    low, high = log_range(ys, 1.15)
    top, bottom = 40.0, height - 42.0
    y = Scale(low, high, bottom, top, log=True)
    parts = [_text(2, 12, y_axis, "axis")]
    for tick in y.ticks(5):
        parts.append(_line(58, y(tick), width - 6, y(tick), "grid"))
        parts.append(_text(52, y(tick) + 4, y_form(tick), "tick", "end"))
    for tick in x.ticks(6):
        parts.append(_line(x(tick), bottom, x(tick), bottom + 4, "tickmark"))
        parts.append(_text(x(tick), bottom + 17, x_form(tick), "tick", "middle"))
    parts.append(_text(width - 6, bottom + 34, x_axis, "axis", "end"))
    parts += _marks(marks, x, top, bottom, width, [])
    for line in lines:
        points = [(x(a), y(b)) for a, b in zip(line.x, line.y, strict=True) if math.isfinite(b) and b > 0]
        if not points:
            continue
        path = " ".join(f"{px:.1f},{py:.1f}" for px, py in points)
        parts.append(f'<polyline class="line {line.kind}" points="{path}"/>')
        px, py = points[min(int(line.label_at * (len(points) - 1)), len(points) - 1)]
        wide = words_width(line.label)
        if _lower(line, lines):
            at = min(px + 8, width - 6 - wide)
            parts.append(_halo(at, py + 17, line.label, f"label {line.kind}", "start"))
        else:
            parts.append(_halo(max(px - 8, 60 + wide), py - 6, line.label, f"label {line.kind}", "end"))
    return _svg(width, height, title, parts)


def _lower(line: Line, lines: Sequence[Line]) -> bool:
    """Whether another line runs above this one where its label stands."""
    at = min(int(line.label_at * (len(line.y) - 1)), len(line.y) - 1)
    return any(other is not line and at < len(other.y) and other.y[at] > line.y[at] for other in lines)


def _marks(marks: Sequence[Mark], x: Scale, top: float, bottom: float, width: float, taken: list[Box]) -> list[str]:
    """Vertical lines; words of neighbours at different heights."""
    parts = []
    for i, m in enumerate(sorted(marks, key=lambda m: m.x)):
        at = x(m.x)
        head = top - 5 - 15 * (i % 2)
        parts.append(_line(at, head + 3, at, bottom, f"mark {m.kind}"))
        anchor = "end" if at > width * 0.7 else "start" if at < width * 0.3 else "middle"
        parts.append(_halo(at, head, m.label, f"marked {m.kind}", anchor))
        wide = words_width(m.label)
        left = at - wide * {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor]
        taken.append((left, head - 12, left + wide, head + 3))
    return parts


def _halo(x: float, y: float, words: str, kind: str, anchor: str) -> str:
    """Words over lines: a copy in the paper's colour keeps them readable."""
    place = f' text-anchor="{anchor}"'
    said = escape(words)
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" class="halo {kind}"{place} aria-hidden="true">{said}</text>'
        f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}"{place}>{said}</text>'
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A corner of a step line: from here on (to the right) ``label`` is reached at ``y``."""

    x: float
    y: float
    label: str = ""
    """"": not named."""
    low: float = math.nan
    high: float = math.nan
    """Range of ``y``."""


def step_chart(
    corners: Sequence[Bar],
    marks: Sequence[Mark],
    level: tuple[float, Sequence[str]] | None,
    *,
    title: str,
    x_axis: str,
    y_axis: str,
    x_form: Format,
    y_form: Format,
    height: float = 330.0,
    width: float = WIDE,
) -> Markup:
    """A falling step line (the least cost as latency grows), each new holder named; a level across it, with wordings from
    long to short: the first that has room is taken."""
    xs = [c.x for c in corners] + [m.x for m in marks]
    ys = [v for c in corners for v in (c.low, c.y, c.high)] + ([level[0]] if level else [])
    x_low, x_high = log_range(xs, 1.12)
    low, high = log_range(ys, 1.3)
    x = Scale(x_low, x_high, 58.0, width - 6.0, log=True)
    top, bottom = 40.0, height - 42.0
    y = Scale(low, high, bottom, top, log=True)
    parts = [_text(2, 12, y_axis, "axis")]
    for tick in y.ticks(5):
        parts.append(_line(58, y(tick), width - 6, y(tick), "grid"))
        parts.append(_text(52, y(tick) + 4, y_form(tick), "tick", "end"))
    for tick in x.ticks(7):
        parts.append(_line(x(tick), bottom, x(tick), bottom + 4, "tickmark"))
        parts.append(_text(x(tick), bottom + 17, x_form(tick), "tick", "middle"))
    parts.append(_text(width - 6, bottom + 34, x_axis, "axis", "end"))
    taken: list[Box] = []
    parts += _marks(marks, x, top, bottom, width, taken)
    path, before = [], None
    for c in corners:
        if before is not None:
            path.append(f"{x(c.x):.1f},{y(before):.1f}")
        path.append(f"{x(c.x):.1f},{y(c.y):.1f}")
        before = c.y
    if corners:
        path.append(f"{width - 6:.1f},{y(corners[-1].y):.1f}")
        parts.append(f'<polyline class="line best" points="{" ".join(path)}"/>')
    if level is not None:
        parts.append(_line(58, y(level[0]), width - 6, y(level[0]), "level"))
        parts.append(_level_label(level[1], y(level[0]), corners, x, y, taken, width))
    parts += _corner_labels(corners, x, y, taken, width)
    return _svg(width, height, title, parts)


def _corner_labels(corners: Sequence[Bar], x: Scale, y: Scale, taken: list[Box], width: float) -> list[str]:
    """A dot at each corner, and its name wherever there is room."""
    parts = []
    for c in corners:
        px, py = x(c.x), y(c.y)
        if c.high > c.low:
            parts.append(_line(px, y(c.low), px, y(c.high), "whisker"))
        parts.append(_dot(px, py, "dot best", 3.2))
        if not c.label:
            continue
        wide = words_width(c.label)
        for anchor, dx, dy in (("start", 6, -7), ("end", -6, 16), ("start", 8, 14), ("end", -4, -9)):
            left = px + dx if anchor == "start" else px + dx - wide
            box = (left, py + dy - 12, left + wide, py + dy + 4)
            inside = left >= 58 and left + wide <= width and box[3] <= y.start
            if inside and not any(_overlap(box, other) for other in taken):
                parts.append(_halo(px + dx, py + dy, c.label, "label", anchor))
                taken.append(box)
                break
    return parts


def _level_label(
    wordings: Sequence[str], level: float, corners: Sequence[Bar], x: Scale, y: Scale, taken: list[Box], width: float
) -> str:
    """The words of a level, at the end and on the side of it that the step line leaves free."""
    steps = [(x(c.x), y(c.y)) for c in corners]
    line: list[Box] = [(a[0], a[1] - 3, b[0], a[1] + 3) for a, b in itertools.pairwise(steps)]
    line += [(b[0] - 3, min(a[1], b[1]), b[0] + 3, max(a[1], b[1])) for a, b in itertools.pairwise(steps)]
    if steps:
        line.append((steps[-1][0], steps[-1][1] - 3, width, steps[-1][1] + 3))
    spots: list[tuple[str, Box]] = []
    for wording in wordings:
        words = fit(wording, width - 70)
        wide = words_width(words)
        for share in (1.0, 0.0, 0.75, 0.5, 0.25):
            left = 62.0 + share * (width - 70.0 - wide)
            spots += [(words, (left, level + dy - 12, left + wide, level + dy + 4)) for dy in (-7.0, 15.0)]
    words, box = min(spots, key=lambda spot: sum(_overlap(spot[1], other) for other in (*line, *taken)))
    taken.append(box)
    left, base = box[0], box[3] - 4
    return _halo(left, base, words, "label api", "start")


def words_width(words: str, size: float = 12.0) -> float:
    """About how wide words stand in the sans face: a Chinese character is as wide as high, a letter half."""
    return sum(size if ord(ch) > 0x2E80 else size * 0.54 for ch in words)


def fit(words: str, room: float, size: float = 12.0) -> str:
    """Words cut off, with an ellipsis, where there is no room for them."""
    if words_width(words, size) <= room:
        return words
    while words and words_width(words + "…", size) > room:
        words = words[:-1]
    return words.rstrip(" ,;，；") + "…"


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


# --- tornado ------------------------------------------------------------------------------------------------------


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
    parts = _bottom_axis(scale, bottom, 2, form, axis, 5)
    for i, s in enumerate(swings):
        y = 6 + row * i + drop
        parts.append(_text(2, y + (-1 if narrow else 16), s.label, "row"))
        for end, words, other in ((s.at_low, s.low_label, s.at_high), (s.at_high, s.high_label, s.at_low)):
            a, b = scale(base), scale(end)
            right = end > base or (end == base and other < base)
            parts.append(_rect(min(a, b), y + 4, abs(b - a), 15, f"bar {'better' if right == more else 'worse'}"))
            parts.append(_text(b + (4 if right else -4), y + 16, words, "end", "start" if right else "end"))
    parts.append(_line(scale(base), 2, scale(base), bottom, "zero"))
    return _svg(width, bottom + 38, title, parts)
